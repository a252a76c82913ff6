import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const sourcesOf = (room: string): { readonly path: string; readonly text: string }[] =>
  readdirSync(join(root, room), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(root, room, name))
    .toSorted()
    .map((path) => ({ path: relative(root, path).replaceAll("\\", "/"), text: readFileSync(path, "utf8") }));

const dsl = sourcesOf("dsl");
const src = sourcesOf("src");
const workers = sourcesOf("workers");
const experiments = sourcesOf("experiments");
const tests = sourcesOf("test");
/** Where the same seed must give the same archive: everything but the command line, and what examines experiments and tells people. */
const decisive = [...dsl, ...src.filter(({ path }) => !/^src\/(cli|doctor)\//.test(path)), ...workers];

/** Modules that a file imports or exports from, also when it does so on demand. */
const importsOf = (text: string): string[] =>
  Array.from(
    withoutComments(text).matchAll(/(?:\bfrom|\bimport)\s*\(?\s*"([^"\n]+)"/g),
    ([, module]) => module as string,
  );
/** The text with comments blanked out, line for line. (Strings with // in them lose their end, which hides nothing here.) */
const withoutComments = (text: string): string =>
  text.replace(/\/\*[\s\S]*?\*\//g, (c) => c.replace(/[^\n]/g, " ")).replace(/(^|[^:])\/\/.*$/gm, "$1");

/** Places, as path:line, where a pattern stands in code, on lines that are not excused. */
function placesOf(
  files: readonly { path: string; text: string }[],
  pattern: RegExp,
  excuse?: RegExp,
): string[] {
  return files.flatMap(({ path, text }) => {
    const original = text.split("\n");
    return withoutComments(text)
      .split("\n")
      .flatMap((line, i) =>
        pattern.test(line) && excuse?.test(original[i] as string) !== true
          ? [`${path}:${i + 1}: ${line.trim()}`]
          : [],
      );
  });
}

describe("the rooms", () => {
  it("are found by these tests", () => {
    for (const files of [dsl, src, workers, tests]) expect(files.length).toBeGreaterThan(4);
    expect(
      importsOf('import { a } from "./a.ts";\nexport * from "b";\nawait import("c"); // from "d"'),
    ).toEqual(["./a.ts", "b", "c"]);
  });

  it("keep dsl to itself: it imports nothing from outside, no package and no part of Node", () => {
    for (const { path, text } of dsl)
      for (const module of importsOf(text)) {
        const target = join(root, path, "..", module);
        expect
          .soft(
            module.startsWith(".") && relative(root, target).startsWith("dsl"),
            `${path} imports ${module}`,
          )
          .toBe(true);
      }
  });

  it("keep src from workers, experiments, tests and its own command line", () => {
    const outside = placesOf(
      src.filter(({ path }) => !path.startsWith("src/cli/")),
      /(?:from|import)\s*\(?\s*"[^"]*(?:workers|experiments|test|bench|\/cli)\//,
    );
    expect(outside).toEqual([]);
  });

  it("let workers see only the fronts of dsl and src", () => {
    for (const { path, text } of workers)
      for (const module of importsOf(text))
        if (module.startsWith("../")) expect.soft(module, path).toMatch(/^\.\.\/(dsl|src)\/index\.ts$/);
  });
});

describe("the same seed gives the same archive, since dsl, src and workers", () => {
  it("draw no random numbers but from streams", () => {
    expect(placesOf(decisive, /Math\.random|randomBytes|randomUUID|getRandomValues/)).toEqual([]);
  });

  it("read no clock, but for hangs and for durations that are told, on lines that say so", () => {
    const clock = /\bDate\b|performance\.now|hrtime|timeOrigin/;
    expect(placesOf(decisive, clock, /\/\/ clock:/)).toEqual([]);
  });

  it("use no function of Math that differs between machines", () => {
    const transcendental =
      /Math\.(?:exp|expm1|log|log10|log2|log1p|pow|sin|cos|tan|asin|acos|atan|atan2|sinh|cosh|tanh|asinh|acosh|atanh|cbrt|hypot)\b/;
    expect(placesOf(decisive, transcendental)).toEqual([]);
    // `**` is Math.pow; powers of 2 are exact everywhere.
    expect(placesOf(decisive, /\*\*/, /\b2 \*\* /)).toEqual([]);
  });

  it("sort and compare text by code units, not by the language of the machine", () => {
    expect(placesOf(decisive, /localeCompare|toLocale|Intl\./)).toEqual([]);
  });
});

describe("the house", () => {
  const all = [...dsl, ...src, ...workers, ...experiments, ...tests];

  it("has no drawer for everything: no file or folder named utils, helpers, common, misc, manager", () => {
    const drawers = all
      .map(({ path }) => path)
      .filter((p) => /(^|[/-])(utils?|helpers?|common|misc|managers?)([./-]|$)/.test(p));
    expect(drawers).toEqual([]);
  });

  it("names files in kebab-case", () => {
    const odd = all
      .map(({ path }) => path)
      .filter((p) => !/^([a-z0-9]+(-[a-z0-9]+)*\/)+[a-z0-9]+(-[a-z0-9]+)*(\.(test|d|config))?\.ts$/.test(p));
    expect(odd).toEqual([]);
  });

  it("has no source file longer than 400 lines; those that were longer grow no further", () => {
    const known = new Map([
      ["dsl/kernels.ts", 690],
      ["dsl/text.ts", 550],
      ["dsl/export-javascript.ts", 800],
    ]);
    const long = [...dsl, ...src, ...workers]
      .map(({ path, text }) => ({ path, lines: text.split("\n").length }))
      .filter(({ path, lines }) => lines > (known.get(path) ?? 400));
    expect(long).toEqual([]);
  });

  it("has no enums, namespaces or parameter properties: types can be erased", () => {
    expect(placesOf(decisive, /^\s*(?:export )?(?:declare )?(?:const )?(?:enum|namespace) /)).toEqual([]);
  });
});
