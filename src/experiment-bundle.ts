import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import type * as Esbuild from "esbuild";
import { createRequire } from "node:module";
import { basename, dirname, extname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { InputError } from "../dsl/index.ts";
import { digestOf } from "./digest.ts";
import type { Experiment } from "./experiment.ts";

/** An experiment's code as one module. */
export interface Bundle {
  readonly code: string;
  readonly digest: string;
}

/** The modules that experiments import by name and find in the program that runs them. */
export type HostModules = Readonly<Record<"illume" | "illume/dsl", Readonly<Record<string, unknown>>>>;

/** Longest code of an experiment, its data included. */
export const MAXIMUM_CODE_BYTES = 256 << 20;

/** The file of code in a run's folder. */
export const bundleName = (digest: string): string => `experiment-${digest}.mjs`;

const loaders: Readonly<Record<string, "ts" | "js">> = {
  ".ts": "ts",
  ".mts": "ts",
  ".js": "js",
  ".mjs": "js",
};

/** Largest data file that an experiment imports. */
const MAXIMUM_DATA_BYTES = 100_000_000;

// Required, since `import` would read the whole of it once more for the names that it exports.
const require = createRequire(import.meta.url);

const hostKey = Symbol.for("illume.host");

/**
 * Bundles an experiment with all it imports, but for Illume itself, which is taken from the running installation. So
 * the bundle runs from any folder, and a run keeps exactly the code that ran. Data files become strings (.csv, .txt)
 * or values (.json), each of at most 100 MB.
 * @throws InputError if the file is missing or does not compile, or a data file is too large
 */
export async function bundleExperiment(file: string, host: HostModules): Promise<Bundle> {
  const path = resolve(file);
  const status = await stat(path).catch(() => null);
  const loader = loaders[extname(path)];
  const problem =
    status === null
      ? ", which does not exist"
      : status.isFile()
        ? loader === undefined
          ? ""
          : null
        : ", which is no file";
  if (loader === undefined || problem !== null)
    throw new InputError(
      `experiment must be a TypeScript or JavaScript file (${Object.keys(loaders).join(", ")}); got ${file}${problem}.`,
    );
  const contents = await readFile(path, "utf8");
  const esbuild: typeof Esbuild = require("esbuild");
  try {
    const result = await esbuild.build({
      // Under a name of its own, so that the code is the same whatever its file is called.
      stdin: { contents, loader, sourcefile: "experiment", resolveDir: dirname(path) },
      absWorkingDir: dirname(path),
      bundle: true,
      write: false,
      format: "esm",
      platform: "node",
      target: "node20",
      charset: "utf8",
      legalComments: "none",
      logLevel: "silent",
      loader: { ".csv": "text", ".txt": "text" },
      plugins: [
        {
          name: "illume-host",
          setup: (build) => {
            build.onResolve({ filter: /^illume(\/dsl)?$/ }, (args) => ({
              path: args.path,
              namespace: "illume-host",
            }));
            build.onLoad({ filter: /.*/, namespace: "illume-host" }, (args) => ({
              contents: hostModuleSource(args.path, host[args.path as keyof HostModules]),
              loader: "js",
            }));
            // Nothing returned means: loaded as usual.
            build.onLoad({ filter: /\.(?:csv|txt|json)$/ }, async ({ path: data }) => {
              const { size } = await stat(data);
              if (size <= MAXIMUM_DATA_BYTES) return undefined;
              const text = `${basename(data)} is too large: data files have at most ${MAXIMUM_DATA_BYTES} bytes, this one has ${size}`;
              return { errors: [{ text }] };
            });
          },
        },
      ],
    });
    const code = result.outputFiles?.[0]?.text ?? "";
    if (Buffer.byteLength(code) > MAXIMUM_CODE_BYTES)
      throw new InputError(
        `experiment must have at most ${MAXIMUM_CODE_BYTES} bytes of code and data; got ${Buffer.byteLength(code)}.`,
      );
    return { code, digest: digestOf(code) };
  } catch (error) {
    const messages = (
      error as {
        errors?: { text: string; location: { line: number; column: number; file: string } | null }[];
      }
    ).errors;
    if (messages === undefined) throw error;
    throw new InputError(
      messages.map(
        (m) =>
          `${basename(file)}${m.location === null ? "" : `, line ${m.location.line}, column ${m.location.column + 1}`} must compile; ${m.text}.`,
      ),
    );
  }
}

function hostModuleSource(name: string, module: Readonly<Record<string, unknown>>): string {
  const names = Object.keys(module).filter((n) => n !== "default");
  return `const host = globalThis[Symbol.for("illume.host")][${JSON.stringify(name)}];\nexport const { ${names.join(", ")} } = host;\n`;
}

/** Writes a bundle into a run's folder, unless it is there; its path. */
export async function writeBundle(bundle: Bundle, folder: string): Promise<string> {
  const path = join(folder, bundleName(bundle.digest));
  const present = await readFile(path, "utf8").catch(() => null);
  if (present !== bundle.code) {
    await mkdir(folder, { recursive: true });
    await writeFile(path, bundle.code);
  }
  return path;
}

/** All of them: a key that is missing here is an error of types. */
const experimentKeys: readonly string[] = Object.keys({
  name: true,
  question: true,
  language: true,
  program: true,
  cases: true,
  fitness: true,
  outputRemainders: true,
  outputUnits: true,
  approximates: true,
  scaling: true,
  archive: true,
  probe: true,
  target: true,
  offset: true,
  budget: true,
  seeds: true,
  parameters: true,
} satisfies Record<keyof Experiment, true>);

/**
 * Loads an experiment from its bundle.
 * @throws InputError if it throws while loading or exports no experiment
 */
export async function loadBundle(path: string, host: HostModules): Promise<Experiment> {
  (globalThis as Record<symbol, unknown>)[hostKey] = host;
  let module: { readonly default?: unknown };
  try {
    module = (await import(pathToFileURL(path).href)) as { readonly default?: unknown };
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(
      `experiment must load; it threw ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}.`,
    );
  }
  const experiment = module.default as Partial<Experiment> | undefined;
  const missing = (["name", "language", "program", "cases", "fitness", "archive"] as const).filter(
    (key) => experiment?.[key] === undefined,
  );
  if (experiment === undefined || typeof experiment !== "object")
    throw new InputError(
      "experiment must be the default export of its file: export default defineExperiment({ … }).",
    );
  const unknown = Object.keys(experiment).filter((key) => !experimentKeys.includes(key));
  if (missing.length > 0)
    throw new InputError(`experiment must have ${missing.join(", ")}; got ${unknown.join(", ") || "none"}.`);
  if (unknown.length > 0)
    throw new InputError(
      `experiment must have no key but ${experimentKeys.join(", ")}; got ${unknown.join(", ")}.`,
    );
  if (typeof experiment.name !== "string" || !/^[A-Za-z0-9][\w.-]{0,63}$/.test(experiment.name))
    throw new InputError(
      `experiment name must be letters, digits, "-", "_" or "."; got ${JSON.stringify(experiment.name)}.`,
    );
  return experiment as Experiment;
}
