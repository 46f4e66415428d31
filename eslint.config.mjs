import next from "@next/eslint-plugin-next";
import reactHooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

const browserOnlyDefaults = [
  "app/**/{page,layout,not-found,error,loading,global-error}.tsx",
  "proxy.ts",
  "instrumentation.ts",
  "*.config.ts",
];

/** Pure code takes time, chance and the outside world as arguments (DESIGN.md section 3). */
const impureGlobals = [
  "fetch",
  "setTimeout",
  "setInterval",
  "setImmediate",
  "console",
  "process",
  "crypto",
  "performance",
].map((name) => ({ name, message: "Take it through a port." }));

const impureCalls = [
  {
    selector: "MemberExpression[object.name='Date'][property.name='now']",
    message: "Use ports/clock.",
  },
  {
    selector: "NewExpression[callee.name='Date'][arguments.length=0]",
    message: "Use ports/clock.",
  },
  {
    selector: "MemberExpression[object.name='Math'][property.name='random']",
    message: "Take randomness as an argument.",
  },
];

const environment = {
  selector: "MemberExpression[object.name='process'][property.name='env']",
  message: "Only lib/config.ts reads the environment.",
};

export default tseslint.config(
  {
    ignores: [
      ".next/**",
      ".next-*/**",
      ".drover/**",
      "**/node_modules/**",
      "drizzle/migrations/**",
      "public/pdfjs/**",
      "testing/fixtures/**",
      "next-env.d.ts",
      "playwright-report/**",
      "test-results/**",
    ],
  },
  {
    files: ["**/*.ts", "**/*.tsx"],
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    plugins: { "react-hooks": reactHooks, "@next/next": next },
    rules: {
      ...reactHooks.configs.recommended.rules,
      ...next.configs.recommended.rules,
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      // Numbers in messages are the rule here, not a slip.
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "max-lines": ["error", { max: 300, skipBlankLines: true, skipComments: true }],
      "max-lines-per-function": ["error", { max: 60, skipBlankLines: true, skipComments: true }],
      complexity: ["error", 12],
      "no-restricted-exports": ["error", { restrictDefaultExports: { direct: true, named: true } }],
      "no-restricted-syntax": ["error", environment],
      eqeqeq: ["error", "always", { null: "ignore" }],
    },
  },
  {
    // What runs before anything is installed, and the tools' own settings: no types watch over these.
    files: ["**/*.mjs"],
    rules: {
      "no-use-before-define": ["error", { functions: false }],
      "no-unused-vars": "error",
      "no-const-assign": "error",
      "no-dupe-keys": "error",
      "no-unreachable": "error",
      "max-lines": ["error", { max: 300, skipBlankLines: true, skipComments: true }],
      "max-lines-per-function": ["error", { max: 60, skipBlankLines: true, skipComments: true }],
      eqeqeq: ["error", "always", { null: "ignore" }],
    },
  },
  { files: browserOnlyDefaults, rules: { "no-restricted-exports": "off" } },
  { files: ["lib/config.ts"], rules: { "no-restricted-syntax": "off" } },
  {
    files: [
      "lib/core/**/*.ts",
      "lib/services/**/*.ts",
      "lib/load-balancer.ts",
      "lib/local-models.ts",
    ],
    ignores: ["**/*.test.ts"],
    rules: {
      "no-restricted-globals": ["error", ...impureGlobals],
      "no-restricted-syntax": ["error", environment, ...impureCalls],
    },
  },
  {
    files: [
      "**/*.test.ts",
      "testing/**/*.ts",
      "embedded/**/*.ts",
      "*.config.ts",
      "instrumentation.ts",
    ],
    rules: {
      // A describe block is as long as its cases; programs and tests hand an environment to their children.
      "max-lines-per-function": "off",
      "no-restricted-syntax": "off",
    },
  },
  {
    files: ["**/*.test.ts", "testing/**/*.ts"],
    rules: {
      "@typescript-eslint/require-await": "off",
      "@typescript-eslint/no-non-null-assertion": "off",
    },
  },
  {
    files: ["embedded/**/*.ts"],
    ignores: ["**/*.test.ts"],
    rules: {
      "max-lines-per-function": ["error", { max: 60, skipBlankLines: true, skipComments: true }],
    },
  },
);
