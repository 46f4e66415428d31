/** The import walls of DESIGN.md section 3. A path that is not named in a rule's `to` is a violation. */
const wall = (name, from, allowed, comment, fromNot) => ({
  name,
  severity: "error",
  comment,
  from: { path: from, pathNot: ["\\.test\\.tsx?$", ...(fromNot ?? [])] },
  to: { pathNot: allowed },
});

const node = "^(node:)?[a-z0-9_/]+$";
const packages = "node_modules";

export default {
  forbidden: [
    {
      name: "no-cycles",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    wall("core-is-pure", "^lib/core", ["^lib/core"], "core imports core only"),
    wall(
      "ports-see-core",
      "^lib/ports",
      ["^lib/(core|ports)", "^node:stream$", "^stream$"],
      "ports import core",
    ),
    wall(
      "services-see-ports",
      "^lib/(services/|load-balancer|local-models|cache-prewarmer)",
      ["^lib/(core|ports|services)/", "^lib/(load-balancer|local-models|cache-prewarmer)"],
      "services import core, ports and each other",
    ),
    wall(
      "adapters-see-ports",
      "^lib/adapters/([^/]+)/",
      ["^lib/(core|ports)/", "^drizzle/", "^lib/adapters/$1/", packages, node],
      "adapters import core, ports, drizzle, packages and their own folder",
    ),
    wall(
      "config-sees-core",
      "^lib/config(-values)?\\.ts$",
      ["^lib/core/", "^lib/config-values\\.ts$", "node_modules/zod", node],
      "config imports core and zod",
    ),
    wall(
      "http-sees-ports",
      "^lib/http/",
      ["^lib/(core|ports|http)/", "node_modules/zod", node],
      "http imports core, ports and zod",
    ),
    wall(
      "routes-see-container",
      "^app/",
      [
        "^app/",
        "^lib/container\\.ts$",
        "^lib/(http|core|ports)/",
        "^components/",
        "node_modules/(next|react|react-dom|zod|@types)/",
        "\\.css$",
      ],
      "app imports the container, http, core and components",
    ),
    wall(
      "ui-sees-contracts",
      "^components/",
      [
        "^components/",
        "^lib/core/",
        "node_modules/(next|react|react-dom|@types|marked|katex|lowlight|pdfjs-dist)/",
        "\\.css$",
      ],
      "components import components, core and what shows formatted text",
    ),
    wall(
      "commands-see-container",
      "^lib/commands/",
      ["^lib/(container|config)\\.ts$", "^lib/(core|commands)/", node],
      "commands import the container and core",
    ),
    wall(
      "embedded-stays-apart",
      "^embedded/(node|database)/",
      ["^embedded/$1/", packages, node],
      "embedded programs import their own files and packages",
    ),
    wall(
      "supervisor-sees-config",
      "^embedded/supervisor/",
      ["^embedded/", "^lib/config\\.ts$", "^lib/core/", packages, node],
      "the supervisor imports embedded files and the configuration",
    ),
    {
      name: "nothing-sees-app",
      severity: "error",
      from: { pathNot: "^(app|testing)/" },
      to: { path: "^app/" },
    },
    {
      name: "production-never-sees-testing",
      severity: "error",
      from: { pathNot: ["^testing/", "\\.test\\.tsx?$", "^(vitest|playwright)\\.config\\.ts$"] },
      to: { path: "^testing/" },
    },
    {
      name: "nothing-unresolved",
      severity: "error",
      from: {},
      to: { couldNotResolve: true, pathNot: "\\.css$" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "(^|/)(\\.next|\\.drover)/" },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default", "types"],
      extensions: [".ts", ".tsx", ".mjs", ".js", ".json", ".css"],
    },
  },
};
