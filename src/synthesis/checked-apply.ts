import { isTrap, type Outcome, type Primitive, type Type, type Value } from "../../dsl/index.ts";

/** Of a list of lists or strings, what they hold together is as much as so many of the longest at most. */
const CELLS_FOR_LONGEST = 4;

/**
 * The meaning of a row with what the machines check: undefined for failures, among them values beyond bounds.
 * @param longest string and list that it may give
 */
export function checkedApply(
  { kind }: Type,
  row: Primitive,
  longest: number,
): (a?: Value, b?: Value, c?: Value, d?: Value) => Outcome {
  const failed = undefined as unknown as Outcome;
  const check =
    kind === "int"
      ? (outcome: unknown): Outcome => (Number.isSafeInteger(outcome) ? (outcome as number) : failed)
      : kind === "string"
        ? (outcome: unknown): Outcome =>
            typeof outcome === "string" && outcome.length <= longest ? outcome : failed
        : kind === "list"
          ? (outcome: unknown): Outcome =>
              Array.isArray(outcome) && isShort(outcome, longest) ? (outcome as Outcome) : failed
          : (outcome: unknown): Outcome => (isTrap(outcome) ? failed : (outcome as Outcome));
  const apply = row.apply as (...values: Value[]) => unknown;
  const arity = row.parameters.length;
  // Of a fixed number of arguments each: this is where searches spend their time.
  const run =
    arity === 1
      ? (a: Value): unknown => apply(a)
      : arity === 2
        ? (a: Value, b: Value): unknown => apply(a, b)
        : arity === 3
          ? (a: Value, b: Value, c: Value): unknown => apply(a, b, c)
          : apply;
  return (a, b, c, d) => {
    try {
      return check(run(a as Value, b as Value, c as Value, d as Value));
    } catch {
      return failed;
    }
  };
}

/** Whether a list has so many elements at most, and so have all in it together that are lists or strings. */
function isShort(value: readonly unknown[], most: number): boolean {
  if (value.length > most) return false;
  if (typeof value[0] === "number" || typeof value[0] === "boolean") return true;
  let left = CELLS_FOR_LONGEST * most;
  for (const item of value) {
    if (typeof item === "string") left -= item.length;
    else if (Array.isArray(item)) {
      if (!isShort(item, most)) return false;
      left -= item.length;
    }
    if (left < 0) return false;
  }
  return true;
}
