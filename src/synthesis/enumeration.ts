import type { Production, Value } from "../../dsl/index.ts";
import type { Application, Terms } from "./terms.ts";
import type { TermBank } from "./term-bank.ts";

/**
 * Enumerates terms from the smallest on, one for each behaviour (observational equivalence: Albarghouthi et al. 2013, Udupa et al.
 * 2013). It goes on where it stopped.
 */
export class Enumeration {
  readonly #terms: Terms;
  readonly #run: Generator<void>;
  readonly #isFocused: boolean;
  /** Terms of up to that size were made, of what was known then: a term that is replaced by a smaller one keeps its place. */
  completeSize = 0;

  /**
   * @param isUsed applications that it makes terms of
   * @param isFocused whether arguments of the first one's kind are atoms
   */
  constructor(
    terms: Terms,
    isUsed: (application: Application) => boolean,
    largestSize: number,
    isFocused: boolean,
  ) {
    this.#terms = terms;
    this.#isFocused = isFocused;
    this.#run = this.#enumerate(terms.applications.filter(isUsed), largestSize);
  }

  /**
   * Goes on until there are so many terms.
   * @param limit steps of the terms at which it stops: where few behaviours are possible, new terms get rare
   */
  grow(maximumTerms: number, limit: number): void {
    const { banks } = this.#terms;
    for (;;) {
      const count = banks.reduce((sum, bank) => sum + bank.count, 0);
      if (count >= maximumTerms || this.#terms.steps >= limit) return;
      if (this.#run.next().done === true) return;
    }
  }

  *#enumerate(applications: readonly Application[], largestSize: number): Generator<void> {
    const terms = this.#terms;
    const { grammar } = terms;
    for (const production of grammar.productions) leaf(terms, production);
    this.completeSize = 1;
    yield;
    for (let size = 2; size <= largestSize; size++) {
      for (const application of applications) {
        const banks = application.children.map((child) => terms.banks[child] as TermBank);
        const isCommutative =
          application.row.commutative && application.children[0] === application.children[1];
        const [A, B, C] = banks as [TermBank, TermBank, TermBank];
        const rest = size - 1;
        const [p, q, r] = application.children;
        const secondMost = this.#isFocused && q === p && isText(terms, q as number) ? 1 : size;
        const thirdMost = this.#isFocused && r === p && isText(terms, r as number) ? 1 : size;
        if (banks.length === 1) {
          for (const a of A.rowsOfSize[rest] ?? []) terms.put(application, a, 0, 0, 0, true);
          yield;
        } else if (banks.length === 2) {
          for (let left = 1; left < rest; left++) {
            if (isCommutative && left > rest - left) break;
            if (rest - left > secondMost) continue;
            const bs = B.rowsOfSize[rest - left] ?? [];
            for (const a of A.rowsOfSize[left] ?? []) {
              for (const b of bs)
                if (!(isCommutative && left === rest - left && b < a))
                  terms.put(application, a, b, 0, 0, true);
              yield;
            }
          }
        } else if (banks.length === 3) {
          for (let left = 1; left < rest - 1; left++)
            for (let middle = 1; middle < rest - left; middle++) {
              if (middle > secondMost || rest - left - middle > thirdMost) continue;
              const bs = B.rowsOfSize[middle] ?? [];
              const cs = C.rowsOfSize[rest - left - middle] ?? [];
              if (bs.length === 0 || cs.length === 0) continue;
              for (const a of A.rowsOfSize[left] ?? [])
                for (const b of bs) {
                  for (const c of cs) terms.put(application, a, b, c, 0, true);
                  yield;
                }
            }
        }
      }
      this.completeSize = size;
    }
  }
}

/** Whether values are made of parts. */
const isText = ({ grammar }: Terms, type: number): boolean =>
  ["string", "list"].includes(grammar.types[type]?.kind as string);

/** Ints that programs may name where any constant is allowed, beside those of the examples. */
const USUAL_CONSTANTS = [0, 1, -1, 2];
const MOST_CONSTANTS = 20;

/** Takes in the terms of a production without arguments. */
function leaf(terms: Terms, production: Production): void {
  const { type, kind, index, value, id, children } = production;
  if (terms.bankOf[type] !== type) return;
  const { column, examples } = terms;
  const put = (of: (e: number) => Value | undefined, constant: number): void => {
    for (let e = 0; e < column.length; e++) column[e] = terms.numberOf(type, of(e));
    terms.bank(type).insert(column, id, 1, constant, 0, 0, 0, true);
  };
  if (kind === "argument") put((e) => examples[e]?.inputs[index], 0);
  if (kind === "literal") put(() => value, 0);
  if (kind === "primitive" && children.length === 0)
    put(() => terms.applicationOf[id]?.apply() as Value | undefined, 0);
  if (kind !== "constant") return;
  const told = [...examples.map(({ output }) => output), ...examples.flatMap(({ inputs }) => inputs)];
  const constants = new Set([
    ...USUAL_CONSTANTS,
    // Arguments are 32 bits wide.
    ...told.filter((one): one is number => typeof one === "number" && one === (one | 0)),
  ]);
  for (const constant of [...constants].slice(0, MOST_CONSTANTS)) put(() => constant, constant);
}
