/** Lower-cased; what attackers try first among passwords that are long enough, besides repeated and running characters. */
const common: ReadonlySet<string> = new Set([
  "123456789012",
  "1234567890123",
  "12345678901234",
  "123456789012345",
  "1234567890123456",
  "123123123123",
  "1q2w3e4r5t6y",
  "1qaz2wsx3edc",
  "1qaz2wsx3edc4rfv",
  "qwertyuiop12",
  "qwertyuiop123",
  "qwertyuiop123456",
  "qwertyuiopasdf",
  "qwertyuiopasdfghjkl",
  "qwerty123456",
  "qwerty1234567",
  "qwerty12345678",
  "qwerty123456789",
  "qwertyqwerty",
  "asdfghjkl123",
  "asdfghjklqwerty",
  "zaq12wsxcde3",
  "zxcvbnm12345",
  "password1234",
  "password12345",
  "password123456",
  "password1234567",
  "password12345678",
  "password123456789",
  "password123!",
  "password1234!",
  "passwordpassword",
  "passw0rd1234",
  "p@ssw0rd1234",
  "p@ssword1234",
  "mypassword12",
  "mypassword123",
  "newpassword1",
  "newpassword123",
  "changeme1234",
  "changemechangeme",
  "administrator",
  "administrator1",
  "administrator123",
  "adminadmin12",
  "adminadminadmin",
  "admin1234567",
  "admin12345678",
  "admin123456789",
  "letmeinletmein",
  "letmein12345",
  "letmein123456",
  "welcome12345",
  "welcome123456",
  "welcomewelcome",
  "iloveyou1234",
  "iloveyou12345",
  "iloveyouiloveyou",
  "abc123456789",
  "abcd12345678",
  "abcdefgh1234",
  "abcdefghijkl",
  "abcdefghijklm",
  "a1b2c3d4e5f6",
  "football1234",
  "baseball1234",
  "basketball12",
  "superman1234",
  "batmanbatman",
  "dragondragon",
  "monkeymonkey",
  "sunshine1234",
  "princess1234",
  "trustno1trustno1",
  "correcthorsebatterystaple",
  "correct horse battery staple",
  "thisismypassword",
  "droverdrover",
  "drover123456",
]);

const minimumCharacters = 12;
const maximumBytes = 1024;

function runsOrRepeats(text: string): boolean {
  const codes = Array.from(text, (character) => character.codePointAt(0) ?? 0);
  if (new Set(codes).size < 4) return true;
  const steps = new Set(codes.slice(1).map((code, index) => code - (codes[index] ?? 0)));
  return steps.size === 1;
}

/** Why a password may not be chosen; `null` when it may. Characters count as code points, the upper limit as UTF-8 bytes. */
export function passwordFault(
  password: string,
  owner: { readonly email: string },
): "too_short" | "too_long" | "common" | null {
  if (Array.from(password).length < minimumCharacters) return "too_short";
  if (new TextEncoder().encode(password).length > maximumBytes) return "too_long";
  const plain = password.toLowerCase().trim();
  const own = owner.email.toLowerCase();
  if (common.has(plain) || runsOrRepeats(plain) || plain === own) return "common";
  return null;
}

/** Longer input is refused before any hash is computed. */
export const passwordTooLong = (password: string): boolean =>
  new TextEncoder().encode(password).length > maximumBytes;
