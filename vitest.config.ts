import { configDefaults, defineConfig } from "vitest/config";

// The suites start real processes on two cores: fewer files at once, and room to start.
export default defineConfig({
  test: {
    include: ["{app,components,embedded,lib,drizzle,testing}/**/*.test.{ts,tsx}"],
    exclude: [...configDefaults.exclude, "**/*.long.test.ts", "testing/e2e/**", ".next/**"],
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    passWithNoTests: false,
    restoreMocks: true,
  },
});
