import { type Grammar, type Production, type Program } from "../../dsl/index.ts";
import { constantOf, isConstant, keyOf, type Linear, scaled, sum, variableOf } from "./linear.ts";

/** A term in postfix order, with its constants. */
export interface Written {
  readonly tokens: readonly number[];
  readonly constants: readonly number[];
}

/** A comparison form ≥ 0 or form = 0, or an argument that is a truth; or its negation. Variables are the numbers of arguments. */
export type Atom =
  | { readonly kind: "comparison"; readonly form: Linear; readonly isNegated: boolean }
  | { readonly kind: "equality"; readonly form: Linear; readonly isNegated: boolean }
  | { readonly kind: "argument"; readonly argument: number; readonly isNegated: boolean };

/** A condition: atoms of which all, or any, hold. */
export interface Guard {
  readonly isAny: boolean;
  readonly atoms: readonly Atom[];
}

/** Sums of so many parts are sought in a grammar; a factor counts as often as it says where nothing multiplies. */
const MOST_PARTS = 60;

/** Writes linear terms and conditions over them with the productions of a grammar, in few tokens, or not at all. */
export class GrammarWriter {
  readonly #grammar: Grammar;
  /** Nonterminal → its productions. */
  readonly #productions: readonly (readonly Production[])[];
  readonly #linears = new Map<string, Written | null>();

  constructor(grammar: Grammar) {
    this.#grammar = grammar;
    this.#productions = grammar.productionsOfType.map((ids) =>
      [...ids].map((id) => grammar.productions[id] as Production),
    );
  }

  #named(nonterminal: number, name: string, arity: number): readonly Production[] {
    return (this.#productions[nonterminal] as readonly Production[]).filter(
      ({ kind, label, children }) => kind === "primitive" && label === name && children.length === arity,
    );
  }

  /** A linear term over the arguments, null where the grammar has none that is found. */
  linear(nonterminal: number, form: Linear): Written | null {
    const key = `${nonterminal} ${keyOf(form)}`;
    const known = this.#linears.get(key);
    if (known !== undefined) return known;
    // What is asked for on the way to itself has no answer.
    this.#linears.set(key, null);
    const written = this.#leaf(nonterminal, form) ?? this.#compound(nonterminal, form);
    this.#linears.set(key, written);
    return written;
  }

  #leaf(nonterminal: number, form: Linear): Written | null {
    for (const production of this.#productions[nonterminal] as readonly Production[]) {
      const { kind, index, value, id } = production;
      const isArgument =
        form.constant === 0 &&
        form.variables.length === 1 &&
        form.coefficients[0] === 1 &&
        form.variables[0] === index;
      if (kind === "argument" && isArgument) return { tokens: [id], constants: [] };
      if (kind === "literal" && isConstant(form) && value === form.constant)
        return { tokens: [id], constants: [] };
      if (kind === "constant" && isConstant(form)) return { tokens: [id], constants: [form.constant] };
    }
    return null;
  }

  #compound(nonterminal: number, form: Linear): Written | null {
    const ways: (Written | null)[] = [];
    if (!isConstant(form) || Math.abs(form.constant) > 1)
      for (const production of this.#named(nonterminal, "*", 2)) ways.push(this.#product(production, form));
    const size = form.coefficients.reduce(
      (total, coefficient) => total + Math.min(2 * MOST_PARTS, Math.abs(coefficient)),
      Math.min(2 * MOST_PARTS, Math.abs(form.constant)),
    );
    if (size <= MOST_PARTS || ways.length > 0) {
      for (const production of this.#named(nonterminal, "+", 2)) ways.push(this.#sum(production, form, 1));
      for (const production of this.#named(nonterminal, "-", 2)) ways.push(this.#sum(production, form, -1));
      for (const production of this.#named(nonterminal, "-", 1)) {
        const [child] = production.children as readonly [number];
        const part = isConstant(form) && form.constant === 0 ? null : this.linear(child, scaled(form, -1));
        if (part !== null) ways.push(applied(production, [part]));
      }
    }
    return smallest(ways);
  }

  /** A constant times what is left. */
  #product(production: Production, form: Linear): Written | null {
    const [left, right] = production.children as readonly [number, number];
    const [only] = form.variables;
    if (only === undefined || form.variables.length > 1 || form.constant !== 0) return null;
    const [factor] = form.coefficients as readonly [number];
    if (factor === 1) return null;
    const one = variableOf(only);
    return smallest([
      this.#pair(production, this.#leaf(left, constantOf(factor)), () => this.linear(right, one)),
      this.#pair(production, this.#leaf(left, one), () => this.linear(right, constantOf(factor))),
    ]);
  }

  /** One part, by itself or half of what is there, and what is left. */
  #sum(production: Production, form: Linear, sign: 1 | -1): Written | null {
    const [left, right] = production.children as readonly [number, number];
    const ways: (Written | null)[] = [];
    const isFound = (): boolean => ways.some((way) => way !== null);
    for (const part of partsOf(form)) {
      // Left + right, or left − right, where one side is a part of the form or takes it away.
      const rest = sum(form, part, -1);
      if (sign === 1) {
        ways.push(this.#pair(production, this.linear(left, rest), () => this.linear(right, part)));
        if (!isFound())
          ways.push(this.#pair(production, this.linear(left, part), () => this.linear(right, rest)));
      } else
        ways.push(
          this.#pair(production, this.linear(left, rest), () => this.linear(right, scaled(part, -1))),
        );
      if (isFound()) break;
    }
    // 0 − form.
    if (sign === -1 && !isFound() && (!isConstant(form) || form.constant < 0))
      ways.push(
        this.#pair(production, this.#leaf(left, constantOf(0)), () => this.linear(right, scaled(form, -1))),
      );
    return smallest(ways);
  }

  #pair(production: Production, first: Written | null, second: () => Written | null): Written | null {
    if (first === null) return null;
    const other = second();
    return other === null ? null : applied(production, [first, other]);
  }

  /** A condition. */
  guard(nonterminal: number, { isAny, atoms }: Guard): Written | null {
    const [first] = atoms;
    if (first === undefined) return null;
    if (atoms.length === 1) return this.#atom(nonterminal, first);
    for (const production of this.#named(nonterminal, isAny ? "or" : "and", 2)) {
      const [left, right] = production.children as readonly [number, number];
      const last = this.#atom(right, atoms.at(-1) as Atom);
      const rest = last === null ? null : this.guard(left, { isAny, atoms: atoms.slice(0, -1) });
      if (last !== null && rest !== null) return applied(production, [rest, last]);
    }
    for (const production of this.#named(nonterminal, "not", 1)) {
      const [child] = production.children as readonly [number];
      if (this.#named(child, isAny ? "and" : "or", 2).length === 0) continue;
      const part = this.guard(child, { isAny: !isAny, atoms: atoms.map(opposite) });
      if (part !== null) return applied(production, [part]);
    }
    return null;
  }

  #atom(nonterminal: number, atom: Atom): Written | null {
    const direct = this.#plainAtom(nonterminal, atom);
    if (direct !== null) return direct;
    for (const production of this.#named(nonterminal, "not", 1)) {
      const [child] = production.children as readonly [number];
      const part = this.#plainAtom(child, opposite(atom));
      if (part !== null) return applied(production, [part]);
    }
    return null;
  }

  /** An atom without `not`. */
  #plainAtom(nonterminal: number, atom: Atom): Written | null {
    if (atom.kind === "comparison") return this.#comparison(nonterminal, atom.form, atom.isNegated);
    if (atom.isNegated) return null;
    if (atom.kind === "equality") return this.#equality(nonterminal, atom.form);
    const { argument } = atom;
    const production = (this.#productions[nonterminal] as readonly Production[]).find(
      ({ kind, index }) => kind === "argument" && index === argument,
    );
    return production === undefined ? null : { tokens: [production.id], constants: [] };
  }

  #equality(nonterminal: number, form: Linear): Written | null {
    const ways: (Written | null)[] = [];
    for (const production of this.#named(nonterminal, "=", 2)) {
      const [left, right] = production.children as readonly [number, number];
      for (const isConstantLeft of [false, true]) {
        const [a, b] = sides(form, isConstantLeft);
        ways.push(
          this.#pair(production, this.linear(left, a), () => this.linear(right, b)),
          this.#pair(production, this.linear(left, b), () => this.linear(right, a)),
        );
      }
    }
    return smallest(ways);
  }

  /** a ≥ b in one of the four ways, with what is negative on the other side. */
  #comparison(nonterminal: number, form: Linear, isNegated: boolean): Written | null {
    const own = isNegated ? sum(constantOf(-1), form, -1) : form;
    const ways: (Written | null)[] = [];
    for (const [name, shift, isTurned] of [
      [">=", 0, false],
      ["<=", 0, true],
      [">", 1, false],
      ["<", 1, true],
    ] as const)
      for (const production of this.#named(nonterminal, name, 2)) {
        const [left, right] = production.children as readonly [number, number];
        for (const isConstantLeft of [false, true]) {
          const [more, less] = sides(sum(own, constantOf(shift)), isConstantLeft);
          const [a, b] = isTurned ? [less, more] : [more, less];
          const first = this.linear(left, a);
          ways.push(this.#pair(production, first, () => this.linear(right, b)));
        }
      }
    return smallest(ways);
  }

  /** A list of decisions: the first term whose guard holds, otherwise the last. */
  decisions(
    nonterminal: number,
    entries: readonly { readonly guard: Guard; readonly term: Linear }[],
    last: Linear,
  ): Written | null {
    let best: Written | null = null;
    const [entry] = entries;
    if (entry === undefined) return this.linear(nonterminal, last);
    for (const production of this.#named(nonterminal, "ite", 3)) {
      const [condition, yes, no] = production.children as readonly [number, number, number];
      const guard = this.guard(condition, entry.guard);
      const term = guard === null ? null : this.linear(yes, entry.term);
      const rest = term === null ? null : this.decisions(no, entries.slice(1), last);
      if (guard !== null && term !== null && rest !== null)
        best = smallest([best, applied(production, [guard, term, rest])]);
    }
    return best;
  }

  /** A truth: that of the guards, each or-ed or and-ed onto those after it. */
  truths(
    nonterminal: number,
    entries: readonly { readonly guard: Guard; readonly value: boolean }[],
    last: boolean,
  ): Written | null {
    const [entry, ...rest] = entries;
    if (entry === undefined) {
      const literal = (this.#productions[nonterminal] as readonly Production[]).find(
        ({ kind, value }) => kind === "literal" && value === last,
      );
      return literal === undefined ? null : { tokens: [literal.id], constants: [] };
    }
    const own: Guard = entry.value
      ? entry.guard
      : { isAny: !entry.guard.isAny, atoms: entry.guard.atoms.map(opposite) };
    if (rest.length === 0 && last !== entry.value) return this.guard(nonterminal, own);
    for (const production of this.#named(nonterminal, entry.value ? "or" : "and", 2)) {
      const [left, right] = production.children as readonly [number, number];
      const guard = this.guard(left, own);
      const other = guard === null ? null : this.truths(right, rest, last);
      if (guard !== null && other !== null) return applied(production, [guard, other]);
    }
    return null;
  }

  /** A condition that holds always, or never. */
  constantTruth(nonterminal: number, value: boolean): Written | null {
    const direct = this.truths(nonterminal, [], value);
    if (direct !== null) return direct;
    for (const [name, own] of [
      [">=", true],
      ["<=", true],
      ["=", true],
      ["<", false],
      [">", false],
    ] as const) {
      if (own !== value) continue;
      for (const production of this.#named(nonterminal, name, 2)) {
        const [left] = production.children as readonly [number, number];
        const leaf = (this.#productions[left] as readonly Production[]).find(
          ({ kind }) => kind === "argument" || kind === "literal",
        );
        const same = production.children.every((child) => child === left);
        if (leaf !== undefined && same)
          return applied(production, [
            { tokens: [leaf.id], constants: [] },
            { tokens: [leaf.id], constants: [] },
          ]);
      }
    }
    return null;
  }

  programOf({ tokens, constants }: Written): Program {
    return { tokens: Int32Array.from(tokens), constants: Float64Array.from(constants) };
  }

  get start(): number {
    return this.#grammar.resultType;
  }
}

export const opposite = (atom: Atom): Atom => ({ ...atom, isNegated: !atom.isNegated });

const applied = ({ id }: Production, parts: readonly Written[]): Written => ({
  tokens: [...parts.flatMap(({ tokens }) => tokens), id],
  constants: parts.flatMap(({ constants }) => constants),
});

const smallest = (ways: readonly (Written | null)[]): Written | null => {
  let best: Written | null = null;
  for (const way of ways)
    if (way !== null && (best === null || way.tokens.length < best.tokens.length)) best = way;
  return best;
};

/** Parts that a sum may split off: its last term whole, one of it, and the constant. */
function* partsOf({ variables, coefficients, constant }: Linear): Generator<Linear> {
  const only = (variable: number, coefficient: number): Linear => ({
    variables: [variable],
    coefficients: [coefficient],
    constant: 0,
  });
  const count = variables.length + (constant === 0 ? 0 : 1);
  if (constant !== 0 && count > 1) yield constantOf(constant);
  if (count > 1)
    for (let k = variables.length - 1; k >= 0; k--)
      yield only(variables[k] as number, coefficients[k] as number);
  for (let k = variables.length - 1; k >= 0; k--) {
    const coefficient = coefficients[k] as number;
    const half = Math.trunc(coefficient / 2);
    if (half !== 0) yield only(variables[k] as number, half);
    if (Math.abs(coefficient) > 1) yield only(variables[k] as number, Math.sign(coefficient));
  }
  if (Math.abs(constant) > 1) {
    yield constantOf(Math.trunc(constant / 2));
    yield constantOf(Math.sign(constant));
  }
}

/** A form as the difference of two without negative coefficients; the constant goes where it is not negative, or to the left. */
function sides(form: Linear, isConstantLeft: boolean): readonly [Linear, Linear] {
  const side = (sign: 1 | -1): Linear => {
    const kept = form.coefficients.flatMap((coefficient, k) => (coefficient * sign > 0 ? [k] : []));
    return {
      variables: kept.map((k) => form.variables[k] as number),
      coefficients: kept.map((k) => sign * (form.coefficients[k] as number)),
      constant: 0,
    };
  };
  const [more, less] = [side(1), side(-1)];
  const isLeft = isConstantLeft || (form.constant > 0 && less.variables.length > 0);
  return isLeft
    ? [sum(more, constantOf(form.constant)), less]
    : [more, sum(less, constantOf(-form.constant))];
}
