import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  canonicalConfiguration,
  checkSpace,
  type Configuration,
  configurationKey,
  defaultConfiguration,
  isActive,
  type ParameterSpace,
  parameterNames,
  RandomStream,
  readConfiguration,
  rootKey,
  sampleConfiguration,
} from "../../../src/index.ts";
import { mixedSpace, spaces } from "./spaces.ts";

const sampled = (space: ParameterSpace, seed: number): Configuration =>
  sampleConfiguration(space, new RandomStream().derive(rootKey(seed), 0, 0, 0));

describe("a parameter space", () => {
  it("gives samples that are valid: in range, of their kind, and with the active parameters alone", () => {
    fc.assert(
      fc.property(spaces, fc.nat(), (space, seed) => {
        checkSpace(space);
        const configuration = sampled(space, seed);
        expect(Object.keys(configuration).sort()).toEqual(
          parameterNames(space).filter((name) => isActive(space, name, configuration)),
        );
        expect(readConfiguration(space, configuration)).toEqual(configuration);
      }),
    );
  });

  it("has a default that is valid and canonical", () => {
    fc.assert(
      fc.property(spaces, (space) => {
        expect(readConfiguration(space, {})).toEqual(defaultConfiguration(space));
      }),
    );
  });

  it("has one canonical form and one key for all ways to write a configuration", () => {
    fc.assert(
      fc.property(spaces, fc.nat(), (space, seed) => {
        const configuration = sampled(space, seed);
        const backwards = Object.fromEntries(Object.entries(configuration).reverse());
        const inactive = parameterNames(space).filter((name) => !Object.hasOwn(configuration, name));
        const withMore = {
          ...backwards,
          ...Object.fromEntries(inactive.map((name) => [name, space[name]?.default])),
        } as Configuration;
        expect(canonicalConfiguration(space, withMore)).toEqual(configuration);
        expect(configurationKey(space, withMore)).toBe(configurationKey(space, configuration));
      }),
    );
  });

  it("tells configurations that differ apart by their keys", () => {
    fc.assert(
      fc.property(spaces, fc.nat(), fc.nat(), (space, first, second) => {
        const [one, other] = [sampled(space, first), sampled(space, second)];
        let isSame = true;
        try {
          expect(one).toEqual(other);
        } catch {
          isSame = false;
        }
        expect(configurationKey(space, one) === configurationKey(space, other)).toBe(isSame);
      }),
    );
  });

  it("samples a log scale evenly in the logarithm, and integers and categories evenly", () => {
    const space: ParameterSpace = {
      ratio: { range: { kind: "real", from: 1e-4, to: 1, scale: "log" }, default: 1 },
      size: { range: { kind: "integer", from: 1, to: 4, scale: "linear" }, default: 1 },
      name: { range: { kind: "categorical", values: ["a", "b"] }, default: "a" },
    };
    const samples = Array.from({ length: 4000 }, (_, seed) => sampled(space, seed));
    const part = (is: (configuration: Configuration) => boolean): number => samples.filter(is).length / 4000;
    for (const decade of [1e-4, 1e-3, 1e-2, 1e-1])
      expect(part(({ ratio }) => Number(ratio) >= decade && Number(ratio) < 10 * decade)).toBeCloseTo(
        0.25,
        1,
      );
    for (const size of [1, 2, 3, 4]) expect(part((one) => one["size"] === size)).toBeCloseTo(0.25, 1);
    expect(part(({ name }) => name === "b")).toBeCloseTo(0.5, 1);
  });

  it("reads numbers and truth values also as text, fills in defaults and leaves out what is not active", () => {
    expect(readConfiguration(mixedSpace, { rate: "0.25", size: "7", useRate: "true" })).toEqual({
      mode: "plain",
      rate: 0.25,
      size: 7,
      useRate: true,
    });
    expect(readConfiguration(mixedSpace, { useRate: false, rate: 0.25 })).toEqual({
      mode: "plain",
      size: 4,
      useRate: false,
    });
  });

  it.each([
    [{ size: 4.5 }, /^size must be an integer from 1 to 64; got 4.5\.$/],
    [{ size: "x" }, /^size must be an integer from 1 to 64; got "x"\.$/],
    [{ size: "" }, /^size must be/],
    [{ rate: 2 }, /^rate must be a number from 0.001 to 1; got 2\.$/],
    [{ mode: "odd" }, /^mode must be one of "plain", "deep"; got "odd"\.$/],
    [{ other: 1 }, /^"other" must be one of /],
    [{ toString: 1 }, /^"toString" must be one of /],
  ])("refuses the values %j with a clear line", (values, message) => {
    expect(() => readConfiguration(mixedSpace, values)).toThrow(message);
  });

  const real = { kind: "real", from: 0, to: 1, scale: "linear" } as const;
  it.each<[string, ParameterSpace, RegExp]>([
    ["without parameters", {}, /at least one parameter/],
    ["of the wrong order", { a: { range: { ...real, to: 0 }, default: 0 } }, /a\.range must go from/],
    [
      "with a log of 0",
      { a: { range: { ...real, scale: "log" }, default: 1 } },
      /a\.range\.from must be above 0/,
    ],
    ["with a default outside", { a: { range: real, default: 2 } }, /a\.default must be a number from 0 to 1/],
    [
      "without values",
      { a: { range: { kind: "categorical", values: [] }, default: 0 } },
      /at least one value/,
    ],
    [
      "with a value twice",
      { a: { range: { kind: "categorical", values: [1, 1] }, default: 1 } },
      /must differ/,
    ],
    [
      "with a condition on nothing",
      { a: { range: real, default: 0, condition: { parameter: "b", values: [1] } } },
      /a\.condition\.parameter must be a parameter of the space; got "b"/,
    ],
    [
      "with a condition on a value that is none",
      {
        a: { range: real, default: 0, condition: { parameter: "b", values: [7] } },
        b: { range: real, default: 0 },
      },
      /a\.condition\.values must be a number from 0 to 1; got 7/,
    ],
    [
      "with conditions in a circle",
      {
        a: { range: real, default: 0, condition: { parameter: "b", values: [1] } },
        b: { range: real, default: 0, condition: { parameter: "a", values: [1] } },
      },
      /a\.condition must not depend on itself/,
    ],
  ])("refuses a space %s", (_, space, message) => {
    expect(() => checkSpace(space)).toThrow(message);
  });

  it("does not activate what depends on something that is not active", () => {
    const space: ParameterSpace = {
      a: { range: { kind: "categorical", values: [0, 1] }, default: 0 },
      b: {
        range: { kind: "categorical", values: [0, 1] },
        default: 1,
        condition: { parameter: "a", values: [1] },
      },
      c: { range: real, default: 0.5, condition: { parameter: "b", values: [1] } },
    };
    expect(canonicalConfiguration(space, { a: 0, b: 1, c: 0.2 })).toEqual({ a: 0 });
    expect(canonicalConfiguration(space, { a: 1, b: 1, c: 0.2 })).toEqual({ a: 1, b: 1, c: 0.2 });
    expect(isActive(space, "c", { a: 0, b: 1 })).toBe(false);
  });
});
