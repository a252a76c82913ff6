import type { Grammar, Program, SygusTask, Term, Value } from "../../dsl/index.ts";
import { Formulas } from "./formulas.ts";
import { variableOf } from "./linear.ts";
import { InexactError } from "./linear.ts";
import { negated, type Verdict } from "./linear-solver.ts";
import { literalOf, type Symbolic, type SymbolicFunction, SymbolicReader } from "./symbolic.ts";

/** Whether something holds for all integers, or values of the variables for which it does not. */
export interface Proof {
  readonly verdict: "holds" | "fails" | "unknown";
  readonly counterexample: readonly Value[] | null;
  /** Decisions and conflicts of the solver. */
  readonly steps: number;
}

/** Constraints of a task, or of none: truths about variables and the function that is looked for. */
export type Constraints = Pick<SygusTask, "variables"> & {
  readonly constraints: readonly { readonly term: Term }[];
};

/** The variables of constraints, and those constraints with a function in its place. */
export function statement(
  { variables, constraints }: Constraints,
  formulas: Formulas,
  functionOf: (reader: SymbolicReader) => SymbolicFunction,
): { readonly inputs: readonly Symbolic[]; readonly holds: readonly number[] } {
  const reader = new SymbolicReader(formulas);
  const environment = new Map<string, Symbolic>();
  const inputs = variables.map(({ name, type }): Symbolic => {
    const input: Symbolic =
      type.kind === "int"
        ? { kind: "int", form: variableOf(formulas.newInteger()) }
        : { kind: "bool", literal: formulas.newTruth() };
    // Constraints that name a variable of another sort are refused.
    if (type.kind === "int" || type.kind === "bool") environment.set(name, input);
    return input;
  });
  const call = functionOf(reader);
  return {
    inputs,
    holds: constraints.map(({ term }) => literalOf(reader.term(term, environment, call))),
  };
}

/** The values of variables in the last solution. */
export const valuesOf = (inputs: readonly Symbolic[], { solver }: Formulas): readonly Value[] =>
  inputs.map((input) =>
    input.kind === "bool" ? solver.isTrue(input.literal) : solver.valueOf(input.form.variables[0] as number),
  );

/**
 * Whether a program satisfies constraints for all values of their variables, of any size.
 * @param effort decisions and conflicts of the solver until it is given up
 * @throws NonlinearError for what is outside of linear integer arithmetic
 */
export function verify(constraints: Constraints, grammar: Grammar, program: Program, effort: number): Proof {
  try {
    const formulas = new Formulas();
    const { inputs, holds } = statement(
      constraints,
      formulas,
      (reader) => (args) => reader.program(grammar, program, args),
    );
    const verdict = formulas.solver.solve([negated(formulas.all(holds))], effort);
    return {
      verdict: toldBy[verdict],
      counterexample: verdict === "satisfiable" ? valuesOf(inputs, formulas) : null,
      steps: formulas.solver.steps,
    };
  } catch (error) {
    if (!(error instanceof InexactError)) throw error;
    return { verdict: "unknown", counterexample: null, steps: 1 };
  }
}

const toldBy: Readonly<Record<Verdict, Proof["verdict"]>> = {
  satisfiable: "fails",
  unsatisfiable: "holds",
  unknown: "unknown",
};
