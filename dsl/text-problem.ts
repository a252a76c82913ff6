/** A rule that is broken, and where. */
export interface Problem {
  readonly at: number;
  readonly rule: string;
}

/** A place in a program's text, for messages. */
export function place(text: string, at: number): string {
  let line = 1;
  let start = 0;
  for (let end = text.indexOf("\n"); end >= 0 && end < at; end = text.indexOf("\n", start)) {
    line++;
    start = end + 1;
  }
  return `program text, line ${line}, column ${at - start + 1},`;
}
