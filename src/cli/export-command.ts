import { basename, dirname, join } from "node:path";
import {
  approximationClaims,
  type Archive,
  conformanceFile,
  conformanceTest,
  type CompleteQuestion,
  type Grammar,
  reportedError,
  eliteClaims,
  type ExportClaims,
  type ExportLanguage,
  exportProgram,
  formClaims,
  grammarClaims,
  headerLines,
  type Individual,
  InputError,
  judgementClaims,
  type Program,
  programClaims,
  readClaims,
  runClaims,
} from "../index.ts";
import { binsOf, cellNumber } from "./cell-name.ts";
import { type Findings, findingsOf } from "./findings.ts";
import { type OutputFile, writeFiles } from "./output-files.ts";
import { printable } from "./printable.ts";
import type { CodeChoice } from "./run-code.ts";
import { storedArchive } from "./run-command.ts";
import { openRun, type RunSession } from "./run-session.ts";
import { runWord } from "./run-word.ts";
import { version } from "./version.ts";

/** illume export: the champion, or another elite, as a standalone function, with a test of it if wanted. */
export async function exportCommand(args: {
  readonly run: string;
  readonly runs: string;
  readonly to: ExportLanguage;
  readonly cell: string | undefined;
  readonly operations: number | undefined;
  readonly out: string | undefined;
  readonly name: string | undefined;
  readonly withTests: boolean;
  /** Whether files that hold something else may be overwritten. */
  readonly force: boolean;
  readonly code: CodeChoice;
  readonly json: boolean;
}): Promise<number> {
  checkTests(args);
  const session = await openRun(args.run, args.runs, true, args.code);
  const { task, store, config } = session;
  const archive = storedArchive(session);
  const findings = findingsOf(task, archive);
  const latest = store.stateMetrics;
  await session.close();
  const elite = eliteOf(session, archive, findings, args);
  if (elite === undefined || latest === null)
    throw new InputError(
      store.latest === null || store.stateMetrics !== null
        ? `run ${session.name} must have found a program; it has none yet.`
        : `run ${session.name} must have a state that can be read. What is lost is computed again: illume resume ${runWord(session)}`,
    );
  const { to } = args;
  const program = task.answer(elite.program);
  const name = args.name ?? defaultName(session, program, to);
  const claims: ExportClaims = {
    ...programClaims(task.grammar, program),
    ...judgementClaims(task, session.experiment.fitness, elite.fitness),
    ...(task.approximates === null
      ? {}
      : measuredClaims(task.grammar, program, task.approximates, elite === findings.champion)),
    ...grammarClaims(task.grammar),
    ...runClaims(config, session.name),
    ...eliteClaims(latest.digest, cellText(session, archive, elite), elite),
    ...formClaims({ to, name, version }),
  };
  const text = written(session, program, claims, to, name);
  // A file may be written again with the same program, and its test with it.
  const files: OutputFile[] =
    args.out === undefined ? [] : [{ path: args.out, text, mayReplace: (old) => isOf(old, claims) }];
  if (args.withTests && args.out !== undefined) {
    const file = basename(args.out);
    const { inputs, caseCount, grammar } = task;
    const test = conformanceTest(grammar, program, { to, name, file, inputs, caseCount });
    files.push({
      path: join(dirname(args.out), conformanceFile(to, file)),
      text: test,
      mayReplace: (old) => firstLineOf(old) === firstLineOf(test),
    });
  }
  await writeFiles(files, "--out", args.force);
  if (args.json)
    process.stdout.write(
      `${printable(
        JSON.stringify({
          run: session.name,
          to,
          name,
          program: claims.program,
          file: args.out ?? null,
          test: files[1]?.path ?? null,
          claims,
          code: text,
        }),
      )}\n`,
    );
  else
    process.stdout.write(
      args.out === undefined ? text : files.map(({ path }) => `written to ${path}\n`).join(""),
    );
  return 0;
}

/** What is claimed of an approximation; where it has no finite error, or no value at 0 inside the interval, that is said on standard error, too. */
function measuredClaims(
  grammar: Grammar,
  program: Program,
  question: CompleteQuestion,
  isChampion: boolean,
): ReturnType<typeof approximationClaims> {
  const { from, to } = question;
  const claims = approximationClaims(grammar, program, question);
  const { exact, asRun, zero } = reportedError(grammar, program, question);
  if (!Number.isFinite(exact) || !Number.isFinite(asRun))
    process.stderr.write(
      `illume: this program is infinite or undefined somewhere from ${from} to ${to}: its largest error is infinite. ${isChampion ? "No program that was found is better; a larger --budget may find one" : "Without --cell the nearest one is exported"}.\n`,
    );
  else if (zero === "excluded" && from < 0 && 0 < to)
    process.stderr.write(
      `illume: this program is not to be called at 0, inside the interval from ${from} to ${to}: it is not as near there as elsewhere, or has no value.\n`,
    );
  return claims;
}

/** Whether a text is an exported file of the same program. */
function isOf(text: string, { program, "program digest": digest }: ExportClaims): boolean {
  try {
    const old = readClaims(text);
    return old.program === program && old["program digest"] === digest;
  } catch (error) {
    if (error instanceof InputError) return false;
    throw error;
  }
}

const firstLineOf = (text: string): string | undefined => text.split("\n", 1)[0];

/** @throws InputError if tests are wanted that cannot be written */
function checkTests({
  to,
  out,
  withTests,
}: Readonly<Pick<Parameters<typeof exportCommand>[0], "to" | "out" | "withTests">>): void {
  if (!withTests) return;
  if (to === "latex") throw new InputError("--with-tests must go with a language that runs; got --to latex.");
  if (out === undefined)
    throw new InputError("--with-tests must go with --out FILE; the test is written beside it.");
}

/** The elite of the cell or of the number of operations that is named, or the champion. */
function eliteOf(
  { task }: RunSession,
  archive: Archive,
  { champion, ofOperations }: Findings,
  { cell, operations }: Readonly<Pick<Parameters<typeof exportCommand>[0], "cell" | "operations">>,
): Individual | undefined {
  if (operations !== undefined) return ofOperations(operations);
  if (cell === undefined) return champion;
  const elite = archive.elite(cellNumber(task, cell));
  if (elite === undefined)
    throw new InputError(`--cell must be a cell with a program in it; ${cell} is empty.`);
  return elite;
}

/** The cell where an elite is, as `--cell` takes it. */
const cellText = ({ task }: RunSession, archive: Archive, elite: Individual): string =>
  String(binsOf(task, archive.filledCells.find((cell) => archive.elite(cell) === elite) as number));

/** The experiment's name as functions of a language are named; with a word before it where the language has such a name itself. */
function defaultName({ task, config }: RunSession, program: Program, to: ExportLanguage): string {
  const isSnake = to === "c" || to === "python";
  const name = isSnake
    ? config.experiment.replaceAll(/[^A-Za-z0-9]+/g, "_").toLowerCase()
    : config.experiment.replaceAll(/[^A-Za-z0-9]+(.)?/g, (_, next: string | undefined) =>
        (next ?? "").toUpperCase(),
      );
  try {
    if (isIdentifier(name)) exportProgram(task.grammar, program, { to, name, header: [] });
  } catch (error) {
    if (!(error instanceof InputError) || !error.problems.some((problem) => problem.startsWith("name must")))
      throw error;
    return `found_${name}`;
  }
  return isIdentifier(name) ? name : `found_${name}`;
}

const isIdentifier = (name: string): boolean => /^[A-Za-z_$][\w$]*$/.test(name);

function written(
  { task }: RunSession,
  program: Program,
  claims: ExportClaims,
  to: ExportLanguage,
  name: string,
): string {
  if (!isIdentifier(name))
    throw new InputError(
      `--name must be a name of letters, digits and _ that begins with no digit; got ${name}.`,
    );
  try {
    return exportProgram(task.grammar, program, { to, name, header: headerLines(claims) });
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(error.problems.map((problem) => problem.replace(/^name must/, "--name must")));
  }
}
