import { describe, expect, it } from "vitest";
import {
  BATCH_PROGRAMS,
  compileGrammar,
  fn,
  type Grammar,
  interpret,
  type Machine,
  printProgram,
  sameOutcome,
  type Value,
  arithmetic,
  bits,
  bitVectors,
  bool,
  float32,
  logic,
  outcomeAt,
  real,
  VectorMachine,
} from "../../dsl/index.ts";
import { NumberColumns } from "../../dsl/number-columns.ts";
import { ValueColumns } from "../../dsl/value-columns.ts";
import { randomProgram, randomStream, randomValue } from "../dsl/random-programs.ts";
import { arithmeticOperations, bitVectorOperations } from "../dsl/rows.ts";

const logicOperations = ["and", "or", "not", "nand", "nor", "xor", "xnor", "if", "implies"] as const;
const protectedRows = { operations: arithmeticOperations, division: "protected", constants: true } as const;

/** What each language is held to: programs, and the machine that is not the vector machine. */
const suites: readonly (readonly [string, Grammar, number, "numbers" | "values"])[] = [
  [
    "doubles",
    compileGrammar(
      arithmetic({ operations: arithmeticOperations, constants: true }),
      fn({ x: real, y: real }, real),
    ),
    1_000_000,
    "numbers",
  ],
  [
    "doubles with protected division",
    compileGrammar(arithmetic(protectedRows), fn({ x: real, y: real }, real)),
    100_000,
    "numbers",
  ],
  [
    "singles",
    compileGrammar(
      arithmetic({ precision: "f32", operations: arithmeticOperations, constants: true }),
      fn({ x: float32, y: float32 }, float32),
    ),
    200_000,
    "numbers",
  ],
  [
    "words of 64 bits",
    compileGrammar(
      bitVectors({ width: 64, operations: bitVectorOperations }),
      fn({ x: bits(64), y: bits(64) }, bits(64)),
    ),
    200_000,
    "values",
  ],
  [
    "words of 13 bits",
    compileGrammar(
      bitVectors({ width: 13, operations: bitVectorOperations }),
      fn({ x: bits(13), y: bits(13) }, bool),
    ),
    200_000,
    "values",
  ],
  [
    "packed booleans",
    compileGrammar(logic({ operations: [...logicOperations] }), fn({ a: bool, b: bool, c: bool }, bool)),
    200_000,
    "numbers",
  ],
];

/** −0 and 0 are told apart. */
const isSame = (a: unknown, b: unknown): boolean =>
  typeof a === "number" ? Object.is(a, b) : sameOutcome(a as Value, b as Value);

describe.each(suites)("programs over %s", (_name, grammar, count, kind) => {
  it("give the same bits on the vector machine, the columnar machine and the reference", () => {
    const random = randomStream(1);
    const caseCounts = [1, 3, 7, 8, 9, 15, 17, 31, 33, 65];
    const part = 5000;
    for (let first = 0; first < count; first += part) {
      const caseCount = caseCounts[(first / part) % caseCounts.length] as number;
      const inputs = grammar.signature.argumentTypes.map((type) =>
        Array.from({ length: caseCount }, () => randomValue(type, random)),
      );
      const rows = Array.from({ length: caseCount }, (_, i) => inputs.map((column) => column[i] as Value));
      const vector = new VectorMachine(grammar, inputs, caseCount);
      const columnar: Machine =
        kind === "numbers"
          ? new NumberColumns(grammar, inputs, caseCount)
          : new ValueColumns(grammar, inputs, caseCount);
      for (let n = 0; n < part; n++) {
        const program = randomProgram(grammar, random, 1 + Math.floor(random() * 25));
        const one = vector.run(program);
        const other = columnar.run(program);
        for (let i = 0; i < caseCount; i++) {
          const outcome = outcomeAt(grammar, one, i);
          if (
            !isSame(outcome, outcomeAt(grammar, other, i)) ||
            !isSame(outcome, interpret(grammar, program, rows[i] as Value[]))
          )
            expect.fail(`${printProgram(grammar, program)} on ${String(rows[i])}`);
        }
      }
    }
  });

  it("are given the same signatures in blocks of 64, 128, 256 and 512 cases, shared or not", () => {
    const random = randomStream(2);
    for (const caseCount of [67, 643, 1021]) {
      const inputs = grammar.signature.argumentTypes.map((type) =>
        Array.from({ length: caseCount }, () => randomValue(type, random)),
      );
      const machines = [512, 1024, 2048, 4096].map(
        (blockBytes) => new VectorMachine(grammar, inputs, caseCount, { blockBytes }),
      );
      for (let first = 0; first < count / 3; first += BATCH_PROGRAMS) {
        const programs = Array.from({ length: BATCH_PROGRAMS }, () =>
          randomProgram(grammar, random, 1 + Math.floor(random() * 25)),
        );
        const [expected, ...others] = machines.map((machine, k) => {
          programs.forEach((program, slot) => machine.put(slot, program));
          machine.measure(BATCH_PROGRAMS, k % 2 === 0);
          return machine.signatures;
        });
        for (const signatures of others)
          if (Buffer.compare(bytesOf(signatures), bytesOf(expected as Int32Array)) !== 0)
            expect.fail(`batch from ${first}, ${caseCount} cases`);
      }
    }
  });
});

const bytesOf = (words: Int32Array): Uint8Array =>
  new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
