import type { Production, Value } from "../../dsl/index.ts";
import { countedNodes } from "./counted-size.ts";
import { BoundUse } from "./bound-use.ts";
import type { AppliedAhead } from "./round.ts";
import type { Application } from "./application.ts";
import type { Terms } from "./terms.ts";
import type { TermBank } from "./term-bank.ts";

/** New terms that are tried with the smallest ones as the other argument of a row, at a time. */
const MOST_PAIRED = 20_000;
/** Other arguments of a function that get at least half as many bodies as the first one. */
const RANKED = 6;
/** So many fewer functions are tried whose values are lists. */
const DEAR = 4;
/** Nodes that a term counts less in the order of other arguments where it applies a lambda; terms that are put in order, for each that is taken. */
const LAMBDA_BONUS = 1;
const LOOKED_AT = 6;

/**
 * Enumerates terms from the smallest on, one for each behaviour (observational equivalence: Albarghouthi et al. 2013, Udupa et al.
 * 2013). It goes on where it stopped.
 */
export class Enumeration {
  readonly #terms: Terms;
  readonly #run: Generator<void>;
  readonly #isFocused: boolean;
  /** Enumerations of the bodies of lambdas. */
  readonly #scopes: readonly Enumeration[];
  readonly #applications: readonly Application[];
  /** Application → rows of its argument that it was applied to ahead of their turn. */
  readonly #looked = new Map<Application, number>();
  readonly #paired = new Map<string, number>();
  readonly #boundUse = new Map<Terms, BoundUse>();
  /** What terms of the result must give to be kept once there is no room for more. */
  readonly #goal: Int32Array | null;
  /** Steps of the terms that those around have counted. */
  #seenSteps = 0;
  /** Terms of up to that size were made, of what was known then: a term that is replaced by a smaller one keeps its place. */
  completeSize = 0;

  /**
   * @param isUsed applications that it makes terms of
   * @param isFocused whether arguments of the first one's kind are atoms
   * @param goal once there is no room for more, terms that give it in half of the contexts are still kept, since they may be parts of an
   * answer; null where nothing is
   */
  constructor(
    terms: Terms,
    isUsed: (application: Application, isBody: boolean) => boolean,
    largestSize: number,
    isFocused: boolean,
    goal: Int32Array | null = null,
  ) {
    this.#goal = goal;
    this.#terms = terms;
    this.#isFocused = isFocused;
    this.#scopes = terms.scopes.map((scope) => new Enumeration(scope, isUsed, largestSize, isFocused));
    this.#applications = terms.applications.filter((application) =>
      isUsed(application, terms.variables.length > 0),
    );
    this.#run = this.#enumerate(this.#applications, largestSize);
  }

  /**
   * Goes on until there are so many terms.
   * @param limit steps of the terms at which it stops: where few behaviours are possible, new terms get rare
   * @returns whether it stopped at the limit alone
   */
  grow(maximumTerms: number, limit: number): boolean {
    const terms = this.#terms;
    let isMore = true;
    while (isMore && terms.steps < limit) {
      isMore = terms.termCount < maximumTerms;
      if (isMore && this.#run.next().done === true) isMore = false;
    }
    if (this.#goal !== null) this.#lookAhead(this.#goal);
    return isMore;
  }

  /**
   * Applies rows that take a function to small other arguments and larger functions than their turn would be: a lambda that is small beside
   * what it does to a list is what programs are mostly made of.
   */
  *apply({ bodies, bodySize, others }: AppliedAhead): Generator<void> {
    const terms = this.#terms;
    const goal = this.#goal;
    if (goal === null) return;
    for (const scope of this.#scopes)
      for (const _ of scope.#upTo(bodySize)) {
        if (this.#isFull) break;
        terms.steps += scope.#terms.steps - scope.#seenSteps;
        scope.#seenSteps = scope.#terms.steps;
        yield;
      }
    const isFunction = (child: number): boolean => terms.isFunction[child] === true;
    for (const application of this.#applications) {
      const { children } = application;
      if (children.filter(isFunction).length !== 1 || this.#isFull) continue;
      const each = children.length > 2 ? Math.ceil(others / 3) : others * RANKED;
      const at = children.findIndex(isFunction);
      const functions = this.#functionsOf(children[at] as number);
      // Functions that make lists are many and seldom meant.
      const isDear = isText(terms, terms.bodyOf[children[at] as number] as number);
      const first = isDear ? bodies / DEAR : bodies;
      const [as, bs = [0], cs = [0], ds = [0]] = children.map((child) =>
        isFunction(child) ? [0] : this.#varying(terms.banks[child] as TermBank, each),
      ) as [number[], number[]?, number[]?, number[]?];
      const isResult = terms.isResult(application);
      for (const [i, a] of as.entries())
        for (const [j, b] of bs.entries())
          for (const [k, c] of cs.entries())
            for (const [l, d] of ds.entries()) {
              const most = Math.min(functions.length, Math.ceil((first * RANKED) / (RANKED + i + j + k + l)));
              const rows = [a, b, c, d] as [number, number, number, number];
              for (let body = 0; body < most; body++) {
                rows[at] = functions[body] as number;
                if (isResult) this.#putWhereNear(goal, application, ...rows);
                else terms.put(application, ...rows);
              }
              yield;
            }
    }
    this.#lookAhead(goal);
    yield;
    this.#lookAtPairs(goal);
  }

  /** Bodies of a function type that name each of its parameters: others do the same for all elements. */
  #functionsOf(functionType: number): readonly number[] {
    const terms = this.#terms;
    const scope = terms.scopeOf(functionType);
    let use = this.#boundUse.get(scope);
    if (use === undefined) this.#boundUse.set(scope, (use = new BoundUse(scope)));
    return use.functionsOf(
      terms.bodyOf[functionType] as number,
      scope.variables.length - terms.variables.length,
    );
  }

  /**
   * The first terms that are atoms or depend on the inputs, in the order of their sizes; what a lambda does counts as if it were smaller, since
   * programs go on with it more often than with others of its size.
   */
  #varying(bank: TermBank, most: number): number[] {
    const { applicationOf } = this.#terms;
    const rows: number[] = [];
    const weightOf = (row: number): number =>
      (bank.size[row] as number) -
      (applicationOf[bank.production[row] as number]?.takesFunctions === true ? LAMBDA_BONUS : 0);
    for (let row = 0; row < bank.count && rows.length < LOOKED_AT * most; row++) {
      let isVarying = bank.size[row] === 1;
      const at = row * bank.examples;
      for (let e = 1; e < bank.examples && !isVarying; e++)
        isVarying = bank.columns[at + e] !== bank.columns[at];
      if (isVarying) rows.push(row);
    }
    return rows.sort((p, q) => weightOf(p) - weightOf(q) || p - q).slice(0, most);
  }

  /** Applies rows of two arguments that give what programs do to terms that are new, with one of the smallest beside. */
  #lookAtPairs(goal: Int32Array): void {
    const terms = this.#terms;
    for (const application of this.#applications) {
      const { children } = application;
      if (children.length !== 2 || application.takesFunctions || !terms.isResult(application)) continue;
      for (const k of [0, 1]) {
        // Terms of the result come in on the way, and are in their turn soon.
        if (children[k] === application.nonterminal) continue;
        const bank = terms.banks[children[k] as number] as TermBank;
        const { count } = bank;
        const beside = (terms.banks[children[1 - k] as number] as TermBank).rowsOfSize[1] ?? [];
        const from = this.#paired.get(`${application.production} ${k}`) ?? 0;
        this.#paired.set(`${application.production} ${k}`, count);
        for (let row = Math.max(from, count - MOST_PAIRED); row < count; row++)
          for (const other of beside)
            if (k === 0) this.#putWhereNear(goal, application, row, other, 0, 0);
            else this.#putWhereNear(goal, application, other, row, 0, 0);
      }
    }
  }

  /** Applies rows of one argument that give what programs do to all terms that are new, and keeps what may be a part of an answer. */
  #lookAhead(goal: Int32Array): void {
    const terms = this.#terms;
    for (const application of this.#applications) {
      const [child] = application.children;
      if (application.children.length !== 1 || !terms.isResult(application)) continue;
      const { count } = terms.banks[child as number] as TermBank;
      for (let row = this.#looked.get(application) ?? 0; row < count; row++)
        this.#putWhereNear(goal, application, row, 0, 0, 0);
      this.#looked.set(application, count);
    }
  }

  /** Takes in a term that gives the goal in half of the contexts. */
  #putWhereNear(
    goal: Int32Array,
    application: Application,
    a: number,
    b: number,
    c: number,
    d: number,
  ): void {
    const terms = this.#terms;
    if (application.takesFunctions) {
      if (terms.computeNear(application, a, b, c, d, goal)) terms.putComputed(application, a, b, c, d);
      return;
    }
    terms.compute(application, a, b, c, d);
    const { column } = terms;
    let same = 0;
    for (let e = 0; e < goal.length; e++) if (column[e] === goal[e]) same++;
    if (2 * same >= goal.length) terms.putComputed(application, a, b, c, d);
  }

  /** Makes all terms of up to a size. */
  *#upTo(size: number): Generator<void> {
    while (this.completeSize < size) {
      if (this.#run.next().done === true) return;
      yield;
    }
  }

  *#enumerate(applications: readonly Application[], largestSize: number): Generator<void> {
    const terms = this.#terms;
    const { grammar } = terms;
    for (const production of grammar.productions) leaf(terms, production);
    this.completeSize = 1;
    yield;
    for (let size = 2; size <= largestSize; size++) {
      // A body stands in a lambda, which stands in an application beside at least one other argument.
      for (const scope of this.#scopes)
        for (const _ of scope.#upTo(size - 2)) {
          terms.steps += scope.#terms.steps - scope.#seenSteps;
          scope.#seenSteps = scope.#terms.steps;
          yield;
        }
      for (const application of applications)
        for (const sizes of splits(size - application.cost, application.children.length))
          yield* this.#applied(application, sizes);
      if (!this.#isFull) this.completeSize = size;
    }
  }

  get #isFull(): boolean {
    return this.#terms.memory.isFull;
  }

  #put(application: Application, a: number, b: number, c: number, d: number): void {
    const terms = this.#terms;
    const goal = this.#goal;
    if (!this.#isFull) {
      terms.put(application, a, b, c, d, true);
      return;
    }
    if (goal !== null) this.#putWhereNear(goal, application, a, b, c, d);
  }

  /** Applications to arguments of certain sizes. */
  *#applied(application: Application, sizes: readonly number[]): Generator<void> {
    const terms = this.#terms;
    const { children, row } = application;
    if (this.#isFull && (this.#goal === null || !terms.isResult(application))) return;
    const [p] = children;
    // A focused search takes parts from what is given, and puts little in.
    if (this.#isFocused)
      for (let k = 1; k < children.length; k++)
        if (children[k] === p && isText(terms, p as number) && (sizes[k] as number) > 1) return;
    const isCommutative = row.commutative && p === children[1];
    if (isCommutative && (sizes[0] as number) > (sizes[1] as number)) return;
    const [as, bs, cs, ds] = children.map((child, k) => {
      const bank = terms.banks[child] as TermBank;
      return bank.rowsOfSize[sizes[k] as number] ?? [];
    }) as [number[], number[]?, number[]?, number[]?];
    const isHalf = isCommutative && sizes[0] === sizes[1];
    if (bs === undefined) {
      for (const a of as) this.#put(application, a, 0, 0, 0);
      yield;
    } else if (cs === undefined) {
      for (const a of as) {
        for (const b of bs) if (!(isHalf && b < a)) this.#put(application, a, b, 0, 0);
        yield;
      }
    } else {
      if (bs.length === 0 || cs.length === 0 || ds?.length === 0) return;
      for (const a of as)
        for (const b of bs) {
          for (const c of cs)
            if (ds === undefined) this.#put(application, a, b, c, 0);
            else for (const d of ds) this.#put(application, a, b, c, d);
          yield;
        }
    }
  }
}

/** All ways to write a size as a sum of so many sizes of at least 1, in lexicographic order. */
function* splits(size: number, parts: number): Generator<readonly number[]> {
  if (parts <= 1) {
    if (parts === 1 && size >= 1) yield [size];
    return;
  }
  for (let first = 1; first <= size - parts + 1; first++)
    for (const rest of splits(size - first, parts - 1)) yield [first, ...rest];
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
  const { column, contexts } = terms;
  const size = countedNodes(production);
  const put = (of: (e: number) => Value | undefined, constant: number): void => {
    for (let e = 0; e < column.length; e++) column[e] = terms.numberOf(type, of(e));
    if (terms.bank(type).insert(column, id, size, constant, 0, 0, 0, true) >= 0) terms.frame.terms++;
  };
  if (kind === "argument") put((e) => contexts[e]?.inputs[index], 0);
  if (kind === "bound" && terms.variables[index] === type) put((e) => contexts[e]?.bound?.[index], 0);
  if (kind === "literal") put(() => value, 0);
  if (kind === "primitive" && children.length === 0)
    put(() => terms.applicationOf[id]?.apply() as Value | undefined, 0);
  if (kind !== "constant") return;
  const told = [
    ...contexts.flatMap(({ output }) => output ?? []),
    ...contexts.flatMap(({ inputs }) => inputs),
  ];
  const constants = new Set([
    ...USUAL_CONSTANTS,
    // Arguments are 32 bits wide.
    ...told.filter((one): one is number => typeof one === "number" && one === (one | 0)),
  ]);
  for (const constant of [...constants].slice(0, MOST_CONSTANTS)) put(() => constant, constant);
}
