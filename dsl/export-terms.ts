import type { Grammar, Production } from "./grammar.ts";
import { InputError } from "./input-error.ts";
import { isNumberGrammar } from "./number-columns.ts";
import type { Primitive } from "./primitive.ts";
import { type Program, referencedPosition } from "./program.ts";
import { typeText } from "./type.ts";

/** A term of a formula: a program over reals, floats and booleans. */
export interface ExportTerm {
  readonly production: Production;
  readonly children: readonly ExportTerm[];
  /** kind constant: its value. */
  readonly constant: number;
  /** Whether it is written down once, under a name, and used by it. */
  readonly isNamed: boolean;
}

export interface ExportTerms {
  readonly root: ExportTerm;
  /** Named terms, each after those that it uses. */
  readonly named: readonly ExportTerm[];
}

/** Names of rows' templates. */
export type ExportTemplate = "python" | "c" | "latex";

/** Terms as deep as this get a name: compilers and TeX bound how deep parentheses may be nested. */
const MAXIMUM_DEPTH = 40;

/** Types that are told of a language that has others. */
const SHOWN_TYPES = 4;

/** Whether all values of a grammar are ints, strings and booleans. */
export const isTextGrammar = (grammar: Grammar): boolean =>
  grammar.types.every(({ kind }) => kind === "int" || kind === "string" || kind === "bool");

/** How often a template writes its k-th argument down. */
const usesOf = (template: string, k: number): number => template.split(`$${k}`).length - 1;

/** @throws InputError if programs are over other types than a language with such templates can have */
export function checkExportTypes(grammar: Grammar, template: ExportTemplate, language: string): void {
  if (isNumberGrammar(grammar) || (template === "python" && isTextGrammar(grammar))) return;
  const other = grammar.types
    .filter((t) => !["real", "float32", "bool", "function"].includes(t.kind))
    .slice(0, SHOWN_TYPES);
  const kinds = `reals, floats and booleans${template === "python" ? ", or over ints, strings and booleans," : ""}`;
  throw new InputError(
    `program must be over ${kinds} to be exported to ${language}; its language has ${other.map(typeText).join(", ")}. Export it to typescript or javascript.`,
  );
}

/**
 * Opens a program up for languages whose rows' templates it is written with. Terms that are referred to, or that a
 * template would write down twice, have names.
 * @throws InputError if the program is over other types than the language can have, or a row has no such template
 */
export function exportTerms(
  grammar: Grammar,
  program: Program,
  template: ExportTemplate,
  language: string,
): ExportTerms {
  checkExportTypes(grammar, template, language);
  const repeated = new Set(program.tokens.filter((token) => token < 0).map(referencedPosition));
  const terms: ExportTerm[] = [];
  const depths = new Map<ExportTerm, number>();
  const named: ExportTerm[] = [];
  const stack: number[] = [];
  const missing = new Set<string>();
  let constants = 0;
  // Children that a template writes twice come before it: whether they have names is known only when it is read.
  const writtenTwice = twiceWritten(grammar, program, template);
  program.tokens.forEach((token, position) => {
    if (token < 0) {
      stack.push(referencedPosition(token));
      return;
    }
    const production = grammar.productions[token] as Production;
    const children = stack
      .splice(stack.length - production.children.length)
      .map((child) => terms[child] as ExportTerm);
    const { primitive } = production;
    if (primitive !== undefined && primitive[template] === undefined) missing.add(primitive.name);
    const depth = 1 + Math.max(0, ...children.map((c) => (c.isNamed ? 1 : (depths.get(c) as number))));
    const isLast = position === program.tokens.length - 1;
    const isNamed =
      children.length > 0 &&
      !isLast &&
      (repeated.has(position) || writtenTwice.has(position) || depth >= MAXIMUM_DEPTH);
    const constant = production.kind === "constant" ? (program.constants[constants++] as number) : 0;
    const term: ExportTerm = { production, children, constant, isNamed };
    terms[position] = term;
    depths.set(term, depth);
    if (isNamed) named.push(term);
    stack.push(position);
  });
  if (missing.size > 0)
    throw new InputError(
      [...missing].map(
        (name) => `primitive "${name}" must have a ${template} template to be exported to ${language}.`,
      ),
    );
  return { root: terms[program.tokens.length - 1] as ExportTerm, named };
}

/** Positions of the terms that the template of the row around them writes down more than once. */
function twiceWritten(grammar: Grammar, program: Program, template: ExportTemplate): Set<number> {
  const positions = new Set<number>();
  // LaTeX writes for people: what stands twice may do so.
  if (template === "latex") return positions;
  const stack: number[] = [];
  program.tokens.forEach((token, position) => {
    if (token < 0) {
      stack.push(referencedPosition(token));
      return;
    }
    const { children, primitive } = grammar.productions[token] as Production;
    const text = primitive?.[template] ?? "";
    stack.splice(stack.length - children.length).forEach((child, k) => {
      if (usesOf(text, k) > 1) positions.add(child);
    });
    stack.push(position);
  });
  return positions;
}

/** The template of a row; one is there, since the formula was read. */
export const templateOf = (row: Primitive, template: ExportTemplate): string => row[template] as string;
