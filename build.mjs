// Builds dist/. The compiler writes declarations and modules; modules are then put together into a few, since a program of hundreds
// starts slowly.
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { build } from "esbuild";

/** What is imported or started from outside. */
const entries = [
  "dsl/index.js",
  "src/index.js",
  "src/cli/main.js",
  "workers/index.js",
  "workers/worker.js",
  "workers/judge-worker.js",
  "bench/main.js",
];
/** Goes into exported code as it is written, with its comments. */
const asWritten = join("dist", "dsl", "kernels.js");

const run = (...words) => execFileSync(process.execPath, words, { stdio: "inherit" });

run("dsl/assembly/build.mjs");
rmSync("dist", { recursive: true, force: true });
run("node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json");
const { outputFiles } = await build({
  entryPoints: entries.map((entry) => join("dist", entry)),
  outbase: "dist",
  outdir: "dist",
  chunkNames: "parts/[name]-[hash]",
  bundle: true,
  splitting: true,
  write: false,
  format: "esm",
  platform: "node",
  target: "node20",
  charset: "utf8",
  packages: "external",
  plugins: [
    {
      name: "as-written",
      setup: ({ onResolve }) =>
        // From any folder of dist/: no file deeper down needs it.
        onResolve({ filter: /\/kernels\.js$/ }, () => ({ path: "../dsl/kernels.js", external: true })),
    },
  ],
});
for (const name of readdirSync("dist", { recursive: true })) {
  const file = join("dist", name);
  if (file.endsWith(".js") && file !== asWritten) rmSync(file);
  if (name.startsWith("bench") && file.endsWith(".d.ts")) rmSync(file);
}
for (const { path, contents } of outputFiles) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, contents);
}
chmodSync("dist/src/cli/main.js", 0o755);
