import { arithmetic, type ArithmeticOperation, excerpt, InputError, nearestName } from "../../dsl/index.ts";
import { counted } from "../counted.ts";

/** A question: which programs are nearest to a function, for each number of operations. */
export interface ApproximationQuestion {
  /** The function, as `readFormula` reads it: "2^x". */
  readonly target: string;
  /** The interval. Where an end is 0 and programs may divide, 0 itself is left out. */
  readonly from: number;
  readonly to: number;
  /** + − * / unless told. */
  readonly operations?: readonly ArithmeticOperation[];
  /** Operations that depend on the argument, at most: 1 to 24; 12 unless told. Arithmetic on constants is free, a shared value counts once. */
  readonly maximumOperations?: number;
  /** What is to be small at its largest; relative unless told. `ulp`: counted in units in the last place of the target. */
  readonly error?: "relative" | "absolute" | "ulp";
  /** Whether programs are of doubles, as unless told, or of singles, every operation rounded. */
  readonly precision?: "f64" | "f32";
  /** Whether constants are doubles, as unless told, or sums of two: that matters below some 1e-14. */
  readonly constants?: "double" | "double-double";
  /** Name of the experiment; made from the target unless told. */
  readonly name?: string;
}

/** A question with nothing left open. */
export type CompleteQuestion = Required<Omit<ApproximationQuestion, "name">>;

/** What of a question says how far a program is from its function. */
export type TargetQuestion = Pick<CompleteQuestion, "target" | "from" | "to" | "error" | "precision">;

const MOST_OPERATIONS = 24;
const DEFAULT_MAXIMUM_OPERATIONS = 12;
const FOUR_OPERATIONS: readonly ArithmeticOperation[] = ["+", "-", "*", "/"];

/** A question in a line: what is as unless told is left out. */
export function questionText(question: CompleteQuestion): string {
  const { target, from, to, operations, maximumOperations, error, precision, constants } = question;
  const isUsual =
    operations.length === FOUR_OPERATIONS.length &&
    FOUR_OPERATIONS.every((name) => operations.includes(name));
  return [
    `${target} from ${from} to ${to}`,
    `${error} error`,
    ...(isUsual ? [] : [`with ${operations.join(" ")}`]),
    ...(maximumOperations === DEFAULT_MAXIMUM_OPERATIONS
      ? []
      : [`at most ${counted(maximumOperations, "operation")}`]),
    ...(precision === "f32" ? ["in singles"] : []),
    ...(constants === "double" ? [] : [`${constants} constants`]),
  ].join(", ");
}

const sums: ReadonlySet<string> = new Set(["+", "-"]);
const scalings: ReadonlySet<string> = new Set(["*", "/", "square", "cube", "inverse"]);
const lines: ReadonlySet<string> = new Set([...sums, "neg"]);

const keys = [
  "target",
  "from",
  "to",
  "operations",
  "maximumOperations",
  "error",
  "precision",
  "constants",
  "name",
] as const satisfies readonly (keyof ApproximationQuestion)[];

/** Whether a name is made of another one's letters in their order: maxOps. */
function isShortFor(short: string, name: string): boolean {
  let at = 0;
  for (const letter of name.toLowerCase()) if (letter === short[at]?.toLowerCase()) at++;
  return short.length > 2 && at === short.length;
}

/** @throws InputError */
export function completeQuestion(question: ApproximationQuestion): CompleteQuestion {
  const problems: string[] = [];
  if (typeof question !== "object" || question === null)
    throw new InputError(
      `approximation must be given an object with ${keys.join(", ")}; got ${String(question)}.`,
    );
  for (const key of Object.keys(question)) {
    if ((keys as readonly string[]).includes(key)) continue;
    const nearest = keys.find((name) => isShortFor(key, name)) ?? nearestName(key, keys);
    problems.push(
      `approximation must have no option but ${keys.join(", ")}; got ${excerpt(key)}.${nearest === null ? "" : ` Did you mean ${nearest}?`}`,
    );
  }
  const say = (what: string, rule: string, value: unknown, advice: string): void =>
    void problems.push(
      `approximation, ${what} must be ${rule}; got ${excerpt(JSON.stringify(value) ?? String(value))}. ${advice}`,
    );
  const {
    from,
    to,
    operations = FOUR_OPERATIONS,
    maximumOperations = DEFAULT_MAXIMUM_OPERATIONS,
    error = "relative",
    precision = "f64",
    constants = "double",
  } = question;
  if (typeof question.target !== "string") say("target", "a formula", question.target, 'Write one: "2^x".');
  if (!Number.isFinite(from) || !Number.isFinite(to) || !Number.isFinite(to - from) || !(from < to))
    say(
      "interval",
      "from a number to a greater one",
      [from, to],
      "An empty interval has nothing to approximate.",
    );
  if (!Number.isInteger(maximumOperations) || maximumOperations < 1 || maximumOperations > MOST_OPERATIONS)
    say(
      "maximumOperations",
      `a whole number from 1 to ${MOST_OPERATIONS}`,
      maximumOperations,
      "12 are usual; the more there are, the longer a search takes.",
    );
  if (!["f64", "f32"].includes(precision))
    say("precision", "f64 or f32", precision, "Doubles are f64, singles f32.");
  if (!["relative", "absolute", "ulp"].includes(error))
    say(
      "error",
      "relative, absolute or ulp",
      error,
      "A relative error says how many digits are right, an absolute one how large the difference is, ulp counts steps of floating point.",
    );
  if (!["double", "double-double"].includes(constants))
    say("constants", "double or double-double", constants, "Exported code uses doubles.");
  if (!Array.isArray(operations) || operations.length === 0)
    say("operations", "a list of names", operations, "Four are usual: + - * /.");
  else {
    // Unknown names are told with all that are known.
    arithmetic({ operations });
    const has = (set: ReadonlySet<string>): boolean => operations.some((name) => set.has(name));
    if (operations.every((name) => lines.has(name)))
      say(
        "operations",
        "able to follow a curve",
        operations.join(" "),
        "These give straight lines alone; add * or /.",
      );
    else if (
      operations.every((name) => scalings.has(name) || name === "neg") ||
      !(has(sums) || has(scalings))
    )
      say(
        "operations",
        "able to follow a curve",
        operations.join(" "),
        "Without + or - no constant can be added; add one.",
      );
  }
  if (constants === "double-double" && Array.isArray(operations) && !operations.includes("+"))
    say("operations", "with + where constants are sums of two doubles", operations.join(" "), "Add it.");
  if (constants === "double-double" && precision === "f32")
    say("constants", "double where programs are of singles", constants, "Singles have no use for more.");
  if (problems.length > 0) throw new InputError(problems);
  return { target: question.target, from, to, operations, maximumOperations, error, precision, constants };
}
