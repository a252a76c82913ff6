import { type Grammar, InputError, type Program, readFormula } from "../dsl/index.ts";
import type { TargetQuestion } from "./approximation/question.ts";
import { reportedError } from "./approximation/reported-error.ts";
import { type Computed, unknownClaims } from "./computed-claims.ts";
import type { ClaimKey, ExportClaims } from "./export-claims.ts";

const errorKeys = ["error", "largest error", "largest error as run"] as const;

/** What only programs claim that approximate a function. */
export const approximationKeys = ["target", ...errorKeys] as const;

type ApproximationKey = (typeof approximationKeys)[number] | "domain";

/**
 * What is claimed of a program as an approximation: of which function, where, and how far it is from it.
 * @throws InputError where the program cannot be compared with the function
 */
export function approximationClaims(
  grammar: Grammar,
  program: Program,
  question: TargetQuestion,
): Readonly<Record<ApproximationKey, string>> {
  const { points, pointsAsRun, exact, asRun, zero } = reportedError(grammar, program, question);
  const { target, from, to, error } = question;
  return {
    target,
    domain: `${readFormula(target).argument} from ${from} to ${to}${zero === "excluded" ? ", 0 excluded" : ""}`,
    error: `${error}, sampled at ${points} ${pointsText(question, zero === "included")}`,
    "largest error": `${exact.toExponential()} in exact arithmetic (double-double)`,
    "largest error as run": `${asRun.toExponential()} in ${question.precision === "f32" ? "singles" : "doubles"}, at ${pointsAsRun} points`,
  };
}

const pointsText = ({ from, to }: TargetQuestion, hasZero: boolean): string =>
  from < 0 && 0 < to
    ? `points, Chebyshev's and beside 0${hasZero ? ", and 0" : ""}`
    : `Chebyshev points${hasZero ? " and 0" : ""}`;

/** The same for the target, the domain and the kind of error that a header names; nothing else of it is believed. */
export function headerApproximation(
  grammar: Grammar,
  program: Program,
  claims: ExportClaims,
): Readonly<Partial<Record<ClaimKey, Computed>>> {
  if (claims.target === undefined) return Object.fromEntries(errorKeys.map((key) => [key, undefined]));
  try {
    const computed = approximationClaims(grammar, program, questionOf(grammar, claims.target, claims));
    // Errors at other points of another function come out otherwise: which of all these was changed nobody can say.
    return errorKeys.every((key) => computed[key] === claims[key])
      ? computed
      : { ...computed, ...unknownClaims(["target", "domain"], "the errors differ from what they give") };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return {
      target: `nothing to measure errors against: ${error.problems[0]}`,
      ...unknownClaims(["domain", ...errorKeys], "the header gives no function to compare with"),
    };
  }
}

/** @throws InputError where a header gives no question */
function questionOf(
  grammar: Grammar,
  target: string,
  { domain = "", error = "" }: ExportClaims,
): TargetQuestion {
  const { argumentNames } = grammar.signature;
  const { argument } = readFormula(target);
  const [, name, from, to] = /^(\S+) from (\S+) to ([^\s,]+)(?:, 0 excluded)?$/.exec(domain) ?? [];
  if (argumentNames.length !== 1 || argument !== argumentNames[0] || argument !== name)
    throw new InputError("target, domain and arguments must be of one argument; got others.");
  const ends = { from: Number(from), to: Number(to) };
  if (!(ends.from < ends.to && Number.isFinite(ends.to - ends.from)))
    throw new InputError("domain must be from a number to a greater one; got another one.");
  const kind = (["relative", "absolute", "ulp"] as const).find((one) => error.startsWith(`${one}, `));
  if (kind === undefined) throw new InputError("error must be relative, absolute or ulp; got another one.");
  const isSingle = grammar.types.some((type) => type.kind === "float32");
  return { target, ...ends, error: kind, precision: isSingle ? "f32" : "f64" };
}
