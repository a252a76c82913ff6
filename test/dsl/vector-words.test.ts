import { describe, expect, it } from "vitest";
import {
  bits,
  bitVectors,
  bool,
  compileGrammar,
  defineLanguage,
  elementOf,
  fn,
  type Grammar,
  interpret,
  logic,
  type Machine,
  type Outcome,
  outcomeAt,
  outcomeText,
  parseProgram,
  primitive,
  printProgram,
  type Program,
  sameOutcome,
  type Type,
  type Value,
  VectorMachine,
} from "../../dsl/index.ts";
import { NumberColumns } from "../../dsl/number-columns.ts";
import { ValueColumns } from "../../dsl/value-columns.ts";
import { booleanOperations, wordOperations } from "../../dsl/vector-operations.ts";
import { randomProgram, randomStream, randomValue } from "./random-programs.ts";
import { bitVectorOperations } from "./rows.ts";

const gates = logic({ operations: ["and", "or", "not", "nand", "nor", "xor", "xnor", "if", "implies"] });
const withLiterals = defineLanguage({
  ...gates,
  literals: [true, false].map((value) => ({ type: bool, value })),
});
const words = (width: number, result: Type): Grammar =>
  compileGrammar(
    bitVectors({ width, operations: bitVectorOperations }),
    fn({ x: bits(width), y: bits(width), p: bool }, result),
  );

const grammars: readonly (readonly [string, Grammar])[] = [
  ["gates", compileGrammar(gates, fn({ a: bool, b: bool, c: bool }, bool))],
  [
    "gates of at most two",
    compileGrammar(logic({ operations: ["and", "nor"] }), fn({ a: bool, b: bool }, bool)),
  ],
  ["gates and literals", compileGrammar(withLiterals, fn({ a: bool, b: bool }, bool))],
  ...[1, 7, 32, 64].map((width) => [`words of ${width}`, words(width, bits(width))] as const),
  ["words of 64 that decide", words(64, bool)],
];

const inputsOf = (grammar: Grammar, caseCount: number, seed: number): Value[][] => {
  const random = randomStream(seed);
  return grammar.signature.argumentTypes.map((type) =>
    Array.from({ length: caseCount }, () => randomValue(type, random)),
  );
};

const programsOf = (grammar: Grammar, count: number, seed: number): Program[] => {
  const random = randomStream(seed);
  return Array.from({ length: count }, () => randomProgram(grammar, random, 1 + Math.floor(random() * 30)));
};

const columnar = (grammar: Grammar, inputs: readonly (readonly Value[])[], caseCount: number): Machine =>
  grammar.types.every((type) => type.kind === "bool")
    ? new NumberColumns(grammar, inputs, caseCount)
    : new ValueColumns(grammar, inputs, caseCount);

const outcomes = (grammar: Grammar, machine: Machine, program: Program): Outcome[] => {
  const column = machine.run(program);
  expect(column.length).toBe(machine.caseCount);
  return Array.from({ length: machine.caseCount }, (_, i) => outcomeAt(grammar, column, i));
};
const shown = (values: readonly Outcome[]): string => values.map(outcomeText).join(" ");

/** Signatures and errors of programs measured in one batch. */
function measuredBy(machine: VectorMachine, programs: readonly Program[], isShared: boolean): string[] {
  programs.forEach((program, k) => machine.put(k, program));
  machine.measure(programs.length, isShared);
  return programs.map((_, k) => `${machine.errors[k]} ${machine.signatures.slice(4 * k, 4 * k + 4).join()}`);
}

describe.each(grammars)("the vector machine on %s", (name, grammar) => {
  it("is what createMachine would take", () => {
    expect(elementOf(grammar)?.bitsPerCase).toBe(name.startsWith("gates") ? 1 : 64);
  });

  it.each([1, 8, 65, 128, 129, 513, 1025])(
    "gives the values of the columnar machine, on %i cases in blocks of any size",
    (caseCount) => {
      const inputs = inputsOf(grammar, caseCount, caseCount);
      const reference = columnar(grammar, inputs, caseCount);
      const machines = [64, 512, 2048].map(
        (blockBytes) => new VectorMachine(grammar, inputs, caseCount, { blockBytes }),
      );
      for (const program of programsOf(grammar, Math.min(60, Math.ceil(3000 / caseCount)), 5)) {
        const expected = shown(outcomes(grammar, reference, program));
        for (const machine of machines)
          expect(`${printProgram(grammar, program)} ${shown(outcomes(grammar, machine, program))}`).toBe(
            `${printProgram(grammar, program)} ${expected}`,
          );
      }
    },
  );

  it("gives the values of the reference interpreter", () => {
    const inputs = inputsOf(grammar, 30, 3);
    const machine = new VectorMachine(grammar, inputs, 30);
    for (const program of programsOf(grammar, 40, 9))
      outcomes(grammar, machine, program).forEach((outcome, i) => {
        const args = inputs.map((values) => values[i] as Value);
        expect(sameOutcome(outcome, interpret(grammar, program, args))).toBe(true);
      });
  });

  it.each([5, 128, 200, 1100])(
    "counts the cases of %i that are not passed; sharing and blocks change nothing",
    (caseCount) => {
      const inputs = inputsOf(grammar, caseCount, 20 + caseCount);
      const random = randomStream(8);
      const programs = programsOf(grammar, 25, 31);
      const first = new VectorMachine(grammar, inputs, caseCount);
      const expected = outcomes(grammar, first, programs[0] as Program).map((value) =>
        random() < 0.2 ? randomValue(grammar.signature.result, random) : (value as Value),
      );
      const measured = { error: "passed", reduction: "sum", expected } as const;
      const machine = new VectorMachine(grammar, inputs, caseCount, { measured });
      const alone = measuredBy(machine, programs, false);
      for (const blockBytes of [64, 2048]) {
        const other = new VectorMachine(grammar, inputs, caseCount, { measured, blockBytes });
        expect(measuredBy(other, [...programs, ...programs], true)).toEqual([...alone, ...alone]);
      }
      programs.forEach((program, k) => {
        const wrong = outcomes(grammar, machine, program).filter((value, i) => value !== expected[i]);
        expect(Number(alone[k]?.split(" ")[0])).toBe(wrong.length);
      });
    },
  );

  it.each([60, 700, 1100])("gives a signature to each behaviour on %i cases", (caseCount) => {
    const inputs = inputsOf(grammar, caseCount, 60);
    const machine = new VectorMachine(grammar, inputs, caseCount);
    const programs = programsOf(grammar, 100, 61);
    const signatures = measuredBy(machine, programs, true);
    const signatureOf = new Map<string, string>();
    programs.forEach((program, k) =>
      signatureOf.set(shown(outcomes(grammar, machine, program)), signatures[k] as string),
    );
    programs.forEach((program, k) =>
      expect(signatureOf.get(shown(outcomes(grammar, machine, program)))).toBe(signatures[k]),
    );
    expect(new Set(signatureOf.values()).size).toBe(signatureOf.size);
    expect(signatureOf.size).toBeGreaterThan(4);
  });
});

describe("words and gates", () => {
  it("give up exactly such programs whose error is above their threshold", () => {
    for (const [grammar, caseCount] of [
      [words(64, bits(64)), 1000],
      [compileGrammar(gates, fn({ a: bool, b: bool, c: bool }, bool)), 40_000],
    ] as const) {
      const inputs = inputsOf(grammar, caseCount, 90);
      const programs = programsOf(grammar, 200, 91);
      const measured = { error: "passed", reduction: "sum", expected: inputs[0] as Value[] } as const;
      const whole = measuredBy(new VectorMachine(grammar, inputs, caseCount, { measured }), programs, false);
      const machine = new VectorMachine(grammar, inputs, caseCount, { measured });
      expect(machine.isStaged).toBe(true);
      const random = randomStream(92);
      programs.forEach((_, k) => {
        machine.thresholds[k] = Number(whole[k]?.split(" ")[0]) * 2 * random();
      });
      const staged = measuredBy(machine, programs, true);
      const givenUp = programs.filter((_, k) => staged[k]?.startsWith("-1 ") === true);
      programs.forEach((_, k) => {
        if (staged[k]?.startsWith("-1 ") === true)
          expect(Number(whole[k]?.split(" ")[0])).toBeGreaterThan(machine.thresholds[k] as number);
        else expect(staged[k]).toBe(whole[k]);
      });
      expect(givenUp.length).toBeGreaterThan(10);
      expect(givenUp.length).toBeLessThan(programs.length);
    }
  });

  it("run every row on the edges of 64 bits", () => {
    const edges = [
      0n,
      1n,
      2n,
      3n,
      63n,
      64n,
      65n,
      2n ** 31n,
      2n ** 32n,
      2n ** 63n - 1n,
      2n ** 63n,
      2n ** 64n - 1n,
    ];
    const pairs = edges.flatMap((a) => edges.map((b) => [a, b] as const));
    const inputs = [pairs.map(([a]) => a), pairs.map(([, b]) => b), pairs.map(([a, b]) => a < b)];
    for (const grammar of [words(64, bits(64)), words(64, bool)]) {
      const machine = new VectorMachine(grammar, inputs, pairs.length);
      const reference = new ValueColumns(grammar, inputs, pairs.length);
      for (const { primitive: row, type } of grammar.productions) {
        if (row === undefined || type !== grammar.resultType) continue;
        const names = row.parameters.map((p, k) => (p.kind === "bool" ? "p" : k === 1 ? "y" : "x"));
        const program = parseProgram(grammar, `(${[row.name, ...names].join(" ")})`);
        expect(`${row.name} ${shown(outcomes(grammar, machine, program))}`).toBe(
          `${row.name} ${shown(outcomes(grammar, reference, program))}`,
        );
      }
    }
  });

  it("have a row for each operation", () => {
    const used = (rows: readonly { readonly vector?: string }[]): Set<string | undefined> =>
      new Set(rows.map((row) => row.vector));
    const ofWords = used(bitVectors({ operations: bitVectorOperations }).primitives);
    expect(wordOperations.filter((name) => !ofWords.has(name))).toEqual([]);
    const ofGates = used(gates.primitives);
    expect(booleanOperations.filter((name) => !ofGates.has(name))).toEqual([]);
  });

  it("stay with the columnar machine where a row has no operation, or widths mix", () => {
    const own = (vector: boolean, width: number) =>
      compileGrammar(
        defineLanguage({
          name: "own",
          types: [bits(8), bits(width)],
          primitives: [
            primitive("&", [bits(8), bits(8)], bits(8), (a, b) => a & b, vector ? { vector: "and" } : {}),
            primitive("&", [bits(width), bits(width)], bits(width), (a, b) => a | b, { vector: "or" }),
          ].slice(0, width === 8 ? 1 : 2),
        }),
        fn({ a: bits(8), b: bits(width) }, bits(8)),
      );
    expect(elementOf(own(true, 8))?.width).toBe(8);
    expect(elementOf(own(false, 8))).toBeUndefined();
    expect(elementOf(own(true, 9))).toBeUndefined();
  });
});
