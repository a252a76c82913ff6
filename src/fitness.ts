import {
  type Column,
  type ErrorReduction,
  errorScale,
  isTrap,
  kernels,
  type NumberError,
  numberErrors,
  type Outcome,
  reduceErrors,
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
  /** The fitness of the reduced error. Never rises with it. */
  readonly ofError: (error: number, total: number) => number;
  /** The `total` of expected outputs: the number of cases unless given. */
  readonly totalOf?: (expected: Float64Array) => number;
  /** What is wrong with expected outputs, if anything, to follow "output must". */
  readonly problemOf?: (expected: Float64Array) => string | null;
  /** What the QD-score counts from: the worst fitness a program can have; none where there is no worst. */
  readonly offset?: number;
  /** The fitness at which a task counts as solved; none: only if the experiment says so. */
  readonly target?: number;
  /** Whether errors are counted in units that the experiment gives for each case. */
  readonly needsUnits?: true;
}

/** How far one outcome is from what was expected: 0 for the same; Infinity for a failure. */
export type ErrorMeasure = (column: Column, index: number) => number;

/** Real outputs count as the same within this relative error. */
const REAL_TOLERANCE = 1e-9;

/**
 * Digits: −log10 of an error, from a least to 17, so that the exact and the absurd have finite fitness. To six decimals:
 * programs that differ by rounding alone are equally fit, and the smaller one wins.
 */
const digitsFrom =
  (least: number) =>
  (error: number): number => {
    if (error === 0) return 17;
    if (error === Number.POSITIVE_INFINITY || error !== error) return Number.NaN;
    return Math.round(Math.min(17, Math.max(least, -kernels.log10(error))) * 1e6) / 1e6;
  };

const digits = digitsFrom(-6);
/** An output may be 2^53 units in its last place. */
const LEAST_IN_UNITS = -20;

/** Sum of the squares of what is expected, from its mean. */
function totalSquares(expected: Float64Array): number {
  const mean = reduceErrors("sum", expected.length, (i) => expected[i] as number) / expected.length;
  return reduceErrors("squares", expected.length, (i) => (expected[i] as number) - mean);
}

const positives = (expected: Float64Array): number =>
  expected.reduce((count, label) => (label > 0 ? count + 1 : count), 0);

/** Labels are −1 and 1, or 0 and 1. */
function problemOfLabels(expected: Float64Array): string | null {
  const zero = expected.includes(0);
  for (const [i, label] of expected.entries())
    if (label !== 1 && label !== (zero ? 0 : -1))
      return `be a label, which is 0 or 1 on all cases or −1 or 1 on all; got ${label} in case ${i + 1}`;
  return null;
}

const meanLoss = (sum: number, count: number): number => -(sum / count);
const shareRight = (sum: number, total: number): number => 1 - sum / total;

export type FitnessName =
  | "cases passed"
  | "similarity"
  | "-log10 mean relative error"
  | "-log10 max relative error"
  | "-log10 mean absolute error"
  | "-log10 max absolute error"
  | "-log10 max error in units"
  | "1/(1+mean absolute error)"
  | "1/(1+root mean square error)"
  | "-mean absolute error"
  | "-root mean square error"
  | "-mean log-cosh error"
  | "-mean Huber error"
  | "R2"
  | "accuracy"
  | "balanced accuracy"
  | "-mean log loss"
  | "-mean hinge loss";

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
  "-log10 max error in units": {
    error: "relative",
    reduction: "largest",
    ofError: digitsFrom(LEAST_IN_UNITS),
    offset: LEAST_IN_UNITS,
    needsUnits: true,
  },
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
  "-mean log-cosh error": { error: "log-cosh", reduction: "sum", ofError: meanLoss },
  "-mean Huber error": { error: "Huber", reduction: "sum", ofError: meanLoss },
  R2: {
    error: "absolute",
    reduction: "squares",
    ofError: (squares, total) => 1 - squares / total,
    totalOf: totalSquares,
    problemOf: (expected) => {
      const total = totalSquares(expected);
      return total > 0 && total < Number.POSITIVE_INFINITY
        ? null
        : "differ between cases, by finite squares: R2 is measured against them";
    },
  },
  accuracy: {
    error: "class",
    reduction: "sum",
    ofError: shareRight,
    problemOf: problemOfLabels,
    offset: 0,
    target: 1,
  },
  "balanced accuracy": {
    error: "balanced class",
    reduction: "sum",
    ofError: shareRight,
    totalOf: (expected) => 2 * positives(expected) * (expected.length - positives(expected)),
    problemOf: (expected) =>
      problemOfLabels(expected) ??
      (positives(expected) % expected.length === 0 ? "be of both classes; got one class alone" : null),
    offset: 0,
    target: 1,
  },
  "-mean log loss": {
    error: "logistic",
    reduction: "sum",
    ofError: meanLoss,
    problemOf: problemOfLabels,
  },
  "-mean hinge loss": {
    error: "hinge",
    reduction: "sum",
    ofError: meanLoss,
    problemOf: problemOfLabels,
  },
};

export type ErrorKind = "passed" | "dissimilarity" | NumberError;

/** Whether errors are distances of numbers from numbers. */
export const isDistance = (error: ErrorKind): boolean =>
  error !== "passed" && error !== "dissimilarity" && !ofClasses.has(error);

/** Errors against labels. */
const ofClasses: ReadonlySet<ErrorKind> = new Set(["class", "balanced class", "logistic", "hinge"] as const);

/** A named fitness against expected outputs. */
export interface FitnessMeasure {
  /** The error on each case. */
  readonly errors: ErrorMeasure;
  /** The fitness of a column. */
  readonly ofColumn: (column: Column) => number;
  /** The fitness of an error that a machine reduced. */
  readonly ofError: (error: number) => number;
  /** What a machine measures of a column; null where none can measure it. */
  readonly measured: ErrorReduction | null;
}

/**
 * A named fitness against expected outputs of a type, which must be good for it (`problemOf`).
 * @param units what an error of 1 is worth on each case, for a fitness that needs them
 */
export function fitnessMeasure(
  name: FitnessName,
  expected: readonly Value[],
  type: TypeShape,
  units?: readonly number[],
): FitnessMeasure {
  const { error, reduction, ofError, totalOf } = namedFitness[name];
  const errors = errorMeasure(error, expected, type, units);
  const total = totalOf?.(numbersOf(expected)) ?? expected.length;
  return {
    errors,
    ofColumn: (column) =>
      ofError(
        reduceErrors(reduction, column.length, (i) => errors(column, i)),
        total,
      ),
    ofError: (reduced) => ofError(reduced, total),
    measured:
      error === "dissimilarity"
        ? null
        : {
            error,
            reduction,
            expected: error === "passed" ? expected : wantedNumbers(error, expected),
            ...(units === undefined ? {} : { scale: units }),
          },
  };
}

/** Expected outputs as numbers: booleans are 0 and 1, others NaN. */
export const numbersOf = (expected: readonly Value[]): Float64Array =>
  Float64Array.from(expected, (v) =>
    typeof v === "number" || typeof v === "boolean" ? Number(v) : Number.NaN,
  );

/** What an error of numbers expects: labels of classes are −1 and 1. */
const wantedNumbers = (error: NumberError, expected: readonly Value[]): number[] =>
  Array.from(numbersOf(expected), (value) => (!ofClasses.has(error) ? value : value > 0 ? 1 : -1));

/**
 * The error measure of a kind against expected outputs of a type. Booleans in columns are 0 and 1.
 * @param units of relative errors, instead of the expected sizes
 */
export function errorMeasure(
  kind: ErrorKind,
  expected: readonly Value[],
  type: TypeShape,
  units?: readonly number[],
): ErrorMeasure {
  switch (kind) {
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
    default: {
      const wanted = wantedNumbers(kind, expected);
      const scale = units ?? errorScale(kind, wanted);
      const errorOf = numberErrors[kind];
      return (column, i) => errorOf(numberAt(column, i), wanted[i] as number, scale[i] as number);
    }
  }
}

function numberAt(column: Column, index: number): number {
  const value = column[index];
  return typeof value === "number" || typeof value === "boolean" ? Number(value) : Number.NaN;
}

/** Whether a case is passed: the same outcome; reals within a relative 1e-9. */
export function passes(column: Column, index: number, expected: Value): boolean {
  const outcome = column[index] as Outcome;
  if (typeof expected === "boolean" && typeof outcome === "number") return (outcome !== 0) === expected;
  if (sameOutcome(outcome, expected)) return true;
  if (typeof expected !== "number" || typeof outcome !== "number" || !Number.isFinite(expected)) return false;
  // Columns of numbers hold reals; elsewhere a whole number may be an int, which must be met exactly.
  const isReal =
    column instanceof Float64Array || column instanceof Float32Array || !Number.isInteger(expected);
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
