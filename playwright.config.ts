import { existsSync } from "node:fs";
import { defineConfig } from "@playwright/test";

/** The first that is there; without any, Playwright's own. */
const chromium = [process.env["CHROMIUM_PATH"], "/usr/bin/chromium"].find(
  (path) => path !== undefined && existsSync(path),
);

export default defineConfig({
  testDir: "testing/e2e",
  outputDir: "test-results",
  globalSetup: "./testing/e2e/start-product.ts",
  // One product for all files, in the order of their names.
  workers: 1,
  fullyParallel: false,
  forbidOnly: process.env["CI"] === "true",
  timeout: 90_000,
  expect: { timeout: 15_000 },
  reporter: "list",
  use: {
    viewport: { width: 1440, height: 900 },
    locale: "en-GB",
    // Recording takes a sixth of the time, and nobody can open what a check leaves behind.
    trace: process.env["CI"] === "true" ? "off" : "retain-on-failure",
    launchOptions: {
      ...(chromium === undefined ? {} : { executablePath: chromium }),
      // No sandbox: the checks run as root in containers. The rest keeps the browser from calling its maker.
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
});
