import { describe, expect, it } from "vitest";
import { InputError } from "../../dsl/index.ts";
import { completeParameters, parameterTable } from "../../src/parameters.ts";

const problemsOf = (given: Record<string, unknown>): readonly string[] => {
  try {
    completeParameters(given);
  } catch (error) {
    if (error instanceof InputError) return error.problems;
    throw error;
  }
  return [];
};

describe("parameters", () => {
  it("are complete: every one has a default within its own range, and a line of documentation", () => {
    const complete = completeParameters({});
    expect(Object.keys(complete)).toEqual(Object.keys(parameterTable));
    for (const [name, { default: value, documentation }] of Object.entries(parameterTable)) {
      expect(complete[name as keyof typeof complete]).toBe(value);
      expect(completeParameters({ [name]: value })).toEqual(complete);
      expect(documentation).toMatch(/^\S.*\S$/);
    }
  });

  it("keep what is given and complete the rest; undefined is not given", () => {
    expect(completeParameters({ islands: 7, topology: undefined })).toEqual({
      ...completeParameters({}),
      islands: 7,
    });
  });

  it.each<[Record<string, unknown>, RegExp]>([
    [{ island: 3 }, /^parameter island must be one of islands, /],
    [{ toString: 3 }, /^parameter toString must be one of/],
    [{ islands: 0 }, /^parameter islands must be at least 1 \(number of islands\); got 0\./],
    [{ islands: 1.5 }, /^parameter islands must be /],
    [{ islands: "3" }, /^parameter islands must be .*; got "3"/],
    [{ islands: Number.NaN }, /^parameter islands must be /],
    [{ topology: "star" }, /^parameter topology must be .*got "star"/],
    [{ selector: "best" }, /^parameter selector must be .*got "best"/],
    [{ cache: "yes" }, /^parameter cache must be /],
    [{ cacheEntries: 1000 }, /^parameter cacheEntries must be .*power of two/],
    [{ cacheEntries: 2 }, /^parameter cacheEntries must be /],
    [{ randomShare: 1.01 }, /^parameter randomShare must be /],
    [{ extraVariationChance: 1 }, /^parameter extraVariationChance must be /],
    [{ mantissaBits: 40 }, /^parameter mantissaBits must be 52 with cache=exact; got 40/],
    [
      { selector: "lexicase", cache: "lossy" },
      /^parameter cache must be exact or off with selector=lexicase/,
    ],
    [{ selector: "epsilon-lexicase", cache: "lossy" }, /^parameter cache must be exact or off/],
  ])("refuse %o", (given, message) => {
    const problems = problemsOf(given);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(message);
  });

  it("list everything that is wrong at once", () => {
    expect(problemsOf({ islands: -1, speed: "high", randomShare: 7, mantissaBits: 0 })).toHaveLength(4);
  });

  it("allow rounding where the cache is lossy", () => {
    expect(problemsOf({ cache: "lossy", mantissaBits: 40 })).toEqual([]);
  });
});
