import type { Program, Value } from "../../dsl/index.ts";
import { factored } from "./factoring.ts";
import { ARGUMENTS } from "./term-bank.ts";
import type { Application } from "./application.ts";
import type { Terms } from "./terms.ts";

/** The program that a row stands for, without sharing. */
export function programOf(terms: Terms, nonterminal: number, row: number): Program {
  const tokens: number[] = [];
  const constants: number[] = [];
  const { grammar } = terms;
  const write = (within: Terms, type: number, at: number): void => {
    const bank = within.bank(type);
    const production = bank.production[at] as number;
    (grammar.productions[production]?.children ?? []).forEach((child, k) => {
      const argument = bank.arguments[at * ARGUMENTS + k] as number;
      if (grammar.types[child]?.kind !== "function") return write(within, child, argument);
      write(within.scopeOf(child), within.bodyOf[child] as number, argument);
      tokens.push(grammar.productions.find((p) => p.kind === "lambda" && p.type === child)?.id as number);
    });
    tokens.push(production);
    if (grammar.isConstant[production] === 1) constants.push(bank.arguments[at * ARGUMENTS] as number);
  };
  write(terms, nonterminal, row);
  return { tokens: Int32Array.from(tokens), constants: Float64Array.from(constants) };
}

/** What a row gives on any inputs; undefined where it fails. */
export function valueOn(
  terms: Terms,
  nonterminal: number,
  row: number,
  inputs: readonly Value[],
): Value | undefined {
  const bank = terms.bank(nonterminal);
  const production = bank.production[row] as number;
  const { kind, index, value, children } = terms.grammar.productions[
    production
  ] as Terms["grammar"]["productions"][number];
  if (kind === "argument") return inputs[index];
  if (kind === "literal") return value;
  if (kind === "constant") return bank.arguments[row * ARGUMENTS];
  const { apply, row: primitive, takesFunctions } = terms.applicationOf[production] as Application;
  const given = children.map((child, k) => {
    const argument = bank.arguments[row * ARGUMENTS + k] as number;
    return takesFunctions && terms.grammar.types[child]?.kind === "function"
      ? terms.closures.lambda(child, argument)
      : valueOn(terms, child, argument, inputs);
  });
  if (takesFunctions) terms.closures.prepare(inputs);
  for (let k = 0; k < primitive.strictParameters; k++) if (given[k] === undefined) return undefined;
  return apply(...(given as Value[])) as Value | undefined;
}

interface Place {
  readonly nonterminal: number;
  readonly row: number;
  readonly parent: Place | null;
  /** Which argument of the parent it is. */
  readonly argument: number;
}

/**
 * The term with parts replaced by smaller ones that leave what it gives as it is: any known term may take any place, whether it does the
 * same or not.
 * @returns a row of the same nonterminal
 */
export function shrunk(terms: Terms, nonterminal: number, row: number, maximumTerms: number): number {
  const goal = Array.from(
    terms.column.keys(),
    (e) => terms.bank(nonterminal).columns[row * terms.column.length + e] as number,
  );
  let best = row;
  for (let isSmaller = true; isSmaller; ) {
    isSmaller = false;
    best = factored(terms, nonterminal, best);
    const places: Place[] = [{ nonterminal, row: best, parent: null, argument: 0 }];
    for (let k = 0; k < places.length && !isSmaller; k++) {
      const place = places[k] as Place;
      const replaced = smallerAt(terms, place, goal, maximumTerms);
      if (replaced >= 0) {
        best = replaced;
        isSmaller = true;
        break;
      }
      const bank = terms.bank(place.nonterminal);
      const { children } = terms.grammar.productions[bank.production[place.row] as number] as {
        children: readonly number[];
      };
      children.forEach((child, c) => {
        if (terms.grammar.types[child]?.kind === "function") return;
        places.push({
          nonterminal: child,
          row: bank.arguments[place.row * ARGUMENTS + c] as number,
          parent: place,
          argument: c,
        });
      });
    }
  }
  return best;
}

/** The whole term with another in one place, −1 where none that is smaller there gives the goal. */
function smallerAt(terms: Terms, place: Place, goal: readonly number[], maximumTerms: number): number {
  const bank = terms.bank(place.nonterminal);
  const size = bank.size[place.row] as number;
  const n = goal.length;
  const path: { readonly application: Application; readonly rows: number[]; readonly argument: number }[] =
    [];
  for (let at: Place = place; at.parent !== null; at = at.parent) {
    const above = terms.bank(at.parent.nonterminal);
    const application = terms.applicationOf[above.production[at.parent.row] as number] as Application;
    const from = at.parent.row * ARGUMENTS;
    path.push({
      application,
      rows: Array.from(above.arguments.subarray(from, from + ARGUMENTS)),
      argument: at.argument,
    });
  }
  // What the whole gives on an example when the place gives a value.
  const wholeOf = (number: number, e: number): number => {
    let value = number;
    for (const { application, rows, argument } of path) {
      const given = terms.argumentsAt(application, rows, e);
      given[argument] = value;
      value = terms.outcome(application, given, e);
    }
    return value;
  };
  const known: Map<number, boolean>[] = goal.map(() => new Map());
  for (let smaller = 1; smaller < size; smaller++) {
    let tried = 0;
    for (const row of bank.rowsOfSize[smaller] ?? []) {
      if (++tried > maximumTerms) break;
      let fits = true;
      terms.steps++;
      for (let e = 0; e < n && fits; e++) {
        const number = bank.columns[row * n + e] as number;
        let isGoal = known[e]?.get(number);
        if (isGoal === undefined) {
          isGoal = wholeOf(number, e) === goal[e];
          known[e]?.set(number, isGoal);
        }
        fits = isGoal;
      }
      if (!fits) continue;
      let whole = row;
      for (const { application, rows, argument } of path) {
        rows[argument] = whole;
        const [a, b, c, d] = rows as [number, number, number, number];
        whole = terms.put(application, a, b, c, d);
      }
      return whole;
    }
  }
  return -1;
}
