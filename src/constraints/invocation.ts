import type { SygusTask } from "../../dsl/index.ts";
import { Formulas } from "./formulas.ts";
import { keyOf, variableOf } from "./linear.ts";
import type { Literal } from "./literal.ts";
import type { Symbolic } from "./symbolic.ts";
import { statement } from "./verifier.ts";

/** What the constraints come to where all of them ask for the function at the same arguments. */
export interface Invocation {
  readonly formulas: Formulas;
  /** The variables, in the order of the task, and those among them that are the arguments, in the order of these. */
  readonly inputs: readonly Symbolic[];
  readonly positions: readonly number[];
  readonly output: Symbolic;
  readonly holds: Literal;
}

/** Null where the function is asked for at several places, or not of the variables themselves. */
export function invocationOf(task: SygusTask): Invocation | null {
  const formulas = new Formulas();
  const isTruth = task.signature.result.kind === "bool";
  const output: Symbolic = isTruth
    ? { kind: "bool", literal: formulas.newTruth() }
    : { kind: "int", form: variableOf(formulas.newInteger()) };
  const calls: (readonly Symbolic[])[] = [];
  const { inputs, holds } = statement(task, formulas, () => (args) => {
    calls.push(args);
    return output;
  });
  const texts = inputs.map(textOf);
  const positions = (calls[0] ?? []).map((argument) => texts.indexOf(textOf(argument)));
  if (calls.length === 0 || positions.includes(-1) || new Set(positions).size < positions.length) return null;
  if (calls.some((args) => args.some((argument, k) => textOf(argument) !== texts[positions[k] as number])))
    return null;
  // What the function is not told of must not matter.
  if (positions.length < inputs.length && usesOthers(task, new Set(positions))) return null;
  return { formulas, inputs, positions, output, holds: formulas.all(holds) };
}

const textOf = (symbolic: Symbolic): string =>
  symbolic.kind === "int" ? keyOf(symbolic.form) : `?${symbolic.literal}`;

/** Whether a constraint names a variable that is no argument. */
function usesOthers({ variables, constraints }: SygusTask, positions: ReadonlySet<number>): boolean {
  const others = new Set(variables.flatMap(({ name }, k) => (positions.has(k) ? [] : [name])));
  const uses = (term: SygusTask["constraints"][number]["term"]): boolean => {
    if (term.kind === "variable") return others.has(term.name);
    if (term.kind === "let") return term.bindings.some((binding) => uses(binding.term)) || uses(term.body);
    return term.kind !== "value" && term.arguments.some(uses);
  };
  return constraints.some(({ term }) => uses(term));
}
