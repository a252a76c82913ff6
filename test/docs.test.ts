import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { illume, temporaryFolder } from "./cli/program.ts";

// What the documents tell people to type is typed here, in order, with the built program in an empty folder. Where a search would take
// long, a comment before its block gives it other options: <!-- in tests: --budget 2000 -->

const root = fileURLToPath(new URL("..", import.meta.url));
const documents = [
  "README.md",
  ...readdirSync(join(root, "docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
];

type Step =
  | { readonly kind: "file"; readonly path: string; readonly text: string }
  | { readonly kind: "command"; readonly line: string };

/** The files and commands of a document, in order. */
function stepsOf(markdown: string): Step[] {
  return [
    ...markdown.matchAll(/^(?:<!-- in tests: ([^\n]*) -->\n\n?)?```(ts|lisp|csv|sh)\n(.*?)^```$/gms),
  ].flatMap(([, options, language, text = ""]): Step[] => {
    if (language !== "sh") {
      const path = /^(?:\/\/|;|#) (\S+\.(?:ts|sl|csv))\n/.exec(text)?.[1];
      return path === undefined ? [] : [{ kind: "file", path, text }];
    }
    return text
      .replaceAll("\\\n", " ")
      .split("\n")
      .map((line) => line.trim())
      .filter((line) => /^(npx )?illume\s/.test(line))
      .map((line) => ({ kind: "command", line: withOptions(line, options) }));
  });
}

/** A command with more options if it searches. */
const withOptions = (line: string, options: string | undefined): string =>
  options !== undefined && /illume (?:run|approximate|solve|compare|tune)\s/.test(line)
    ? `${line} ${options}`
    : line;

/** The words of a command line: quotes and comments are understood, and nothing else of a shell. */
function wordsOf(line: string): string[] {
  const words = [...line.replace(/\s#.*$/, "").matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)];
  return words.map(([, double, single, plain]) => {
    if (plain !== undefined && /[|&;<>$`*"']/.test(plain))
      throw new Error(`${line}: mark the block "sh no-test", ${plain} needs a shell`);
    return double ?? single ?? (plain as string);
  });
}

describe.each(documents)("%s", (document) => {
  const steps = stepsOf(readFileSync(join(root, document), "utf8"));
  const folder = temporaryFolder();

  // Each builds upon those before.
  it.each(steps.map((step) => ({ ...step, what: step.kind === "file" ? step.path : step.line })))(
    "$what",
    async (step) => {
      if (step.kind === "file") {
        const path = join(folder, step.path);
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, step.text);
        return;
      }
      const words = wordsOf(step.line);
      const { code, stdout, stderr } = await illume(words.slice(words.indexOf("illume") + 1), folder);
      expect({ code, stdout, stderr }).toMatchObject({ code: 0 });
    },
  );
});

describe("commands in documents", () => {
  it("of npm are scripts of the package", () => {
    const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
      scripts: Record<string, string>;
    };
    for (const document of documents)
      for (const [, block = ""] of readFileSync(join(root, document), "utf8").matchAll(
        /^```sh.*\n(.*?)^```$/gms,
      ))
        for (const [, name = ""] of block.matchAll(/\bnpm (?:run )?((?<=run )[\w:]+|start|test)/g))
          expect(scripts).toHaveProperty([name]);
  });

  it("are found", () => {
    expect(
      stepsOf(
        "```sh\nnpx illume ls # all\n```\n```ts\n// a/b.ts\n1;\n```\n```sh no-test\nnpx illume x\n```\n",
      ),
    ).toEqual([
      { kind: "command", line: "npx illume ls # all" },
      { kind: "file", path: "a/b.ts", text: "// a/b.ts\n1;\n" },
    ]);
    expect(
      stepsOf(
        "<!-- in tests: --budget 9 -->\n\n```sh\nillume approximate x\nillume ls\n```\n```sh\nillume run a\n```\n",
      ),
    ).toEqual([
      { kind: "command", line: "illume approximate x --budget 9" },
      { kind: "command", line: "illume ls" },
      { kind: "command", line: "illume run a" },
    ]);
    expect(wordsOf("illume approximate \"2^x\" --ops '*' # fast")).toEqual([
      "illume",
      "approximate",
      "2^x",
      "--ops",
      "*",
    ]);
    expect(() => wordsOf("illume ls | head")).toThrow("needs a shell");
  });
});
