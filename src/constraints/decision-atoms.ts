import type { ArgumentForms } from "./argument-forms.ts";
import type { Atom } from "./grammar-writer.ts";
import type { Invocation } from "./invocation.ts";
import { constantOf, isConstant, keyOf, type Linear, scaled, sum } from "./linear.ts";
import { type Literal, negated } from "./literal.ts";
import type { Symbolic } from "./symbolic.ts";

/** Outputs of which each is compared with each other. */
const MOST_COMPARED = 12;

/**
 * What decisions may ask: comparisons of the constraints, and of those with an output in its place; truths among the arguments.
 * @param rights for each chosen output, that it is right
 * @param outputs those that are integers
 */
export function decisionAtoms(
  invocation: Invocation,
  argumentForms: ArgumentForms,
  rights: readonly Literal[],
  outputs: readonly Linear[],
): readonly { readonly atom: Atom; readonly literal: Literal }[] {
  const { formulas, inputs, positions, holds } = invocation;
  const forms = new Map<string, Linear>();
  const add = (form: Linear): void => {
    const own = argumentForms.overArguments(form);
    if (own === null || isConstant(own)) return;
    forms.set(keyOf(own), own);
  };
  for (const form of argumentForms.comparisonsOf([holds, ...rights])) add(form);
  // An output equals another.
  if (outputs.length <= MOST_COMPARED)
    for (const a of outputs) for (const b of outputs) if (a !== b) add(sum(a, b, -1));
  const atoms: { readonly atom: Atom; readonly literal: Literal }[] = [];
  const both = (atom: Atom, literal: Literal): void => {
    atoms.push({ atom, literal }, { atom: { ...atom, isNegated: true }, literal: negated(literal) });
  };
  const symbolicOf = (form: Linear): Linear => argumentForms.inSolver(form);
  for (const form of forms.values())
    both({ kind: "comparison", form, isNegated: false }, formulas.atLeastZero(symbolicOf(form)));
  const seen = new Set<Literal>();
  for (const form of forms.values())
    for (const near of [0, 1, -1]) {
      const shifted = sum(form, constantOf(near));
      const isPair =
        forms.has(keyOf(scaled(shifted, -1))) || forms.has(keyOf(sum(scaled(shifted, -1), constantOf(-1))));
      const literal = isPair ? formulas.equal(symbolicOf(shifted), constantOf(0)) : formulas.false;
      if (literal === formulas.false || seen.has(literal)) continue;
      seen.add(literal);
      both({ kind: "equality", form: shifted, isNegated: false }, literal);
    }
  positions.forEach((position, argument) => {
    const input = inputs[position] as Symbolic;
    if (input.kind === "bool") both({ kind: "argument", argument, isNegated: false }, input.literal);
  });
  return atoms;
}
