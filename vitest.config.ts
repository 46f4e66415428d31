import { configDefaults, defineConfig } from "vitest/config";

// `TEST_LONG=1` runs the long suites too. The suites start real processes on two cores: fewer files at once, and room to start.
const isLong = process.env["TEST_LONG"] === "1";
const longSuites = isLong ? [] : ["**/*.long.test.ts"];

export default defineConfig({
  test: {
    include: ["{app,components,embedded,lib,drizzle,testing}/**/*.test.{ts,tsx}"],
    exclude: [...configDefaults.exclude, ...longSuites, "testing/e2e/**", ".next/**"],
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    passWithNoTests: false,
    restoreMocks: true,
    // What a test that passed wrote to the console is not read by anyone.
    silent: "passed-only",
  },
});
