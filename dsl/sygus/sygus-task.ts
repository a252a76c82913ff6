import type { RuleGrammar } from "../grammar-rules.ts";
import { InputError } from "../input-error.ts";
import { sortText } from "../languages/smt-operation.ts";
import { isName, nameRule } from "../name.ts";
import { nearestName } from "../nearest-name.ts";
import type { Signature, Type } from "../type.ts";
import { sameOutcome, type Value } from "../value.ts";
import { valueToJson } from "../value-json.ts";
import { defaultGrammar } from "./default-grammar.ts";
import type { DefinedFunction, Parameter } from "./defined-function.ts";
import { readGrammar } from "./grammar-reader.ts";
import type { SygusVersion } from "./literals.ts";
import {
  type Group,
  type Place,
  readSExpressions,
  type SExpression,
  sExpressionText,
} from "./s-expression.ts";
import type { Term } from "./term.ts";
import { TermReader } from "./term-reader.ts";

export interface Constraint extends Place {
  readonly term: Term;
}

/** What the function must give for some arguments, and where the task says so. */
export interface SygusExample extends Place {
  readonly inputs: readonly Value[];
  readonly output: Value;
}

/** A task of syntax-guided synthesis: a function to find, the grammar that it must be of, and what must hold of it. */
export interface SygusTask {
  readonly fileName: string;
  readonly version: SygusVersion;
  readonly logic: string;
  readonly functionName: string;
  readonly signature: Signature;
  readonly grammar: RuleGrammar;
  /** Whether the task gives the grammar; otherwise it is all terms of the logic. */
  readonly hasOwnGrammar: boolean;
  readonly definedFunctions: readonly DefinedFunction[];
  readonly variables: readonly Parameter[];
  readonly constraints: readonly Constraint[];
  /** The constraints as examples, each once, where all of them are such: programming by example. Otherwise null. */
  readonly examples: readonly SygusExample[] | null;
}

const ignored = new Set(["set-option", "set-options", "set-info", "set-feature", "declare-primed-var"]);
const unsupported = new Set([
  "synth-inv",
  "inv-constraint",
  "chc-constraint",
  "declare-fun",
  "declare-const",
  "declare-sort",
  "declare-datatype",
  "declare-datatypes",
  "define-fun-rec",
  "define-funs-rec",
  "assume",
  "oracle-constraint",
  "optimize-synth",
  "declare-weight",
  "check-sat",
]);
const supported = [
  "set-logic",
  "synth-fun",
  "declare-var",
  "define-fun",
  "define-sort",
  "constraint",
  "check-synth",
];

/**
 * Reads a task of SyGuS-IF, version 1 or 2: one function to find, over Int, Bool, String and bit-vectors.
 * @throws InputError with file, line and column
 */
export function readSygusTask(text: string, fileName: string): SygusTask {
  return new TaskReader(fileName).read(readSExpressions(text, fileName));
}

/**
 * The function that an answer defines, `(define-fun f …)`, under the definitions of its task. Text around it is no part of
 * an answer.
 * @throws InputError if it is none, or of another signature
 */
export function readSygusAnswer(task: SygusTask, text: string, fileName = "answer"): DefinedFunction {
  const reader = new TermReader(fileName);
  for (const defined of task.definedFunctions) reader.functions.set(defined.name, defined);
  const [definition, ...rest] = readSExpressions(text, fileName);
  if (definition === undefined || rest.length > 0)
    throw new InputError(
      `${fileName}: must be one (define-fun …); got ${rest.length === 0 ? "nothing" : "more"}.`,
    );
  const defined = reader.definition(definition);
  const shape = (types: readonly Type[], result: Type): string =>
    `(${types.map(sortText).join(" ")}) ${sortText(result)}`;
  const expected = shape(task.signature.argumentTypes, task.signature.result);
  const given = shape(
    defined.parameters.map(({ type }) => type),
    defined.result,
  );
  if (given !== expected || defined.name !== task.functionName)
    throw reader.fail(
      definition,
      `must define ${task.functionName} of ${expected}; got ${defined.name} of ${given}.`,
    );
  return defined;
}

/** Pairs of examples with the same inputs and other outputs: no function does both. */
export function contradictions(
  examples: readonly SygusExample[],
): readonly (readonly [SygusExample, SygusExample])[] {
  const first = new Map<string, SygusExample>();
  const pairs: (readonly [SygusExample, SygusExample])[] = [];
  for (const example of examples) {
    const key = valueToJson(example.inputs);
    const before = first.get(key);
    if (before === undefined) first.set(key, example);
    else if (!sameOutcome(before.output, example.output)) pairs.push([before, example]);
  }
  return pairs;
}

/** What SyGuS 1 writes and SyGuS 2 does not: signs of numbers, names of functions, sorts, grammars without declarations. */
function versionOf(expressions: readonly SExpression[]): SygusVersion {
  const isOld = (expression: SExpression): boolean => {
    if (expression.kind === "numeral") return expression.text.startsWith("-");
    if (expression.kind === "symbol") return ["str.to.int", "int.to.str"].includes(expression.text);
    if (expression.kind !== "group") return false;
    const { items } = expression;
    const [head, , , , fourth] = items;
    if (head?.kind === "symbol" && head.text === "BitVec") return true;
    if (
      head?.kind === "symbol" &&
      head.text === "synth-fun" &&
      items.length === 5 &&
      fourth?.kind === "group"
    )
      return true;
    return items.some(isOld);
  };
  return expressions.some(isOld) ? 1 : 2;
}

class TaskReader {
  readonly #reader: TermReader;
  readonly #variables: Parameter[] = [];
  readonly #scope = new Map<string, Type>();
  readonly #constraints: Constraint[] = [];
  #logic = "ALL";
  #synthesis: {
    readonly command: Group;
    readonly makeGrammar: () => RuleGrammar;
    readonly hasOwn: boolean;
  } | null = null;

  constructor(fileName: string) {
    this.#reader = new TermReader(fileName);
  }

  read(expressions: readonly SExpression[]): SygusTask {
    for (const expression of expressions) this.#command(expression);
    const reader = this.#reader;
    const { fileName, synthesized } = reader;
    const synthesis = this.#synthesis;
    if (synthesized === null || synthesis === null)
      throw new InputError(`${fileName}: must have a function to find, (synth-fun …); got none.`);
    if (this.#constraints.length === 0)
      throw new InputError(
        `${fileName}: must have a constraint, such as (constraint (= (${synthesized.name} 1) 2)); got none.`,
      );
    return {
      fileName,
      version: versionOf(expressions),
      logic: this.#logic,
      functionName: synthesized.name,
      signature: synthesized.signature,
      grammar: synthesis.makeGrammar(),
      hasOwnGrammar: synthesis.hasOwn,
      definedFunctions: [...reader.functions.values()],
      variables: this.#variables,
      constraints: this.#constraints,
      examples: examplesOf(this.#constraints),
    };
  }

  #command(expression: SExpression): void {
    const reader = this.#reader;
    const [head, ...rest] = expression.kind === "group" ? expression.items : [];
    if (expression.kind !== "group" || head?.kind !== "symbol")
      throw reader.fail(
        expression,
        `must be a command such as (constraint …); got ${sExpressionText(expression)}.`,
      );
    if (ignored.has(head.text)) return;
    if (unsupported.has(head.text))
      throw reader.fail(expression, `must be a supported command; ${head.text} is not supported.`);
    const [first, second, third] = rest;
    switch (head.text) {
      case "set-logic":
        if (first?.kind !== "symbol") throw reader.fail(expression, "must be (set-logic name).");
        this.#logic = first.text;
        return;
      case "synth-fun":
        this.#synthFun(expression, rest);
        return;
      case "declare-var": {
        if (first?.kind !== "symbol" || second === undefined || rest.length !== 2)
          throw reader.fail(expression, "must be (declare-var name sort).");
        const type = reader.sort(second);
        if (this.#scope.has(first.text))
          throw reader.fail(first, `must declare each variable once; got ${first.text} again.`);
        this.#scope.set(first.text, type);
        this.#variables.push({ name: first.text, type });
        return;
      }
      case "define-fun": {
        if (first?.kind === "symbol") reader.checkFree(first, first.text);
        const defined = reader.definition(expression);
        reader.functions.set(defined.name, defined);
        return;
      }
      case "define-sort": {
        const hasParameters = third !== undefined;
        const sort = hasParameters ? third : second;
        if (
          first?.kind !== "symbol" ||
          sort === undefined ||
          (hasParameters && !(second?.kind === "group" && second.items.length === 0))
        )
          throw reader.fail(expression, "must be (define-sort name () sort).");
        reader.sorts.set(first.text, reader.sort(sort));
        return;
      }
      case "constraint": {
        if (first === undefined || rest.length !== 1)
          throw reader.fail(expression, "must be (constraint term).");
        const term = reader.term(first, this.#scope);
        if (term.type.kind !== "bool")
          throw reader.fail(first, `must be of sort Bool; got ${sortText(term.type)}.`);
        this.#constraints.push({ term, line: expression.line, column: expression.column });
        return;
      }
      case "check-synth":
        return;
      default: {
        const meant = nearestName(head.text, supported);
        throw reader.fail(
          head,
          `must be a known command; got ${head.text}.${meant === null ? "" : ` Did you mean ${meant}?`}`,
        );
      }
    }
  }

  #synthFun(command: Group, rest: readonly SExpression[]): void {
    const reader = this.#reader;
    const [name, list, sort, ...grammar] = rest;
    if (reader.synthesized !== null)
      throw reader.fail(
        command,
        `must be the only function to find; ${reader.synthesized.name} is one already, and several are not supported.`,
      );
    if (name?.kind !== "symbol" || sort === undefined || grammar.length > 2)
      throw reader.fail(command, "must be (synth-fun name ((x Int) …) sort grammar).");
    reader.checkFree(name, name.text);
    const parameters = reader.parameters(list, command);
    for (const [k, parameter] of parameters.entries())
      if (!isName(parameter.name))
        throw reader.fail(
          (list as Group).items[k] as SExpression,
          `must have ${nameRule}; got ${parameter.name}.`,
        );
    const signature: Signature = {
      argumentNames: parameters.map((parameter) => parameter.name),
      argumentTypes: parameters.map((parameter) => parameter.type),
      result: reader.sort(sort),
    };
    // Rules may have the functions that are defined before; a grammar that follows from the logic waits for it.
    const own = grammar.length > 0 ? readGrammar(reader, command, name.text, signature, grammar) : null;
    reader.synthesized = { name: name.text, signature };
    this.#synthesis = {
      command,
      hasOwn: own !== null,
      makeGrammar: () => own ?? defaultGrammar(reader, command, name.text, signature, this.#logic),
    };
  }
}

/** The examples that constraints are, each once; null where one of them is no example. */
function examplesOf(constraints: readonly Constraint[]): readonly SygusExample[] | null {
  const examples = new Map<string, SygusExample>();
  for (const { term, line, column } of constraints) {
    const example = exampleOf(term);
    if (example === null) return null;
    const key = valueToJson([example.inputs, example.output]);
    if (!examples.has(key)) examples.set(key, { ...example, line, column });
  }
  return [...examples.values()];
}

/** `(= (f constants) constant)` in either order; of a predicate also `(p constants)` and `(not (p constants))`. */
function exampleOf(term: Term): Pick<SygusExample, "inputs" | "output"> | null {
  const example = (call: Term | undefined, output: Value): Pick<SygusExample, "inputs" | "output"> | null => {
    if (call?.kind !== "call") return null;
    const inputs = call.arguments.flatMap((argument) => (argument.kind === "value" ? [argument.value] : []));
    return inputs.length === call.arguments.length ? { inputs, output } : null;
  };
  if (term.kind === "call") return example(term, true);
  if (term.kind !== "application") return null;
  const [left, right] = term.arguments;
  if (term.row.name === "not") return example(left, false);
  if (term.row.name !== "=") return null;
  if (right?.kind === "value") return example(left, right.value);
  return left?.kind === "value" ? example(right, left.value) : null;
}
