import type { Value } from "../../dsl/index.ts";
import type { Atom } from "./grammar-writer.ts";
import type { Invocation } from "./invocation.ts";
import { constantOf, keyOf, type Linear, substituted, sum, valueAt, variableOf } from "./linear.ts";
import type { Literal } from "./literal.ts";
import type { Symbolic } from "./symbolic.ts";

/** Ways to resolve the choices in one form. */
const MOST_RESOLVED = 64;

/** Linear forms over the solver's integers as forms over the numbers of the function's arguments, and back. */
export class ArgumentForms {
  readonly #invocation: Invocation;
  /** Solver's integer → argument. */
  readonly #argumentOf = new Map<number, number>();

  constructor(invocation: Invocation) {
    this.#invocation = invocation;
    invocation.positions.forEach((position, argument) => {
      const input = invocation.inputs[position] as Symbolic;
      if (input.kind === "int") this.#argumentOf.set(input.form.variables[0] as number, argument);
    });
  }

  /** Arguments that are integers. */
  get integers(): readonly number[] {
    return [...this.#argumentOf.values()];
  }

  /** A form over arguments as one over the solver's integers. */
  inSolver(form: Linear): Linear {
    const { inputs, positions } = this.#invocation;
    let symbolic = constantOf(form.constant);
    form.variables.forEach((argument, k) => {
      const input = inputs[positions[argument] as number] as Symbolic;
      if (input.kind === "int") symbolic = sum(symbolic, input.form, form.coefficients[k]);
    });
    return symbolic;
  }

  /** What an argument is at a point. */
  argumentAt(argument: number, point: readonly Value[]): Value {
    return point[this.#invocation.positions[argument] as number] as Value;
  }

  /** Whether an atom holds at a point. */
  atomAt(atom: Atom, point: readonly Value[]): boolean {
    if (atom.kind === "argument") return (this.argumentAt(atom.argument, point) === true) !== atom.isNegated;
    const value = valueAt(atom.form, (argument) => this.argumentAt(argument, point) as number);
    return (atom.kind === "equality" ? value === 0 : value >= 0) !== atom.isNegated;
  }

  /** Forms of all comparisons that literals are made of, with their choices resolved in every way. */
  comparisonsOf(literals: readonly Literal[]): Linear[] {
    const { formulas } = this.#invocation;
    const forms = new Map<string, Linear>();
    const seen = new Set<Literal>();
    const visit = (literal: Literal): void => {
      const own = literal & ~1;
      if (seen.has(own)) return;
      seen.add(own);
      const meaning = formulas.meanings.get(own);
      if (meaning?.kind === "all") meaning.parts.forEach(visit);
      if (meaning?.kind !== "comparison") return;
      for (const form of this.#resolved(meaning.form, visit)) forms.set(keyOf(form), form);
    };
    literals.forEach(visit);
    return [...forms.values()];
  }

  #resolved(form: Linear, visit: (literal: Literal) => void): Linear[] {
    const { choices } = this.#invocation.formulas;
    const done: Linear[] = [];
    const open = [form];
    for (let k = 0; k < open.length && open.length < MOST_RESOLVED; k++) {
      const one = open[k] as Linear;
      const chosen = one.variables.find((variable) => choices.has(variable));
      const choice = chosen === undefined ? undefined : choices.get(chosen);
      if (chosen === undefined || choice === undefined) {
        done.push(one);
        continue;
      }
      visit(choice.condition);
      open.push(substituted(one, chosen, choice.yes), substituted(one, chosen, choice.no));
    }
    return done;
  }

  /** A form over the solver's integers as one over arguments, null where it has others. */
  overArguments({ variables, coefficients, constant }: Linear): Linear | null {
    let form = constantOf(constant);
    for (let k = 0; k < variables.length; k++) {
      const argument = this.#argumentOf.get(variables[k] as number);
      if (argument === undefined) return null;
      form = sum(form, variableOf(argument), coefficients[k] as number);
    }
    return form;
  }
}
