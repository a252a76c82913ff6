import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { InputError } from "../index.ts";

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

/** Editors and compilers ask what an imported table is. */
const tables = `// A CSV file that is imported is its text.
declare module "*.csv" {
  const text: string;
  export default text;
}
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
    await mkdir(dirname(full), { recursive: true }).catch(unwritable(full));
    await writeFile(full, text).catch(unwritable(full));
    written.push(path);
  };
  const manifestPath = join(args.folder, "package.json");
  const manifest = await readManifest(manifestPath);
  await put("experiments/first.ts", experiment);
  await put("experiments/csv.d.ts", tables);
  await put("illume.config.json", `${JSON.stringify({ seed: "1", runs: "runs" }, null, 2)}\n`);
  const before = JSON.stringify(manifest);
  manifest["scripts"] = { start: "illume run experiments/first.ts", ...manifest["scripts"] };
  if (
    manifest["dependencies"]?.["illume"] === undefined &&
    manifest["devDependencies"]?.["illume"] === undefined
  )
    manifest["dependencies"] = { ...manifest["dependencies"], illume: args.version };
  if (JSON.stringify(manifest) === before) kept.push("package.json");
  else {
    await writeFile(manifestPath, `${JSON.stringify(manifest, null, 2)}\n`).catch(unwritable(manifestPath));
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

type Manifest = Record<string, Record<string, string>>;

/** The package.json that is there, or a new one. */
async function readManifest(path: string): Promise<Manifest> {
  if (!existsSync(path)) return { private: true, type: "module" } as unknown as Manifest;
  let manifest: unknown;
  try {
    manifest = JSON.parse(await readFile(path, "utf8"));
  } catch (error) {
    throw new InputError(`package.json must be JSON; ${(error as Error).message}.`);
  }
  if (typeof manifest !== "object" || manifest === null || Array.isArray(manifest))
    throw new InputError("package.json must be a JSON object.");
  return manifest as Manifest;
}

const unwritable =
  (path: string) =>
  (error: unknown): never => {
    throw new InputError(`${path} must be a file that can be written; ${(error as Error).message}.`);
  };
