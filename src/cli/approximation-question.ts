import { existsSync } from "node:fs";
import { arithmetic, type ApproximationQuestion, InputError, readFormula } from "../index.ts";
import { STAR } from "./usage.ts";

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
function operationsOf(text: string): string[] {
  const names = [...new Set(text.match(/[-+*/]|[^\s,+*/-]+/g))];
  try {
    arithmetic({ operations: names as never });
  } catch (error) {
    const words = text.split(/[\s,]+/).filter((word) => /\w/.test(word) && existsSync(word));
    if (!(error instanceof InputError) || words.length === 0) throw error;
    throw new InputError([...error.problems, STAR]);
  }
  return names;
}

/** What the options of a question are called on the command line. */
const optionNames: readonly (readonly [key: RegExp, option: string])[] = [
  [/^approximation, maximumOperations /, "--max-ops "],
  [/^approximation, interval /, "--from and --to "],
  [/^approximation, (operations|error|precision|constants) /, "--$1 "],
  [/^--operations /, "--ops "],
];

/** A problem with a question in the words of the command line. */
export const inOptions = (problem: string): string =>
  optionNames.reduce((text, [key, option]) => text.replace(key, option), problem);
