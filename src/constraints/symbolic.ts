import {
  definitionOf,
  type Grammar,
  type Primitive,
  type Production,
  type Program,
  referencedPosition,
  sortText,
  type Term,
  type Value,
  valueToJson,
} from "../../dsl/index.ts";
import type { Formulas } from "./formulas.ts";
import { constantOf, isConstant, keyOf, type Linear, scaled, sum } from "./linear.ts";
import { type Literal, negated } from "./linear-solver.ts";

/** What a term is to a solver: an integer as a linear form, or a truth as a literal. */
export type Symbolic =
  | { readonly kind: "int"; readonly form: Linear }
  | { readonly kind: "bool"; readonly literal: Literal };

/** Says that something is outside of linear integer arithmetic, and what. */
export class NonlinearError extends Error {}

const integer = (form: Linear): Symbolic => ({ kind: "int", form });
const truth = (literal: Literal): Symbolic => ({ kind: "bool", literal });

export function formOf(symbolic: Symbolic | undefined): Linear {
  if (symbolic?.kind !== "int") throw new NonlinearError("a value that is no integer");
  return symbolic.form;
}
export function literalOf(symbolic: Symbolic | undefined): Literal {
  if (symbolic?.kind !== "bool") throw new NonlinearError("a value that is no truth");
  return symbolic.literal;
}

/** A text that equal ones share. */
export const symbolicKey = (symbolic: Symbolic): string =>
  symbolic.kind === "int" ? keyOf(symbolic.form) : `?${symbolic.literal}`;

/** The function that is looked for, of arguments. */
export type SymbolicFunction = (args: readonly Symbolic[]) => Symbolic;

/** Writes terms and programs over integers and truths as formulas. */
export class SymbolicReader {
  readonly #formulas: Formulas;
  /** What defined functions come to, by name and arguments. */
  readonly #defined = new Map<string, Symbolic>();

  constructor(formulas: Formulas) {
    this.#formulas = formulas;
  }

  value(value: Value): Symbolic {
    if (typeof value === "number") return integer(constantOf(value));
    if (typeof value !== "boolean") throw new NonlinearError(valueToJson(value));
    return truth(value ? this.#formulas.true : this.#formulas.false);
  }

  /** @throws NonlinearError for what is outside of linear integer arithmetic */
  term(term: Term, environment: ReadonlyMap<string, Symbolic>, call: SymbolicFunction): Symbolic {
    switch (term.kind) {
      case "value":
        return this.value(term.value);
      case "variable": {
        const known = environment.get(term.name);
        if (known === undefined)
          throw new NonlinearError(`${term.name} of sort ${sortText(term.type as never)}`);
        return known;
      }
      case "let": {
        const inner = new Map(environment);
        for (const { name, term: bound } of term.bindings)
          inner.set(name, this.term(bound, environment, call));
        return this.term(term.body, inner, call);
      }
      case "call":
        return call(term.arguments.map((argument) => this.term(argument, environment, call)));
      case "application":
        return this.apply(
          term.row,
          term.arguments.map((argument) => this.term(argument, environment, call)),
        );
    }
  }

  /** What a program gives. @throws NonlinearError as `term` */
  program(grammar: Grammar, { tokens, constants }: Program, args: readonly Symbolic[]): Symbolic {
    const stack: Symbolic[] = [];
    const at: Symbolic[] = [];
    let next = 0;
    for (let i = 0; i < tokens.length; i++) {
      const token = tokens[i] as number;
      let result: Symbolic;
      if (token < 0) result = at[referencedPosition(token)] as Symbolic;
      else {
        const production = grammar.productions[token] as Production;
        const given = stack.splice(stack.length - production.children.length);
        if (production.kind === "argument") result = args[production.index] as Symbolic;
        else if (production.kind === "constant") result = this.value(constants[next++] as number);
        else if (production.kind === "literal") result = this.value(production.value as Value);
        else result = this.apply(production.primitive as Primitive, given);
      }
      at[i] = result;
      stack.push(result);
    }
    return stack[0] as Symbolic;
  }

  /** What a row gives. @throws NonlinearError as `term` */
  apply(row: Primitive, given: readonly Symbolic[]): Symbolic {
    const formulas = this.#formulas;
    const definition = definitionOf(row);
    if (definition !== undefined) {
      const key = [definition.name, ...given.map(symbolicKey)].join(" ");
      const known = this.#defined.get(key);
      if (known !== undefined) return known;
      const result = this.term(
        definition.body,
        new Map(definition.parameters.map(({ name }, k) => [name, given[k] as Symbolic])),
        () => {
          throw new Error("a defined function calls the one that is looked for");
        },
      );
      this.#defined.set(key, result);
      return result;
    }
    const [a, b, c] = given;
    switch (row.name) {
      case "+":
        return integer(sum(formOf(a), formOf(b)));
      case "-":
        return integer(given.length === 1 ? scaled(formOf(a), -1) : sum(formOf(a), formOf(b), -1));
      case "*":
        if (isConstant(formOf(b))) return integer(scaled(formOf(a), formOf(b).constant));
        if (isConstant(formOf(a))) return integer(scaled(formOf(b), formOf(a).constant));
        throw new NonlinearError("a product of two terms that are not constant");
      case "div":
      case "mod": {
        const by = formOf(b);
        if (!isConstant(by) || by.constant === 0)
          throw new NonlinearError(`${row.name} by what is not a constant other than 0`);
        const { quotient, rest } = formulas.divide(formOf(a), by.constant);
        return integer(row.name === "div" ? quotient : rest);
      }
      case "abs": {
        const form = formOf(a);
        return integer(formulas.choose(formulas.atLeastZero(form), form, scaled(form, -1)));
      }
      case "ite":
        return b?.kind === "int"
          ? integer(formulas.choose(literalOf(a), formOf(b), formOf(c)))
          : truth(formulas.either(literalOf(a), literalOf(b), literalOf(c)));
      case ">=":
        return truth(formulas.atLeast(formOf(a), formOf(b)));
      case "<=":
        return truth(formulas.atLeast(formOf(b), formOf(a)));
      case "<":
        return truth(negated(formulas.atLeast(formOf(a), formOf(b))));
      case ">":
        return truth(negated(formulas.atLeast(formOf(b), formOf(a))));
      case "=":
        return truth(this.#equal(a, b));
      case "distinct":
        return truth(negated(this.#equal(a, b)));
      case "not":
        return truth(negated(literalOf(a)));
      case "and":
        return truth(formulas.all([literalOf(a), literalOf(b)]));
      case "or":
        return truth(formulas.any([literalOf(a), literalOf(b)]));
      case "=>":
        return truth(formulas.any([negated(literalOf(a)), literalOf(b)]));
      case "xor":
        return truth(negated(formulas.same(literalOf(a), literalOf(b))));
      default:
        throw new NonlinearError(`the function ${row.name}`);
    }
  }

  #equal(a: Symbolic | undefined, b: Symbolic | undefined): Literal {
    return a?.kind === "int"
      ? this.#formulas.equal(a.form, formOf(b))
      : this.#formulas.same(literalOf(a), literalOf(b));
  }
}
