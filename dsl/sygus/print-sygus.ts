import type { Grammar, Production } from "../grammar.ts";
import { sortText, type SmtRow } from "../languages/smt-operation.ts";
import type { Primitive } from "../primitive.ts";
import { type Program, referencedPosition } from "../program.ts";
import type { Signature, Type } from "../type.ts";
import { literalText, symbolText, type SygusVersion } from "./literals.ts";
import type { Term } from "./term.ts";

/** Longest text in which terms that a program shares are written out wherever they are used; longer ones get names. */
const MAXIMUM_EXPANDED = 10_000;

/** A row's name as SMT-LIB writes it. */
const rowText = (row: Primitive): string => ("symbol" in row ? (row as SmtRow).symbol : symbolText(row.name));

const applied = (head: string, parts: readonly string[]): string =>
  parts.length === 0 ? head : `(${[head, ...parts].join(" ")})`;

/** A function's definition, as solvers answer tasks. */
export const definitionText = (name: string, signature: Signature, body: string): string =>
  `(define-fun ${symbolText(name)} (${signature.argumentNames
    .map((argument, k) => `(${symbolText(argument)} ${sortText(signature.argumentTypes[k] as Type)})`)
    .join(" ")}) ${sortText(signature.result)} ${body})`;

/**
 * A program of a task's grammar as its answer, `(define-fun f ((x Int)) Int …)`. Terms that are used several times are
 * written out, as the grammar has no names for them; only where that would be long they get names in a `let`.
 */
export function printSygusProgram(
  task: {
    readonly functionName: string;
    readonly signature: Signature;
    readonly grammar: Grammar;
    readonly version: SygusVersion;
  },
  program: Program,
): string {
  const body =
    bodyText(task.grammar, program, task.version, MAXIMUM_EXPANDED) ??
    (bodyText(task.grammar, program, task.version, null) as string);
  return definitionText(task.functionName, task.signature, body);
}

/**
 * The text of a program.
 * @param longest null to name shared terms; otherwise they are written out, and a longer text is null
 */
function bodyText(
  grammar: Grammar,
  program: Program,
  version: SygusVersion,
  longest: number | null,
): string | null {
  const { tokens, constants } = program;
  const shared = new Map<number, string>();
  const taken = new Set<string>([
    ...grammar.signature.argumentNames,
    ...grammar.productions.flatMap((p) => (p.primitive === undefined ? [] : [p.primitive.name])),
  ]);
  let count = 0;
  for (const token of [...tokens].sort((a, b) => b - a)) {
    const position = referencedPosition(token);
    if (token >= 0 || shared.has(position)) continue;
    do count++;
    while (taken.has(`s${count}`));
    shared.set(position, `s${count}`);
  }
  const textAt: string[] = [];
  const stack: string[] = [];
  const definitions: string[] = [];
  let next = 0;
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i] as number;
    if (token < 0) {
      const position = referencedPosition(token);
      stack.push(longest === null ? (shared.get(position) as string) : (textAt[position] as string));
      continue;
    }
    const production = grammar.productions[token] as Production;
    const type = grammar.types[production.type] as Type;
    const children = stack.splice(stack.length - production.children.length);
    let text: string;
    if (production.kind === "constant") text = literalText(type, constants[next++] as number, version);
    else if (production.kind === "literal") text = literalText(type, production.value as never, version);
    else if (production.kind === "argument") text = symbolText(production.label);
    else text = applied(rowText(production.primitive as Primitive), children);
    if (longest !== null && text.length > longest) return null;
    const name = longest === null ? shared.get(i) : undefined;
    if (name !== undefined) {
      definitions.push(`(let ((${name} ${text}))`);
      text = name;
    }
    textAt[i] = text;
    stack.push(text);
  }
  return [...definitions, `${stack[0]}${")".repeat(definitions.length)}`].join(" ");
}

/** A term as SMT-LIB writes it. */
export function termText(term: Term, version: SygusVersion, functionName: string): string {
  const text = (part: Term): string => termText(part, version, functionName);
  switch (term.kind) {
    case "value":
      return literalText(term.type, term.value, version);
    case "variable":
      return symbolText(term.name);
    case "application":
      return applied(rowText(term.row), term.arguments.map(text));
    case "call":
      return applied(symbolText(functionName), term.arguments.map(text));
    case "let":
      return `(let (${term.bindings.map(({ name, term: bound }) => `(${symbolText(name)} ${text(bound)})`).join(" ")}) ${text(term.body)})`;
  }
}
