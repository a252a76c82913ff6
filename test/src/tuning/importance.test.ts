import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Configuration,
  type ParameterSpace,
  parameterImportance,
  RandomStream,
  rootKey,
  sampleConfiguration,
  Tuner,
} from "../../../src/index.ts";
import { mixedSpace, spaces } from "./spaces.ts";

const samples = (space: ParameterSpace, count: number, seed = 0): Configuration[] => {
  const random = new RandomStream().derive(rootKey(seed), 0, 0, 0);
  return Array.from({ length: count }, () => sampleConfiguration(space, random));
};

const shareOf = (
  space: ParameterSpace,
  value: (one: Configuration) => number,
  count = 300,
): Record<string, number> => {
  const configurations = samples(space, count);
  const shares = parameterImportance(space, configurations, configurations.map(value), rootKey(1));
  return Object.fromEntries(shares.map(({ name, share }) => [name, share]));
};

describe("the importance of parameters", () => {
  it("goes to the one that is planted, and the others get about nothing", () => {
    const size = shareOf(mixedSpace, (one) => Math.sqrt(one["size"] as number));
    expect(size["size"]).toBeGreaterThan(0.9);
    expect(size["mode"]).toBeLessThan(0.02);
    expect(size["rate"]).toBeLessThan(0.02);
    const mode = shareOf(mixedSpace, (one) => (one["mode"] === "deep" ? 1 : 0));
    expect(mode["mode"]).toBeGreaterThan(0.95);
    expect(mode["size"]).toBeLessThan(0.02);
  });

  it("is seen in what a tuner knows", () => {
    const tuner = new Tuner({ space: mixedSpace, instances: 3, budget: 150, key: rootKey(1) });
    for (let batch = tuner.next(); batch !== null; batch = tuner.next())
      tuner.tell(
        batch.map(
          ({ configuration }) => -Math.abs(Math.sqrt(Number(tuner.configuration(configuration)["size"])) - 4),
        ),
      );
    const seen = tuner.summary().configurations.filter(({ trials }) => trials.length > 0);
    const [first, ...others] = parameterImportance(
      mixedSpace,
      seen.map(({ configuration }) => configuration),
      seen.map(({ strength }) => strength),
      rootKey(1),
    );
    expect(first?.name).toBe("size");
    expect(first?.share).toBeGreaterThan(0.8);
    for (const { share } of others) expect(share).toBeLessThan(0.1);
  });

  it("is shared as variances are", () => {
    const unit = { kind: "real", from: 0, to: 1, scale: "linear" } as const;
    const space = { a: { range: unit, default: 0.5 }, b: { range: unit, default: 0.5 } };
    // Variances of 4 : 1.
    const shares = shareOf(space, ({ a, b }) => 2 * Number(a) + Number(b), 1000);
    expect(shares["a"]).toBeCloseTo(0.8, 1);
    expect(shares["b"]).toBeCloseTo(0.2, 1);
  });

  it("stays small of what parameters do only together", () => {
    const flag = { kind: "categorical", values: [false, true] } as const;
    const space = { a: { range: flag, default: false }, b: { range: flag, default: false } };
    const configurations = [false, true].flatMap((a) =>
      [false, true].flatMap((b) => Array.from({ length: 50 }, () => ({ a, b }))),
    );
    const values = configurations.map(({ a, b }) => (a === b ? 1 : 0));
    const shares = parameterImportance(space, configurations, values, rootKey(1));
    for (const { share } of shares) expect(share).toBeLessThan(0.1);
  });

  it("is never negative and at most 1 in sum, and the same for the same key", () => {
    fc.assert(
      fc.property(spaces, fc.nat(), fc.integer({ min: 0, max: 40 }), (space, seed, count) => {
        const configurations = samples(space, count, seed);
        const values = configurations.map((_, k) => (k * 7919) % 13);
        const shares = parameterImportance(space, configurations, values, rootKey(seed));
        expect(shares.map(({ name }) => name).sort()).toEqual(Object.keys(space).sort());
        for (const { share } of shares) expect(share).toBeGreaterThanOrEqual(0);
        expect(shares.reduce((sum, { share }) => sum + share, 0)).toBeLessThanOrEqual(1 + 1e-9);
        expect(parameterImportance(space, configurations, values, rootKey(seed))).toEqual(shares);
      }),
      { numRuns: 30 },
    );
  });

  it("is nothing where all values are equal", () => {
    for (const share of Object.values(shareOf(mixedSpace, () => 5))) expect(share).toBe(0);
  });
});
