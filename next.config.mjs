/** @type {import("next").NextConfig} */
const config = {
  poweredByHeader: false,
  reactStrictMode: true,
  compress: true,
  images: { unoptimized: true },
  serverExternalPackages: ["pg", "undici", "better-auth", "unpdf", "mammoth", "cheerio"],
};

export default config;
