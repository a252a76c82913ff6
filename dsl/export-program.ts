import { exportC } from "./export-c.ts";
import { exportJavaScript } from "./export-javascript.ts";
import { exportLatex } from "./export-latex.ts";
import { exportPython } from "./export-python.ts";
import type { Grammar } from "./grammar.ts";
import type { Program } from "./program.ts";

/** Languages that a program can be written in. */
export const exportLanguages = ["typescript", "javascript", "c", "python", "latex"] as const;
export type ExportLanguage = (typeof exportLanguages)[number];

export interface ExportOptions {
  readonly to: ExportLanguage;
  /** Name of the exported function. */
  readonly name: string;
  /** Lines of the comment that the file begins with. */
  readonly header: readonly string[];
}

/**
 * Writes a program as a file that needs nothing else. TypeScript and JavaScript have every program; C, Python and LaTeX
 * those over reals, floats and booleans, and Python also those over ints, strings and booleans.
 * @throws InputError if the language cannot have the program, or the name
 */
export function exportProgram(grammar: Grammar, program: Program, options: ExportOptions): string {
  const header = options.header.flatMap((line) => line.split(/\r\n|[\n\r\u2028\u2029]/));
  const { to, name } = options;
  switch (to) {
    case "typescript":
    case "javascript":
      return exportJavaScript(grammar, program, { to, name, header });
    case "c":
      return exportC(grammar, program, { name, header });
    case "python":
      return exportPython(grammar, program, { name, header });
    case "latex":
      return exportLatex(grammar, program, { name, header });
  }
}
