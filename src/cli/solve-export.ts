import { existsSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import {
  checkExportTypes,
  conformanceFile,
  conformanceTest,
  excerpt,
  exportProgram,
  type Program,
  type Value,
} from "../../dsl/index.ts";
import { InputError } from "../index.ts";
import type { OutputFile } from "./output-files.ts";
import type { SolveQuestion } from "./solve-question.ts";

/** What an answer can be written as. */
export const answerForms = ["typescript", "javascript", "python", "sl", "text"] as const;
export type AnswerForm = (typeof answerForms)[number];

/** How an answer is to be written. */
export interface ExportWish {
  readonly to: AnswerForm | undefined;
  readonly out: string | undefined;
  readonly withTests: boolean;
  readonly json: boolean;
}

/** @throws InputError where an answer could not be written so: known before there is one */
export function checkExport(
  { to, out, withTests, json }: ExportWish,
  { grammar, isSygus }: Pick<SolveQuestion, "grammar" | "isSygus">,
): void {
  if (json && to !== undefined && out === undefined)
    throw new InputError("--json and --to must go with --out, the file for the answer.");
  if (out !== undefined && !existsSync(dirname(resolve(out))))
    throw new InputError(`--out must lead to a folder that is there; got ${excerpt(out)}.`);
  if (to === "sl" && !isSygus)
    throw new InputError("--to sl must go with a task of SyGuS-IF, a file that ends in .sl.");
  if (to === "python") checkExportTypes(grammar, "python", "Python");
  if (!withTests) return;
  if (to === undefined || to === "sl" || to === "text")
    throw new InputError(
      `--with-tests must go with a language that runs, --to typescript, javascript or python; got ${to ?? "none"}.`,
    );
  if (out === undefined)
    throw new InputError("--with-tests must go with --out FILE; the test is written beside it.");
}

/**
 * An answer as it is exported, with a test of it if wanted, which holds it against the examples and edge values.
 * @param header lines of the comment before it
 */
export function exportedFiles(
  { grammar, examples, name, textOf }: Pick<SolveQuestion, "grammar" | "examples" | "name" | "textOf">,
  program: Program,
  { to, out, withTests }: ExportWish,
  header: readonly string[],
): readonly OutputFile[] {
  const path = out ?? "";
  if (to === undefined) return [];
  if (to === "sl" || to === "text") {
    const comment = to === "sl" ? header.map((line) => `; ${line}\n`).join("") : "";
    return [{ path, text: `${comment}${textOf(program)}\n` }];
  }
  const files: OutputFile[] = [{ path, text: exportProgram(grammar, program, { to, name, header }) }];
  if (withTests) {
    const file = basename(path);
    const inputs = grammar.signature.argumentNames.map((_, k) =>
      examples.map((one) => one.inputs[k] as Value),
    );
    files.push({
      path: join(dirname(path), conformanceFile(to, file)),
      text: conformanceTest(grammar, program, { to, name, file, inputs, caseCount: examples.length }),
    });
  }
  return files;
}
