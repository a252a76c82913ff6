import { asOperand, withoutParentheses } from "./expression-text.ts";
import { type ExportTerm, exportTerms, templateOf } from "./export-terms.ts";
import type { Grammar } from "./grammar.ts";
import { InputError } from "./input-error.ts";
import type { Program } from "./program.ts";
import type { Type, TypeShape } from "./type.ts";
import type { Value } from "./value.ts";

/** A language that formulas are written in as statements: definitions of shared terms, and a result. */
export interface Dialect {
  /** For people. */
  readonly language: string;
  readonly template: "python" | "c";
  /** Names that neither the function nor its variables can have. */
  readonly reserved: ReadonlySet<string>;
  /** Functions that templates may call and that give the same bits everywhere. */
  readonly exactCalls: ReadonlySet<string>;
  readonly number: (value: number, type: TypeShape) => string;
  readonly boolean: (value: boolean) => string;
  /** A string or an int; of dialects that have them. */
  readonly value?: (value: Value) => string;
  /** How a term that has a name is used; by its name alone unless told. */
  readonly use?: (name: string) => string;
  /** An expression rounded to the nearest single, such that it can stand beside any operator. */
  readonly rounded: (text: string) => string;
}

/** A program as statements of a dialect. */
export interface TemplateCode {
  readonly argumentNames: readonly string[];
  /** Whether the program looks at each argument. */
  readonly isUsed: readonly boolean[];
  readonly definitions: readonly { readonly name: string; readonly type: Type; readonly text: string }[];
  readonly result: string;
  /** Functions that are called. */
  readonly calls: ReadonlySet<string>;
  /** Whether it gives Illume's bits: nothing is called that differs between libraries. */
  readonly isExact: boolean;
}

/** What a text calls: names before a parenthesis. */
export const callsOf = (text: string): readonly string[] =>
  text.match(/[\p{L}_][\p{L}\p{N}_.]*(?=\()/gu) ?? [];

/** A name of letters, digits and low lines. */
const identifier = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * Writes a program's terms in a dialect, each operation in the program's order and rounded as the program says.
 * @throws InputError if the dialect cannot have it, or its name
 */
export function templateCode(
  grammar: Grammar,
  program: Program,
  name: string,
  dialect: Dialect,
): TemplateCode {
  const { language, template, reserved } = dialect;
  if (!identifier.test(name) || reserved.has(name))
    throw new InputError(`name must be a name that ${language} leaves free; got ${JSON.stringify(name)}.`);
  const { root, named } = exportTerms(grammar, program, template, language);
  const taken = new Set([...reserved, name]);
  const templates = new Set<string>();
  const isUsed = grammar.signature.argumentNames.map(() => false);
  const everyTerm = (term: ExportTerm): void => {
    const { kind, index, primitive } = term.production;
    if (kind === "argument") isUsed[index] = true;
    if (primitive !== undefined) templates.add(templateOf(primitive, template));
    for (const child of term.children) if (!child.isNamed) everyTerm(child);
  };
  for (const term of [...named, root]) everyTerm(term);
  const calls = new Set([...templates].flatMap(callsOf));
  for (const word of [...templates].join(" ").match(/[A-Za-z_][A-Za-z0-9_]*/g) ?? []) taken.add(word);

  const fresh = (wanted: string): string => {
    const legal = wanted.replaceAll(/[^A-Za-z0-9_]/g, "_");
    let free = /^\d/.test(legal) ? `_${legal}` : legal;
    while (taken.has(free)) free += "_";
    taken.add(free);
    return free;
  };
  const argumentNames = grammar.signature.argumentNames.map(fresh);
  const names = new Map<ExportTerm, string>();
  const isRounded = new Set<string>();

  const text = (term: ExportTerm): string => names.get(term) ?? expression(term);
  const expression = ({ production, children, constant }: ExportTerm): string => {
    const type = grammar.types[production.type] as Type;
    switch (production.kind) {
      case "argument":
        return argumentNames[production.index] as string;
      case "constant":
        return type.kind === "int" && dialect.value !== undefined
          ? dialect.value(constant)
          : dialect.number(constant, type);
      case "literal": {
        const { value } = production;
        if (dialect.value !== undefined && type.kind !== "real" && type.kind !== "float32")
          return dialect.value(value as Value);
        return typeof value === "boolean" ? dialect.boolean(value) : dialect.number(value as number, type);
      }
      default: {
        const row = templateOf(production.primitive as NonNullable<typeof production.primitive>, template);
        const written = row.replace(/\$(\d)/g, (use, digit: string, at: number) => {
          const argument = text(children[Number(digit)] as ExportTerm);
          const isAlone = /[(,]\s*$/.test(row.slice(0, at)) && /^\s*[,)]/.test(row.slice(at + use.length));
          if (isAlone) return withoutParentheses(argument);
          return isRounded.has(argument) ? argument : asOperand(argument);
        });
        if (type.kind !== "float32") return written;
        const rounded = dialect.rounded(withoutParentheses(written));
        isRounded.add(rounded);
        return rounded;
      }
    }
  };
  const definitions = named.map((term, k) => {
    const definition = {
      type: grammar.types[term.production.type] as Type,
      text: withoutParentheses(expression(term)),
      name: fresh(`s${k + 1}`),
    };
    names.set(term, dialect.use?.(definition.name) ?? definition.name);
    return definition;
  });
  return {
    argumentNames,
    isUsed,
    definitions,
    result: withoutParentheses(text(root)),
    calls,
    isExact: [...calls].every((call) => dialect.exactCalls.has(call)),
  };
}
