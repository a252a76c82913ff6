import type { Individual } from "../individual.ts";
import type { Selector } from "./selector.ts";
import { uniformSelector } from "./uniform.ts";

/** Elites drawn as the pool of one selection; bounds the time of a selection on large maps. */
const POOL = 100;

/**
 * ε-lexicase selection (La Cava, Spector and Danai 2016): the cases in random order, each keeping only the elites
 * within ε of the best error on it, until one is left. ε is the median absolute deviation of the pool's errors on the
 * case; with `epsilon: false` it is 0 (Spector 2012). Pools of more than 100 elites are sampled. Mates are drawn evenly: there is about one for
 * each candidate, and one selection costs as much as the rest of what is done for it.
 */
export function lexicaseSelector(epsilon: boolean): Selector {
  const pool: Individual[] = [];
  const errors = new Float64Array(POOL);
  const scratch = new Float64Array(POOL);
  /** Every place holds its own number but during a selection. */
  let order = new Int32Array(0);
  const moved: number[] = [];
  return {
    name: "lexicase",
    needsErrors: true,
    selectMate: uniformSelector.select,
    select: (archive, stream) => {
      const drawn = Math.min(POOL, archive.count);
      pool.length = 0;
      for (let k = 0; k < drawn; k++)
        pool.push(archive.nth(drawn === archive.count ? k : stream.below(archive.count)));
      const caseCount = pool[0]?.errors.length ?? 0;
      if (order.length !== caseCount) order = Int32Array.from({ length: caseCount }, (_, k) => k);
      let left = drawn;
      for (let i = 0; i < caseCount && left > 1; i++) {
        const j = i + stream.below(caseCount - i);
        const current = order[j] as number;
        order[j] = order[i] as number;
        moved.push(j);
        let least = Number.POSITIVE_INFINITY;
        for (let k = 0; k < left; k++) {
          const error = (pool[k] as Individual).errors[current] as number;
          errors[k] = error;
          if (error < least) least = error;
        }
        const limit = least + (epsilon ? medianDeviation(errors, left, scratch) : 0);
        let kept = 0;
        for (let k = 0; k < left; k++)
          if ((errors[k] as number) <= limit) pool[kept++] = pool[k] as Individual;
        left = kept;
      }
      for (const j of moved) order[j] = j;
      moved.length = 0;
      return pool[stream.below(left)] as Individual;
    },
  };
}

/** The median of what the first so many values are away from their median; 0 where that is infinite. */
function medianDeviation(values: Float64Array, count: number, scratch: Float64Array): number {
  for (let k = 0; k < count; k++) scratch[k] = values[k] as number;
  const middle = upperMedian(scratch, count);
  if (!Number.isFinite(middle)) return 0;
  for (let k = 0; k < count; k++) scratch[k] = Math.abs((values[k] as number) - middle);
  return upperMedian(scratch, count);
}

/** The value with as many of the first so many before it as after it, or one more before it (quickselect: Hoare 1961); puts them in another order. */
function upperMedian(values: Float64Array, count: number): number {
  const wanted = count >> 1;
  let low = 0;
  let high = count - 1;
  while (low < high) {
    const pivot = values[(low + high) >> 1] as number;
    let i = low;
    let j = high;
    while (i <= j) {
      while ((values[i] as number) < pivot) i++;
      while ((values[j] as number) > pivot) j--;
      if (i > j) break;
      const value = values[i] as number;
      values[i++] = values[j] as number;
      values[j--] = value;
    }
    if (wanted <= j) high = j;
    else if (wanted >= i) low = i;
    else break;
  }
  return values[wanted] as number;
}
