import {
  type Column,
  isTrap,
  kernels,
  type Outcome,
  type Reduction,
  sameOutcome,
  type TypeShape,
  type Value,
} from "../dsl/index.ts";

/** A ready-made fitness: from outcomes and expected outputs to a number, larger is better. */
interface NamedFitness {
  readonly error: ErrorKind;
  /** How the errors of the cases become one. */
  readonly reduction: Reduction;
  /** The fitness of the reduced error. */
  readonly ofError: (error: number, caseCount: number) => number;
  /** What the QD-score counts from: the worst fitness a program can have; none where there is no worst. */
  readonly offset?: number;
  /** The fitness at which a task counts as solved; none: only if the experiment says so. */
  readonly target?: number;
}

/** How far one outcome is from what was expected: 0 for the same; Infinity for a failure. */
export type ErrorMeasure = (column: Column, index: number) => number;

/** Real outputs count as the same within this relative error. */
const REAL_TOLERANCE = 1e-9;

/**
 * Digits: −log10 of an error, from −6 to 17, so that the exact and the absurd have finite fitness. To six decimals:
 * programs that differ by rounding alone are equally fit, and the smaller one wins.
 */
function digits(error: number): number {
  if (error === 0) return 17;
  if (error === Number.POSITIVE_INFINITY || error !== error) return Number.NaN;
  return Math.round(Math.min(17, Math.max(-6, -kernels.log10(error))) * 1e6) / 1e6;
}

const lanes = new Float64Array(8);

/** Reduces the errors of a column: case i in lane i mod 8, then the lanes in a fixed order, as the vector machine does. */
function reduceErrors(reduction: Reduction, errors: ErrorMeasure, column: Column): number {
  lanes.fill(0);
  for (let i = 0; i < column.length; i++) {
    const e = errors(column, i);
    const lane = lanes[i & 7] as number;
    lanes[i & 7] =
      reduction === "sum" ? lane + e : reduction === "squares" ? lane + e * e : Math.max(lane, e);
  }
  const [a, b, c, d, e, f, g, h] = lanes as unknown as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  return reduction === "largest" ? Math.max(a, b, c, d, e, f, g, h) : a + b + (c + d) + (e + f + (g + h));
}

/** The fitness of a column. */
export function fitnessOfColumn(name: FitnessName, errors: ErrorMeasure, column: Column): number {
  const { reduction, ofError } = namedFitness[name];
  return ofError(reduceErrors(reduction, errors, column), column.length);
}

export type FitnessName =
  | "cases passed"
  | "similarity"
  | "-log10 mean relative error"
  | "-log10 max relative error"
  | "-log10 mean absolute error"
  | "-log10 max absolute error"
  | "1/(1+mean absolute error)"
  | "1/(1+root mean square error)"
  | "-mean absolute error"
  | "-root mean square error";

/** Every fitness that can be named, with the error it is made of. */
export const namedFitness: Readonly<Record<FitnessName, NamedFitness>> = {
  "cases passed": {
    error: "passed",
    reduction: "sum",
    ofError: (sum, count) => 1 - sum / count,
    offset: 0,
    target: 1,
  },
  similarity: {
    error: "dissimilarity",
    reduction: "sum",
    ofError: (sum, count) => 1 - sum / count,
    offset: 0,
    target: 1,
  },
  "-log10 mean relative error": {
    error: "relative",
    reduction: "sum",
    ofError: (sum, count) => digits(sum / count),
    offset: -6,
  },
  "-log10 max relative error": { error: "relative", reduction: "largest", ofError: digits, offset: -6 },
  "-log10 mean absolute error": {
    error: "absolute",
    reduction: "sum",
    ofError: (sum, count) => digits(sum / count),
    offset: -6,
  },
  "-log10 max absolute error": { error: "absolute", reduction: "largest", ofError: digits, offset: -6 },
  "1/(1+mean absolute error)": {
    error: "absolute",
    reduction: "sum",
    ofError: (sum, count) => 1 / (1 + sum / count),
    offset: 0,
  },
  "1/(1+root mean square error)": {
    error: "absolute",
    reduction: "squares",
    ofError: (squares, count) => 1 / (1 + Math.sqrt(squares / count)),
    offset: 0,
  },
  "-mean absolute error": {
    error: "absolute",
    reduction: "sum",
    ofError: (sum, count) => -(sum / count),
  },
  "-root mean square error": {
    error: "absolute",
    reduction: "squares",
    ofError: (squares, count) => -Math.sqrt(squares / count),
  },
};

export type ErrorKind = "passed" | "dissimilarity" | "relative" | "absolute";

/** The error measure of a kind against expected outputs of a type. Booleans in number columns are 0 and 1. */
export function errorMeasure(kind: ErrorKind, expected: readonly Value[], type: TypeShape): ErrorMeasure {
  const numbers = Float64Array.from(expected, (v) =>
    typeof v === "number" || typeof v === "boolean" ? Number(v) : Number.NaN,
  );
  switch (kind) {
    case "absolute":
      return (column, i) => Math.abs(numberAt(column, i) - (numbers[i] as number));
    case "relative":
      return (column, i) => {
        const target = numbers[i] as number;
        const difference = Math.abs(numberAt(column, i) - target);
        return target === 0 ? difference : difference / Math.abs(target);
      };
    case "passed":
      return (column, i) => (passes(column, i, expected[i] as Value) ? 0 : 1);
    case "dissimilarity":
      return (column, i) => {
        const outcome =
          column instanceof Float64Array && typeof expected[i] === "boolean"
            ? column[i] !== 0
            : (column[i] as Outcome);
        return 1 - similarity(outcome, expected[i] as Value, type);
      };
  }
}

function numberAt(column: Column, index: number): number {
  const value = column[index];
  return typeof value === "number" ? value : Number.NaN;
}

/** Whether a case is passed: the same outcome; reals within a relative 1e-9. */
export function passes(column: Column, index: number, expected: Value): boolean {
  const outcome = column[index] as Outcome;
  if (typeof expected === "boolean" && typeof outcome === "number") return (outcome !== 0) === expected;
  if (sameOutcome(outcome, expected)) return true;
  if (typeof expected !== "number" || typeof outcome !== "number" || !Number.isFinite(expected)) return false;
  // Columns of doubles hold reals; elsewhere a whole number may be an int, which must be met exactly.
  const isReal = column instanceof Float64Array || !Number.isInteger(expected);
  return isReal && Math.abs(outcome - expected) <= REAL_TOLERANCE * Math.abs(expected);
}

/**
 * Likeness of an outcome to the expected value of a type in [0, 1]; 1 only for the same, 0 for traps and other kinds. Of
 * bits it is the share that is the same.
 */
export function similarity(outcome: Outcome, expected: Value, type: TypeShape): number {
  if (sameOutcome(outcome, expected)) return 1;
  if (isTrap(outcome)) return 0;
  if (typeof outcome === "bigint" && typeof expected === "bigint")
    return type.kind === "bits" ? 1 - bitCount(outcome ^ expected) / type.width : 0;
  if (typeof outcome === "number" && typeof expected === "number") {
    const distance = Math.abs(outcome - expected);
    return distance === distance ? Math.min(0.999, 1 / (1 + distance)) : 0;
  }
  if (typeof outcome === "string" && typeof expected === "string")
    return 0.99 * (1 - editDistance(outcome, expected) / Math.max(outcome.length, expected.length));
  if (Array.isArray(outcome) && Array.isArray(expected)) {
    const length = Math.max(outcome.length, expected.length);
    let sum = 0;
    for (let i = 0; i < Math.min(outcome.length, expected.length); i++)
      sum += similarity(outcome[i] as Value, expected[i] as Value, partOf(type, i));
    return (0.99 * (1 + sum)) / (1 + length);
  }
  return 0;
}

/** The type of an element of a list, or of a part of a pair. */
function partOf(type: TypeShape, index: number): TypeShape {
  if (type.kind === "list") return type.element;
  if (type.kind === "pair") return index === 0 ? type.first : type.second;
  return type;
}

function bitCount(value: bigint): number {
  let count = 0;
  for (let rest = value; rest > 0n; rest &= rest - 1n) count++;
  return count;
}

const previousRow = new Int32Array(1001);

/** Levenshtein distance (1966); strings longer than 200 count by their first 200 characters and the rest's length. */
function editDistance(a: string, b: string): number {
  const n = Math.min(a.length, 200);
  const m = Math.min(b.length, 200);
  const row = previousRow;
  for (let j = 0; j <= m; j++) row[j] = j;
  for (let i = 1; i <= n; i++) {
    let diagonal = row[0] as number;
    row[0] = i;
    const code = a.charCodeAt(i - 1);
    for (let j = 1; j <= m; j++) {
      const above = row[j] as number;
      const left = row[j - 1] as number;
      const step = code === b.charCodeAt(j - 1) ? diagonal : diagonal + 1;
      diagonal = above;
      row[j] = Math.min(step, above + 1, left + 1);
    }
  }
  return (row[m] as number) + Math.abs(a.length - n - (b.length - m));
}
