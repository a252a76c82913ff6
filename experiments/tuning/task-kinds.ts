import { defineExperiment, type Experiment, fn, grid } from "illume";
import { arithmetic, bits, bitVectors, bool, int, list, lists, logic, real, string, text } from "illume/dsl";

// Small tasks of every language, for tuning. None sets a parameter of the search but the size of programs and of epochs, so each shows
// what the defaults do.

const BUDGET_CANDIDATES = 100_000;
/** Short epochs tell more exactly when the target was reached. */
const EPOCH_CANDIDATES = 500;

/** A formula of one or two reals, on a grid of points. */
export const formulaTask = (
  name: string,
  from: number,
  to: number,
  formula: (x: number, y: number) => number,
): Experiment => {
  const points = Array.from({ length: 6 }, (_, k) => from + ((to - from) * k) / 5);
  return defineExperiment({
    name,
    language: arithmetic({ operations: ["+", "-", "*", "/", "sqrt"], constants: true }),
    program: fn({ x: real, y: real }, real),
    cases: points.flatMap((x) => points.map((y) => ({ input: { x, y }, output: formula(x, y) }))),
    fitness: "R2",
    offset: -1,
    archive: grid({ size: [1, 25], depth: [1, 10] }),
    target: 0.999999,
    budget: BUDGET_CANDIDATES,
    parameters: { maximumSize: 25, epochCandidates: EPOCH_CANDIDATES },
  });
};

/** A circuit of nand and nor, on all assignments of four or five inputs. */
export const circuitTask = (name: string, rule: (inputs: readonly boolean[]) => boolean): Experiment => {
  const names = ["a", "b", "c", "d", "e"] as const;
  const assignments = Array.from({ length: 32 }, (_, k) => names.map((_name, bit) => ((k >> bit) & 1) === 1));
  return defineExperiment({
    name,
    language: logic({ operations: ["and", "or", "nand", "nor"] }),
    program: fn({ a: bool, b: bool, c: bool, d: bool, e: bool }, bool),
    cases: assignments.map(([a, b, c, d, e]) => ({
      input: { a: a === true, b: b === true, c: c === true, d: d === true, e: e === true },
      output: rule([a === true, b === true, c === true, d === true, e === true]),
    })),
    fitness: "cases passed",
    archive: grid({ size: { from: 1, to: 41, bins: 20 }, depth: [1, 12] }),
    target: 1,
    budget: BUDGET_CANDIDATES,
    parameters: { maximumSize: 40, epochCandidates: EPOCH_CANDIDATES },
  });
};

/** What a text becomes. */
export const textTask = (
  name: string,
  examples: readonly (readonly [given: string, wanted: string])[],
): Experiment =>
  defineExperiment({
    name,
    language: text({ literals: ["-", ".", " ", "@", ","], ints: [0, 1, 2, 3, 4, 5] }),
    program: fn({ given: string }, string),
    cases: examples.map(([given, output]) => ({ input: { given }, output })),
    fitness: "similarity",
    archive: grid({ size: { from: 1, to: 31, bins: 15 }, fitness: { from: 0, to: 1, bins: 20 } }),
    target: 1,
    budget: BUDGET_CANDIDATES,
    parameters: { maximumSize: 30, epochCandidates: EPOCH_CANDIDATES },
  });

const someLists: readonly (readonly number[])[] = [
  [],
  [6],
  [2, 2],
  [1, 2, 3, 4],
  [5, 3, 1],
  [-4, 7, 10],
  [8, 6, 4, 2],
  [0, -2, 11, 12],
  [9, 8, 7, 6, 5],
  [3, 10, -6, 5, 4],
  [12, 5, 12, 5, 12],
  [7, 16, 9, 2, 13, 4, 11],
];

/** A number that follows from a list. */
export const listTask = (name: string, rule: (xs: readonly number[]) => number): Experiment =>
  defineExperiment({
    name,
    language: lists(),
    program: fn({ xs: list(int) }, int),
    cases: someLists.map((xs) => ({ input: { xs }, output: rule(xs) })),
    fitness: "similarity",
    archive: grid({ size: [1, 20], passed: [0, someLists.length] }),
    target: 1,
    budget: BUDGET_CANDIDATES,
    parameters: { maximumSize: 20, epochCandidates: EPOCH_CANDIDATES },
  });

const someWords: readonly bigint[] = [
  0n,
  1n,
  2n,
  3n,
  5n,
  8n,
  12n,
  0x7fn,
  0x80n,
  0xf0n,
  0xffn,
  0x1234n,
  0x8000n,
  0xabcdn,
  0xfff0n,
  0xffffn,
];

/** A word of 16 bits that follows from another one. */
export const wordTask = (name: string, rule: (x: bigint) => bigint): Experiment =>
  defineExperiment({
    name,
    language: bitVectors({
      width: 16,
      operations: ["bvand", "bvor", "bvxor", "bvnot", "bvneg", "bvadd", "bvsub", "bvshl", "bvlshr"],
      literals: [0n, 1n, 2n, 4n, 8n],
    }),
    program: fn({ x: bits(16) }, bits(16)),
    cases: someWords.map((x) => ({ input: { x }, output: BigInt.asUintN(16, rule(x)) })),
    fitness: "similarity",
    archive: grid({ size: [1, 20], depth: [1, 10] }),
    target: 1,
    budget: BUDGET_CANDIDATES,
    parameters: { maximumSize: 20, epochCandidates: EPOCH_CANDIDATES },
  });
