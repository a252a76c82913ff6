import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

const experiment = `import { defineExperiment, fn, grid } from "illume";
import { arithmetic, real } from "illume/dsl";

// Two resistors side by side, in ohm, and what an ohmmeter showed for both together. Put your own data here.
const measured = [
  [10, 10, 5.0], [10, 47, 8.25], [22, 33, 13.2], [100, 47, 32.0], [68, 220, 51.9], [330, 150, 103.1], [470, 1000, 319.7],
] as const;

export default defineExperiment({
  name: "first",
  question: "What do two resistors side by side resist?",
  language: arithmetic(),
  program: fn({ a: real, b: real }, real),
  cases: measured.map(([a, b, both]) => ({ input: { a, b }, output: both })),
  fitness: "-log10 mean relative error",
  archive: grid({ size: [1, 20], operations: [0, 8] }),
  // A mean relative error below 0.1 %: then the smallest such formula is the answer.
  target: 3,
  budget: 1_000_000,
});
`;

/** illume init: a config file, an example experiment and npm scripts. Files that exist are left alone. */
export async function initCommand(args: {
  readonly folder: string;
  readonly json: boolean;
  readonly version: string;
}): Promise<number> {
  const written: string[] = [];
  const kept: string[] = [];
  const put = async (path: string, text: string): Promise<void> => {
    const full = join(args.folder, path);
    if (existsSync(full)) {
      kept.push(path);
      return;
    }
    await mkdir(join(full, ".."), { recursive: true });
    await writeFile(full, text);
    written.push(path);
  };
  await put("experiments/first.ts", experiment);
  await put("illume.config.json", `${JSON.stringify({ seed: "1", runs: "runs" }, null, 2)}\n`);
  const manifestPath = join(args.folder, "package.json");
  const manifest = existsSync(manifestPath)
    ? (JSON.parse(await readFile(manifestPath, "utf8")) as Record<string, Record<string, string>>)
    : ({ private: true, type: "module" } as unknown as Record<string, Record<string, string>>);
  const before = JSON.stringify(manifest);
  manifest["scripts"] = { start: "illume run experiments/first.ts", ...manifest["scripts"] };
  if (
    manifest["dependencies"]?.["illume"] === undefined &&
    manifest["devDependencies"]?.["illume"] === undefined
  )
    manifest["dependencies"] = { ...manifest["dependencies"], illume: args.version };
  if (JSON.stringify(manifest) === before) kept.push("package.json");
  else {
    await writeFile(manifestPath, `${JSON.stringify(manifest, null, 2)}\n`);
    written.push("package.json");
  }
  if (!existsSync(join(args.folder, ".gitignore"))) await put(".gitignore", "node_modules\nruns\n");
  const next = "npx illume run experiments/first.ts";
  if (args.json) process.stdout.write(`${JSON.stringify({ written, kept, next })}\n`);
  else {
    for (const path of written) process.stdout.write(`wrote        ${path}\n`);
    for (const path of kept) process.stdout.write(`kept         ${path}\n`);
    process.stdout.write(`\nnow:         ${next}\n`);
  }
  return 0;
}
