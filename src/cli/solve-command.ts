import { basename } from "node:path";
import { type Program, valueToJson } from "../../dsl/index.ts";
import { type Example, InputError, JointSynthesis, type SolveEmitters } from "../index.ts";
import { writeFiles } from "./output-files.ts";
import { type AnswerForm, checkExport, exportedFiles } from "./solve-export.ts";
import { splitExamples } from "./solve-holdout.ts";
import { showSolveProgress } from "./solve-progress.ts";
import { readQuestion, type SolveQuestion } from "./solve-question.ts";
import { type Informant, refine, type Refinement, type SearchRun } from "./solve-refinement.ts";
import { jsonReport, plainReport, solveResult } from "./solve-report.ts";
import { cpuSeconds, exitCodeOf, searchLimits, searchWithin, seconds } from "./solve-search.ts";

/** More threads than machines of today have cores are of no use. */
const MOST_WORKERS = 256;
/** Answers that are kept, beside the last one. */
const MOST_ANSWERS = 20;

/** illume solve: a program from examples. Exit code 0 where there is one, 1 where none was found, 130 where it was interrupted. */
export async function solveCommand(args: {
  readonly file: string;
  readonly target: string | undefined;
  readonly to: AnswerForm | undefined;
  readonly out: string | undefined;
  readonly withTests: boolean;
  /** Whether files that hold something else may be overwritten. */
  readonly force: boolean;
  readonly holdout: number | undefined;
  readonly ask: boolean;
  readonly oracle: string | undefined;
  readonly save: string | undefined;
  readonly seconds: number | undefined;
  readonly budget: number | undefined;
  readonly more: number | undefined;
  readonly emitters: SolveEmitters;
  readonly workers: number;
  readonly seed: string;
  readonly json: boolean;
}): Promise<number> {
  const limits = searchLimits(args);
  const { emitters, workers, seed } = args;
  if (!(Number.isInteger(workers) && workers >= 1 && workers <= MOST_WORKERS))
    throw new InputError(`--workers must be a whole number from 1 to ${MOST_WORKERS}; got ${workers}.`);
  const started = seconds();
  const fileName = basename(args.file);
  const given = await readQuestion(args.file, args.target);
  if ("constraints" in given) {
    const { solveConstraints } = await import("./solve-constraints.ts");
    return solveConstraints(given, limits, args);
  }
  checkExport(args, given);
  const { training, heldOut } =
    args.holdout === undefined
      ? { training: given.examples, heldOut: [] }
      : splitExamples(given.examples, args.holdout);
  const progress = await showSolveProgress(args.json);
  let candidates = 0;
  const search = async (question: SolveQuestion): Promise<SearchRun> => {
    const { grammar, examples, source } = question;
    const threads =
      workers > 1 && source !== null
        ? (await import("../../workers/index.ts")).threadsEvolution(source, grammar, examples, workers)
        : null;
    const synthesis = new JointSynthesis(grammar, examples, {
      emitters,
      seed,
      ...(threads === null ? {} : { executor: threads }),
    });
    const answers: Program[] = [];
    const end = await searchWithin(synthesis, limits, (isBetter) => {
      if (isBetter && synthesis.answer !== null && answers.length < MOST_ANSWERS)
        answers.push(synthesis.answer.program);
      progress.update(question, synthesis);
    }).finally(() => threads?.close());
    progress.pause();
    candidates += synthesis.steps;
    return { question, search: synthesis, end, answers };
  };
  const begun = heldOut.length === 0 ? given : given.withExamples(training);
  const informant = await informantOf(args, begun);
  let refinement: Refinement | null = null;
  let run: SearchRun;
  try {
    if (informant === null) run = await search(begun);
    else {
      refinement = await refine(begun, search, informant);
      run = refinement.run;
    }
  } finally {
    await informant?.close();
  }
  const told = {
    fileName,
    run,
    refinement,
    heldOut,
    candidates,
    seconds: seconds() - started,
    cpuSeconds: cpuSeconds(),
  };
  const result = solveResult(told);
  const { answer } = run.search;
  const report = (): unknown => process.stdout.write(args.json ? jsonReport(result) : plainReport(result));
  try {
    if (args.save !== undefined)
      await writeFiles([{ path: args.save, text: examplesText(run.question) }], "--save", args.force);
    if (answer !== null && args.to !== undefined) {
      const header = [`${result.passed} of ${run.question.examples.length} examples of ${fileName}`];
      const files = exportedFiles(run.question, answer.program, args, header);
      if (args.out === undefined) {
        process.stdout.write(files.map(({ text }) => text).join(""));
        return exitCodeOf(run.search, run.end);
      }
      await writeFiles(files, "--out", args.force);
    }
  } catch (error) {
    // What was found and learned is not lost with a file that cannot be written.
    if (error instanceof InputError) report();
    throw error;
  }
  report();
  return exitCodeOf(run.search, run.end);
}

/** Who is asked for outputs; null where nobody is. */
async function informantOf(
  { ask, oracle }: { readonly ask: boolean; readonly oracle: string | undefined },
  { grammar }: SolveQuestion,
): Promise<(Informant & { readonly close: () => unknown }) | null> {
  if (ask && oracle !== undefined)
    throw new InputError("--ask and --oracle must not be given together: outputs are told by one of them.");
  if (oracle !== undefined) {
    const { openOracle } = await import("./solve-oracle.ts");
    return openOracle(oracle, grammar.signature);
  }
  if (!ask) return null;
  const { askedPerson } = await import("./solve-person.ts");
  return askedPerson(grammar.signature);
}

/** Examples as JSON that solve reads. */
function examplesText({ grammar, examples }: SolveQuestion): string {
  const { argumentNames } = grammar.signature;
  const lines = examples.map(({ inputs, output }: Example) =>
    valueToJson({ input: Object.fromEntries(argumentNames.map((name, k) => [name, inputs[k]])), output }),
  );
  return `[\n  ${lines.join(",\n  ")}\n]\n`;
}
