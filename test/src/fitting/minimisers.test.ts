import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { covarianceMatrixAdaptation } from "../../../src/fitting/cma-es.ts";
import { LevenbergMarquardt, type Residuals } from "../../../src/fitting/levenberg-marquardt.ts";
import { nelderMead } from "../../../src/fitting/nelder-mead.ts";
import { symmetricEigen } from "../../../src/fitting/symmetric-eigen.ts";
import { RandomStream, rootKey } from "../../../src/random-stream.ts";

const stream = (candidate = 0): RandomStream => new RandomStream().derive(rootKey(1), 0, 0, candidate);
const long = { maximumSteps: 400, patienceSteps: 20 };

/** Residuals and derivatives given case by case. */
function residuals(
  caseCount: number,
  residual: (c: Float64Array, i: number) => number,
  derivative: (c: Float64Array, i: number, k: number) => number,
): Residuals {
  return {
    caseCount,
    at: (c) => Float64Array.from({ length: caseCount }, (_, i) => residual(c, i)),
    linearAt: (c) => ({
      residuals: Float64Array.from({ length: caseCount }, (_, i) => residual(c, i)),
      derivatives: Array.from(c, (_, k) =>
        Float64Array.from({ length: caseCount }, (__, i) => derivative(c, i, k)),
      ),
    }),
  };
}

describe("Levenberg and Marquardt", () => {
  it("solves linear problems in a step or two", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: 3, maxLength: 3 }),
        (wanted) => {
          const [a = 0, b = 0, d = 0] = wanted;
          const x = (i: number): number => i / 8 - 1;
          const model = residuals(
            17,
            (c, i) =>
              (c[0] as number) - a + ((c[1] as number) - b) * x(i) + ((c[2] as number) - d) * x(i) * x(i),
            (_, i, k) => x(i) ** k,
          );
          const constants = new Float64Array(3);
          const fit = new LevenbergMarquardt(17, 3);
          fit.minimise(model, constants, long);
          wanted.forEach((w, k) => expect(constants[k]).toBeCloseTo(w, 6));
        },
      ),
    );
  });

  it("follows a valley that is narrow and curved, where straight steps are short", () => {
    // Rosenbrock's valley (1960), a thousand times as steep.
    const model = residuals(
      2,
      (c, i) => (i === 0 ? 1 - (c[0] as number) : 1e4 * ((c[1] as number) - (c[0] as number) ** 2)),
      (c, i, k) => (i === 0 ? (k === 0 ? -1 : 0) : k === 0 ? -2e4 * (c[0] as number) : 1e4),
    );
    const constants = Float64Array.of(-1.2, 1);
    const fit = new LevenbergMarquardt(2, 2);
    expect(fit.minimise(model, constants, long)).toBeLessThan(1e-20);
    expect(constants[0]).toBeCloseTo(1, 9);
  });

  it("never goes up, and says where there is no number to begin with", () => {
    const wild = residuals(
      5,
      (c, i) => Math.sqrt((c[0] as number) - i) - 1,
      (c, i) => 0.5 / Math.sqrt((c[0] as number) - i),
    );
    const fit = new LevenbergMarquardt(5, 1);
    expect(fit.minimise(wild, Float64Array.of(2), long)).toBe(Number.POSITIVE_INFINITY);
    const constants = Float64Array.of(40);
    const before = Array.from({ length: 5 }, (_, i) => (Math.sqrt(40 - i) - 1) ** 2).reduce((a, b) => a + b);
    expect(fit.minimise(wild, constants, long)).toBeLessThan(before);
  });

  it("stays where a constant changes nothing", () => {
    const model = residuals(
      3,
      (c, i) => (c[0] as number) - i,
      (_, __, k) => (k === 0 ? 1 : 0),
    );
    const constants = Float64Array.of(5, 7);
    expect(new LevenbergMarquardt(3, 2).minimise(model, constants, long)).toBeLessThan(75);
    expect(constants[1]).toBe(7);
  });
});

const sphere =
  (wanted: readonly number[]) =>
  (at: Float64Array): number =>
    wanted.reduce((sum, w, i) => sum + ((at[i] as number) - w) ** 2, 0);
const valley = (at: Float64Array): number =>
  (1 - (at[0] as number)) ** 2 + 100 * ((at[1] as number) - (at[0] as number) ** 2) ** 2;

describe.each([
  [
    "the simplex method",
    (f: (at: Float64Array) => number, at: Float64Array) =>
      nelderMead(f, at, { sizes: at.map(() => 1), maximumEvaluations: 4000 }),
  ],
  [
    "covariance matrix adaptation",
    (f: (at: Float64Array) => number, at: Float64Array) =>
      covarianceMatrixAdaptation(f, at, stream(), { size: 1, maximumEvaluations: 8000 }),
  ],
] as const)("%s", (_name, minimise) => {
  it("finds the middle of a bowl, in one to six dimensions", () => {
    for (let count = 1; count <= 6; count++) {
      const wanted = Array.from({ length: count }, (_, i) => 3 * i - 4);
      const at = new Float64Array(count);
      expect(minimise(sphere(wanted), at)).toBeLessThan(1e-8);
      wanted.forEach((w, i) => expect(at[i]).toBeCloseTo(w, 3));
    }
  });

  it("finds the end of Rosenbrock's valley", () => {
    const at = Float64Array.of(-1.2, 1);
    expect(minimise(valley, at)).toBeLessThan(1e-8);
    expect(at[0]).toBeCloseTo(1, 3);
  });

  it("gives the value of the point that it gives, counts NaN as the worst, and repeats itself", () => {
    const cut = (at: Float64Array): number => ((at[0] as number) < 1 ? Number.NaN : valley(at));
    const [once, twice] = [Float64Array.of(3, 3), Float64Array.of(3, 3)];
    const value = minimise(cut, once);
    expect(value).toBe(valley(once));
    expect(minimise(cut, twice)).toBe(value);
    expect(twice).toEqual(once);
  });

  it("has nothing to do without variables", () => {
    expect(minimise(() => 7, new Float64Array(0))).toBe(7);
  });
});

it("eigenvectors of a symmetric matrix are orthogonal and give the matrix again", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 7 }).chain((count) =>
        fc.tuple(
          fc.constant(count),
          fc.array(fc.double({ min: -10, max: 10, noNaN: true }), {
            minLength: count * count,
            maxLength: count * count,
          }),
        ),
      ),
      ([count, entries]) => {
        const matrix = new Float64Array(count * count);
        for (let i = 0; i < count; i++)
          for (let j = 0; j <= i; j++)
            matrix[i * count + j] = matrix[j * count + i] = entries[i * count + j] as number;
        const original = matrix.slice();
        const vectors = new Float64Array(count * count);
        symmetricEigen(count, matrix, vectors);
        for (let i = 0; i < count; i++)
          for (let j = 0; j < count; j++) {
            let again = 0;
            let product = 0;
            for (let k = 0; k < count; k++) {
              const [vik, vjk] = [vectors[i * count + k] as number, vectors[j * count + k] as number];
              again += vik * (matrix[k * count + k] as number) * vjk;
              product += vik * vjk;
            }
            expect(again).toBeCloseTo(original[i * count + j] as number, 8);
            expect(product).toBeCloseTo(i === j ? 1 : 0, 10);
          }
      },
    ),
  );
});
