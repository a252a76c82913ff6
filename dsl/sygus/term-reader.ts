import { InputError } from "../input-error.ts";
import { nearestName } from "../nearest-name.ts";
import { indexedSymbols } from "../languages/smt-bits.ts";
import { smtOperation, smtSymbols, sortOfName } from "../languages/smt-lib.ts";
import { type SmtOperation, sortText } from "../languages/smt-operation.ts";
import type { Primitive } from "../primitive.ts";
import { bits, bool, int, type Signature, string, type Type, typeText } from "../type.ts";
import type { Value } from "../value.ts";
import { type DefinedFunction, definedFunction } from "./defined-function.ts";
import { unescaped } from "./literals.ts";
import { errorAt, type Place, placed, type SExpression, sExpressionText } from "./s-expression.ts";
import { partsOf, type Term } from "./term.ts";

/** Bound on terms within terms, where a sum of many is as deep as it is long; what evaluates terms recurs as deep. */
const MAXIMUM_DEPTH = 1500;

/** Names in scope of a term, with what they stand for. */
export type Scope = ReadonlyMap<string, Type>;

/** What a file has declared and defined so far, and the reading of sorts and terms in it. */
export class TermReader {
  readonly fileName: string;
  readonly functions = new Map<string, DefinedFunction>();
  readonly sorts = new Map<string, Type>();
  synthesized: { readonly name: string; readonly signature: Signature } | null = null;
  /** Names made for terms that a chain of comparisons has twice. */
  #made = 0;
  /** How deep terms are; those not in it have no parts. */
  readonly #depths = new WeakMap<Term, number>();
  /** Terms that call the function that is looked for. */
  readonly #calling = new WeakSet<Term>();

  constructor(fileName: string) {
    this.fileName = fileName;
  }

  fail(place: Place, rule: string): InputError {
    return errorAt(this.fileName, place, rule);
  }

  /** @throws InputError for sorts that are not supported */
  sort(expression: SExpression): Type {
    if (expression.kind === "symbol") {
      const sort = sortOfName(expression.text) ?? this.sorts.get(expression.text);
      if (sort !== undefined) return sort;
    }
    if (expression.kind === "group") {
      const items = expression.items.map((item) => (item.kind === "group" ? "" : item.text));
      // SyGuS 1 writes (BitVec 8), SMT-LIB (_ BitVec 8).
      const [name, width] = items[0] === "_" ? items.slice(1) : items;
      if (name === "BitVec" && width !== undefined && items.at(-1) === width) {
        if (/^\d{1,4}$/.test(width) && Number(width) >= 1 && Number(width) <= 64) return bits(Number(width));
        throw this.fail(expression, `must have bit-vectors of 1 to 64 bits; got ${width}.`);
      }
    }
    throw this.fail(
      expression,
      `must be a sort among Int, Bool, String and (_ BitVec n); got ${sExpressionText(expression)}, which is not supported.`,
    );
  }

  /** Notes of a term what its parts say. */
  #noted(place: Place, term: Term): Term {
    const parts = partsOf(term);
    const depth = parts.reduce((most, part) => Math.max(most, this.#depths.get(part) ?? 1), 0) + 1;
    if (depth > MAXIMUM_DEPTH)
      throw this.fail(
        place,
        `must be at most ${MAXIMUM_DEPTH} terms deep, where (+ a b c) is as deep as (+ (+ a b) c).`,
      );
    this.#depths.set(term, depth);
    if (term.kind === "call" || parts.some((part) => this.#calling.has(part))) this.#calling.add(term);
    return term;
  }

  /** Parameters of a function: `((x Int) (y Int))`. */
  parameters(expression: SExpression | undefined, place: Place): { name: string; type: Type }[] {
    if (expression?.kind !== "group")
      throw this.fail(expression ?? place, "must have a list of parameters such as ((x Int)).");
    const names = new Set<string>();
    return expression.items.map((item) => {
      const [name, sort] = item.kind === "group" ? item.items : [];
      if (item.kind !== "group" || item.items.length !== 2 || name?.kind !== "symbol" || sort === undefined)
        throw this.fail(item, `must be a parameter such as (x Int); got ${sExpressionText(item)}.`);
      if (names.has(name.text)) throw this.fail(name, `must name parameters apart; got ${name.text} twice.`);
      names.add(name.text);
      return { name: name.text, type: this.sort(sort) };
    });
  }

  /** The value that an expression writes down, or null. */
  literal(expression: SExpression): { readonly type: Type; readonly value: Value } | null {
    switch (expression.kind) {
      case "numeral": {
        const value = Number(expression.text) + 0;
        if (!Number.isSafeInteger(value))
          throw this.fail(expression, `must be an integer within ±(2^53 − 1); got ${expression.text}.`);
        return { type: int, value };
      }
      case "decimal":
        throw this.fail(expression, `must be of a supported sort; got the real ${expression.text}.`);
      case "string":
        try {
          return { type: string, value: unescaped(expression.text) };
        } catch (error) {
          if (error instanceof InputError) throw this.fail(expression, error.message);
          throw error;
        }
      case "bits": {
        const width = (expression.text.length - 2) * (expression.text[1] === "x" ? 4 : 1);
        if (width > 64) throw this.fail(expression, `must have at most 64 bits; got ${width}.`);
        return { type: bits(width), value: BigInt(`0${expression.text.slice(1)}`) };
      }
      case "symbol":
        return expression.text === "true" || expression.text === "false"
          ? { type: bool, value: expression.text === "true" }
          : null;
      case "group": {
        const [head, second, third] = expression.items;
        if (head?.kind !== "symbol" || second === undefined) return null;
        // (- 5) is how SMT-LIB writes −5, and (_ bv10 32) is ten in 32 bits.
        if (head.text === "-" && expression.items.length === 2 && second.kind === "numeral") {
          const number = this.literal(second);
          return { type: int, value: 0 - (number?.value as number) };
        }
        if (head.text !== "_" || second.kind !== "symbol" || third?.kind !== "numeral") return null;
        const digits = /^bv(\d{1,20})$/.exec(second.text)?.[1];
        if (digits === undefined) return null;
        const width = Number(third.text);
        if (!(width >= 1 && width <= 64 && BigInt(digits) >> BigInt(width) === 0n))
          throw this.fail(expression, `must be a number of at most 64 bits that fits its width.`);
        return { type: bits(width), value: BigInt(digits) };
      }
    }
  }

  /** The name that an application begins with, and the numbers in it. */
  head(expression: SExpression): { readonly symbol: string; readonly indices: readonly number[] } {
    if (expression.kind === "symbol") return { symbol: expression.text, indices: [] };
    if (expression.kind === "group") {
      const [mark, name, ...numbers] = expression.items;
      if (
        mark?.kind === "symbol" &&
        mark.text === "_" &&
        name?.kind === "symbol" &&
        numbers.length > 0 &&
        numbers.every((item) => item.kind === "numeral" && /^\d{1,4}$/.test(item.text))
      ) {
        if (!indexedSymbols.has(name.text))
          throw this.fail(
            expression,
            `must name a known function; got ${sExpressionText(expression)}, which is not supported.`,
          );
        return {
          symbol: name.text,
          indices: numbers.map((item) => Number(item.kind === "group" ? 0 : item.text)),
        };
      }
    }
    throw this.fail(
      expression,
      `must begin with the name of a function; got ${sExpressionText(expression)}.`,
    );
  }

  /** The function of a name for arguments of some types: one that the file defines, or SMT-LIB's. */
  operation(place: Place, symbol: string, indices: readonly number[], types: readonly Type[]): SmtOperation {
    const defined = this.functions.get(symbol);
    if (defined !== undefined && indices.length === 0) {
      this.#checkArguments(
        place,
        symbol,
        defined.parameters.map((parameter) => parameter.type),
        types,
      );
      return { row: defined.row, association: "none" };
    }
    const own = [...this.functions.keys(), ...(this.synthesized === null ? [] : [this.synthesized.name])];
    const found = smtOperation(symbol, indices, types, own);
    if ("problem" in found) throw this.fail(place, found.problem);
    return found;
  }

  #checkArguments(place: Place, symbol: string, expected: readonly Type[], types: readonly Type[]): void {
    const shape = `(${expected.map(sortText).join(" ")})`;
    if (expected.length !== types.length)
      throw this.fail(
        place,
        `must give ${symbol} ${expected.length} ${expected.length === 1 ? "argument" : "arguments"}, ${shape}; got ${types.length}.`,
      );
    if (expected.some((type, k) => typeText(type) !== typeText(types[k] as Type)))
      throw this.fail(
        place,
        `must give ${symbol} arguments ${shape}; got (${types.map(sortText).join(" ")}).`,
      );
  }

  /** @throws InputError at the first place where the expression is no term */
  term(expression: SExpression, scope: Scope): Term {
    const literal = this.literal(expression);
    if (literal !== null) return { kind: "value", ...literal };
    if (expression.kind !== "group") {
      const type = scope.get(expression.text);
      if (type !== undefined) return { kind: "variable", type, name: expression.text };
      return this.#constantFunction(expression.text, expression, scope);
    }
    const [head, ...rest] = expression.items;
    if (head === undefined) throw this.fail(expression, "must be a term; got ().");
    if (head.kind === "symbol") {
      if (head.text === "let") return this.#let(expression, rest, scope);
      // An annotation, such as a name, has no meaning here.
      if (head.text === "!" && rest[0] !== undefined) return this.term(rest[0], scope);
      if (["forall", "exists", "lambda", "match"].includes(head.text))
        throw this.fail(head, `must have no ${head.text}; it is not supported.`);
    }
    const { symbol, indices } = this.head(head);
    const terms = rest.map((item) => this.term(item, scope));
    return this.apply(expression, symbol, indices, terms);
  }

  /** A function that takes no arguments, under its name alone. */
  #constantFunction(name: string, place: Place, scope: Scope): Term {
    if (this.functions.get(name)?.parameters.length === 0 || this.synthesized?.name === name)
      return this.apply(place, name, [], []);
    if (smtSymbols.has(name) || this.functions.has(name))
      throw this.fail(place, `must give ${name} its arguments, in brackets: (${name} …).`);
    const meant = nearestName(name, [...scope.keys()]);
    throw this.fail(
      place,
      `must name a known variable; got ${name}.${meant === null ? " Declare it first." : ` Did you mean ${meant}?`}`,
    );
  }

  /** A function of some terms. */
  apply(place: Place, symbol: string, indices: readonly number[], terms: readonly Term[]): Term {
    const types = terms.map((term) => term.type);
    if (symbol === this.synthesized?.name && indices.length === 0) {
      const { signature } = this.synthesized;
      this.#checkArguments(place, symbol, signature.argumentTypes, types);
      return this.#noted(place, { kind: "call", type: signature.result, arguments: terms });
    }
    const defined = this.functions.get(symbol);
    const found = this.operation(place, symbol, indices, types);
    if (defined !== undefined && this.#calling.has(defined.body))
      return this.#noted(place, {
        kind: "let",
        type: defined.result,
        bindings: defined.parameters.map(({ name }, k) => ({ name, term: terms[k] as Term })),
        body: defined.body,
      });
    return this.#associate(place, found, terms);
  }

  #associate(place: Place, { row, association }: SmtOperation, terms: readonly Term[]): Term {
    const applyRow = (applied: Primitive, operands: readonly Term[]): Term =>
      this.#noted(place, {
        kind: "application",
        type: applied.result as Type,
        row: applied,
        arguments: operands,
      });
    const apply = (operands: readonly Term[]): Term => applyRow(row, operands);
    if (terms.length === row.parameters.length) return apply(terms);
    switch (association) {
      case "right":
        return terms.reduceRight((right, left) => apply([left, right]));
      case "chain":
      case "pairwise": {
        // Each term is in several comparisons, so it gets a name that no file can have.
        const bindings = terms.map((term) => ({ name: `(${this.#made++})`, term }));
        const names = bindings.map(({ name, term }): Term => ({ kind: "variable", type: term.type, name }));
        const pairs = names.flatMap((left, i) =>
          names
            .slice(i + 1, association === "chain" ? i + 2 : undefined)
            .map((right) => apply([left, right])),
        );
        const and = smtOperation("and", [], [bool, bool]) as SmtOperation;
        const body = pairs.reduce((left, right) => applyRow(and.row, [left, right]));
        return this.#noted(place, { kind: "let", type: bool, bindings, body });
      }
      default:
        return terms.reduce((left, right) => apply([left, right]));
    }
  }

  #let(expression: SExpression, rest: readonly SExpression[], scope: Scope): Term {
    const [list, body] = rest;
    if (list?.kind !== "group" || body === undefined || rest.length !== 2)
      throw this.fail(expression, "must be (let ((name term) …) term).");
    const inner = new Map(scope);
    const bindings = list.items.map((item) => {
      const [name, ...parts] = item.kind === "group" ? item.items : [];
      const last = parts.at(-1);
      // SyGuS 1 has the sort between name and term.
      if (name?.kind !== "symbol" || last === undefined || parts.length > 2)
        throw this.fail(item, "must be (name term), or (name sort term).");
      const term = this.term(last, scope);
      if (parts.length === 2) {
        const sort = this.sort(parts[0] as SExpression);
        if (typeText(sort) !== typeText(term.type))
          throw this.fail(last, `must be of sort ${sortText(sort)}; got ${sortText(term.type)}.`);
      }
      inner.set(name.text, term.type);
      return { name: name.text, term };
    });
    const term = this.term(body, inner);
    return this.#noted(expression, { kind: "let", type: term.type, bindings, body: term });
  }

  /** A `(define-fun f ((x Int)) Int term)`, which is not yet among the functions. */
  definition(expression: SExpression): DefinedFunction {
    const [command, name, list, sort, body] = expression.kind === "group" ? expression.items : [];
    if (
      expression.kind !== "group" ||
      expression.items.length !== 5 ||
      command?.kind !== "symbol" ||
      name?.kind !== "symbol" ||
      sort === undefined ||
      body === undefined
    )
      throw this.fail(expression, "must be (define-fun name ((x Int) …) sort term).");
    const parameters = this.parameters(list, expression);
    const result = this.sort(sort);
    const term = this.term(body, new Map(parameters.map((parameter) => [parameter.name, parameter.type])));
    if (typeText(term.type) !== typeText(result))
      throw this.fail(body, `must be of sort ${sortText(result)}; got ${sortText(term.type)}.`);
    return definedFunction({ name: name.text, parameters, result, body: term });
  }

  /** @throws InputError if a name is taken */
  checkFree(place: Place, name: string): void {
    if (smtSymbols.has(name) || indexedSymbols.has(name) || ["let", "true", "false"].includes(name))
      throw this.fail(place, `must have a name of its own; ${name} is SMT-LIB's.`);
    if (this.functions.has(name) || this.synthesized?.name === name)
      throw this.fail(place, `must define each function once; got ${name} again.`);
  }

  /** A message with the place of this file. */
  placed(place: Place, rule: string): string {
    return placed(this.fileName, place, rule);
  }
}
