import type { Call, Value } from "../../dsl/index.ts";
import { bodiesFor, decidedBody, wantedOf } from "./bodies.ts";
import { NONE, type TermBank } from "./term-bank.ts";
import type { Application } from "./application.ts";
import type { Terms } from "./terms.ts";

/** Trees of decisions that are tried as bodies of lambdas of a row, each where so many calls are known. */
const MOST_DECIDED = 12;
const LEAST_DECIDED = 4;

/**
 * For other arguments of a row that takes a function, the function that gives a goal with them (Feser et al. 2015): what it must give for
 * which arguments follows from the goal.
 * @param take is given the terms
 */
export function* completeWithLambda(
  terms: Terms,
  application: Application,
  goal: Int32Array,
  effort: number,
  take: (row: number) => void,
): Generator<void> {
  const { children, row, nonterminal } = application;
  const { grammar } = terms;
  const at = children.findIndex((child) => grammar.types[child]?.kind === "function");
  const others = children.map((_, k) => k).filter((k) => k !== at);
  if (others.some((k) => grammar.types[children[k] as number]?.kind === "function") || others.length > 2)
    return;
  const n = goal.length;
  const goals = Array.from(goal, (number) => terms.valueOf(nonterminal, number) as Value);
  const banks = others.map((k) => terms.banks[children[k] as number] as TermBank);
  const most = others.length === 1 ? effort : Math.floor(Math.sqrt(effort));
  const given: number[] = [0, 0, 0, 0];
  const valueAt = (k: number, e: number): Value | undefined =>
    terms.valueOf(
      children[k] as number,
      (terms.banks[children[k] as number] as TermBank).columns[(given[k] as number) * n + e] as number,
    );
  const [A, B] = banks as [TermBank, TermBank?];
  const [i, j] = others as [number, number?];
  let decided = 0;
  for (let a = 0; a < Math.min(A.count, most); a++) {
    yield;
    for (let b = 0; b < Math.min(B?.count ?? 1, most); b++) {
      given[i] = a;
      if (j !== undefined) given[j] = b;
      terms.steps++;
      const calls: (readonly Call[])[] = [];
      for (let e = 0; e < n; e++) {
        const p = valueAt(i, e);
        const q = j === undefined ? undefined : valueAt(j, e);
        if (p === undefined || (j !== undefined && q === undefined)) break;
        const known = row.demand?.(goals[e], p, q);
        if (known === undefined) break;
        calls.push(known);
      }
      if (calls.length < n) continue;
      const functionType = children[at] as number;
      const wanted = wantedOf(terms, functionType, calls);
      if (wanted === null || wanted.size === 0) continue;
      const result = terms.bodyOf[functionType] as number;
      const scope = terms.scopeOf(functionType);
      const bodies = bodiesFor(scope.bank(result), wanted);
      if (bodies.length === 0 && wanted.size >= LEAST_DECIDED && decided++ < MOST_DECIDED) {
        const body = decidedBody(scope, scope.bankOf[result] as number, wanted);
        if (body !== NONE) bodies.push(body);
      }
      for (const body of bodies) {
        given[at] = body;
        const [w, x, y, z] = given as [number, number, number, number];
        const put = terms.put(application, w, x, y, z);
        if (put !== NONE) take(put);
        if (put !== NONE && gives(terms.bank(nonterminal), put, goal)) break;
      }
    }
  }
}

function gives({ columns }: TermBank, row: number, goal: Int32Array): boolean {
  for (let e = 0; e < goal.length; e++) if (columns[row * goal.length + e] !== goal[e]) return false;
  return true;
}
