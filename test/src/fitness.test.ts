import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  bits,
  bool,
  list,
  type Outcome,
  real,
  string,
  trap,
  type Type,
  type Value,
} from "../../dsl/index.ts";
import {
  type ErrorKind,
  errorMeasure,
  fitnessMeasure,
  type FitnessName,
  namedFitness,
  numbersOf,
  passes,
  similarity,
} from "../../src/fitness.ts";

const reals = (...values: number[]): Float64Array => Float64Array.from(values);
const fitnessOf = (
  name: FitnessName,
  outcomes: Float64Array | readonly Outcome[],
  expected: readonly Value[],
): number => fitnessMeasure(name, expected, real).ofColumn(outcomes);
const names = Object.keys(namedFitness) as FitnessName[];
const ofLabels: readonly FitnessName[] = [
  "accuracy",
  "balanced accuracy",
  "-mean log loss",
  "-mean hinge loss",
];

describe.each(names)("the fitness %s", (name) => {
  const isOfLabels = ofLabels.includes(name);
  const wanted = isOfLabels ? [1, -1, 1, -1] : [1, -2, 0.5, 1e-3];
  // An output for a class cannot be too large.
  const best = isOfLabels ? wanted.map((w) => w * 1e3) : wanted;

  it("is best for what was expected, where it reaches its target", () => {
    const exact = fitnessOf(name, reals(...best), wanted);
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true }), { minLength: 4, maxLength: 4 }), (values) => {
        const fitness = fitnessOf(name, reals(...values), wanted);
        // Failures may have no number at all.
        return Number.isNaN(fitness) || fitness <= exact;
      }),
    );
    const { target } = namedFitness[name];
    if (target !== undefined) expect(exact).toBe(target);
  });

  it("falls as errors grow, and never below what the QD-score counts from", () => {
    const { offset } = namedFitness[name];
    let before = Number.POSITIVE_INFINITY;
    for (const error of [0, 1e-12, 1e-6, 0.01, 1, 100, 1e6, 1e300]) {
      const outcomes = wanted.map((w) => w * (isOfLabels ? 1 - error : 1 + error));
      const fitness = fitnessOf(name, reals(...outcomes), wanted);
      expect(fitness).toBeLessThanOrEqual(before);
      if (offset !== undefined) expect(fitness).toBeGreaterThanOrEqual(offset);
      before = fitness;
    }
  });

  it("gives a failed case no credit", () => {
    const fitness = fitnessOf(name, reals(best[0] as number, Number.NaN, ...best.slice(2)), wanted);
    const exact = fitnessOf(name, reals(...best), wanted);
    if (!Number.isNaN(fitness)) expect(fitness).toBeLessThan(exact);
  });

  it("of a NaN error is NaN or counts the case as failed, never better", () => {
    const all = fitnessOf(name, reals(Number.NaN, Number.NaN, Number.NaN, Number.NaN), wanted);
    expect(Number.isNaN(all) || all === 0).toBe(true);
  });

  it("never rises with the error that a machine measured", () => {
    const { ofError } = fitnessMeasure(name, wanted, real);
    fc.assert(
      fc.property(fc.double({ min: 0 }), fc.double({ min: 0 }), (a, b) => {
        const [small, large] = a < b ? [a, b] : [b, a];
        return !(ofError(large) > ofError(small));
      }),
    );
  });
});

describe("named fitness", () => {
  it("has the values that its name says", () => {
    const expected = [2, 4];
    const outcomes = reals(2.2, 3);
    const values = names.map((name) => fitnessOf(name, outcomes, expected));
    const relative = [0.1, 0.25];
    const absolute = [0.2, 1];
    const mean = (e: number[]): number => ((e[0] as number) + (e[1] as number)) / 2;
    const square = Math.sqrt((0.04 + 1) / 2);
    const wanted: Partial<Record<FitnessName, number>> = {
      "cases passed": 0,
      similarity: (1 / 1.2 + 0.5) / 2,
      "-log10 mean relative error": -Math.log10(mean(relative)),
      "-log10 max relative error": -Math.log10(0.25),
      // Of no units of their own.
      "-log10 max error in units": -Math.log10(0.25),
      "-log10 mean absolute error": -Math.log10(mean(absolute)),
      "-log10 max absolute error": 0,
      "1/(1+mean absolute error)": 1 / (1 + mean(absolute)),
      "1/(1+root mean square error)": 1 / (1 + square),
      "-mean absolute error": -mean(absolute),
      "-root mean square error": -square,
      "-mean log-cosh error": -mean([Math.log(Math.cosh(0.2)), Math.log(Math.cosh(1))]),
      "-mean Huber error": -mean([0.02, 0.5]),
      R2: 1 - (0.04 + 1) / 2,
    };
    names.forEach((name, i) => {
      if (!ofLabels.includes(name))
        expect(values[i]).toBeCloseTo(wanted[name] as number, name.startsWith("-log10") ? 6 : 12);
    });
  });

  it.each([
    ["0 and 1", [1, 0, 0, 0]],
    ["−1 and 1", [1, -1, -1, -1]],
    ["booleans", [true, false, false, false]],
  ] as const)("for classes takes %s, and an output above 0 for the second", (_what, labels) => {
    // Right, wrong, right, wrong; the margins are 2, 0.5, 0 and −3.
    const outcomes = reals(2, -0.5, 0, 3);
    const of = (name: FitnessName): number => fitnessOf(name, outcomes, labels);
    expect(of("accuracy")).toBe(3 / 4);
    expect(of("balanced accuracy")).toBeCloseTo((1 + 2 / 3) / 2, 15);
    expect(of("-mean hinge loss")).toBe(-(0 + 0.5 + 1 + 4) / 4);
    const logLoss = [2, 0.5, 0, -3].map((margin) => Math.log(1 + Math.exp(-margin)));
    expect(of("-mean log loss")).toBeCloseTo(-logLoss.reduce((a, b) => a + b) / 4, 14);
  });

  it("for classes takes the outcomes of programs that give booleans", () => {
    const labels = [true, false, false];
    expect(fitnessOf("accuracy", [true, true, trap("empty")], labels)).toBeCloseTo(1 / 3, 15);
    expect(fitnessOf("balanced accuracy", [false, false, false], labels)).toBe(0.5);
    expect(fitnessOf("accuracy", reals(1, 0, 0), labels)).toBe(1);
  });

  it("balances classes exactly: all right is 1, all wrong is 0, one class alone 1/2", () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 2, maxLength: 50 }), (labels) => {
        fc.pre(labels.includes(true) && labels.includes(false));
        const of = (outcome: (label: boolean) => number): number =>
          fitnessOf("balanced accuracy", Float64Array.from(labels, outcome), labels);
        expect([of((label) => (label ? 1 : -1)), of((label) => (label ? -1 : 1)), of(() => 1)]).toEqual([
          1, 0, 0.5,
        ]);
      }),
    );
  });

  it("by log-cosh and log loss keeps its digits for errors of any size", () => {
    const logCosh = errorMeasure("log-cosh", [0], real);
    const logistic = errorMeasure("logistic", [1], real);
    for (const d of [1e-160, 1e-9, 1e-3, 0.03]) expect(logCosh(reals(d), 0) / (d * d)).toBeCloseTo(0.5, 3);
    for (const d of [0.062, 0.0624999, 0.0625001, 0.3, 1, 5])
      expect(logCosh(reals(-d), 0) / Math.log1p(2 * Math.sinh(d / 2) ** 2)).toBeCloseTo(1, 12);
    expect(logCosh(reals(1e300), 0)).toBe(1e300);
    expect(logCosh(reals(Number.NEGATIVE_INFINITY), 0)).toBe(Number.POSITIVE_INFINITY);
    for (const margin of [-700, -30, -1, 0, 1e-9, 1, 30, 700, 740])
      expect(logistic(reals(margin), 0)).toBeCloseTo(
        Math.max(-margin, 0) + Math.log1p(Math.exp(-Math.abs(margin))),
        13,
      );
    expect(logistic(reals(50), 0) / Math.exp(-50)).toBeCloseTo(1, 12);
    expect(logistic(reals(Number.NEGATIVE_INFINITY), 0)).toBe(Number.POSITIVE_INFINITY);
  });

  it("says which expected outputs it cannot be measured against", () => {
    const problem = (name: FitnessName, expected: readonly Value[]): string | null | undefined =>
      namedFitness[name].problemOf?.(numbersOf(expected));
    for (const constant of [[3, 3, 3], [5]]) expect(problem("R2", constant)).toMatch(/differ between cases/);
    expect(problem("R2", [1e200, -1e200])).toMatch(/finite squares/);
    expect(problem("R2", [1, 2])).toBeNull();
    for (const name of ofLabels) {
      for (const labels of [
        [0, 1, 1],
        [1, -1],
        [true, false],
      ])
        expect(problem(name, labels)).toBeNull();
      expect(problem(name, [1, 0, -1])).toBe(
        "be a label, which is 0 or 1 on all cases or −1 or 1 on all; got -1 in case 3",
      );
      expect(problem(name, [1, 2])).toMatch(/got 2 in case 2/);
      expect(problem(name, ["yes", "no"])).toMatch(/got NaN in case 1/);
    }
    expect(problem("balanced accuracy", [1, 1])).toMatch(/both classes/);
    expect(problem("balanced accuracy", [0, 0])).toMatch(/both classes/);
    expect(problem("accuracy", [1, 1])).toBeNull();
  });

  it("in digits lies between what the QD-score counts from and 17", () => {
    for (const name of names.filter((n) => n.startsWith("-log10"))) {
      expect(fitnessOf(name, reals(1), [1])).toBe(17);
      expect(fitnessOf(name, reals(1e300), [1])).toBe(namedFitness[name].offset);
      expect(fitnessOf(name, reals(1 + 1e-9), [1])).toBeCloseTo(9, 5);
      expect(fitnessOf(name, reals(Number.POSITIVE_INFINITY), [1])).toBeNaN();
    }
  });

  it("by relative error counts the distance from an expected zero as it is", () => {
    const error = errorMeasure("relative", [0, -4], real);
    expect(error(reals(0.25, -3), 0)).toBe(0.25);
    expect(error(reals(0.25, -3), 1)).toBe(0.25);
  });

  it("takes booleans in columns of numbers for 0 and 1", () => {
    for (const kind of ["passed", "dissimilarity", "absolute", "relative"] as ErrorKind[]) {
      const error = errorMeasure(kind, [true, false], bool);
      expect([error(reals(1, 0), 0), error(reals(1, 0), 1)]).toEqual([0, 0]);
      expect([error(reals(0, 1), 0), error(reals(0, 1), 1)]).toEqual([1, 1]);
    }
  });
});

describe("a case", () => {
  it("is passed by the same outcome, of any type", () => {
    const passed: [Outcome, Value][] = [
      [1, 1],
      ["a", "a"],
      [true, true],
      [
        [1, [2]],
        [1, [2]],
      ],
      [-0, 0],
    ];
    for (const [outcome, expected] of passed) expect(passes([outcome], 0, expected)).toBe(true);
    const failed: [Outcome, Value][] = [
      [1, 2],
      ["1", 1],
      [trap("empty"), 0],
      [[1], [1, 1]],
      [1_000_000_000_001, 1_000_000_000_000],
      [false, true],
    ];
    for (const [outcome, expected] of failed) expect(passes([outcome], 0, expected)).toBe(false);
  });

  it("of reals is passed within a relative 1e-9, whole numbers expected or not", () => {
    for (const expected of [0.1, 2, -3e200, 1e-200, 1e12]) {
      expect(passes(reals(expected * (1 + 0.9e-9)), 0, expected)).toBe(true);
      expect(passes(reals(expected * (1 + 1.1e-9)), 0, expected)).toBe(false);
    }
    expect(passes(reals(1e-300), 0, 0)).toBe(false);
  });

  it("of infinity is passed by infinity alone, of NaN by NaN alone", () => {
    expect(passes(reals(Number.POSITIVE_INFINITY), 0, Number.POSITIVE_INFINITY)).toBe(true);
    expect(passes(reals(5), 0, Number.POSITIVE_INFINITY)).toBe(false);
    expect(passes(reals(Number.NEGATIVE_INFINITY), 0, Number.POSITIVE_INFINITY)).toBe(false);
    expect(passes(reals(Number.POSITIVE_INFINITY), 0, 5)).toBe(false);
    expect(passes(reals(Number.NaN), 0, Number.NaN)).toBe(true);
    expect(passes(reals(1), 0, Number.NaN)).toBe(false);
    expect(passes(reals(Number.NaN), 0, 1)).toBe(false);
  });
});

describe("similarity", () => {
  const values: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
    value: fc.oneof(
      { depthSize: "small" },
      fc.integer(),
      fc.double(),
      fc.boolean(),
      fc.string(),
      fc.array(tie("value"), { maxLength: 4 }),
    ),
  })).value;

  it("lies in [0, 1], and is 1 only for the same", () => {
    fc.assert(
      fc.property(values, values, (a, b) => {
        const likeness = similarity(a, b, real);
        expect(likeness).toBeGreaterThanOrEqual(0);
        expect(likeness).toBeLessThanOrEqual(1);
        if (likeness === 1) expect(passes([a], 0, b)).toBe(true);
        expect(similarity(a, a, real)).toBe(1);
      }),
    );
  });

  it("is 0 for traps and for values of another kind", () => {
    expect(similarity(trap("empty"), "", string)).toBe(0);
    expect(similarity("1", 1, real)).toBe(0);
    expect(similarity(true, 1, real)).toBe(0);
    expect(similarity(Number.NaN, 1, real)).toBe(0);
  });

  it("rises as strings, lists and numbers come closer", () => {
    const rising: [Type, Value, Value[]][] = [
      [string, "hello", ["", "h", "hexxo", "hell"]],
      [list(real), [1, 2, 3], [[], [1], [1, 2], [1, 2, 4]]],
      [real, 10, [1000, 20, 11]],
      [bits(8), 0x0fn, [0xf0n, 0xf1n, 0xffn, 0x8fn]],
      [list(bits(8)), [0x0fn], [[0xf0n], [0xf1n], [0xffn], [0x8fn]]],
      [string, "x".repeat(900), ["", "x".repeat(500), "x".repeat(899)]],
    ];
    for (const [type, expected, outcomes] of rising) {
      let before = -1;
      for (const outcome of outcomes) {
        const likeness = similarity(outcome, expected, type);
        expect(likeness).toBeGreaterThan(before);
        expect(likeness).toBeLessThan(1);
        before = likeness;
      }
    }
  });

  it("of bits is the share that is the same, of their width", () => {
    expect(similarity(0b1010n, 0b1000n, bits(4))).toBe(0.75);
    expect(similarity(0b1010n, 0b1000n, bits(8))).toBe(0.875);
    expect(similarity(0n, 2n ** 64n - 1n, bits(64))).toBe(0);
    expect(similarity(1n, 0n, bits(64))).toBe(1 - 1 / 64);
    expect(similarity(trap("overflow"), 0n, bits(4))).toBe(0);
    expect(similarity(1, 1n, bits(4))).toBe(0);
  });

  it("of strings is one minus the edit distance as a share of the longer", () => {
    const distance = (a: string, b: string): number => {
      if (a === "") return b.length;
      if (b === "") return a.length;
      const step = a.at(-1) === b.at(-1) ? 0 : 1;
      return Math.min(
        distance(a.slice(0, -1), b.slice(0, -1)) + step,
        distance(a.slice(0, -1), b) + 1,
        distance(a, b.slice(0, -1)) + 1,
      );
    };
    const short = fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 5 });
    fc.assert(
      fc.property(short, short, (a, b) => {
        if (a === b) return;
        expect(similarity(a, b, real)).toBeCloseTo(
          0.99 * (1 - distance(a, b) / Math.max(a.length, b.length)),
          12,
        );
      }),
    );
  });
});
