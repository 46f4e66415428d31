/** @type {import("next").NextConfig} */
const config = {
  poweredByHeader: false,
  reactStrictMode: true,
  compress: true,
  images: { unoptimized: true },
  /** The proxy file leaves static files out; they still say what they are. */
  headers: () =>
    Promise.resolve([
      {
        source: "/_next/static/:path*",
        headers: [{ key: "X-Content-Type-Options", value: "nosniff" }],
      },
    ]),
  serverExternalPackages: ["pg", "undici", "better-auth", "unpdf", "mammoth", "cheerio"],
};

export default config;
