import type { Value } from "../../dsl/index.ts";

/** Farthest that two values are apart, and how far a failure is. */
const FARTHEST = 1_000_000;
const SLOTS = 1024;
/** Kind of pair → how many more of it one value has than the other; 0 between calls. */
const counts = new Int32Array(SLOTS);

/**
 * How far a value is from the wanted one, 0 only where they are the same: the difference of numbers, the bits that differ of words; of
 * texts and lists how many pairs of neighbours one has and the other has not (q-grams: Ukkonen 1992), which is quick and falls with
 * most changes for the better.
 */
export function distanceOf(wanted: Value, value: Value | undefined): number {
  if (value === undefined) return FARTHEST;
  if (typeof wanted === "number" && typeof value === "number")
    return Math.min(FARTHEST - 1, Math.ceil(Math.abs(wanted - value)));
  if (typeof wanted === "bigint" && typeof value === "bigint") {
    let distance = 0;
    for (let rest = BigInt.asUintN(64, wanted ^ value); rest !== 0n; rest &= rest - 1n) distance++;
    return distance;
  }
  if (typeof wanted === "string" && typeof value === "string") {
    if (wanted === value) return 0;
    countText(wanted, 1);
    countText(value, -1);
    return Math.max(1, clearText(wanted) + clearText(value));
  }
  if (!Array.isArray(wanted) || !Array.isArray(value)) return wanted === value ? 0 : 1;
  const [a, b] = [textOfList(wanted as readonly Value[]), textOfList(value as readonly Value[])];
  return a === b ? 0 : Math.max(1, distanceOf(a, b));
}

/** A text with a character an element, the same for equal ones. */
const textOfList = (list: readonly Value[]): string =>
  list
    .map((element) => {
      let hash = 0;
      for (const character of Array.isArray(element)
        ? textOfList(element as readonly Value[])
        : String(element))
        hash = Math.imul(hash ^ (character.codePointAt(0) as number), 0x9e3779b1) ^ (hash >>> 15);
      return String.fromCharCode(hash & 0xffff);
    })
    .join("");

/** Of two neighbours, the ends of the text being neighbours as well. */
const slotOf = (text: string, k: number): number => {
  const left = k === 0 ? -1 : text.charCodeAt(k - 1);
  const right = k === text.length ? -1 : text.charCodeAt(k);
  const hash = Math.imul(left, 0x9e3779b1) ^ Math.imul(right, 0x85ebca6b);
  return (hash ^ (hash >>> 15)) & (SLOTS - 1);
};

function countText(text: string, by: number): void {
  for (let k = 0; k <= text.length; k++) {
    const slot = slotOf(text, k);
    counts[slot] = (counts[slot] as number) + by;
  }
}

function clearText(text: string): number {
  let distance = 0;
  for (let k = 0; k <= text.length; k++) {
    const slot = slotOf(text, k);
    distance += Math.abs(counts[slot] as number);
    counts[slot] = 0;
  }
  return distance;
}
