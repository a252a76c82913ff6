import { Worker } from "node:worker_threads";
import { describe, expect, it } from "vitest";
import {
  arithmetic,
  bits,
  bitVectors,
  bool,
  compileGrammar,
  fn,
  type Grammar,
  int,
  interpret,
  isTrap,
  type Language,
  limits,
  list,
  lists,
  logic,
  outcomeText,
  programSize,
  printProgram,
  real,
  sameOutcome,
  type Signature,
  string,
  text,
  type TypeShape,
  type Value,
} from "../../dsl/index.ts";
import { cellCounter } from "../../dsl/cells.ts";
import { NumberColumns } from "../../dsl/number-columns.ts";
import { ValueColumns } from "../../dsl/value-columns.ts";
import { randomProgram, randomStream, randomValue } from "../dsl/random-programs.ts";

/** Counts what rows are asked to do. */
class Steps {
  applications = 0;
  cells = 0;
  /** The language with rows that count. */
  counting(language: Language): Language {
    const primitives = language.primitives.map((row) => {
      const counters = row.parameters.map((type) => cellCounter(type));
      const hasVariables = row.parameters.some((type) => type.kind === "list" || type.kind === "variable");
      const apply = (...args: unknown[]): unknown => {
        this.applications++;
        args.forEach((arg, k) => {
          // A variable may stand for a list: then its own elements are counted.
          this.cells += counters[k]?.(arg, 1e9) ?? (hasVariables && Array.isArray(arg) ? arg.length : 0);
        });
        return row.apply(...args);
      };
      return { ...row, apply };
    });
    return { ...language, primitives };
  }
}

/** Values as large as the limits let them be, and small ones. */
function largeValue(type: TypeShape, random: () => number): Value {
  if (random() < 0.3) return randomValue(type, random);
  if (type.kind === "string")
    return ["a", "a b-", "1", " "][Math.floor(random() * 4)]
      ?.repeat(250)
      .slice(0, limits.stringLength) as string;
  if (type.kind !== "list")
    return type.kind === "int" ? Math.floor(random() * 1002) : randomValue(type, random);
  const nested = type.element.kind === "list" || type.element.kind === "string";
  const length = nested ? 20 : limits.listLength;
  return Array.from({ length }, () => largeValue(type.element, random));
}

const suites: readonly (readonly [string, Language, readonly Signature[], number])[] = [
  [
    "lists",
    lists({ ints: [0, 1, 1000], types: [list(list(int)), list(list(list(int)))] }),
    [
      fn({ xs: list(int), n: int }, list(int)),
      fn({ xs: list(int), ys: list(int) }, int),
      fn({ xss: list(list(int)), n: int }, list(list(int))),
      fn({ xss: list(list(int)), xs: list(int) }, list(list(list(int)))),
    ],
    400,
  ],
  [
    "words",
    {
      ...text({ literals: ["", " ", "-"] }),
      primitives: [
        ...text().primitives,
        ...lists().primitives.filter((row) =>
          ["map", "filter", "fold", "unique", "contains"].includes(row.name),
        ),
      ],
      types: [string, int, bool, list(string)],
    },
    [fn({ words: list(string), s: string }, list(string)), fn({ words: list(string), s: string }, string)],
    400,
  ],
  ["text", text(), [fn({ s: string, t: string, n: int }, string)], 1000],
  ["logic", logic(), [fn({ a: bool, b: bool }, bool)], 300],
  ["bit vectors", bitVectors(), [fn({ x: bits(64), y: bits(64) }, bits(64))], 300],
  ["arithmetic", arithmetic({ constants: true }), [fn({ x: real, y: real }, real)], 300],
];

const CASES = 3;

describe.each(suites)(
  "random programs of up to 400 nodes, on values at the limits: %s",
  (_name, language, signatures, count) => {
    it.each(signatures.map((s) => [s.argumentTypes.map((t) => t.kind).join(" "), s] as const))(
      "take a bounded number of steps, and give what they mean (%s)",
      (_label, signature) => {
        const steps = new Steps();
        const grammar = compileGrammar(steps.counting(language), signature);
        const plain: Grammar = compileGrammar(language, signature);
        const random = randomStream(11);
        const cases = Array.from({ length: CASES }, () =>
          signature.argumentTypes.map((t) => largeValue(t, random)),
        );
        const inputs = signature.argumentTypes.map((_, k) => cases.map((row) => row[k] as Value));
        const numbers = language.name === "arithmetic" || language.name === "logic";
        const machine = numbers
          ? new NumberColumns(grammar, inputs, CASES)
          : new ValueColumns(grammar, inputs, CASES);
        const most = { applications: 0, cells: 0 };
        const traps = new Map<string, number>();
        for (let n = 0; n < count; n++) {
          const program = randomProgram(grammar, random, 1 + Math.floor(random() * 399));
          const size = programSize(program);
          steps.applications = 0;
          steps.cells = 0;
          const column = machine.run(program);
          const { applications, cells } = steps;
          most.applications = Math.max(most.applications, applications);
          most.cells = Math.max(most.cells, cells);
          // Each node runs for every case and lambda call of its outermost application, which has fuel of its own.
          const where = `${printProgram(plain, program)}: ${applications} applications, ${cells} cells`;
          if (applications > CASES * size * (1 + limits.fuel)) expect.fail(where);
          if (cells > CASES * size * (limits.cellFuel + 4 * limits.cells)) expect.fail(where);
          // The reference is slow.
          if (applications > 30_000) continue;
          for (let i = 0; i < CASES; i++) {
            const outcome = column[i] as Value;
            if (isTrap(outcome)) traps.set(outcomeText(outcome), (traps.get(outcomeText(outcome)) ?? 0) + 1);
            const expected = interpret(plain, program, cases[i] as Value[]);
            const same = numbers
              ? Object.is(Number(outcome), Number(expected))
              : sameOutcome(outcome, expected);
            if (!same)
              expect.fail(
                `${printProgram(plain, program)}: ${outcomeText(outcome)}; expected ${outcomeText(expected)}`,
              );
          }
        }
        expect(most.applications).toBeGreaterThan(0);
        if (_name === "lists" && signature.result.kind === "list") expect(traps.size).toBeGreaterThan(0);
      },
    );
  },
);

describe("memory", () => {
  // Columns of this program would hold 24 × 200 × 20,000 cells, 768 MB, and more.
  const code = `
    const { workerData, parentPort } = require("node:worker_threads");
    import(workerData).then(({ compileGrammar, createMachine, fn, int, list, lists, outcomeText, parseProgram }) => {
      const grammar = compileGrammar(lists({ types: [list(list(int))] }), fn({ xs: list(int) }, int));
      const rows = (k) => "(length (map (lambda (i) (cons (+ i " + k + ") (tail (take 19 xs)))) xs))";
      const long = (k) => "(length (reverse (cons " + k + " (tail xs))))";
      let source = rows(0);
      for (let k = 1; k < 24; k++) source = "(+ " + source + " (+ " + rows(k) + " " + long(k) + "))";
      const program = parseProgram(grammar, source);
      const xs = Array.from({ length: 1000 }, (_, i) => i);
      const cases = Array.from({ length: 200 }, () => xs);
      const machine = createMachine(grammar, [cases], cases.length);
      const column = machine.run(program);
      parentPort.postMessage([column.length, outcomeText(column[0]), outcomeText(column[199])]);
    });`;

  it("that columns take is bounded: a large program on many cases runs in a small heap", async () => {
    const worker = new Worker(code, {
      eval: true,
      workerData: new URL("../../dist/dsl/index.js", import.meta.url).href,
      resourceLimits: { maxOldGenerationSizeMb: 512 },
    });
    const answer = await new Promise((resolve, reject) => {
      worker.once("message", resolve);
      worker.once("error", reject);
    });
    await worker.terminate();
    expect(answer).toEqual([200, "47000", "47000"]);
  });
});
