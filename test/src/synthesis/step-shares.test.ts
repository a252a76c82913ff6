import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { StepShares } from "../../../src/synthesis/step-shares.ts";

const arms = [
  { least: 0.4, gain: 2 },
  { least: 0.2, gain: 1 },
];

describe("the bandit that shares out effort", () => {
  it("gives shares of 1 together, and each arm its least one, whatever is gained", () => {
    const told = fc.tuple(
      fc.nat({ max: 1 }),
      fc.integer({ min: 1, max: 1e6 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
    );
    fc.assert(
      fc.property(fc.array(told, { maxLength: 40 }), (turns) => {
        const shares = new StepShares(arms);
        for (const [arm, effort, gain] of turns) shares.tell(arm, effort, gain);
        expect(shares.share(0) + shares.share(1)).toBeCloseTo(1, 9);
        for (const [arm, { least }] of arms.entries())
          expect(shares.share(arm)).toBeGreaterThanOrEqual(least - 1e-9);
      }),
    );
  });

  it("gives most to the arm that gains, though turns cost differently", () => {
    const shares = new StepShares(arms);
    const spent = [0, 0];
    for (let turn = 0; turn < 2000; turn++) {
      const arm = shares.next();
      const effort = arm === 0 ? 7 : 1;
      spent[arm] = (spent[arm] as number) + effort;
      shares.tell(arm, effort, arm === 1 ? 1 : 0);
    }
    const [first = 0, second = 0] = spent;
    expect(first / (first + second)).toBeCloseTo(0.4, 1);
  });
});
