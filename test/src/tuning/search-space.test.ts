import { describe, expect, it } from "vitest";
import { completeParameters, parameterTable, searchSpace, tunableParameters } from "../../../src/index.ts";
import { cubic, initials } from "../small-tasks.ts";

describe("the space of search parameters", () => {
  it("has the parameters that can be tuned but those of islands and epochs, each with its default", () => {
    const { space } = searchSpace([cubic]);
    for (const name of ["islands", "epochCandidates", "topology"]) expect(space).not.toHaveProperty(name);
    expect(Object.keys(searchSpace([cubic], ["islands"]).space)).toEqual(["islands"]);
    const usual = completeParameters(cubic.parameters ?? {});
    expect(Object.keys(space).length).toBeGreaterThan(8);
    for (const [name, { default: value }] of Object.entries(space)) {
      expect(tunableParameters).toContain(name);
      expect(value).toBe(usual[name as keyof typeof usual]);
    }
  });

  it("can be a part of it, with values between slashes and ends between dots", () => {
    const words = [
      "selector=tournament/uniform",
      "tournamentSize=2..9",
      "randomShare=0.01..0.2",
      "variation",
    ];
    const { space } = searchSpace([cubic], words);
    expect(Object.keys(space)).toEqual(["selector", "tournamentSize", "randomShare", "variation"]);
    expect(space["selector"]?.range).toEqual({
      kind: "categorical",
      values: ["auto", "uniform", "tournament"],
    });
    expect(space["tournamentSize"]?.range).toEqual({ kind: "integer", from: 2, to: 9, scale: "log" });
    expect(space["randomShare"]?.range).toEqual({ kind: "real", from: 0.01, to: 0.2, scale: "log" });
  });

  it("holds what the experiments have, also outside of the part", () => {
    const own = {
      ...cubic,
      parameters: { ...cubic.parameters, randomSize: 50, selector: "lexicase" as const },
    };
    const { space } = searchSpace([own], ["randomSize=3..20", "selector=uniform/stratified"]);
    expect(space["randomSize"]?.range).toMatchObject({ from: 3, to: 50 });
    expect(space["selector"]?.range).toMatchObject({ values: ["lexicase", "uniform", "stratified"] });
  });

  it("leaves out what some experiment cannot have, and says so", () => {
    const lossy = { ...initials, parameters: { ...initials.parameters, cache: "lossy" as const } };
    const { space, refused } = searchSpace([cubic, lossy], ["selector", "tournamentSize"]);
    expect(space["selector"]?.range).toMatchObject({
      values: ["auto", "uniform", "tournament", "stratified"],
    });
    expect(refused.join("\n")).toMatch(/selector=lexicase is left out; .*cache/);
  });

  it("leaves out what counts only with a value that is not looked for", () => {
    const { space, refused } = searchSpace([cubic], ["selector=uniform/stratified", "tournamentSize"]);
    expect(Object.keys(space)).toEqual(["selector"]);
    expect(refused).toEqual(["tournamentSize is left out; it counts only with selector=tournament."]);
  });

  it.each([
    ["none", "parameter none must be one that can be tuned: "],
    ["selector=best", "parameter selector must be looked for among some of auto/uniform/tournament/"],
    ["selector=", "parameter selector must be looked for among some of"],
    [
      "tournamentSize=9..2",
      "parameter tournamentSize must be looked for from a number to a larger one, such as 2..32",
    ],
    ["tournamentSize=2", "must be looked for from a number to a larger one"],
    ["tournamentSize=2..9..12", "must be looked for from a number to a larger one"],
    ["tournamentSize=0..9", "parameter tournamentSize must be at least 1"],
    ["randomShare=0..0.5", "randomShare.range.from must be above 0 on a log scale; got 0."],
  ])("refuses %s", (word, message) => {
    expect(() => searchSpace([cubic], [word])).toThrow(message);
  });

  it("has the size of tournaments where parents are chosen by them without being told", () => {
    expect(Object.keys(searchSpace([initials], ["tournamentSize"]).space)).toEqual(["tournamentSize"]);
    expect(() => searchSpace([cubic], ["tournamentSize"])).toThrow("must have at least one parameter");
  });

  it("has defaults within the ranges of the table", () => {
    for (const name of tunableParameters) {
      const { range } = (
        parameterTable[name] as unknown as {
          tuned: { range: { from?: number; to?: number; values?: unknown[] } };
        }
      ).tuned;
      const value = parameterTable[name].default as number;
      if (range.values === undefined)
        expect(value >= (range.from as number) && value <= (range.to as number)).toBe(true);
      else expect(range.values).toContain(value);
    }
  });
});
