import type { Primitive } from "../primitive.ts";
import type { Type } from "../type.ts";
import { limits, type Value } from "../value.ts";
import type { VectorOperation } from "../vector-operations.ts";
import { evaluateTerm, type Term } from "./term.ts";

export interface Parameter {
  readonly name: string;
  readonly type: Type;
}

/** A function that a file defines. */
export interface DefinedFunction {
  readonly name: string;
  readonly parameters: readonly Parameter[];
  readonly result: Type;
  readonly body: Term;
  /** It as a row of a grammar. */
  readonly row: DefinedRow;
}

/** A row that runs the body of a defined function. */
export interface DefinedRow extends Primitive {
  readonly definition: Omit<DefinedFunction, "row">;
}

/** The function that a row runs, if a file defined it. */
export const definitionOf = (row: Primitive): DefinedRow["definition"] | undefined =>
  "definition" in row ? (row as DefinedRow).definition : undefined;

/** A function with the row that runs it. */
export function definedFunction(definition: DefinedRow["definition"]): DefinedFunction {
  const { name, parameters, result, body } = definition;
  const vector = vectorOf(definition);
  const row: DefinedRow = {
    name,
    parameters: parameters.map((parameter) => parameter.type),
    result,
    apply: (...values: Value[]) =>
      evaluateTerm(body, new Map(parameters.map((parameter, k) => [parameter.name, values[k] as Value]))),
    cost: 1,
    commutative: false,
    strictParameters: parameters.length,
    documentation: `Defined by the task.`,
    javascript: javascriptOf(definition),
    ...(vector === undefined ? {} : { vector }),
    definition,
  };
  return { ...definition, row };
}

/**
 * The operation of the vector machine that does what a body does: a row's own, or one of those that bit-vector tasks of
 * the competition have defined since 2013, shifts by 1, 4 and 16 and the choice by whether a word is 1.
 */
function vectorOf({ parameters, body }: DefinedRow["definition"]): VectorOperation | undefined {
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
function javascriptOf({ parameters, body }: DefinedRow["definition"]): string {
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
