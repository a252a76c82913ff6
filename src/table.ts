import { excerpt, InputError } from "../dsl/index.ts";

export interface TableOptions {
  /** What the table is called in messages. */
  readonly name?: string;
}

type CellOf<K extends "number" | "string"> = K extends "number" ? number : string;

/**
 * Reads a CSV text (RFC 4180; lines that begin with # are comments) into rows with the wanted columns, typed.
 * `table(text, { period: "number", body: "string" })`.
 * @throws InputError listing every missing column and every cell that is no number where one is wanted
 */
export function table<C extends Readonly<Record<string, "number" | "string">>>(
  text: string,
  columns: C,
  options: TableOptions = {},
): { readonly [K in keyof C]: CellOf<C[K]> }[] {
  const name = options.name ?? "table";
  const records = tableRecords(text, name);
  const header = records.next().value;
  if (header === undefined) throw new InputError(`${name} must have a line of column names; got nothing.`);
  const problems: string[] = [];
  const wanted = Object.entries(columns).map(([column, kind]) => ({
    column,
    kind,
    index: header.cells.indexOf(column),
  }));
  for (const { column, index } of wanted)
    if (index < 0)
      problems.push(`${name} must have a column "${column}"; got ${excerpt(header.cells.join(", "))}.`);
  const rows: Record<string, string | number>[] = [];
  for (const { cells, line } of records) {
    if (problems.length >= MAXIMUM_PROBLEMS) break;
    if (cells.length !== header.cells.length)
      problems.push(`${name}, line ${line} must have ${header.cells.length} cells; got ${cells.length}.`);
    const row = wanted.map(({ column, kind, index }) => {
      const cell = cells[index] ?? "";
      if (kind === "string") return [column, cell];
      const value = Number(cell);
      if (index >= 0 && (cell.trim() === "" || !Number.isFinite(value)))
        problems.push(
          `${name}, line ${line}, column "${column}" must be a number; got ${JSON.stringify(excerpt(cell))}.`,
        );
      return [column, value];
    });
    rows.push(Object.fromEntries(row));
  }
  if (problems.length > 0) throw new InputError(problems.slice(0, MAXIMUM_PROBLEMS));
  return rows as unknown as { readonly [K in keyof C]: CellOf<C[K]> }[];
}

/** Bounds on what is read: UTF-16 code units, those of a quoted cell, cells, and cells of one line. */
const MAXIMUM_LENGTH = 100_000_000;
const MAXIMUM_CELL_LENGTH = 10_000_000;
const MAXIMUM_CELLS = 10_000_000;
const MAXIMUM_LINE_CELLS = 10_000;
/** Bound on what an error lists. */
const MAXIMUM_PROBLEMS = 20;

interface TableRecord {
  readonly cells: string[];
  /** The line it begins in, from 1. */
  readonly line: number;
}

/** What stands between the cells of a line. */
export const separators = [",", ";", "\t"] as const;
export type Separator = (typeof separators)[number];

/** The position after the quoted cell that begins at one, or −1 if it has no end. */
function quotedEnd(text: string, from: number): number {
  let end = text.indexOf('"', from + 1);
  while (end >= 0 && text[end + 1] === '"') end = text.indexOf('"', end + 2);
  return end < 0 ? -1 : end + 1;
}

/**
 * The records of a CSV text, one at a time, so that no more is held of it than is wanted.
 * @param hasComments whether lines that begin with # are comments everywhere; otherwise only those before the first record
 */
export function* tableRecords(
  text: string,
  name: string,
  hasComments = true,
  separator: Separator = ",",
): Generator<TableRecord> {
  if (text.length > MAXIMUM_LENGTH)
    throw new InputError(`${name} must have at most ${MAXIMUM_LENGTH} characters; got ${text.length}.`);
  let count = 0;
  let records = 0;
  let cells: string[] = [];
  let line = 1;
  let begin = 1;
  let position = text.startsWith("\uFEFF") ? 1 : 0;
  const outOfPlace = (what: string): InputError =>
    new InputError(`${name}, line ${line} must be CSV; a ${what} is out of place.`);
  const plain = new RegExp(`[^"${separator}\r\n]*`, "y");
  while (position < text.length) {
    if (cells.length === 0 && text[position] === "#" && (hasComments || records === 0)) {
      const end = text.indexOf("\n", position);
      position = end < 0 ? text.length : end + 1;
      begin = ++line;
      continue;
    }
    const from = position;
    if (text[position] === '"') {
      position = quotedEnd(text, position);
      if (position < 0) throw outOfPlace("quote");
      if (position - from > MAXIMUM_CELL_LENGTH)
        throw new InputError(
          `${name}, line ${line} must have cells of at most ${MAXIMUM_CELL_LENGTH} characters; got ${position - from}.`,
        );
      const cell = text.slice(from + 1, position - 1).replaceAll('""', '"');
      for (let at = cell.indexOf("\n"); at >= 0; at = cell.indexOf("\n", at + 1)) line++;
      cells.push(cell);
    } else {
      plain.lastIndex = position;
      plain.test(text);
      position = plain.lastIndex;
      cells.push(text.slice(from, position));
    }
    if (++count > MAXIMUM_CELLS)
      throw new InputError(`${name} must have at most ${MAXIMUM_CELLS} cells; got more, in line ${line}.`);
    if (cells.length > MAXIMUM_LINE_CELLS)
      throw new InputError(`${name}, line ${line} must have at most ${MAXIMUM_LINE_CELLS} cells; got more.`);
    if (text[position] === separator) {
      position++;
      if (position < text.length) continue;
      cells.push("");
    } else if (position < text.length) {
      if (text[position] === "\r") position++;
      if (text[position] !== "\n")
        throw outOfPlace(text[position - 1] === "\r" ? "carriage return" : "quote");
      position++;
      line++;
    }
    if (cells.length > 1 || cells[0] !== "") {
      records++;
      yield { cells, line: begin };
    }
    cells = [];
    begin = line;
  }
}
