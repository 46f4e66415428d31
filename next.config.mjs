import { copyFileSync, cpSync, mkdirSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";

const sizeOf = (path) => statSync(path, { throwIfNoEntry: false })?.size;

// One file without dependencies; the frame that draws diagrams loads it when the first one is shown. A built app may stand on a
// disk that cannot be written to: there it is in place.
const drawing = fileURLToPath(import.meta.resolve("@mermaid-js/tiny/dist/mermaid.tiny.js"));
const served = fileURLToPath(new URL("public/frames/mermaid.js", import.meta.url));
if (sizeOf(served) !== sizeOf(drawing)) copyFileSync(drawing, served);

// The viewer loads pdf.js and what it reads from here when the first PDF is opened, never from anywhere else.
const pdfPackage = new URL("./", import.meta.resolve("pdfjs-dist/package.json"));
const pdfFolder = new URL("public/pdfjs/", import.meta.url);
const pdfScripts = ["pdf.min.mjs", "pdf.worker.min.mjs"].map((name) => ({
  from: fileURLToPath(new URL(`build/${name}`, pdfPackage)),
  to: fileURLToPath(new URL(name, pdfFolder)),
}));
if (pdfScripts.some(({ from, to }) => sizeOf(from) !== sizeOf(to))) {
  mkdirSync(pdfFolder, { recursive: true });
  for (const name of ["cmaps", "standard_fonts", "wasm"])
    cpSync(new URL(`${name}/`, pdfPackage), new URL(name, pdfFolder), { recursive: true });
  // Last, so that a copy that was cut off is made again.
  for (const { from, to } of pdfScripts) copyFileSync(from, to);
}

/** The worker that reads PDFs: its own scripts and files, no evaluated strings. */
const pdfPolicy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "connect-src 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** The frame runs foreign code over foreign text: no origin, no network, nothing but its own two scripts. */
const framePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'unsafe-inline'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
  "sandbox allow-scripts",
].join("; ");

/** @type {import("next").NextConfig} */
const config = {
  poweredByHeader: false,
  reactStrictMode: true,
  compress: true,
  // Measured: 70 MB less when idle; a route is loaded when it is first asked for.
  experimental: { preloadEntriesOnStart: false },
  images: { unoptimized: true },
  /** The proxy file leaves static files out; they still say what they are. */
  headers: () =>
    Promise.resolve([
      {
        source: "/_next/static/:path*",
        headers: [{ key: "X-Content-Type-Options", value: "nosniff" }],
      },
      {
        // Named by its content; a browser would ask for it again at every change of the address, while an answer is awaited.
        source: "/icon.svg",
        headers: [{ key: "Cache-Control", value: "public, max-age=86400" }],
      },
      {
        source: "/pdfjs/:path*",
        headers: [
          { key: "X-Content-Type-Options", value: "nosniff" },
          { key: "Referrer-Policy", value: "no-referrer" },
          { key: "Cache-Control", value: "public, max-age=86400" },
          { key: "Content-Security-Policy", value: pdfPolicy },
        ],
      },
      {
        source: "/frames/:path*",
        headers: [
          { key: "X-Content-Type-Options", value: "nosniff" },
          { key: "Referrer-Policy", value: "no-referrer" },
          { key: "Content-Security-Policy", value: framePolicy },
        ],
      },
    ]),
  // `npm run check` asks for types; whoever starts Drover for the first time need not wait for it.
  typescript: { ignoreBuildErrors: true },
  serverExternalPackages: ["pg", "ioredis", "undici", "better-auth", "unpdf", "mammoth", "cheerio"],
};

export default config;
