import {
  interpret,
  isTrap,
  type Outcome,
  type Program,
  programSize,
  sameOutcome,
  type Value,
  valueToJson,
} from "../../dsl/index.ts";
import { type Answer, type Candidate, candidatesOf, counted, type Example, nearbyInputs } from "../index.ts";
import { printable } from "./printable.ts";
import type { SolveQuestion } from "./solve-question.ts";
import { type Refinement, RUNNER_UP_INPUTS, type SearchRun } from "./solve-refinement.ts";
import { notFoundText } from "./solve-search.ts";

/** Examples that are printed with what the answer does on them. */
const SHOWN_EXAMPLES = 20;
/** Runners-up that are told. */
const RUNNERS_UP = 3;

/** What a program does on an example; null where there is no program. */
interface ExampleOutcome extends Example {
  readonly outcome: Outcome | null;
  readonly isRight: boolean;
}

/** A program that gives every output as well, with an input on which it differs from the answer. */
interface RunnerUp {
  readonly program: Program;
  readonly size: number;
  readonly inputs: readonly Value[];
  readonly outcome: Outcome;
  readonly answerOutcome: Outcome;
}

/** What came of a search. */
export interface SolveResult {
  readonly fileName: string;
  readonly run: SearchRun;
  /** Null where nobody was asked. */
  readonly refinement: Refinement | null;
  readonly heldOut: readonly Example[];
  /** Those of all searches. */
  readonly candidates: number;
  /** The answer, or what is nearest to one; null where there is neither. */
  readonly shown: Program | null;
  readonly outcomes: readonly ExampleOutcome[];
  readonly passed: number;
  readonly heldOutcomes: readonly ExampleOutcome[];
  readonly runnersUp: readonly RunnerUp[];
  readonly seconds: number;
  readonly cpuSeconds: number;
}

/**
 * Runs what was found on every example, and looks for runners-up.
 * @throws Error where an answer does not give every output: a fault of the search
 */
export function solveResult(
  told: Pick<
    SolveResult,
    "fileName" | "run" | "refinement" | "heldOut" | "candidates" | "seconds" | "cpuSeconds"
  >,
): SolveResult {
  const { question, search, answers } = told.run;
  // What is found beside an answer may be smaller: then it is the answer.
  let runnersUp: readonly RunnerUp[] = [];
  for (let isBetter = search.answer !== null; isBetter; ) {
    const { program } = search.answer as Answer;
    runnersUp = runnersUpOf(question, program, answers);
    const [smallest] = runnersUp;
    isBetter = smallest !== undefined && search.take?.(smallest.program) === true;
  }
  const { answer, best } = search;
  const shown = answer?.program ?? nearest(question, [...(best === null ? [] : [best.program]), ...answers]);
  const outcomeOf = ({ inputs, output }: Example): ExampleOutcome => {
    const outcome = shown === null ? null : interpret(question.grammar, shown, inputs);
    return { inputs, output, outcome, isRight: outcome !== null && sameOutcome(outcome, output) };
  };
  const outcomes = question.examples.map(outcomeOf);
  const passed = passedOf(outcomes);
  if (answer !== null && passed < outcomes.length)
    throw new Error(`an answer gives ${passed} of ${outcomes.length} outputs`);
  return { ...told, shown, outcomes, passed, heldOutcomes: told.heldOut.map(outcomeOf), runnersUp };
}

/** The program that gives most outputs, the first of several; null where none gives any. */
function nearest({ grammar, examples }: SolveQuestion, programs: readonly Program[]): Program | null {
  const counts = programs.map(
    (program) =>
      examples.filter(({ inputs, output }) => sameOutcome(interpret(grammar, program, inputs), output))
        .length,
  );
  const most = Math.max(0, ...counts);
  return most === 0 ? null : (programs[counts.indexOf(most)] as Program);
}

const passedOf = (outcomes: readonly ExampleOutcome[]): number =>
  outcomes.filter(({ isRight }) => isRight).length;

function runnersUpOf(
  { grammar, examples }: SolveQuestion,
  answer: Program,
  given: readonly Program[],
): readonly RunnerUp[] {
  const near = nearbyInputs(grammar.signature.argumentTypes, examples, RUNNER_UP_INPUTS);
  const { inputs, first, others } = candidatesOf({ grammar, examples }, answer, given, near, RUNNERS_UP);
  return others.map(({ program, size, outcomes }: Candidate): RunnerUp => {
    const at = outcomes.findIndex((outcome, k) => !sameOutcome(outcome, first.outcomes[k] as Outcome));
    return {
      program,
      size,
      inputs: inputs[at] as readonly Value[],
      outcome: outcomes[at] as Outcome,
      answerOutcome: first.outcomes[at] as Outcome,
    };
  });
}

const rateOf = ({ candidates, seconds }: SolveResult): number =>
  Math.round(candidates / Math.max(1e-3, seconds));

/** The result as one line of JSON. */
export function jsonReport(result: SolveResult): string {
  const { fileName, run, refinement, shown, passed, heldOutcomes } = result;
  const { question, search, end } = run;
  const { textOf, examples } = question;
  const { answer } = search;
  return `${printable(
    valueToJson({
      file: fileName,
      stop: end.stop,
      answer: answer === null ? null : { program: textOf(answer.program), size: answer.size },
      best: shown === null ? null : { program: textOf(shown), size: programSize(shown), passed },
      examples: examples.length,
      ...(heldOutcomes.length === 0
        ? {}
        : { holdout: { examples: heldOutcomes.length, passed: passedOf(heldOutcomes) } }),
      ...(refinement === null
        ? {}
        : {
            learned: refinement.learned,
            told: refinement.told,
            agreed: refinement.agreed,
            complete: refinement.isComplete,
          }),
      runnersUp: result.runnersUp.map(({ program, size, inputs, outcome, answerOutcome }) => ({
        program: textOf(program),
        size,
        inputs,
        output: isTrap(outcome) ? null : outcome,
        answerOutput: isTrap(answerOutcome) ? null : answerOutcome,
      })),
      candidates: result.candidates,
      candidatesPerSecond: rateOf(result),
      firstSeconds: end.firstSeconds,
      firstCpuSeconds: end.firstCpuSeconds,
      seconds: result.seconds,
      cpuSeconds: result.cpuSeconds,
      digest: search.digest,
    }),
  )}\n`;
}

/** The result for people: the answer, what it does on every example, and how much was looked at. */
export function plainReport(result: SolveResult): string {
  const { run, refinement, shown, outcomes, passed, heldOutcomes, seconds } = result;
  const { question, search, end } = run;
  const { textOf, examples } = question;
  const lines: string[] = [];
  if (search.answer === null)
    lines.push(`${notFoundText(end)}; the best passes ${passed} of ${examples.length} examples`);
  if (shown !== null) {
    lines.push(printable(textOf(shown)), "");
    lines.push(...outcomes.slice(0, SHOWN_EXAMPLES).map(exampleLine));
    if (outcomes.length > SHOWN_EXAMPLES) lines.push(`and ${outcomes.length - SHOWN_EXAMPLES} more examples`);
  }
  if (heldOutcomes.length > 0) {
    lines.push(
      "",
      `${passedOf(heldOutcomes)} of ${heldOutcomes.length} examples that were kept back are right${search.answer === null ? " with the best" : ""}`,
    );
    lines.push(
      ...heldOutcomes
        .filter(({ isRight }) => !isRight)
        .slice(0, SHOWN_EXAMPLES)
        .map(exampleLine),
    );
  }
  if (refinement !== null) lines.push("", ...refinementLines(refinement));
  if (result.runnersUp.length > 0)
    lines.push("", "programs that give every output as well, and something else on another input:");
  for (const { program, size, inputs, outcome, answerOutcome } of result.runnersUp)
    lines.push(
      printable(`  ${textOf(program)}`),
      printable(
        `    ${size} nodes; ${inputs.map(valueToJson).join(", ")} → ${shownOutcome(outcome)}; the answer gives ${shownOutcome(answerOutcome)}`,
      ),
    );
  const nodes = shown === null ? "" : `${programSize(shown)} nodes, `;
  const candidates = result.candidates.toLocaleString("en-US");
  const rate = rateOf(result).toLocaleString("en-US");
  lines.push("", `${nodes}${candidates} candidates in ${seconds.toFixed(2)} s, ${rate} a second`);
  return `${lines.join("\n")}\n`;
}

/** What was learned from who was asked. */
function refinementLines({ learned, told, agreed, isComplete }: Refinement): string[] {
  const lines = learned.map(({ inputs, output }) =>
    printable(`learned  ${inputs.map(valueToJson).join(", ")} → ${valueToJson(output)}`),
  );
  lines.push(
    `${counted(told, "output")} ${told === 1 ? "was" : "were"} told, and the answer gives ${agreed} of them${isComplete ? "" : "; there was more to ask"}`,
  );
  return lines;
}

function exampleLine({ inputs, output, outcome, isRight }: ExampleOutcome): string {
  const given = outcome === null ? "" : shownOutcome(outcome);
  const wanted = isRight ? "" : `, not ${valueToJson(output)}`;
  return printable(
    `${isRight ? "ok   " : "wrong"}  ${inputs.map(valueToJson).join(", ")} → ${given}${wanted}`,
  );
}

const shownOutcome = (outcome: Outcome): string =>
  isTrap(outcome) ? outcome.toString() : valueToJson(outcome);
