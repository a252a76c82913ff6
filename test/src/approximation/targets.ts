import { doubleDoubleFunctions, DoubleDoubles } from "../../../dsl/index.ts";
import type { Target } from "../../../src/approximation/target.ts";

/** Writes a function's value at the pair `a` to `out`; `free` is the first of eight pairs that it may use. */
export type Rule = (numbers: DoubleDoubles, out: number, a: number, free: number) => void;

/** A target given by double-double operations. */
export function targetOf(
  from: number,
  to: number,
  error: Target["error"],
  rule: Rule,
  precision: "f64" | "f32" = "f64",
): Target {
  const numbers = new DoubleDoubles(10);
  const a = DoubleDoubles.first;
  return {
    from,
    to,
    error,
    precision,
    evaluate(x) {
      const high = new Float64Array(x.length);
      const low = new Float64Array(x.length);
      for (let i = 0; i < x.length; i++) {
        numbers.set(a, x[i] as number);
        rule(numbers, a + 2, a, a + 4);
        high[i] = numbers.values[a + 2] as number;
        low[i] = numbers.values[a + 3] as number;
      }
      return { high, low };
    },
  };
}

const f = doubleDoubleFunctions;

/** 2^x = exp(x log 2). */
export const powerOfTwo: Rule = (numbers, out, a, free) => {
  numbers.set(free, 2);
  f.logarithm(numbers, free, free);
  numbers.multiply(free, free, a);
  f.exponential(numbers, out, free);
};

export const binaryLogarithm: Rule = (numbers, out, a, free) => {
  numbers.set(free, 2);
  f.logarithm(numbers, free, free);
  f.logarithm(numbers, out, a);
  numbers.divide(out, out, free);
};

export const sine: Rule = (numbers, out, a) => f.sine(numbers, out, a);

/** 2/√π exp(−x²) Σ 2^n x^(2n+1) / (2n+1)!!, whose terms are all of one sign. */
export const errorFunction: Rule = (numbers, out, a, free) => {
  const [square, term, sum, other] = [free, free + 2, free + 4, free + 6];
  numbers.square(square, a);
  numbers.copy(term, a);
  numbers.copy(sum, a);
  for (let n = 1; n < 120; n++) {
    numbers.multiply(term, term, square);
    numbers.scale(term, term, 2);
    numbers.set(other, 2 * n + 1);
    numbers.divide(term, term, other);
    numbers.add(sum, sum, term);
  }
  numbers.negate(square, square);
  f.exponential(numbers, square, square);
  numbers.multiply(sum, sum, square);
  // √π to 106 bits.
  numbers.set(other, 1.772453850905516, -7.666586499825799e-17);
  numbers.divide(sum, sum, other);
  numbers.scale(out, sum, 2);
};
