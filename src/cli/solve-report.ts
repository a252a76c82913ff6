import {
  interpret,
  isTrap,
  type Outcome,
  type Program,
  programSize,
  sameOutcome,
  valueToJson,
} from "../../dsl/index.ts";
import type { Example, ProgramSearch } from "../index.ts";
import { printable } from "./printable.ts";
import type { SolveQuestion } from "./solve-question.ts";
import type { SearchEnd } from "./solve-search.ts";

/** Examples that are printed with what the answer does on them. */
const SHOWN_EXAMPLES = 20;

/** What a program does on an example; null where there is no program. */
interface ExampleOutcome extends Example {
  readonly outcome: Outcome | null;
  readonly isRight: boolean;
}

/** What came of a search. */
export interface SolveResult {
  readonly fileName: string;
  readonly question: SolveQuestion;
  readonly search: ProgramSearch;
  readonly end: SearchEnd;
  /** The answer, or what is nearest to one; null where there is neither. */
  readonly shown: Program | null;
  readonly outcomes: readonly ExampleOutcome[];
  readonly passed: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
}

/**
 * Runs what was found on every example.
 * @throws Error where an answer does not give every output: a fault of the search
 */
export function solveResult(
  told: Pick<SolveResult, "fileName" | "question" | "search" | "end" | "seconds" | "cpuSeconds">,
): SolveResult {
  const { grammar, examples } = told.question;
  const { answer, best } = told.search;
  const shown = answer?.program ?? best?.program ?? null;
  const outcomes = examples.map(({ inputs, output }): ExampleOutcome => {
    const outcome = shown === null ? null : interpret(grammar, shown, inputs);
    return { inputs, output, outcome, isRight: outcome !== null && sameOutcome(outcome, output) };
  });
  const passed = outcomes.filter(({ isRight }) => isRight).length;
  if (answer !== null && passed < examples.length)
    throw new Error(`an answer gives ${passed} of ${examples.length} outputs`);
  return { ...told, shown, outcomes, passed };
}

const rateOf = ({ search, seconds }: SolveResult): number =>
  Math.round(search.steps / Math.max(1e-3, seconds));

/** The result as one line of JSON. */
export function jsonReport(result: SolveResult): string {
  const { fileName, question, search, end, shown, passed } = result;
  const { textOf, examples } = question;
  const { answer } = search;
  return `${printable(
    JSON.stringify({
      file: fileName,
      stop: end.stop,
      answer: answer === null ? null : { program: textOf(answer.program), size: answer.size },
      best: shown === null ? null : { program: textOf(shown), size: programSize(shown), passed },
      examples: examples.length,
      candidates: search.steps,
      candidatesPerSecond: rateOf(result),
      firstSeconds: end.firstSeconds,
      firstCpuSeconds: end.firstCpuSeconds,
      seconds: result.seconds,
      cpuSeconds: result.cpuSeconds,
    }),
  )}\n`;
}

/** The result for people: the answer, what it does on every example, and how much was looked at. */
export function plainReport(result: SolveResult): string {
  const { question, search, end, shown, outcomes, passed, seconds } = result;
  const { textOf, examples } = question;
  const lines: string[] = [];
  if (search.answer === null)
    lines.push(
      `not found${end.stop === "converged" ? " within the bounds of the search" : ` within the ${end.stop}`}; the best passes ${passed} of ${examples.length} examples`,
    );
  if (shown !== null) {
    lines.push(printable(textOf(shown)), "");
    lines.push(...outcomes.slice(0, SHOWN_EXAMPLES).map(exampleLine));
    if (outcomes.length > SHOWN_EXAMPLES) lines.push(`and ${outcomes.length - SHOWN_EXAMPLES} more examples`);
  }
  const nodes = shown === null ? "" : `${programSize(shown)} nodes, `;
  const candidates = search.steps.toLocaleString("en-US");
  const rate = rateOf(result).toLocaleString("en-US");
  lines.push("", `${nodes}${candidates} candidates in ${seconds.toFixed(2)} s, ${rate} a second`);
  return `${lines.join("\n")}\n`;
}

function exampleLine({ inputs, output, outcome, isRight }: ExampleOutcome): string {
  const given = outcome === null ? "" : isTrap(outcome) ? outcome.toString() : valueToJson(outcome);
  const wanted = isRight ? "" : `, not ${valueToJson(output)}`;
  return printable(
    `${isRight ? "ok   " : "wrong"}  ${inputs.map(valueToJson).join(", ")} → ${given}${wanted}`,
  );
}
