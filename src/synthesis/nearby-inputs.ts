import { type Type, type TypeShape, type Value, valueToJson } from "../../dsl/index.ts";
import { RandomStream, rootKey } from "../random-stream.ts";
import type { Example } from "./terms.ts";

/** Examples that inputs are made from. */
const MOST_EXAMPLES = 200;
/** Tries for every input that is wanted: examples of few possible inputs have few others near them. */
const TRIES = 20;
/** Of the inputs, the share with one change; others have up to three. */
const NEAREST_SHARE = 0.6;
const MOST_CHANGES = 3;

/** A text in words, numbers and what is between them. */
const piecesOf = (text: string): string[] => text.match(/[A-Za-z]+|[0-9]+|[^A-Za-z0-9]+/g) ?? [];
const isWord = (piece: string): boolean => /^[A-Za-z]/.test(piece);
const isNumber = (piece: string): boolean => /^[0-9]/.test(piece);
const kindOf = (piece: string): string => (isWord(piece) ? "word" : isNumber(piece) ? "number" : "between");
/** A piece's kind and where it stands, as in the second word. */
const placeOf = (pieces: readonly string[], at: number): string =>
  `${kindOf(pieces[at] as string)} ${pieces.slice(0, at).filter((one) => kindOf(one) === kindOf(pieces[at] as string)).length}`;

/** What values of one argument are made from: those of the examples, and for texts their pieces by kind, and by kind and place. */
interface Pool {
  readonly type: TypeShape;
  readonly values: readonly Value[];
  readonly pieces: ReadonlyMap<string, readonly string[]>;
  /** Of lists: the pool of their elements. */
  readonly element: Pool | null;
}

/**
 * Inputs like those of some examples, each other than all of theirs: their words, numbers and signs put together anew, left out, doubled and
 * changed. Those with one change come first. The same examples have the same.
 * @param count of inputs at most: there may be fewer
 */
export function nearbyInputs(
  types: readonly Type[],
  examples: readonly Pick<Example, "inputs">[],
  count: number,
): (readonly Value[])[] {
  const used = examples.slice(0, MOST_EXAMPLES);
  const pools = types.map((type, k) =>
    poolOf(
      type,
      used.map(({ inputs }) => inputs[k] as Value),
    ),
  );
  const known = new Set(examples.map(({ inputs }) => valueToJson(inputs)));
  const found: (readonly Value[])[] = [];
  const random = new RandomStream();
  const key = rootKey("inputs");
  for (let k = 0; k < TRIES * count && found.length < count && types.length > 0; k++) {
    random.derive(key, 0, 0, k);
    const inputs = [...(used[k % used.length] as Example).inputs];
    const changes = found.length < NEAREST_SHARE * count ? 1 : 1 + random.below(MOST_CHANGES);
    for (let c = 0; c < changes; c++) {
      const argument = random.below(types.length);
      inputs[argument] = changed(inputs[argument] as Value, pools[argument] as Pool, random);
    }
    const text = valueToJson(inputs);
    if (known.has(text)) continue;
    known.add(text);
    found.push(inputs);
  }
  return found;
}

function poolOf(type: TypeShape, values: readonly Value[]): Pool {
  const pieces = new Map<string, string[]>();
  const add = (key: string, piece: string): void => {
    const known = pieces.get(key);
    if (known === undefined) pieces.set(key, [piece]);
    else if (!known.includes(piece)) known.push(piece);
  };
  if (type.kind === "string")
    for (const value of values)
      piecesOf(value as string).forEach((piece, at, all) => {
        add(kindOf(piece), piece);
        add(placeOf(all, at), piece);
      });
  return {
    type,
    values,
    pieces,
    element: type.kind === "list" ? poolOf(type.element, (values as Value[][]).flat()) : null,
  };
}

const oneOf = <T>(list: readonly T[], random: RandomStream): T => list[random.below(list.length)] as T;

/** A value with one change; it may be the same where nothing else is possible. */
function changed(value: Value, pool: Pool, random: RandomStream): Value {
  switch (pool.type.kind) {
    case "string":
      return changedText(value as string, pool, random);
    case "char":
      return oneOf(pool.values, random);
    case "bool":
      return value !== true;
    case "int":
      return changedInt(value as number, pool.values as number[], random);
    case "bits": {
      const { width } = pool.type;
      const other = random.chance(0.5)
        ? (value as bigint) ^ (1n << BigInt(random.below(width)))
        : (value as bigint) + (random.chance(0.5) ? 1n : -1n);
      return random.chance(0.2) ? oneOf(pool.values, random) : BigInt.asUintN(width, other);
    }
    case "real":
    case "float32": {
      const number = random.chance(0.3)
        ? (oneOf(pool.values, random) as number)
        : oneOf([1, -1, 2, -0.5], random) * ((value as number) + oneOf([0, 0, 1, -1], random));
      return pool.type.kind === "float32" ? Math.fround(number) : number;
    }
    case "list":
      return changedList(value as readonly Value[], pool.element as Pool, random);
    default:
      return oneOf(pool.values, random);
  }
}

function changedInt(value: number, values: readonly number[], random: RandomStream): number {
  const other = oneOf(
    [value + 1, value - 1, value + 1 + random.below(9), -value, oneOf(values, random), 0],
    random,
  );
  return Number.isSafeInteger(other) ? other + 0 : value;
}

function changedList(list: readonly Value[], element: Pool, random: RandomStream): readonly Value[] {
  const at = random.below(list.length + 1);
  const isInside = at < list.length;
  switch (random.below(isInside ? 4 : 1)) {
    case 0:
      return element.values.length === 0 ? list : list.toSpliced(at, 0, oneOf(element.values, random));
    case 1:
      return list.toSpliced(at, 1);
    case 2:
      return list.toSpliced(at, 1, changed(list[at] as Value, element, random));
    default:
      return list.toSpliced(at, 0, list[at] as Value);
  }
}

/** Of the changes of a text, the realistic ones more often. */
function changedText(text: string, pool: Pool, random: RandomStream): string {
  const pieces = piecesOf(text);
  if (pieces.length === 0) return oneOf(pool.values, random) as string;
  const at = random.below(pieces.length);
  const piece = pieces[at] as string;
  const kind = kindOf(piece);
  const draw = random.below(16);
  if (draw < 4) pieces[at] = oneOf(pool.pieces.get(placeOf(pieces, at)) ?? [piece], random);
  else if (draw < 6) pieces[at] = oneOf(pool.pieces.get(kind) ?? [piece], random);
  else if (draw < 8) {
    const number = isNumber(piece) ? at : pieces.findIndex(isNumber);
    if (number >= 0) pieces[number] = otherDigit(pieces[number] as string, random);
    else if (isWord(piece)) pieces[at] = withoutOne(piece, random);
  } else if (draw < 12 && kind === "number") pieces[at] = otherDigit(piece, random);
  else if (draw < 10) {
    // A word goes with a sign beside it; what has numbers mostly has a form.
    const from = Math.min(at, pieces.length - 2);
    if (pieces.length > 2 && pieces.slice(from, from + 2).some(isWord)) pieces.splice(from, 2);
  } else if (draw < 12) {
    const words = pool.pieces.get("word") ?? [];
    const between = pieces.find((one) => kindOf(one) === "between") ?? " ";
    if (words.length > 0)
      pieces.splice(
        at,
        0,
        ...(kind === "between" ? [between, oneOf(words, random)] : [oneOf(words, random), between]),
      );
  } else if (draw < 14) pieces[at] = otherCase(piece);
  else if (draw < 15 && kind !== "between") pieces[at] = withoutOne(piece, random);
  else pieces[at] = piece + piece.slice(-1);
  return pieces.join("");
}

function otherDigit(digits: string, random: RandomStream): string {
  const at = random.below(digits.length);
  const digit = (Number(digits[at]) + 1 + random.below(9)) % 10;
  return digits.slice(0, at) + String(digit) + digits.slice(at + 1);
}

function withoutOne(piece: string, random: RandomStream): string {
  const at = random.below(piece.length);
  return piece.slice(0, at) + piece.slice(at + 1);
}

/** ASCII letters in small ones, or the first in a capital where all are small. */
const otherCase = (word: string): string =>
  /[A-Z]/.test(word)
    ? word.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase())
    : word.slice(0, 1).replace(/[a-z]/, (letter) => letter.toUpperCase()) + word.slice(1);
