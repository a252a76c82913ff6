import type { Value } from "../../dsl/index.ts";
import type { TermBank } from "./term-bank.ts";
import type { Application } from "./application.ts";
import type { Terms } from "./terms.ts";

/** Of so many examples, a term must give a part of the goal on one at least to be kept as a part. */
const LEAST_PART = 4;

/**
 * Takes in terms whose values are parts of the goal on several examples, for a chain: applications of rows to small terms, most of which
 * two or three examples rule out.
 * @param order all examples, the most telling first
 * @param limit steps of the terms at which it stops; it yields after a part of the work
 */
export function* collectParts(
  terms: Terms,
  chain: Application,
  choice: Application | null,
  goal: Int32Array,
  order: readonly number[],
  effort: number,
  limit: number,
): Generator<void> {
  const { nonterminal } = chain;
  const n = order.length;
  const misses = n - Math.max(Math.min(2, n), Math.ceil(n / LEAST_PART));
  const goals = order.map((e) => terms.valueOf(nonterminal, goal[e] as number) as Value);
  const part = chain.row.inverse?.part as NonNullable<NonNullable<typeof chain.row.inverse>["part"]>;
  for (const application of terms.applications) {
    if (application.nonterminal !== nonterminal || application.takesFunctions) continue;
    if (application === chain || application === choice) continue;
    const { apply, children } = application;
    const banks = children.map((child) => terms.banks[child] as TermBank);
    const [countA, countB = 1, countC = 1] = limitsOf(banks, effort);
    const [A, B = A, C = A] = banks as [TermBank, TermBank?, TermBank?];
    const [p, q = p, r = p] = children as [number, number?, number?];
    const arity = banks.length;
    if (arity > 3) continue;
    for (let a = 0; a < (countA as number) && terms.steps < limit; a++) {
      yield;
      for (let b = 0; b < countB; b++) {
        terms.steps += countC;
        for (let c = 0; c < countC; c++) {
          let missed = 0;
          for (let k = 0; k < n && missed <= misses; k++) {
            const e = order[k] as number;
            const x = terms.valueOf(p, A.columns[a * n + e] as number);
            const y = arity > 1 ? terms.valueOf(q, B.columns[b * n + e] as number) : x;
            const z = arity > 2 ? terms.valueOf(r, C.columns[c * n + e] as number) : x;
            const value =
              x === undefined || y === undefined || z === undefined
                ? undefined
                : (apply(x, y, z) as Value | undefined);
            if (value === undefined || !part(goals[k], value)) missed++;
          }
          if (missed <= misses) terms.put(application, a, b, c);
        }
      }
    }
  }
}

/** How many terms each argument may come from, so that not too many applications are tried. */
function limitsOf(banks: readonly TermBank[], effort: number): number[] {
  const limits = banks.map(({ count }) => count);
  const product = (): number => limits.reduce((all, limit) => all * limit, 1);
  // The largest gives way; the first argument, which others are taken from, sooner.
  while (product() > effort * 8) {
    let largest = 0;
    for (let k = 1; k < limits.length; k++)
      if ((limits[k] as number) > (limits[largest] as number) * (largest === 0 ? 0.25 : 1)) largest = k;
    limits[largest] = Math.floor((limits[largest] as number) * 0.8);
  }
  return limits;
}
