/** A set of points, a bit each. */
export type PointSet = Uint32Array;

export const emptySet = (points: number): PointSet => new Uint32Array((points + 31) >>> 5);
export const put = (set: PointSet, point: number): void => {
  set[point >>> 5] = (set[point >>> 5] as number) | (1 << (point & 31));
};

const countBits = (word: number): number => {
  let bits = word - ((word >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
};
/** Points in a set that are also in another. */
const countCommon = (a: PointSet, b: PointSet): number => {
  let count = 0;
  for (let w = 0; w < a.length; w++) count += countBits((a[w] as number) & (b[w] as number));
  return count;
};
/** Points of a set that are not in another. */
const countWithout = (a: PointSet, b: PointSet): number => {
  let count = 0;
  for (let w = 0; w < a.length; w++) count += countBits((a[w] as number) & ~(b[w] as number));
  return count;
};
const isEmpty = (set: PointSet): boolean => set.every((word) => word === 0);
const without = (a: PointSet, b: PointSet): PointSet => a.map((word, w) => word & ~(b[w] as number));

/** Something that holds on some points; a question and its negation are two conditions. */
export interface Condition {
  readonly truth: PointSet;
  readonly size: number;
}

/** A decision: the choice, where all or any of some conditions hold. */
export interface Entry {
  readonly choice: number;
  readonly isAny: boolean;
  readonly conditions: readonly number[];
}

export interface DecisionList {
  readonly entries: readonly Entry[];
  /** The choice where no entry holds. */
  readonly last: number;
}

interface Proposal extends Entry {
  readonly size: number;
  readonly covered: number;
}

/** Entries of a list. */
const MOST_ENTRIES = 200;

/**
 * A short list of decisions that makes a right choice on every point: rules are learned one after another (separate and conquer: Fürnkranz
 * 1999), the one that asks least for what it settles first. Conditions of a rule are a cover of what it must exclude, chosen greedily.
 * @param right choice → points where it is right; somewhere every point is in one of them
 * @param preferred choice → conditions that hold wherever it is right: where they suffice, no others are asked
 * @param isJoined whether a decision may ask for several conditions
 * @returns null where the conditions cannot tell points apart as they would have to be
 */
export function learnDecisions(
  points: number,
  right: readonly PointSet[],
  conditions: readonly Condition[],
  preferred: readonly (readonly number[])[],
  isJoined: boolean,
): DecisionList | null {
  let open = emptySet(points);
  for (let point = 0; point < points; point++) put(open, point);
  const left = new Set(right.keys());
  const entries: Entry[] = [];
  for (;;) {
    for (const choice of left)
      if (countWithout(open, right[choice] as PointSet) === 0) return { entries, last: choice };
    if (entries.length >= MOST_ENTRIES) return null;
    let best: Proposal | null = null;
    for (const choice of left) {
      // Points that no other choice settles, and those where this one must not be made.
      const own = (right[choice] as PointSet).map((word, w) => {
        let others = 0;
        for (const other of left) if (other !== choice) others |= (right[other] as PointSet)[w] as number;
        return word & ~others & (open[w] as number);
      });
      if (isEmpty(own)) continue;
      const wrong = without(open, right[choice] as PointSet);
      for (const proposal of proposals(
        choice,
        own,
        wrong,
        conditions,
        preferred[choice] as readonly number[],
        isJoined,
      ))
        if (proposal !== null && (best === null || isBetter(proposal, best))) best = proposal;
    }
    // Where any of several is right on every point, one of them goes.
    if (best === null) {
      const spare = [...left].find((choice) => {
        const others = [...left].filter((other) => other !== choice);
        return (right[choice] as PointSet).every((word, w) => {
          let covered = 0;
          for (const other of others) covered |= (right[other] as PointSet)[w] as number;
          return (word & ~covered & (open[w] as number)) === 0;
        });
      });
      if (spare === undefined) return null;
      left.delete(spare);
      continue;
    }
    const { choice, isAny, conditions: asked } = best;
    entries.push({ choice, isAny, conditions: asked });
    const held = heldBy(best, conditions, points);
    open = without(open, held);
  }
}

/** Rules for a choice. */
function proposals(
  choice: number,
  own: PointSet,
  wrong: PointSet,
  conditions: readonly Condition[],
  preferred: readonly number[],
  isJoined: boolean,
): readonly (Proposal | null)[] {
  if (isJoined && preferred.length > 0) {
    const first = joined(choice, own, wrong, conditions, preferred, false, true);
    if (first !== null) return [first];
  }
  const all = Array.from(conditions.keys());
  const whole = [
    joined(choice, own, wrong, conditions, all, false, isJoined),
    isJoined ? joined(choice, own, wrong, conditions, all, true, true) : null,
  ];
  return whole.some((proposal) => proposal !== null)
    ? whole
    : [partial(choice, own, wrong, conditions, isJoined)];
}

/** Points on which a decision is made. */
export function heldBy(
  { isAny, conditions: asked }: Entry,
  conditions: readonly Condition[],
  points: number,
): PointSet {
  const held = emptySet(points);
  if (!isAny) held.fill(0xffffffff);
  for (const k of asked) {
    const { truth } = conditions[k] as Condition;
    for (let w = 0; w < held.length; w++)
      held[w] = isAny
        ? (held[w] as number) | (truth[w] as number)
        : (held[w] as number) & (truth[w] as number);
  }
  return held;
}

/** Less to ask for a point that is settled. */
const isBetter = (a: Proposal, b: Proposal): boolean => {
  const difference = a.size * b.covered - b.size * a.covered;
  return difference < 0 || (difference === 0 && a.covered > b.covered);
};

/** Conditions that settle all of a choice's own points and exclude all wrong ones: all of them together, or any. */
function joined(
  choice: number,
  own: PointSet,
  wrong: PointSet,
  conditions: readonly Condition[],
  among: readonly number[],
  isAny: boolean,
  isJoined: boolean,
): Proposal | null {
  // All must hold on `must`, and each point of `cover` be told apart by one.
  const [must, cover] = isAny ? [wrong, own] : [own, wrong];
  const usable: number[] = [];
  for (const k of among) {
    const { truth } = conditions[k] as Condition;
    if (isAny ? countCommon(must, truth) === 0 : countWithout(must, truth) === 0) usable.push(k);
  }
  const asked: number[] = [];
  let size = 0;
  const rest = cover.slice();
  while (!isEmpty(rest)) {
    let best = -1;
    let most = 0;
    for (const k of usable) {
      const { truth, size: cost } = conditions[k] as Condition;
      const told = isAny ? countCommon(rest, truth) : countWithout(rest, truth);
      if (told > 0 && told / cost > most) {
        most = told / cost;
        best = k;
      }
    }
    if (best < 0 || (asked.length > 0 && !isJoined)) return null;
    const { truth, size: cost } = conditions[best] as Condition;
    asked.push(best);
    size += cost + 1;
    for (let w = 0; w < rest.length; w++)
      rest[w] = isAny
        ? (rest[w] as number) & ~(truth[w] as number)
        : (rest[w] as number) & (truth[w] as number);
  }
  if (asked.length === 0) return null;
  return { choice, isAny, conditions: asked, size, covered: countCommon(own, own) };
}

/** Conditions that exclude all wrong points and keep some of a choice's own. */
function partial(
  choice: number,
  own: PointSet,
  wrong: PointSet,
  conditions: readonly Condition[],
  isJoined: boolean,
): Proposal | null {
  const asked: number[] = [];
  let size = 0;
  const kept = own.slice();
  const rest = wrong.slice();
  while (!isEmpty(rest)) {
    let best = -1;
    let most = 0;
    for (let k = 0; k < conditions.length; k++) {
      const { truth, size: cost } = conditions[k] as Condition;
      const told = countWithout(rest, truth);
      if (told === 0) continue;
      const remaining = countCommon(kept, truth);
      const worth = (told * remaining) / cost;
      if (worth > most && (isJoined || told === countCommon(rest, rest))) {
        most = worth;
        best = k;
      }
    }
    if (best < 0) return null;
    const { truth, size: cost } = conditions[best] as Condition;
    asked.push(best);
    size += cost + 1;
    for (let w = 0; w < rest.length; w++) {
      rest[w] = (rest[w] as number) & (truth[w] as number);
      kept[w] = (kept[w] as number) & (truth[w] as number);
    }
  }
  if (asked.length === 0 || isEmpty(kept)) return null;
  return { choice, isAny: false, conditions: asked, size, covered: countCommon(kept, kept) };
}
