import { excerpt, InputError } from "../input-error.ts";

/** Where something stands in a file: both counted from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** An atom as it is written, and what it stands for. */
export type Atom = Place &
  (
    | { readonly kind: "symbol"; readonly text: string }
    | { readonly kind: "string"; readonly text: string }
    /** A whole number; SyGuS 1 writes those below zero with a sign. */
    | { readonly kind: "numeral"; readonly text: string }
    | { readonly kind: "decimal"; readonly text: string }
    /** `#x1f` and `#b101`, with all digits, since they say the width. */
    | { readonly kind: "bits"; readonly text: string }
  );

export interface Group extends Place {
  readonly kind: "group";
  readonly items: readonly SExpression[];
}

export type SExpression = Atom | Group;

/** Bound on brackets within brackets; readers of terms recur as deep. */
const MAXIMUM_NESTING = 1000;
const MAXIMUM_LENGTH = 50_000_000;

/** What a problem in a file is called: `file.sl, line 12, column 3: must …`. */
export const placed = (fileName: string, { line, column }: Place, rule: string): string =>
  `${fileName}, line ${line}, column ${column}: ${rule}`;

/** An error at a place of a file. */
export const errorAt = (fileName: string, place: Place, rule: string): InputError =>
  new InputError(placed(fileName, place, rule));

/** White space and comments, brackets, strings, quoted symbols, and words up to any of them (SMT-LIB 2.6, section 3.1). */
const TOKEN = /[ \t\r\n]+|;[^\n]*|[()]|"[^"]*"(?:"[^"]*")*|\|[^|\\]*\||[^\s()"|;]+|[^]/g;

/**
 * Reads the s-expressions of a text.
 * @throws InputError at the place where it is none
 */
export function readSExpressions(text: string, fileName: string): readonly SExpression[] {
  if (text.length > MAXIMUM_LENGTH)
    throw new InputError(`${fileName}: must have at most ${MAXIMUM_LENGTH} characters; got ${text.length}.`);
  const items: SExpression[] = [];
  const open: { readonly place: Place; readonly items: SExpression[] }[] = [];
  let line = 1;
  let lineStart = 0;
  for (const match of text.matchAll(TOKEN)) {
    const token = match[0];
    const place = { line, column: match.index - lineStart + 1 };
    for (let at = token.indexOf("\n"); at >= 0; at = token.indexOf("\n", at + 1)) {
      line++;
      lineStart = match.index + at + 1;
    }
    const first = token[0] as string;
    if (/[\s;]/.test(first) || first === "\ufeff") continue;
    if (first === "(") {
      if (open.length >= MAXIMUM_NESTING)
        throw errorAt(fileName, place, `must have at most ${MAXIMUM_NESTING} brackets within each other.`);
      open.push({ place, items: [] });
    } else if (first === ")") {
      const closed = open.pop();
      if (closed === undefined)
        throw errorAt(fileName, place, "must not close a bracket that is not open; take it out.");
      (open.at(-1)?.items ?? items).push({ kind: "group", items: closed.items, ...closed.place });
    } else (open.at(-1)?.items ?? items).push(atomOf(token, place, fileName));
  }
  const unclosed = open.at(-1);
  if (unclosed !== undefined)
    throw errorAt(fileName, unclosed.place, "must close this bracket; the file ends before.");
  return items;
}

function atomOf(token: string, place: Place, fileName: string): Atom {
  const fail = (rule: string): InputError => errorAt(fileName, place, rule);
  if (token[0] === '"') {
    if (token.length === 1) throw fail("must close this quotation mark; the file ends before.");
    return { kind: "string", text: token.slice(1, -1).replaceAll('""', '"'), ...place };
  }
  if (token[0] === "|") {
    if (token.length === 1) throw fail("must close this | and have no \\ in it; the file ends before.");
    return { kind: "symbol", text: token.slice(1, -1), ...place };
  }
  if (token[0] === "#") {
    if (/^#(?:x[\da-fA-F]+|b[01]+)$/.test(token)) return { kind: "bits", text: token, ...place };
    throw fail(`must be bits such as #x1f or #b101; got ${excerpt(token)}.`);
  }
  if (/^-?\d/.test(token)) {
    if (/^-?\d+$/.test(token)) return { kind: "numeral", text: token, ...place };
    if (/^-?\d+\.\d+$/.test(token)) return { kind: "decimal", text: token, ...place };
    throw fail(`must be a number or a name, which begins with no digit; got ${excerpt(token)}.`);
  }
  return { kind: "symbol", text: token, ...place };
}

/** An s-expression as messages quote it: on one line, its beginning if it is long. */
export function sExpressionText(expression: SExpression): string {
  const parts: string[] = [];
  let length = 0;
  const write = (item: SExpression): void => {
    if (length > 100) return;
    if (item.kind !== "group") {
      const text = item.kind === "string" ? `"${item.text.replaceAll('"', '""')}"` : item.text;
      length += text.length + 1;
      parts.push(text);
      return;
    }
    parts.push("(");
    for (const child of item.items) write(child);
    parts.push(")");
  };
  write(expression);
  return excerpt(parts.join(" ").replaceAll("( ", "(").replaceAll(" )", ")"));
}
