import { choiceOf } from "./choice.ts";
import { ARGUMENTS, NONE, type TermBank } from "./term-bank.ts";
import type { Application } from "./application.ts";
import type { Terms } from "./terms.ts";

/**
 * The term with choices moved inwards: where both branches apply the same row and differ in one argument, the choice is made of that
 * argument, and the rest is written once.
 * @returns a row of the same nonterminal that does the same
 */
export function factored(terms: Terms, nonterminal: number, row: number): number {
  const bank = terms.bank(nonterminal);
  const application = terms.applicationOf[bank.production[row] as number];
  if (application === undefined || application.children.length === 0) return row;
  const rows = argumentsOf(bank, row, application);
  const inner = rows.map((argument, k) => factored(terms, application.children[k] as number, argument));
  const rebuilt = inner.every((argument, k) => argument === rows[k]) ? row : put(terms, application, inner);
  const whole = rebuilt === NONE ? row : rebuilt;
  const moved = movedInwards(terms, bank, whole);
  if (moved === NONE || (bank.size[moved] as number) >= (bank.size[whole] as number)) return whole;
  return factored(terms, nonterminal, moved);
}

function movedInwards(terms: Terms, bank: TermBank, row: number): number {
  const choice = terms.applicationOf[bank.production[row] as number];
  if (choice === undefined || choiceOf(choice) === null) return NONE;
  const [condition, yes, no] = argumentsOf(bank, row, choice) as [number, number, number];
  const application = terms.applicationOf[bank.production[yes] as number];
  if (application === undefined || bank.production[no] !== bank.production[yes] || application === choice)
    return NONE;
  const left = argumentsOf(bank, yes, application);
  const right = argumentsOf(bank, no, application);
  const places = left.flatMap((argument, k) => (argument === right[k] ? [] : [k]));
  const place = places[0];
  if (place === undefined || places.length > 1) return NONE;
  const kind = application.children[place];
  const within = terms.applications.find(
    (one) =>
      one.nonterminal === kind &&
      one.children[0] === choice.children[0] &&
      one.row.name === choice.row.name &&
      choiceOf(one) !== null,
  );
  if (within === undefined) return NONE;
  const chosen = put(terms, within, [condition, left[place] as number, right[place] as number]);
  if (chosen === NONE) return NONE;
  left[place] = chosen;
  return put(terms, application, left);
}

const argumentsOf = (bank: TermBank, row: number, { children }: Application): number[] =>
  Array.from(bank.arguments.subarray(row * ARGUMENTS, row * ARGUMENTS + children.length));

function put(terms: Terms, application: Application, rows: readonly number[]): number {
  const [a = 0, b = 0, c = 0, d = 0] = rows;
  return terms.put(application, a, b, c, d);
}
