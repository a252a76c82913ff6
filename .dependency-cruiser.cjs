// Direction: dsl ← src ← workers ← experiments, src/cli on top. From outside a room only its index.ts is imported.

const index = (rooms) => `^(${rooms})/index\\.ts$`;

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: "dsl-knows-no-search",
      severity: "error",
      from: { path: "^dsl/" },
      to: { path: "^(src|workers|experiments|test|bench)/" },
    },
    {
      name: "src-knows-only-dsl",
      severity: "error",
      from: { path: "^src/", pathNot: "^src/cli/" },
      to: { path: "^(src/cli|workers|experiments|test|bench)/" },
    },
    {
      name: "src-enters-dsl-by-its-index",
      severity: "error",
      from: { path: "^src/" },
      to: { path: "^dsl/", pathNot: index("dsl") },
    },
    {
      name: "cli-enters-rooms-by-their-index",
      severity: "error",
      from: { path: "^src/cli/" },
      to: { path: "^(workers|experiments|test|bench)/", pathNot: index("workers|experiments") },
    },
    {
      name: "workers-know-dsl-and-src",
      comment: "By their index only.",
      severity: "error",
      from: { path: "^workers/" },
      to: { path: "^(dsl|src|experiments|test|bench)/", pathNot: index("dsl|src") },
    },
    {
      name: "experiments-use-only-the-public-api",
      comment:
        "An experiment imports its own folder, illume and illume/dsl; no other package, no other room.",
      severity: "error",
      from: { path: "^experiments/([^/]+)/" },
      to: { pathNot: ["^experiments/$1/", index("src|dsl")] },
    },
    {
      name: "experiments-import-by-package-name",
      comment: 'As a user would: from "illume", not from "../../src/index.ts".',
      severity: "error",
      from: { path: "^experiments/" },
      to: { path: index("src|dsl"), dependencyTypesNot: ["aliased"] },
    },
    {
      name: "no-cycles",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "imports-resolve",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: "no-dev-dependencies-in-the-product",
      severity: "error",
      from: { path: "^(dsl|src|workers)/" },
      to: { dependencyTypes: ["npm-dev", "npm-no-pkg"], dependencyTypesNot: ["type-only"] },
    },
    {
      name: "names-say-what-a-file-is-about",
      comment: "The bound on dependents is there so that files nobody imports are seen too.",
      severity: "error",
      module: {
        path: "(^|[/-])(utils?|helpers?|common|misc)(\\.[^/]*|/.*)$",
        numberOfDependentsLessThan: 100,
      },
      from: {},
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(dist|runs|coverage|dsl/assembly)/" },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default", "types"],
      extensions: [".ts", ".js", ".mjs", ".cjs", ".json"],
    },
  },
};
