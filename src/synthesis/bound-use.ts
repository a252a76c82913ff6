import { ARGUMENTS } from "./term-bank.ts";
import type { Terms } from "./terms.ts";

/** Which variables of lambdas terms name: a bit for each level. */
export class BoundUse {
  readonly #terms: Terms;
  /** Nonterminal → row → its levels. */
  readonly #levels: number[][];
  readonly #inner = new Map<Terms, BoundUse>();
  /** Nonterminal → rows that name all parameters, in order, and how many rows were looked at. */
  readonly #functions = new Map<number, { readonly rows: number[]; seen: number }>();

  constructor(terms: Terms) {
    this.#terms = terms;
    this.#levels = terms.grammar.types.map(() => []);
  }

  /** Bodies that name each of the innermost variables, the smallest first as far as they came in that order. */
  functionsOf(nonterminal: number, parameterCount: number): readonly number[] {
    const { variables } = this.#terms;
    const own = (2 ** parameterCount - 1) << (variables.length - parameterCount);
    let known = this.#functions.get(nonterminal);
    if (known === undefined) this.#functions.set(nonterminal, (known = { rows: [], seen: 0 }));
    const { count } = this.#terms.bank(nonterminal);
    for (; known.seen < count; known.seen++)
      if ((this.levelsOf(nonterminal, known.seen) & own) === own) known.rows.push(known.seen);
    return known.rows;
  }

  levelsOf(nonterminal: number, row: number): number {
    const terms = this.#terms;
    const type = terms.bankOf[nonterminal] as number;
    const levels = this.#levels[type] as number[];
    const known = levels[row];
    if (known !== undefined) return known;
    const bank = terms.banks[type] as Terms["banks"][number];
    const { kind, index, children } = terms.grammar.productions[bank.production[row] as number] as {
      kind: string;
      index: number;
      children: readonly number[];
    };
    let named = kind === "bound" ? 1 << index : 0;
    for (let k = 0; k < children.length; k++) {
      const child = children[k] as number;
      const argument = bank.arguments[row * ARGUMENTS + k] as number;
      named |=
        terms.isFunction[child] === true
          ? this.#within(terms.scopeOf(child)).levelsOf(terms.bodyOf[child] as number, argument)
          : this.levelsOf(child, argument);
    }
    levels[row] = named;
    return named;
  }

  #within(scope: Terms): BoundUse {
    let inner = this.#inner.get(scope);
    if (inner === undefined) this.#inner.set(scope, (inner = new BoundUse(scope)));
    return inner;
  }
}
