import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  bool,
  compileGrammar,
  defineLanguage,
  exportProgram,
  fn,
  type Grammar,
  int,
  interpret,
  isTrap,
  type Outcome,
  parseProgram,
  printProgram,
  type Program,
  readSygusTask,
  string,
  text,
  type Value,
} from "../../dsl/index.ts";
import { textPatternRows, textPatterns } from "../../dsl/languages/text-patterns.ts";
import { inFolder, unavailable } from "./native-programs.ts";
import { randomProgram, randomStream, randomValue } from "./random-programs.ts";

const reason = unavailable.python;

/** What exported programs give on cases, in one process: values as they are, traps by their reasons. */
function outcomesOf(
  grammar: Grammar,
  programs: readonly Program[],
  cases: readonly (readonly Value[])[],
): unknown {
  return inFolder((folder) => {
    programs.forEach((program, k) =>
      writeFileSync(
        join(folder, `p${k}.py`),
        exportProgram(grammar, program, { to: "python", name: `p${k}`, header: ["A test."] }),
      ),
    );
    writeFileSync(join(folder, "cases.json"), JSON.stringify(cases));
    writeFileSync(
      join(folder, "main.py"),
      `import importlib, json
cases = json.load(open("cases.json"))
def outcome(program, inputs):
    try:
        return program(*inputs)
    except ValueError as error:
        return {"trap": str(error)}
programs = [getattr(importlib.import_module(f"p{k}"), f"p{k}") for k in range(${programs.length})]
print(json.dumps([[outcome(program, inputs) for inputs in cases] for program in programs]))
`,
    );
    return JSON.parse(
      execFileSync("python3", ["main.py"], { cwd: folder, encoding: "utf8", maxBuffer: 1 << 28 }),
    ) as unknown;
  });
}

const told = (outcome: Outcome): unknown => (isTrap(outcome) ? { trap: `trap: ${outcome.reason}` } : outcome);

/** Programs and inputs on which Python and Illume differ. */
function differences(
  grammar: Grammar,
  programs: readonly Program[],
  cases: readonly (readonly Value[])[],
): string[] {
  const given = outcomesOf(grammar, programs, cases) as unknown[][];
  return programs.flatMap((program, k) =>
    cases.flatMap((inputs, c) => {
      const [got, wanted] = [given[k]?.[c], told(interpret(grammar, program, inputs))].map((one) =>
        JSON.stringify(one),
      );
      return got === wanted
        ? []
        : [`${printProgram(grammar, program)} on ${JSON.stringify(inputs)}: ${got}, not ${wanted}`];
    }),
  );
}

const special: readonly Value[] = [
  "\u{1f600}a b\u{1f600}",
  "\ud83d",
  "x-12.50, Jan Kotas7",
  "o'Neil \u2019s \u00e9COLE",
  "\ufeff\u00a0 x\u2003y \u2028",
  "0".repeat(30) + "12",
  "9".repeat(20),
  'a(b)"c\\',
];
const casesOf = (grammar: Grammar, count: number): Value[][] => {
  const random = randomStream(11);
  return Array.from({ length: count }, () =>
    grammar.signature.argumentTypes.map((type) =>
      type.kind === "string" && random() < 0.4
        ? (special[Math.floor(random() * special.length)] as Value)
        : randomValue(type, random),
    ),
  );
};

const inputs = { s: string, u: string, t: string, n: int, m: int, p: bool, q: bool };
const options = {
  literals: ["", " ", "a", '")(', "\u{1f600}", "-"],
  ints: [0, 1, 2, -1, 10_001, 2 ** 53 - 1],
};
const language = text(options);
const patterns = defineLanguage({
  name: "patterns",
  primitives: textPatternRows,
  types: [string, int],
  literals: [...Object.keys(textPatterns), "7"].map((value) => ({ type: string, value })),
});
const grammars: readonly Grammar[] = [
  compileGrammar(patterns, fn({ s: string, n: int }, string)),
  compileGrammar(language, fn(inputs, string)),
  compileGrammar(language, fn(inputs, int)),
  compileGrammar(language, fn(inputs, bool)),
];
const smt = readSygusTask(
  '(set-logic SLIA)(synth-fun f ((s String) (u String) (n Int) (m Int) (p Bool)) String)(constraint (= (f "" "" 0 0 true) ""))(check-synth)',
  "all.sl",
);

describe(`programs over texts exported to Python${reason === null ? "" : ` (not run: ${reason})`}`, () => {
  it.skipIf(reason !== null)("give what every row gives", () => {
    const letters: Readonly<Record<string, readonly string[]>> = {
      string: ["s", "u", "t"],
      int: ["n", "m"],
      bool: ["p", "q"],
    };
    for (const grammar of grammars.slice(1)) {
      const rows = grammar.productions.filter(
        ({ kind, type }) => kind === "primitive" && grammar.types[type] === grammar.types[grammar.resultType],
      );
      expect(rows.length).toBeGreaterThan(5);
      const programs = rows.map(({ label, children }) => {
        const used: Record<string, number> = {};
        const names = children.map((child) => {
          const kind = grammar.types[child]?.kind as string;
          used[kind] = (used[kind] ?? -1) + 1;
          return letters[kind]?.[used[kind] as number] ?? letters[kind]?.[0];
        });
        return parseProgram(grammar, `(${label} ${names.join(" ")})`);
      });
      expect(differences(grammar, programs, casesOf(grammar, 300)).slice(0, 3)).toEqual([]);
    }
  });

  it.skipIf(reason !== null)("give what Illume gives, also where that is a trap", () => {
    for (const grammar of [...grammars, smt.grammar]) {
      const random = randomStream(7);
      const programs = Array.from({ length: 40 }, () =>
        randomProgram(grammar, random, 3 + Math.floor(random() * 30)),
      );
      expect(differences(grammar, programs, casesOf(grammar, 40)).slice(0, 3)).toEqual([]);
    }
  });

  it("bring along what they call, and nothing else", () => {
    const grammar = grammars[1] as Grammar;
    const program = parseProgram(grammar, '(concat (upper s) (if p "-" (let ((a (trim u))) (concat a a))))');
    const code = exportProgram(grammar, program, {
      to: "python",
      name: "label",
      header: ["3 of 3 examples"],
    });
    expect(code).toMatch(/^# 3 of 3 examples\n#\n# Gives what Illume computes/);
    const defined = [...code.matchAll(/^def (\w+)/gm)].map(([, name]) => name);
    expect(defined).toEqual(["_trap", "_units", "_whole", "_string", "_upper", "_trim", "label"]);
    // The branch that is not taken is not computed.
    expect(code).toContain('    return _whole(_string(_upper(s) + ("-" if p else _string(s1() + s1()))))\n');
  });
});
