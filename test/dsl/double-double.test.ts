import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  arithmetic,
  type ArithmeticOperation,
  compileGrammar,
  defineLanguage,
  DoubleDoubleMachine,
  doubleDoubleFunctions as functions,
  DoubleDoubles,
  fn,
  interpret,
  parseProgram,
  primitive,
  real,
} from "../../dsl/index.ts";
import * as exact from "./fixed-point.ts";
import { randomProgram, randomStream } from "./random-programs.ts";

const numbers = new DoubleDoubles(4);
const A = DoubleDoubles.first;
const B = A + 2;
const OUT = B + 2;

const functionTable = { ...functions };

type Pair = readonly [number, number];
type Operation =
  | Exclude<keyof DoubleDoubles, "values" | "set" | "copy" | "scale" | "compare">
  | keyof typeof functions;

function applied(operation: Operation, a: Pair, b: Pair = [0, 0]): Pair {
  numbers.set(A, ...a);
  numbers.set(B, ...b);
  if (operation in functionTable) functionTable[operation as keyof typeof functions](numbers, OUT, A, B);
  else numbers[operation as Exclude<Operation, keyof typeof functions>](OUT, A, B);
  return [numbers.values[OUT] as number, numbers.values[OUT + 1] as number];
}

const valueOf = ([high, low]: Pair): bigint => exact.fixed(high) + exact.fixed(low);

/** A random pair of a size between 2^least and 2^most. */
function randomPair(random: () => number, least: number, most: number, signed = true): Pair {
  const high = (1 + random()) * 2 ** Math.floor(least + random() * (most - least));
  const low = high * 2 ** -53 * (random() - 0.5);
  numbers.set(A, high, random() < 0.2 ? 0 : low);
  const sign = signed && random() < 0.5 ? -1 : 1;
  return [sign * (numbers.values[A] as number), sign * (numbers.values[A + 1] as number)];
}

const pairs = fc
  .tuple(
    fc.double({ min: -1, max: 1, noNaN: true }),
    fc.double({ min: -1, max: 1, noNaN: true }),
    fc.integer({ min: -150, max: 150 }),
  )
  .filter(([high]) => Math.abs(high) > 1e-3)
  .map(([high, part, exponent]): Pair => {
    numbers.set(A, high * 2 ** exponent, high * part * 2 ** (exponent - 54));
    return [numbers.values[A] as number, numbers.values[A + 1] as number];
  });

const U2 = 2 ** -106;

describe("double-double arithmetic", () => {
  it.each([
    ["add", 3, (a: bigint, b: bigint) => a + b],
    ["subtract", 3, (a: bigint, b: bigint) => a - b],
    ["multiply", 5, exact.multiplied],
    ["divide", 15, exact.divided],
  ] as const)("%s errs by at most %i u²", (operation, bound, meaning) => {
    fc.assert(
      fc.property(pairs, pairs, (a, b) => {
        const result = applied(operation, a, b);
        const expected = meaning(valueOf(a), valueOf(b));
        if (expected === 0n) expect(result).toEqual([0, 0]);
        else
          expect(exact.relativeError(valueOf(result), expected)).toBeLessThanOrEqual(bound * U2 * 1.000001);
        // The low double is at most half a unit of the high one.
        expect(result[0] + result[1]).toBe(result[0]);
      }),
      { numRuns: 1000 },
    );
  });

  it("adds and multiplies doubles exactly", () => {
    const doubles = fc
      .double({ min: -1e60, max: 1e60, noNaN: true })
      .filter((x) => x === 0 || Math.abs(x) > 1e-60);
    fc.assert(
      fc.property(doubles, doubles, (a, b) => {
        const sum = applied("add", [a, 0], [b, 0]);
        // The sum of any two doubles is one pair.
        expect(valueOf(sum)).toBe(exact.fixed(a) + exact.fixed(b));
        const product = applied("multiply", [a, 0], [b, 0]);
        expect(valueOf(product)).toBe((exact.fixed(a) * exact.fixed(b)) >> exact.FRACTION);
      }),
      { numRuns: 500 },
    );
  });

  const functions: readonly [
    Operation,
    (x: bigint) => bigint,
    least: number,
    most: number,
    signed: boolean,
  ][] = [
    ["squareRoot", (x) => exact.root(x, 2n), -200, 200, false],
    ["cubeRoot", (x) => (x < 0n ? -exact.root(-x, 3n) : exact.root(x, 3n)), -200, 200, true],
    ["square", (x) => exact.multiplied(x, x), -100, 100, true],
    ["cube", (x) => exact.multiplied(exact.multiplied(x, x), x), -100, 100, true],
    ["invert", (x) => exact.divided(exact.fixed(1), x), -100, 100, true],
    ["exponential", exact.exponential, -40, 8, true],
    ["exponentialLessOne", exact.exponentialLessOne, -60, 8, true],
    ["logarithm", exact.logarithm, -300, 300, false],
    ["logarithmOfSum", exact.logarithmOfSum, -60, 300, false],
    ["sine", exact.sine, -60, 25, true],
    ["cosine", exact.cosine, -60, 25, true],
    ["tangent", exact.tangent, -60, 25, true],
    ["hyperbolicTangent", exact.hyperbolicTangent, -60, 7, true],
  ];

  it.each(functions)("%s errs by less than 1e-30", (operation, meaning, least, most, signed) => {
    const random = randomStream(7);
    let worst = 0;
    for (let n = 0; n < 150; n++) {
      // Half of them of ordinary size.
      const a = n % 2 === 0 ? randomPair(random, least, most, signed) : randomPair(random, -4, 4, signed);
      worst = Math.max(worst, exact.relativeError(valueOf(applied(operation, a)), meaning(valueOf(a))));
    }
    expect(worst).toBeLessThan(1e-30);
    expect(worst).toBeGreaterThan(0);
  });

  it("keeps its digits where functions vanish: logarithms near 1, sines near multiples of π/2, huge angles", () => {
    const random = randomStream(8);
    for (let n = 0; n < 60; n++) {
      const near = 1 + (random() - 0.5) * 2 ** -Math.floor(random() * 50);
      const a: Pair = [near, near * 2 ** -55 * (random() - 0.5)];
      expect(exact.relativeError(valueOf(applied("logarithm", a)), exact.logarithm(valueOf(a)))).toBeLessThan(
        1e-30,
      );
      const minusOnePart: Pair = [-0.9 * random(), 0];
      expect(
        exact.relativeError(
          valueOf(applied("logarithmOfSum", minusOnePart)),
          exact.logarithmOfSum(valueOf(minusOnePart)),
        ),
      ).toBeLessThan(1e-30);
    }
    // π/2 as a pair, and what a double makes of its multiples.
    const halfPi: Pair = [1.5707963267948966, 6.123233995736766e-17];
    const angles: Pair[] = [halfPi, [2 * halfPi[0], 2 * halfPi[1]], [355, 0], [-1e5, 0], [1e22, 0]];
    for (let k = 1; k < 60; k++)
      angles.push([k * halfPi[0], 0], [1.1 ** (20 * k), 0], [2 ** (17 * k), 2 ** (17 * k - 60)]);
    for (const a of angles)
      for (const [operation, meaning] of [
        ["sine", exact.sine],
        ["cosine", exact.cosine],
        ["tangent", exact.tangent],
      ] as const)
        expect(exact.relativeError(valueOf(applied(operation, a)), meaning(valueOf(a)))).toBeLessThan(1e-30);
  });

  it("raises to powers within (1 + |b log a|) × 1e-30, negative bases to integers", () => {
    const random = randomStream(9);
    for (let n = 0; n < 150; n++) {
      const a = randomPair(random, -30, 30, false);
      const b = randomPair(random, -10, 3);
      const logarithm = exact.multiplied(valueOf(b), exact.logarithm(valueOf(a)));
      const size = 1 + Math.abs(Number(logarithm >> (exact.FRACTION - 60n)) / 2 ** 60);
      expect(
        exact.relativeError(valueOf(applied("power", a, b)), exact.exponential(logarithm)) / size,
      ).toBeLessThan(1e-30);
    }
    expect(applied("power", [-2, 0], [3, 0])[0]).toBe(-8);
    expect(applied("power", [-2, 0], [2, 0])[0]).toBe(4);
    expect(applied("power", [-2, 0], [2, 1e-20])).toEqual([Number.NaN, 0]);
    expect(applied("power", [-3, 0], [2 ** 53, 1])).toEqual(
      [Number.NEGATIVE_INFINITY, 0].map((x) => -x || 0),
    );
  });

  it("gives what doubles give where that is an infinity, NaN or an exact zero, signs included", () => {
    const special = [
      0,
      -0,
      1,
      -1,
      2.5,
      -1e308,
      1e308,
      1e-320,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      Number.NaN,
    ];
    const grammar = compileGrammar(arithmetic({ operations }), fn({ x: real, y: real }, real));
    const all = special.flatMap((a) => special.map((b) => [a, b] as const));
    const machine = new DoubleDoubleMachine(
      grammar,
      [all.map(([a]) => a), all.map(([, b]) => b)],
      all.length,
    );
    for (const name of operations) {
      const program = parseProgram(grammar, isBinary(name) ? `(${name} x y)` : `(${name} x)`);
      const { high, low } = machine.run(program);
      all.forEach(([a, b], i) => {
        const expected = interpret(grammar, program, [a, b]) as number;
        if (Number.isFinite(expected) && expected !== 0) return;
        if (["sin", "tan", "-", "+"].includes(name) && expected === 0 && high[i] !== 0) return;
        expect([name, a, b, high[i], (low[i] as number) + 0]).toEqual([name, a, b, expected, 0]);
      });
    }
  });

  it("works up to the largest doubles", () => {
    const random = randomStream(10);
    for (let n = 0; n < 100; n++) {
      const large = randomPair(random, 990, 1022);
      const other = randomPair(random, -300, 1);
      for (const [operation, meaning] of [
        ["multiply", exact.multiplied],
        ["divide", exact.divided],
      ] as const) {
        const result = applied(operation, large, operation === "divide" ? [1 / other[0], 0] : other);
        const expected = meaning(
          valueOf(large),
          operation === "divide" ? exact.fixed(1 / other[0]) : valueOf(other),
        );
        expect(exact.relativeError(valueOf(result), expected)).toBeLessThan(1e-30);
      }
      const quotient = applied("divide", other, large);
      if (Math.abs(quotient[0]) > 1e-280)
        expect(
          exact.relativeError(valueOf(quotient), exact.divided(valueOf(other), valueOf(large))),
        ).toBeLessThan(1e-30);
      const size: Pair = [Math.abs(large[0]), large[0] < 0 ? -large[1] : large[1]];
      expect(
        exact.relativeError(valueOf(applied("squareRoot", size)), exact.root(valueOf(size), 2n)),
      ).toBeLessThan(1e-30);
      expect(
        exact.relativeError(valueOf(applied("cubeRoot", size)), exact.root(valueOf(size), 3n)),
      ).toBeLessThan(1e-30);
    }
  });

  it("orders pairs, takes floors and smaller and larger ones by both doubles", () => {
    expect(applied("floor", [3, -1e-20])).toEqual([2, 0]);
    expect(applied("floor", [2 ** 60, -0.5])).toEqual([2 ** 60, -1]);
    expect(applied("floor", [-0.5, 1e-20])).toEqual([-1, 0]);
    expect(applied("minimum", [1, 1e-20], [1, -1e-20])).toEqual([1, -1e-20]);
    expect(applied("maximum", [1, 1e-20], [1, -1e-20])).toEqual([1, 1e-20]);
    expect(applied("minimum", [0, 0], [-0, 0])).toEqual([-0, 0]);
    expect(applied("absolute", [-1, 1e-20])).toEqual([1, -1e-20]);
    numbers.set(A, 1, 1e-20);
    numbers.set(B, 1);
    expect([numbers.compare(A, B), numbers.compare(B, A), numbers.compare(A, A)]).toEqual([1, -1, 0]);
  });
});

const operations =
  "+ - * / sqrt exp log sin cos tan tanh pow log1p expm1 cbrt floor abs min max square cube neg inverse".split(
    " ",
  ) as ArithmeticOperation[];
const isBinary = (name: string): boolean => ["+", "-", "*", "/", "pow", "min", "max"].includes(name);

describe("the double-double machine", () => {
  const grammar = compileGrammar(arithmetic({ operations, constants: true }), fn({ x: real, y: real }, real));

  it("gives each case what it gives it alone, and about what doubles give", () => {
    const random = randomStream(11);
    const caseCount = 200;
    const inputs = [0, 1].map(() => Float64Array.from({ length: caseCount }, () => random() * 4 - 2));
    const machine = new DoubleDoubleMachine(grammar, inputs, caseCount);
    let close = 0;
    let compared = 0;
    for (let n = 0; n < 25; n++) {
      const program = randomProgram(grammar, random, 1 + Math.floor(random() * 20));
      const column = machine.run(program);
      const copy = { high: column.high.slice(), low: column.low.slice() };
      for (const i of [0, 1, 63, 64, 127, 128, 199]) {
        const values = inputs.map((values) => values[i] as number);
        const alone = new DoubleDoubleMachine(
          grammar,
          values.map((value) => [value]),
          1,
        ).run(program);
        expect([alone.high[0], alone.low[0]]).toEqual([copy.high[i], copy.low[i]]);
        const double = interpret(grammar, program, values) as number;
        if (!Number.isFinite(double)) continue;
        compared++;
        if (Math.abs((copy.high[i] as number) - double) <= 1e-10 * Math.abs(double)) close++;
      }
    }
    expect(compared).toBeGreaterThan(60);
    expect(close / compared).toBeGreaterThan(0.9);
  });

  it("measures an error that doubles cannot hold, as exact arithmetic does", () => {
    // 2^x by its series around 1/2: the error is near 1e-18 at the ends, far below an ulp of the values.
    const degree = 14;
    const half: string[] = [];
    let coefficient = Math.SQRT2;
    const coefficients: number[] = [];
    for (let n = 0; n <= degree; n++) {
      coefficients.push(coefficient);
      half.push(String(coefficient));
      coefficient *= Math.LN2 / (n + 1);
    }
    const small = compileGrammar(arithmetic({ constants: true }), fn({ x: real }, real));
    const text = coefficients.reduceRight(
      (rest, c) => (rest === "" ? `${c}` : `(+ ${c} (* (- x 0.5) ${rest}))`),
      "",
    );
    const xs = Array.from({ length: 33 }, (_, i) => i / 32);
    const { high, low } = new DoubleDoubleMachine(small, [xs], xs.length).run(parseProgram(small, text));
    xs.forEach((x, i) => {
      const shifted = exact.fixed(x) - exact.fixed(0.5);
      const value = coefficients.reduceRight(
        (rest, c) => exact.fixed(c) + exact.multiplied(shifted, rest),
        0n,
      );
      expect(exact.relativeError(valueOf([high[i] as number, low[i] as number]), value)).toBeLessThan(1e-30);
      // The target in double-double, and the error against it.
      const target = applied("power", [2, 0], [x, 0]);
      const error = applied("subtract", [high[i] as number, low[i] as number], target);
      const logarithm = exact.multiplied(exact.fixed(x), exact.logarithm(exact.fixed(2)));
      const exactError = value - exact.exponential(logarithm);
      expect(
        Math.abs(error[0] - Number((exactError * 2n ** 150n) >> exact.FRACTION) / 2 ** 150),
      ).toBeLessThan(1e-30);
    });
  });

  it("takes pairs as inputs, and copies what is an argument or a constant", () => {
    const column = { high: new Float64Array([1, 2]), low: new Float64Array([1e-20, -1e-20]) };
    const machine = new DoubleDoubleMachine(grammar, [column, [5, 6]], 2);
    const x = machine.run(parseProgram(grammar, "x"));
    expect([[...x.high], [...x.low]]).toEqual([
      [1, 2],
      [1e-20, -1e-20],
    ]);
    expect([...machine.run(parseProgram(grammar, "0.25")).high]).toEqual([0.25, 0.25]);
    const difference = machine.run(parseProgram(grammar, "(let ((a (- x 1))) (+ a a))"));
    expect([...difference.high]).toEqual([2e-20, 2]);
  });

  it("says which row it cannot run", () => {
    const language = defineLanguage({
      name: "odd",
      primitives: [primitive("half", [real], real, (a) => a / 2)],
    });
    expect(() => new DoubleDoubleMachine(compileGrammar(language, fn({ x: real }, real)), [[1]], 1)).toThrow(
      'primitive "half" has no double-double operation. Use rows of the arithmetic language.',
    );
  });
});
