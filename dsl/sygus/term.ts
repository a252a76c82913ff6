import type { Primitive } from "../primitive.ts";
import { checkResult } from "../reference.ts";
import { isTrap, trap } from "../trap.ts";
import type { Type } from "../type.ts";
import type { Outcome, Value } from "../value.ts";

/** A typed term of SMT-LIB: what constraints and the bodies of defined functions are made of. */
export type Term =
  | { readonly kind: "value"; readonly type: Type; readonly value: Value }
  | { readonly kind: "variable"; readonly type: Type; readonly name: string }
  | {
      readonly kind: "application";
      readonly type: Type;
      readonly row: Primitive;
      readonly arguments: readonly Term[];
    }
  /** The function that is looked for, of some arguments. */
  | { readonly kind: "call"; readonly type: Type; readonly arguments: readonly Term[] }
  /** Terms with names, all of them read outside the others' names. */
  | {
      readonly kind: "let";
      readonly type: Type;
      readonly bindings: readonly { readonly name: string; readonly term: Term }[];
      readonly body: Term;
    };

/** What variables stand for. */
export type Environment = ReadonlyMap<string, Outcome>;

/** The function that is looked for. */
export type SynthesizedFunction = (...args: Value[]) => Outcome;

const missing: SynthesizedFunction = () => {
  throw new Error("a term calls the function that is looked for, and none was given");
};

/**
 * What a term gives, by plain recursion. Failures are traps, as in programs.
 * @param synthesizedFunction needed only by terms that call it
 */
export function evaluateTerm(
  term: Term,
  environment: Environment,
  synthesizedFunction: SynthesizedFunction = missing,
): Outcome {
  switch (term.kind) {
    case "value":
      return term.value;
    case "variable": {
      const value = environment.get(term.name);
      if (value === undefined) throw new Error(`variable ${term.name} has no value`);
      return value;
    }
    case "let": {
      const inner = new Map(environment);
      for (const { name, term: bound } of term.bindings)
        inner.set(name, evaluateTerm(bound, environment, synthesizedFunction));
      return evaluateTerm(term.body, inner, synthesizedFunction);
    }
    case "call":
    case "application": {
      const values = term.arguments.map((argument) =>
        evaluateTerm(argument, environment, synthesizedFunction),
      );
      const strict = term.kind === "call" ? values.length : term.row.strictParameters;
      for (let k = 0; k < strict; k++) if (isTrap(values[k])) return values[k] as Outcome;
      if (term.kind === "call") return synthesizedFunction(...(values as Value[]));
      let result: unknown;
      try {
        result = term.row.apply(...values);
      } catch {
        result = trap("threw");
      }
      return checkResult(term.type, result);
    }
  }
}

/** The parts that a term is directly made of. */
export const partsOf = (term: Term): readonly Term[] => {
  if (term.kind === "let") return [...term.bindings.map((binding) => binding.term), term.body];
  return term.kind === "application" || term.kind === "call" ? term.arguments : [];
};
