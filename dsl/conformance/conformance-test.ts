import type { ExportLanguage } from "../export-program.ts";
import type { Grammar } from "../grammar.ts";
import { InputError } from "../input-error.ts";
import { isNumberGrammar } from "../number-columns.ts";
import type { Program } from "../program.ts";
import type { Value } from "../value.ts";
import { cConformance } from "./c.ts";
import { conformanceFixtures } from "./fixtures.ts";
import { javascriptConformance } from "./javascript.ts";
import { pythonConformance } from "./python.ts";
import { pythonValueConformance } from "./python-values.ts";

export interface ConformanceOptions {
  readonly to: ExportLanguage;
  /** Name of the exported function. */
  readonly name: string;
  /** File of the exported program, without its folder. */
  readonly file: string;
  /** Argument → its values on the cases. */
  readonly inputs: readonly (readonly Value[])[];
  readonly caseCount: number;
}

/** The name of the test of an exported file, which lies beside it. */
export function conformanceFile(to: ExportLanguage, file: string): string {
  const stem = file.replace(/\.[^.]*$/, "");
  if (to === "c") return `test_${stem}.c`;
  if (to === "python") return `test_${stem}.py`;
  return to === "typescript" ? `${stem}.ts.test.mjs` : `${stem}.test.mjs`;
}

/**
 * Writes a test of an exported program in its own language: what it must give on cases and edge values.
 * @throws InputError for a language without tests, and for a file whose name cannot stand in code
 */
export function conformanceTest(grammar: Grammar, program: Program, options: ConformanceOptions): string {
  const { to, name, file, inputs, caseCount } = options;
  if (to === "latex") throw new InputError("a test must be of a program that runs; LaTeX has none.");
  if (!/^[\w. +-]+$/.test(file))
    throw new InputError(`file must have a name of letters, digits, spaces and . + - _; got ${file}.`);
  const fixtures = conformanceFixtures(to, grammar, program, inputs, caseCount);
  const test = { name, file, testFile: conformanceFile(to, file), fixtures };
  if (to === "c") return cConformance(grammar, test);
  if (to !== "python") return javascriptConformance(to, test);
  return isNumberGrammar(grammar) ? pythonConformance(test) : pythonValueConformance(test);
}
