import { configDefaults, defineConfig } from "vitest/config";

// `TEST_LONG=1` runs the long suites too. The suites start real processes on two cores: fewer files at once, and room to start.
const isLong = process.env["TEST_LONG"] === "1";
const longSuites = isLong ? [] : ["**/*.long.test.ts"];

const exclude = [...configDefaults.exclude, ...longSuites, "testing/e2e/**", ".next/**"];
const pure = "{components,lib/core}/**/*.test.{ts,tsx}";

export default defineConfig({
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: "all others",
          include: ["{app,components,embedded,lib,drizzle,testing}/**/*.test.{ts,tsx}"],
          exclude: [...exclude, pure],
        },
      },
      // What decides by its arguments alone leaves nothing behind: it needs no process of its own for each file.
      { extends: true, test: { name: "pure", include: [pure], exclude, isolate: false } },
    ],
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    passWithNoTests: false,
    restoreMocks: true,
    // What a test that passed wrote to the console is not read by anyone.
    silent: "passed-only",
  },
});
