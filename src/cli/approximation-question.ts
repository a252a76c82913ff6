import { type ApproximationQuestion, InputError, readFormula } from "../index.ts";

/** An end of an interval: a formula without an argument. */
function endOf(option: string, text: string): number {
  let value = Number.NaN;
  let reason = "";
  try {
    const formula = readFormula(text);
    const [high] = formula.evaluate(Float64Array.of(Number.NaN)).high;
    value = high as number;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    reason = ` (${error.problems.join(" ").replace(/\.$/, "")})`;
  }
  if (!Number.isFinite(value))
    throw new InputError(
      `${option} must be a number, or a formula of numbers such as pi/2; got ${JSON.stringify(text)}${reason}.`,
    );
  return value;
}

/** The question of a command line. */
export function questionOf(argv: {
  readonly formula: string;
  readonly from: string;
  readonly to: string;
  readonly ops?: string | undefined;
  readonly maxOps?: number | undefined;
  readonly error?: "relative" | "absolute" | "ulp" | undefined;
  readonly precision?: "f64" | "f32" | undefined;
  readonly constants?: "double" | "double-double" | undefined;
}): ApproximationQuestion {
  const { formula, ops, maxOps, error, precision, constants } = argv;
  return {
    target: formula.trim(),
    from: endOf("--from", argv.from),
    to: endOf("--to", argv.to),
    ...(ops === undefined
      ? {}
      : { operations: operationsOf(ops) as ApproximationQuestion["operations"] & {} }),
    ...(maxOps === undefined ? {} : { maximumOperations: maxOps }),
    ...(error === undefined ? {} : { error }),
    ...(precision === undefined ? {} : { precision }),
    ...(constants === undefined ? {} : { constants }),
  };
}

/** Names apart by blanks or commas; the four signs also without. */
const operationsOf = (text: string): string[] => [...new Set(text.match(/[-+*/]|[^\s,+*/-]+/g))];
