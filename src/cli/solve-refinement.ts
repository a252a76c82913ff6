import {
  type Grammar,
  InputError,
  interpret,
  type Outcome,
  parseProgram,
  printProgram,
  type Program,
  sameOutcome,
  type Value,
  valueToJson,
} from "../../dsl/index.ts";
import { type Candidates, candidatesOf, type Example, nearbyInputs, type ProgramSearch } from "../index.ts";
import type { SolveQuestion } from "./solve-question.ts";
import type { SearchEnd } from "./solve-search.ts";

/** Programs beside an answer that are told apart. */
const MOST_OTHERS = 15;
/** Inputs near the examples that are put to somebody who is asked about answers too, and those that tell programs apart. */
const NEAR_INPUTS = 50;
/** Inputs that tell runners-up apart where nobody is asked. */
export const RUNNER_UP_INPUTS = 24;
/** Searches that follow one another. */
const MOST_SEARCHES = 100;

/** Somebody or something that tells outputs. */
export interface Informant {
  /** Inputs that may be put to it. */
  readonly mostQuestions: number;
  /** Whether it is asked where programs agree, too, to find out where all are wrong. */
  readonly isChecking: boolean;
  /**
   * @param candidates what programs give on the inputs, the answer first, each outcome once
   * @returns null where it does not know; "end" to be asked no more
   */
  outputOf(
    inputs: readonly Value[],
    candidates: readonly Outcome[],
  ): Promise<{ readonly value: Value } | null | "end">;
}

/** A search that has ended. */
export interface SearchRun {
  readonly question: SolveQuestion;
  readonly search: ProgramSearch;
  readonly end: SearchEnd;
  /** Answers on the way. */
  readonly answers: readonly Program[];
}

/** What came of searching and asking in turn. */
export interface Refinement {
  readonly run: SearchRun;
  /** Examples that were learned. */
  readonly learned: readonly Example[];
  /** Inputs whose outputs were told, and on how many of them the answer gives them. */
  readonly told: number;
  readonly agreed: number;
  /** Whether nothing more was to be asked. */
  readonly isComplete: boolean;
}

/**
 * Searches, asks for outputs on which programs that give every example differ, takes them for examples and searches on. One that
 * is checking is also asked for outputs on other inputs near the examples, and those that the answer does not give become examples
 * (counterexample-guided: Solar-Lezama et al. 2006).
 */
export async function refine(
  begun: SolveQuestion,
  search: (question: SolveQuestion) => Promise<SearchRun>,
  informant: Informant,
): Promise<Refinement> {
  let run = await search(begun);
  const known = new Map<string, { readonly inputs: readonly Value[]; readonly value: Value | null }>();
  const learned: Example[] = [];
  const gives = (program: Program, { inputs, output }: Example): boolean =>
    sameOutcome(interpret(run.question.grammar, program, inputs), output);
  let isComplete = false;
  while (run.search.answer !== null && run.end.stop !== "interrupted" && learned.length < MOST_SEARCHES) {
    const { program } = run.search.answer;
    const told = [...known.values()].flatMap(({ inputs, value }) =>
      value === null ? [] : [{ inputs, output: value }],
    );
    let example = told.find((one) => !gives(program, one)) ?? null;
    let isEnded = false;
    if (example === null) {
      const near = unknownInputs(run.question, known);
      const candidates = candidatesOf(run.question, program, run.answers, near, MOST_OTHERS);
      const telling = inputsThatTell(candidates);
      const rest = informant.isChecking ? near.filter((inputs) => !telling.includes(inputs)) : [];
      for (const inputs of [...telling, ...rest]) {
        if (known.size >= informant.mostQuestions) {
          isEnded = true;
          break;
        }
        const output = await informant.outputOf(inputs, outcomesOn(run.question, inputs, candidates));
        if (output === "end") {
          isEnded = true;
          break;
        }
        known.set(valueToJson(inputs), { inputs, value: output?.value ?? null });
        if (output === null) continue;
        const one = { inputs, output: output.value };
        if (informant.isChecking && gives(program, one)) continue;
        example = one;
        break;
      }
    }
    if (example === null) {
      isComplete = !isEnded;
      break;
    }
    learned.push(example);
    const examples = [...run.question.examples, example];
    // What is right stays; its language does then, too.
    if (gives(program, example)) {
      const { search: same, end, answers } = run;
      run = { question: { ...run.question, examples }, search: same, end, answers };
      continue;
    }
    const before = printProgram(run.question.grammar, program);
    run = await search(run.question.withExamples(examples));
    // Where nothing gives all outputs, the answer so far may be what gives most.
    if (run.search.answer !== null) continue;
    const { question, search: found, end, answers } = run;
    run = { question, search: found, end, answers: [...answers, ...programIn(question.grammar, before)] };
  }
  const { answer } = run.search;
  const outputs = [...known.values()].filter(({ value }) => value !== null);
  const agreed = outputs.filter(
    ({ inputs, value }) => answer !== null && gives(answer.program, { inputs, output: value as Value }),
  ).length;
  return { run, learned, told: outputs.length, agreed, isComplete };
}

/** Inputs near the examples that nobody was asked about: first those that runners-up are told apart by. */
function unknownInputs(
  { grammar, examples }: SolveQuestion,
  known: ReadonlyMap<string, unknown>,
): (readonly Value[])[] {
  const { argumentTypes } = grammar.signature;
  const near = new Map<string, readonly Value[]>();
  for (const count of [RUNNER_UP_INPUTS, NEAR_INPUTS + known.size])
    for (const inputs of nearbyInputs(argumentTypes, examples, count)) near.set(valueToJson(inputs), inputs);
  for (const key of known.keys()) near.delete(key);
  return [...near.values()];
}

/** A program of another language, where this one has it, too. */
function programIn(grammar: Grammar, text: string): Program[] {
  try {
    return [parseProgram(grammar, text)];
  } catch (error) {
    if (error instanceof InputError) return [];
    throw error;
  }
}

/**
 * Inputs on which some other program differs from the answer: those first on which the smallest ones do, which are the likeliest to be meant, and of
 * these those that leave the fewest programs whatever the output.
 */
function inputsThatTell({ inputs, first, others }: Candidates): (readonly Value[])[] {
  return inputs
    .map((one, k) => {
      const classes: { readonly outcome: Outcome; count: number }[] = [];
      for (const { outcomes } of [first, ...others]) {
        const outcome = outcomes[k] as Outcome;
        const alike = classes.find((known) => sameOutcome(known.outcome, outcome));
        if (alike === undefined) classes.push({ outcome, count: 1 });
        else alike.count++;
      }
      // The others are in the order of their sizes.
      const rank = others.findIndex(
        ({ outcomes }) => !sameOutcome(outcomes[k] as Outcome, first.outcomes[k] as Outcome),
      );
      return { one, rank, largest: Math.max(...classes.map(({ count }) => count)) };
    })
    .filter(({ rank }) => rank >= 0)
    .sort((p, q) => p.rank - q.rank || p.largest - q.largest)
    .map(({ one }) => one);
}

function outcomesOn(
  { grammar }: SolveQuestion,
  inputs: readonly Value[],
  { first, others }: Candidates,
): readonly Outcome[] {
  const outcomes: Outcome[] = [];
  for (const { program } of [first, ...others]) {
    const outcome = interpret(grammar, program, inputs);
    if (!outcomes.some((known) => sameOutcome(known, outcome))) outcomes.push(outcome);
  }
  return outcomes;
}
