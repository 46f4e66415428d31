/** By what a text in another language than English tells a model what to do; `start` is where an utterance begins. */
const start = String.raw`^[^\p{L}]*(?:(?:bitte|s'il te plaît|por favor|per favore|пожалуйста|请|請|من فضلك|jetzt|nun|maintenant|ahora|agora|ora|adesso|теперь)[\s,]*)?`;
const end = String.raw`(?!\p{L})`;

const sign = (...alternatives: readonly string[]): RegExp =>
  new RegExp(alternatives.map((one) => `(?:${one})`).join("|"), "imsu");

/** To forget what it was told: an order begins its sentence in Europe, China and Arabia, and ends it in Japan, Korea, India and Turkey. */
export const overrides = sign(
  `${start}(?:ignorier(?:e|t|en sie)|vergiss|vergessen sie|missachte|überspringe)${end}.{0,40}(?:anweisung|vorgabe|regel|befehl|instruktion|gesagt|kontext)`,
  `${start}(?:ignore[rz]?|oublie[rz]?)${end}.{0,40}(?:instruction|consigne|règle|directive|tout ce)`,
  `${start}(?:ignor[ae]|olvid[ae]|esqueç?[ae]|desconsidere)${end}.{0,40}(?:instruc|instruç|regla|regra|orden|todo lo que|tudo o que)`,
  `${start}(?:ignora(?:te|re)?|dimentica(?:te|re)?)${end}.{0,40}(?:istruzion|regol|direttiv|tutto ciò)`,
  `${start}(?:negeer|vergeet)${end}.{0,40}(?:instructie|regel|opdracht)`,
  `${start}(?:z?ignoruj|zapomnij)${end}.{0,40}(?:instrukcj|poleceni|polecen|zasad|wytyczn)`,
  `${start}(?:про)?(?:игнорируй|игнорируйте)${end}.{0,40}(?:инструкц|указани|правил|команд)`,
  `${start}(?:забудь|забудьте)${end}.{0,40}(?:инструкц|указани|правил|всё|все )`,
  `${start}(?:忽略|无视|無視|忘记|忘記|忘掉).{0,14}(?:指令|指示|规则|規則|提示|要求|命令)`,
  `(?:指示|命令|ルール|指令|プロンプト).{0,12}(?:無視|忘れ)(?:して|し、|しろ|せよ|て)`,
  `(?:지시|명령|규칙|지침).{0,14}(?:무시하|잊어)(?:세요|십시오|고|라|버)`,
  `${start}(?:تجاهل|انسَ?)${end}.{0,40}(?:تعليمات|أوامر|قواعد|ما قيل)`,
  `${start}(?:התעלם|התעלמי|התעלמו|שכח|שכחי)${end}.{0,40}(?:הוראות|הנחיות|כללים|מה שנאמר)`,
  `(?:निर्देश|नियम|आदेश).{0,24}(?:अनदेखा|नज़रअंदाज़|भूल)`,
  `(?:talimat|kural|komut).{0,24}(?:yok say|unut|görmezden gel|dikkate alma)`,
);

const atOnce = String.raw`\s*[:：]`;

/** What to say, and to whom. Manuals tell readers what to write; nobody else is told to answer only so. */
export const dictations = sign(
  `${start}(?:antworte|antworten sie)${end}(?:.{0,24}(?:nutzer|anwender|nur${end}|ausschließlich)|${atOnce})`,
  `${start}(?:sage?|sagen sie|schreibe?|schreiben sie)${end}(?:.{0,12}(?:nutzer|anwender)|${atOnce})`,
  `${start}(?:réponds|répondez)${end}(?:.{0,24}(?:utilisateur|seulement|uniquement)|${atOnce})`,
  `${start}(?:dis|dites|écris|écrivez)${end}(?:.{0,12}utilisateur|${atOnce})`,
  `${start}respond[ae]${end}(?:.{0,24}(?:usu[aá]rio|s[oó]lo${end}|somente|únicamente|apenas)|${atOnce})`,
  `${start}(?:di|diga|escrib[ae]|escreva|diz)${end}(?:.{0,12}usu[aá]rio|${atOnce})`,
  `${start}(?:rispondi|rispondete)${end}(?:.{0,24}(?:utente|solo${end}|soltanto)|${atOnce})`,
  `${start}(?:scrivi|di')${end}(?:.{0,12}utente|${atOnce})`,
  `${start}odpowiedz${end}(?:.{0,24}(?:użytkownik|tylko)|${atOnce})`,
  `${start}(?:napisz|powiedz)${end}(?:.{0,12}użytkownik|${atOnce})`,
  `${start}(?:ответь|ответьте|отвечай|отвечайте)${end}(?:.{0,24}(?:пользовател|только)|${atOnce})`,
  `${start}(?:скажи|скажите|напиши|напишите)${end}(?:.{0,12}пользовател|${atOnce})`,
  `${start}(?:只|仅)(?:回答|回复|回覆)|${start}(?:回答|回复|回覆|告诉|告訴).{0,4}(?:用户|用戶|使用者|[:：“「"])`,
  `(?:ユーザー|利用者)に.{0,40}(?:と|を)(?:答え|伝え|言っ|返信)|と(?:だけ|のみ)(?:答え|言っ|返|出力)`,
  `사용자에게.{0,40}(?:답하|말하|대답하)|라고만.{0,6}(?:답|말|대답)`,
  `${start}(?:أجب|أجيبي)${end}(?:.{0,24}(?:المستخدم|فقط)|${atOnce})|${start}(?:قل|اكتب)${end}(?:.{0,12}المستخدم|${atOnce})`,
  `${start}ענה${end}(?:.{0,24}(?:למשתמש|רק )|${atOnce})|${start}(?:אמור|כתוב)${end}(?:.{0,12}למשתמש|${atOnce})`,
);

/** Who it is to be. */
export const personas = sign(
  `(?:ab jetzt|von (?:jetzt|nun) an|ab sofort) (?:bist du|sind sie|antwortest du)|${start}du bist (?:jetzt|nun|ab)`,
  `(?:à partir de maintenant|désormais),? (?:tu es|vous êtes|tu parles)|${start}tu es maintenant`,
  `a partir de (?:ahora|este momento|agora),? (?:eres|serás|você é|tu és)|${start}ahora eres`,
  `d(?:a|'|’)(?: ?ora| ?adesso) in (?:poi|avanti),? (?:sei|siete)`,
  `(?:теперь|отныне|с этого момента),? ты(?!\\p{L})`,
  `(?:从现在起|从现在开始|從現在起|從現在開始|现在)[，,]?你(?:是|将|要|必须)|假装你是|請假裝|扮演`,
  `(?:今から|これから|以後)、?あなたは|(?:のふりを|になりきっ)て`,
  `(?:지금부터|이제부터) (?:너는|당신은)`,
  `من الآن فصاعدا|أنت الآن`,
);

/** What it was told by those who run it. */
export const secrets = sign(
  `(?:gib|zeige?|nenne|verrate|affiche[rz]?|montre[rz]?|donne[rz]?|révèle[rz]?|muestra|revela|mostra|rivela|pokaż|ujawnij|выведи|покажи|раскрой|назови).{0,40}(?:system-?\\s?prompt|systemaufforderung|systemanweisung|invite système|prompt (?:du |del )?(?:système|sistema)|instruc\\p{L}* del sistema|istruzioni di sistema|prompt systemow|системн\\p{L}* (?:подсказк|промпт|инструкц|сообщени))`,
  `(?:输出|輸出|显示|顯示|透露|泄露|告诉我|告訴我).{0,20}(?:系统提示|系統提示|提示词|提示詞|系统指令)`,
  `システム(?:プロンプト|指示).{0,20}(?:表示|出力|教え|見せ)|시스템 (?:프롬프트|지시).{0,20}(?:출력|보여|알려)`,
  `(?:اعرض|اكشف|أظهر|اطبع).{0,30}(?:تعليمات النظام|موجه النظام)`,
);
