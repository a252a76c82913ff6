import {
  comparePrograms,
  type Grammar,
  interpret,
  isTrap,
  type Outcome,
  type Program,
  programSize,
  sameOutcome,
  type Value,
  valueToJson,
} from "../../dsl/index.ts";
import { countedSize } from "./counted-size.ts";
import type { Example } from "./terms.ts";
import { variantsOf } from "./variants.ts";

/** Examples that variants are made for; they are held against all. */
const FIRST_EXAMPLES = 12;
/** Inputs that programs are told apart by. */
const MOST_INPUTS = 24;
/** Variants that are looked at. */
const MOST_VARIANTS = 200;
/** A program with more nodes than that beyond the answer's is not what was meant: so many, or a share of the answer's. */
const MORE_NODES = 3;
const MORE_SHARE = 0.25;

/** A program that gives every output, with what it gives on other inputs. */
export interface Candidate {
  readonly program: Program;
  readonly size: number;
  /** Its size as searches count it. */
  readonly counted: number;
  readonly outcomes: readonly Outcome[];
}

/** Programs that give every output, and the other inputs that they are told apart by. */
export interface Candidates {
  readonly inputs: readonly (readonly Value[])[];
  /** The answer. */
  readonly first: Candidate;
  /** Others, each of which gives something else on some input; the smallest first. */
  readonly others: readonly Candidate[];
}

/**
 * An answer and programs that give every output as well and something else on other inputs: the smallest of each behaviour, of variants of
 * the answer and of programs that are given.
 * Much larger ones are left out.
 * @param given programs that may give every output
 * @param inputs that tell programs apart; the first 24 count
 * @param count of others at most
 */
export function candidatesOf(
  { grammar, examples }: { readonly grammar: Grammar; readonly examples: readonly Example[] },
  answer: Program,
  given: readonly Program[],
  inputs: readonly (readonly Value[])[],
  count: number,
): Candidates {
  const asked = inputs.slice(0, MOST_INPUTS);
  const behaviourOf = (program: Program): readonly Outcome[] =>
    asked.map((one) => interpret(grammar, program, one));
  const givesAll = (program: Program): boolean =>
    examples.every(({ inputs: one, output }) => sameOutcome(interpret(grammar, program, one), output));
  const textOf = (outcomes: readonly Outcome[]): string =>
    valueToJson(outcomes.map((outcome) => (isTrap(outcome) ? null : [outcome])));
  const sizesOf = (program: Program): { size: number; counted: number } => ({
    size: programSize(program),
    counted: countedSize(grammar, program),
  });
  const first = { program: answer, ...sizesOf(answer), outcomes: behaviourOf(answer) };
  const own = textOf(first.outcomes);
  const found = new Map<string, Candidate>();
  const variants = variantsOf(grammar, examples.slice(0, FIRST_EXAMPLES), answer, asked);
  const largest = first.counted + Math.max(MORE_NODES, Math.floor(MORE_SHARE * first.counted));
  for (const program of [...given, ...variants.slice(0, MOST_VARIANTS)]) {
    const sizes = sizesOf(program);
    if (sizes.counted > largest) continue;
    const outcomes = behaviourOf(program);
    const key = textOf(outcomes);
    if (
      key === own ||
      (found.get(key)?.counted ?? Number.POSITIVE_INFINITY) <= sizes.counted ||
      !givesAll(program)
    )
      continue;
    found.set(key, { program, ...sizes, outcomes });
  }
  const others = [...found.values()].sort(
    (p, q) => p.counted - q.counted || comparePrograms(p.program, q.program),
  );
  return { inputs: asked, first, others: others.slice(0, count) };
}
