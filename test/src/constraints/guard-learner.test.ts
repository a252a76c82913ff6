import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Condition,
  emptySet,
  heldBy,
  learnDecisions,
  type PointSet,
  put,
} from "../../../src/constraints/guard-learner.ts";

const POINTS = 40;
const has = (set: PointSet, point: number): boolean =>
  (((set[point >>> 5] as number) >>> (point & 31)) & 1) === 1;
const setOf = (points: readonly number[]): PointSet => {
  const set = emptySet(POINTS);
  for (const point of points) put(set, point);
  return set;
};

describe("lists of decisions", () => {
  it("choose rightly on every point, where conditions tell all points apart", () => {
    const choices = fc.array(fc.uniqueArray(fc.nat(3), { minLength: 1 }), {
      minLength: POINTS,
      maxLength: POINTS,
    });
    fc.assert(
      fc.property(choices, fc.boolean(), (rightAt, hasLimits) => {
        const right = [0, 1, 2, 3].map((choice) =>
          setOf(rightAt.flatMap((ones, point) => (ones.includes(choice) ? [point] : []))),
        );
        // point ≥ k and its negation, for some k or for all bits of a point's number.
        const questions = Array.from({ length: hasLimits ? POINTS : 6 }, (_, k) =>
          Array.from({ length: POINTS }, (__, point) => (hasLimits ? point >= k : ((point >> k) & 1) === 1)),
        );
        const conditions: Condition[] = questions.flatMap((truth) =>
          [true, false].map((is) => ({
            truth: setOf(truth.flatMap((one, point) => (one === is ? [point] : []))),
            size: 3,
          })),
        );
        const list = learnDecisions(POINTS, right, conditions, [[], [], [], []], true);
        if (list === null) throw new Error("no list");
        for (let point = 0; point < POINTS; point++) {
          const entry = list.entries.find((one) => has(heldBy(one, conditions, POINTS), point));
          expect(has(right[entry?.choice ?? list.last] as PointSet, point)).toBe(true);
        }
      }),
    );
  });

  it("are not there where points that must be told apart look alike", () => {
    expect(
      learnDecisions(2, [setOf([0]), setOf([1])], [{ truth: setOf([0, 1]), size: 3 }], [[], []], true),
    ).toBe(null);
  });
});
