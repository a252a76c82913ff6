// Builds dist/. The compiler writes declarations and modules; modules, and the packages that they import, are then put together into a
// few files, since a program of hundreds starts slowly.
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { build } from "esbuild";

/** What is imported or started from outside. */
const entries = [
  "dsl/index.js",
  "src/index.js",
  "src/cli/main.js",
  "src/cli/oracle-worker.js",
  "workers/index.js",
  "workers/worker.js",
  "workers/judge-worker.js",
  "workers/evolution-worker.js",
  "workers/run-worker.js",
  "bench/main.js",
];
/** Goes into exported code as it is written, with its comments. */
const asWritten = join("dist", "dsl", "kernels.js");

/** Find files of their own, or are loaded only on a terminal. */
const external = ["esbuild", "log-update", "piscina"];
/** For yargs, whose help here has no wide characters: tables of emoji would take a fifth of a short command's time. */
const plainWidth = "export default (text) => text.length;";

const run = (...words) => execFileSync(process.execPath, words, { stdio: "inherit" });

run("dsl/assembly/build.mjs");
rmSync("dist", { recursive: true, force: true });
run("node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json");
const { outputFiles, metafile } = await build({
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
  external,
  metafile: true,
  plugins: [
    {
      name: "as-written",
      setup: ({ onResolve }) =>
        // From any folder of dist/: no file deeper down needs it.
        onResolve({ filter: /\/kernels\.js$/ }, () => ({ path: "../dsl/kernels.js", external: true })),
    },
    {
      name: "plain-width",
      setup: ({ onResolve, onLoad }) => {
        onResolve({ filter: /^string-width$/ }, () => ({ path: "string-width", namespace: "plain-width" }));
        onLoad({ filter: /.*/, namespace: "plain-width" }, () => ({ contents: plainWidth }));
      },
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
writeFileSync(join("dist", "parts", "licences.txt"), licences(Object.keys(metafile.inputs)));
chmodSync("dist/src/cli/main.js", 0o755);

/** The licences of the packages that files come from. */
function licences(files) {
  const folders = files.map((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0]);
  return [...new Set(folders.filter((folder) => folder !== undefined))]
    .sort()
    .map((folder) => {
      const { name, version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
      const names = readdirSync(folder);
      // Some say it at the end of their description only.
      const licence =
        names.find((file) => /^licen[cs]e/i.test(file)) ?? names.find((file) => /^readme/i.test(file));
      const text = readFileSync(join(folder, licence), "utf8");
      return `${name} ${version}\n\n${text.slice(Math.max(0, text.search(/^LICENSE/m)))}`;
    })
    .join("\n\n");
}
