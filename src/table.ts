import { InputError } from "../dsl/index.ts";

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
  const records = readRecords(text, name);
  const header = records.shift();
  if (header === undefined) throw new InputError(`${name} must have a line of column names; got nothing.`);
  const problems: string[] = [];
  const wanted = Object.entries(columns).map(([column, kind]) => ({
    column,
    kind,
    index: header.cells.indexOf(column),
  }));
  for (const { column, index } of wanted)
    if (index < 0) problems.push(`${name} must have a column "${column}"; got ${header.cells.join(", ")}.`);
  const rows = records.map(({ cells, line }) => {
    if (cells.length !== header.cells.length)
      problems.push(`${name}, line ${line} must have ${header.cells.length} cells; got ${cells.length}.`);
    return Object.fromEntries(
      wanted.map(({ column, kind, index }) => {
        const cell = cells[index] ?? "";
        if (kind === "string") return [column, cell];
        const value = Number(cell);
        if (index >= 0 && (cell.trim() === "" || !Number.isFinite(value)))
          problems.push(
            `${name}, line ${line}, column "${column}" must be a number; got ${JSON.stringify(cell)}.`,
          );
        return [column, value];
      }),
    );
  });
  if (problems.length > 0) throw new InputError(problems.slice(0, 20));
  return rows as { readonly [K in keyof C]: CellOf<C[K]> }[];
}

const MAXIMUM_LENGTH = 100_000_000;

function readRecords(text: string, name: string): { cells: string[]; line: number }[] {
  if (text.length > MAXIMUM_LENGTH)
    throw new InputError(`${name} must have at most ${MAXIMUM_LENGTH} characters; got ${text.length}.`);
  const records: { cells: string[]; line: number }[] = [];
  let cells: string[] = [];
  let line = 1;
  let begin = 1;
  const cell = /(?:"([^"]*(?:""[^"]*)*)"|([^",\r\n]*))(,|\r?\n|$)/y;
  let position = text.startsWith("\uFEFF") ? 1 : 0;
  while (position < text.length) {
    if (cells.length === 0 && text[position] === "#") {
      const end = text.indexOf("\n", position);
      position = end < 0 ? text.length : end + 1;
      begin = ++line;
      continue;
    }
    cell.lastIndex = position;
    const match = cell.exec(text);
    if (match === null) throw new InputError(`${name}, line ${line} must be CSV; a quote is out of place.`);
    cells.push(match[1] === undefined ? (match[2] as string) : match[1].replaceAll('""', '"'));
    position = cell.lastIndex;
    line += match[0].split("\n").length - 1;
    if (match[3] === "," && position < text.length) continue;
    if (match[3] === ",") cells.push("");
    if (cells.length > 1 || cells[0] !== "") records.push({ cells, line: begin });
    cells = [];
    begin = line;
  }
  return records;
}
