import { existsSync, writeFileSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { excerpt, exportProgram, type ExportLanguage, type Program } from "../../dsl/index.ts";
import { InputError, Synthesis } from "../index.ts";
import { printable } from "./printable.ts";
import { readQuestion } from "./solve-question.ts";
import { jsonReport, plainReport, solveResult } from "./solve-report.ts";
import { cpuSeconds, searchLimits, searchWithin, seconds } from "./solve-search.ts";

/** Answers that are kept, beside the last one. */
const MOST_ANSWERS = 20;

/** illume solve: a program from examples. Exit code 0 where there is one, 1 where none was found. */
export async function solveCommand(args: {
  readonly file: string;
  readonly target: string | undefined;
  readonly to: ExportLanguage | undefined;
  readonly out: string | undefined;
  readonly seconds: number | undefined;
  readonly budget: number | undefined;
  readonly more: number | undefined;
  readonly json: boolean;
}): Promise<number> {
  const limits = searchLimits(args);
  const { to, out, json } = args;
  if (json && to !== undefined && out === undefined)
    throw new InputError("--json and --to must go with --out, the file for the function.");
  if (out !== undefined && !existsSync(dirname(resolve(out))))
    throw new InputError(`--out must lead to a folder that is there; got ${excerpt(out)}.`);
  const started = seconds();
  const fileName = basename(args.file);
  const question = readQuestion(args.file, args.target);
  const { grammar, examples, name, textOf } = question;
  const search = new Synthesis(grammar, examples);
  /** Answers on the way to the last one. */
  const answers: Program[] = [];
  const isTalking = !json && process.stderr.isTTY === true;
  const end = await searchWithin(search, limits, (isBetter) => {
    if (isBetter && search.answer !== null && answers.length < MOST_ANSWERS)
      answers.push(search.answer.program);
    if (isTalking && isBetter && search.answer !== null)
      process.stderr.write(
        `${(seconds() - started).toFixed(2)} s, ${search.answer.size} nodes: ${printable(textOf(search.answer.program))}\n`,
      );
  });
  const told = { fileName, question, search, end, seconds: seconds() - started, cpuSeconds: cpuSeconds() };
  const result = solveResult(told, answers);
  const { answer } = search;
  if (answer !== null && to !== undefined) {
    const header = [`${result.passed} of ${examples.length} examples of ${fileName}`];
    const code = exportProgram(grammar, answer.program, { to, name, header });
    if (out === undefined) {
      process.stdout.write(code);
      return 0;
    }
    writeFileSync(out, code);
  }
  process.stdout.write(json ? jsonReport(result) : plainReport(result));
  return answer === null ? 1 : 0;
}
