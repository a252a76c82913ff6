import { kernels } from "../../dsl/index.ts";
import { compared } from "../statistics/ranks.ts";

/** Scores of some members on the same block at the same rung; larger is better. */
export interface Comparison {
  readonly members: readonly number[];
  readonly scores: readonly number[];
  /** How much it counts, above 0. */
  readonly weight: number;
}

/** Comparisons with a member of middling strength that each is taken to have tied. */
const PRIOR = 1;
/** Steps towards the most likely strengths; those farthest out are still on their way at the end. */
const STEPS = 30;

/**
 * Strengths of members that were not all compared on the same: logarithms, 0 in the middle, such that one is above another with odds of the
 * exponential of the difference (Bradley and Terry 1952, by the steps of Hunter 2004). A score counts as one comparison with the others of its
 * block together, and a tie with a middling member is added, so few scores say little.
 * @param count members, numbered from 0
 */
export function strengths(count: number, comparisons: readonly Comparison[]): Float64Array {
  const groups = comparisons.filter(({ members }) => members.length > 1);
  const won = new Float64Array(count).fill(PRIOR / 2);
  for (const group of groups) addWins(won, group);
  let odds = new Float64Array(count).fill(1);
  for (let step = 0; step < STEPS; step++) {
    const expected = Float64Array.from(odds, (one) => PRIOR / (one + 1));
    for (const { members, weight } of groups) {
      const share = weight / (members.length - 1);
      for (let p = 0; p < members.length; p++) {
        const one = members[p] as number;
        for (let q = p + 1; q < members.length; q++) {
          const other = members[q] as number;
          const term = share / ((odds[one] as number) + (odds[other] as number));
          expected[one] = (expected[one] as number) + term;
          expected[other] = (expected[other] as number) + term;
        }
      }
    }
    odds = won.map((wins, k) => wins / (expected[k] as number));
  }
  return odds.map((one) => kernels.log(one));
}

/** Adds the part of the others that each member is above, ties as halves. */
function addWins(won: Float64Array, { members, scores, weight }: Comparison): void {
  const order = members.map((_, k) => k).sort((p, q) => compared(scores[p] as number, scores[q] as number));
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && scores[order[to] as number] === scores[order[from] as number]) to++;
    const below = (from + (to - 1 - from) / 2) / (order.length - 1);
    for (let k = from; k < to; k++) {
      const member = members[order[k] as number] as number;
      won[member] = (won[member] as number) + weight * below;
    }
    from = to;
  }
}
