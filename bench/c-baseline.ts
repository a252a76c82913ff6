import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import type { Grammar, Production, Program, Value } from "../dsl/index.ts";
import { kernelTables } from "../dsl/kernels.ts";

/** Type of the columns. */
export type CElement = "double" | "float";

/** In the order of block-interpreter.c. */
const operations = [
  "add",
  "subtract",
  "multiply",
  "divide",
  "square-root",
  "exponential",
  "logarithm",
  "sine",
  "cosine",
];
const ARGUMENT = -1;
const CONSTANT = -2;

/** Contraction would give other bits; errno is not looked at, and without it square roots go in vectors. */
const always = ["-std=gnu11", "-O3", "-ffp-contract=off", "-fno-math-errno"];
const builds: Readonly<Record<string, readonly string[]>> = {
  Native: ["-march=native"],
  ...(process.arch === "x64" ? { Sse: ["-msse4.2", "-mno-avx"] } : {}),
};

const source = join(
  dirname(createRequire(import.meta.url).resolve("illume/package.json")),
  "bench/block-interpreter.c",
);
let directory: string | undefined;

function temporaryDirectory(): string {
  if (directory === undefined) {
    const made = mkdtempSync(join(tmpdir(), "illume-bench-c-"));
    process.on("exit", () => rmSync(made, { recursive: true, force: true }));
    directory = made;
  }
  return directory;
}

/** The C compiler of this machine: `CC`, else cc, gcc or clang. */
export function findCompiler(): string | undefined {
  const named = process.env.CC;
  const candidates = named === undefined || named === "" ? ["cc", "gcc", "clang"] : [named];
  return candidates.find((name) => spawnSync(name, ["--version"]).status === 0);
}

const programs = new Map<string, string>();

/** Path of the program that is built with the flags of a build. */
function compile(compiler: string, build: string, element: CElement): string {
  const name = `${build}-${element}`;
  const known = programs.get(name);
  if (known !== undefined) return known;
  const path = join(temporaryDirectory(), name);
  const flags = [...always, ...(builds[build] as readonly string[]), `-DELEMENT=${element}`];
  const { status, stderr } = spawnSync(compiler, [...flags, source, "-o", path, "-lm"], { encoding: "utf8" });
  if (status !== 0) throw new Error(`${compiler} cannot build ${source}: ${stderr}`);
  programs.set(name, path);
  return path;
}

function productionRow(production: Production): [operation: number, argument: number] {
  if (production.kind === "argument") return [ARGUMENT, production.index];
  if (production.kind === "constant") return [CONSTANT, 0];
  const operation = operations.indexOf(production.primitive?.vector ?? "");
  if (operation < 0)
    throw new Error(`the C interpreter has no "${production.primitive?.name ?? production.kind}"`);
  return [operation, 0];
}

/** What block-interpreter.c reads. */
function writeInput(
  path: string,
  grammar: Grammar,
  inputs: readonly (readonly Value[])[],
  points: number,
  all: readonly Program[],
): void {
  const tokens = all.flatMap((program) => [...program.tokens]);
  const constants = all.flatMap((program) => [...program.constants]);
  const integers = (values: readonly number[]): Uint8Array => new Uint8Array(Int32Array.from(values).buffer);
  const doubles = (values: ArrayLike<number>): Uint8Array => new Uint8Array(Float64Array.from(values).buffer);
  const counts = [points, inputs.length, grammar.productions.length, all.length, tokens.length];
  const parts = [
    integers([...counts, constants.length]),
    ...[kernelTables.exp, kernelTables.log, kernelTables.sine, kernelTables.twoOverPi].map(doubles),
    ...inputs.map((column) => doubles(column as number[])),
    doubles(constants),
    integers(grammar.productions.flatMap(productionRow)),
    integers(all.flatMap((program) => [program.tokens.length, program.constants.length])),
    integers(tokens),
  ];
  writeFileSync(path, Buffer.concat(parts));
}

/** The block interpreter in C, running beside this program. */
export class CBaseline {
  /** Of the build: Native or Sse. */
  readonly name: string;
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  readonly #element: CElement;

  constructor(name: string, program: string, input: string, element: CElement) {
    this.name = name;
    this.#element = element;
    this.#child = spawn(program, [input], { stdio: ["pipe", "pipe", "inherit"] });
    // Its end is seen by the lines.
    this.#child.stdin?.on("error", () => {});
    this.#lines = createInterface({ input: this.#child.stdout as NodeJS.ReadableStream })[
      Symbol.asyncIterator
    ]();
  }

  async #request(text: string): Promise<string> {
    this.#child.stdin?.write(`${text}\n`);
    const line = await this.#lines.next();
    if (line.done === true) throw new Error(`the C program (${this.name}) ended`);
    return line.value;
  }

  /** Seconds to run every program once. */
  async round(): Promise<number> {
    return Number(await this.#request("run"));
  }

  /**
   * Compares the columns of all programs with those of another machine.
   * @throws Error where a bit differs; NaN is NaN whatever its payload
   */
  async check(
    count: number,
    points: number,
    columnOf: (program: number) => ArrayLike<number>,
  ): Promise<void> {
    const path = join(temporaryDirectory(), "columns");
    await this.#request(`columns ${path}`);
    const { buffer } = new Uint8Array(readFileSync(path));
    rmSync(path);
    const values = this.#element === "double" ? new Float64Array(buffer) : new Float32Array(buffer);
    for (let k = 0; k < count; k++) {
      const column = columnOf(k);
      for (let i = 0; i < points; i++)
        if (!Object.is(values[k * points + i], column[i]))
          throw new Error(
            `program ${k} at point ${i}: ${values[k * points + i]} in C (${this.name}), ${column[i]} by the machine`,
          );
    }
  }

  close(): void {
    this.#child.stdin?.end();
  }
}

/** The C interpreter with these programs in its memory, once for each build; none where there is no compiler. */
export function startCBaselines(
  element: CElement,
  grammar: Grammar,
  inputs: readonly (readonly Value[])[],
  points: number,
  all: readonly Program[],
): CBaseline[] {
  const compiler = findCompiler();
  if (compiler === undefined) return [];
  const input = join(temporaryDirectory(), `input-${element}`);
  writeInput(input, grammar, inputs, points, all);
  return Object.keys(builds).map(
    (build) => new CBaseline(build, compile(compiler, build, element), input, element),
  );
}
