import type { Primitive } from "../primitive.ts";
import type { Type } from "../type.ts";
import { limits, type Outcome, type Value } from "../value.ts";
import type { VectorOperation } from "../vector-operations.ts";
import { evaluateTerm, type Term } from "./term.ts";

export interface Parameter {
  readonly name: string;
  readonly type: Type;
}

/** What a file says of a function that it defines. */
export interface Definition {
  readonly name: string;
  readonly parameters: readonly Parameter[];
  readonly result: Type;
  readonly body: Term;
}

/** A function that a file defines. */
export interface DefinedFunction extends Definition {
  /** It as a row of a grammar. */
  readonly row: Primitive;
}

/** A row that runs the body of a defined function. Like other rows it fails where an argument does, even one not needed. */
class DefinedRow implements Primitive {
  readonly name: string;
  readonly parameters: readonly Type[];
  readonly result: Type;
  readonly apply: (...values: Value[]) => Outcome;
  readonly cost = 1;
  readonly commutative = false;
  readonly strictParameters: number;
  readonly documentation = "Defined by the task.";
  readonly vector?: VectorOperation;
  readonly #definition: Definition;

  constructor(definition: Definition) {
    const { name, parameters, result, body } = definition;
    this.name = name;
    this.parameters = parameters.map((parameter) => parameter.type);
    this.result = result;
    this.strictParameters = parameters.length;
    this.apply = (...values) =>
      evaluateTerm(body, new Map(parameters.map((parameter, k) => [parameter.name, values[k] as Value])));
    const vector = vectorOf(definition);
    if (vector !== undefined) this.vector = vector;
    this.#definition = definition;
  }

  get definition(): Definition {
    return this.#definition;
  }

  /** Written when it is asked for: with definitions that use others several times it is long. */
  get javascript(): string {
    return javascriptOf(this.#definition);
  }
}

/** The function that a row runs, if a file defined it. */
export const definitionOf = (row: Primitive): Definition | undefined =>
  row instanceof DefinedRow ? row.definition : undefined;

/** A function with the row that runs it. */
export const definedFunction = (definition: Definition): DefinedFunction => ({
  ...definition,
  row: new DefinedRow(definition),
});

/**
 * The operation of the vector machine that does what a body does: a row's own, or one of those that bit-vector tasks of
 * the competition have defined since 2013, shifts by 1, 4 and 16 and the choice by whether a word is 1.
 */
function vectorOf({ parameters, body }: Definition): VectorOperation | undefined {
  if (body.kind !== "application") return undefined;
  const isParameter = (term: Term | undefined, k: number): boolean =>
    term?.kind === "variable" && term.name === parameters[k]?.name;
  const valueOf = (term: Term | undefined): Value | undefined =>
    term?.kind === "value" ? term.value : undefined;
  const [first, second, third] = body.arguments;
  if (
    body.arguments.length === parameters.length &&
    body.arguments.every((term, k) => isParameter(term, k)) &&
    body.row.strictParameters === body.row.parameters.length
  )
    return body.row.vector;
  const shift = parameters.length === 1 && isParameter(first, 0) ? valueOf(second) : undefined;
  if (body.row.vector === "shift-left" && shift === 1n) return "shift-left-1";
  if (body.row.vector === "shift-right")
    return shift === 1n
      ? "shift-right-1"
      : shift === 4n
        ? "shift-right-4"
        : shift === 16n
          ? "shift-right-16"
          : undefined;
  if (body.row.vector !== "if" || body.type.kind !== "bits" || parameters.length !== 3) return undefined;
  if (first?.kind !== "application" || first.row.vector !== "equal") return undefined;
  const [a, b] = first.arguments;
  const asksForOne = (isParameter(a, 0) && valueOf(b) === 1n) || (isParameter(b, 0) && valueOf(a) === 1n);
  return asksForOne && isParameter(second, 1) && isParameter(third, 2) ? "if-one" : undefined;
}

/** The body as an expression of exported programs, where traps are thrown. */
function javascriptOf({ parameters, body }: Definition): string {
  // Names of files may be no names of JavaScript: variables are counted.
  let count = 0;
  const write = (term: Term, names: ReadonlyMap<string, string>): string => {
    switch (term.kind) {
      case "value":
        return typeof term.value === "bigint" ? `${term.value}n` : `(${JSON.stringify(term.value)})`;
      case "variable":
        return names.get(term.name) as string;
      case "let": {
        const inner = new Map(names);
        const fresh = term.bindings.map(() => `v${count++}`);
        const terms = term.bindings.map((binding) => write(binding.term, names));
        term.bindings.forEach((binding, k) => inner.set(binding.name, fresh[k] as string));
        return `((${fresh.join(", ")}) => ${write(term.body, inner)})(${terms.join(", ")})`;
      }
      case "call":
        throw new Error("a defined function calls the one that is looked for");
      case "application": {
        const operands = term.arguments.map((argument) => write(argument, names));
        const { javascript, apply } = term.row;
        const text =
          javascript === undefined
            ? `(${String(apply)})(${operands.join(", ")})`
            : `(${javascript.replace(/\$(\d)/g, (_, k: string) => operands[Number(k)] as string)})`;
        if (term.type.kind === "int")
          return `((n) => (Number.isSafeInteger(n) ? n + 0 : trap("overflow")))(${text})`;
        if (term.type.kind === "string")
          return `((s) => (s.length <= ${limits.stringLength} ? s : trap("too-long")))(${text})`;
        return text;
      }
    }
  };
  const fresh = parameters.map(() => `v${count++}`);
  const text = write(body, new Map(parameters.map(({ name }, k) => [name, fresh[k] as string])));
  return `((${fresh.join(", ")}) => ${text})(${fresh.map((_, k) => `$${k}`).join(", ")})`;
}
