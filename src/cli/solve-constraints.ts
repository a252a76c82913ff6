import {
  evaluateTerm,
  interpret,
  isTrap,
  printSygusProgram,
  type Program,
  type SygusTask,
  type Value,
  valueToJson,
} from "../../dsl/index.ts";
import { ConstraintSynthesis, counted, type Example, InputError } from "../index.ts";
import { writeFiles } from "./output-files.ts";
import { printable } from "./printable.ts";
import { checkExport, exportedFiles, type ExportWish } from "./solve-export.ts";
import { exportedName } from "./solve-question.ts";
import {
  cpuSeconds,
  exitCodeOf,
  notFoundText,
  type SearchLimits,
  searchWithin,
  seconds,
} from "./solve-search.ts";

/** Points at which an answer is run once more by the reference interpreter. */
const MOST_CHECKED_POINTS = 200;

/** Options that are about examples, of which such a task has none. */
const exampleOptions = ["holdout", "ask", "oracle", "save"] as const;

/** illume solve for a task of constraints: a function that satisfies them for all integers. Exit code 0 where there is one, otherwise 1. */
export async function solveConstraints(
  task: SygusTask,
  limits: SearchLimits,
  args: ExportWish & { readonly [option in (typeof exampleOptions)[number]]: unknown } & {
    readonly force: boolean;
  },
): Promise<number> {
  const { to, out, json } = args;
  for (const option of exampleOptions)
    if (args[option] !== undefined && args[option] !== false)
      throw new InputError(`--${option} must go with examples; ${task.fileName} has other constraints.`);
  checkExport(args, { grammar: task.grammar, isSygus: true });
  const started = seconds();
  const search = new ConstraintSynthesis(task);
  const isTalking = !json && process.stderr.isTTY === true;
  const end = await searchWithin(search, limits, (isBetter) => {
    if (isTalking && isBetter && search.answer !== null)
      process.stderr.write(
        `${(seconds() - started).toFixed(2)} s, ${search.answer.size} nodes: ${printable(printSygusProgram(task, search.answer.program))}\n`,
      );
  });
  const { answer, impossible, counterexamples } = search;
  const elapsed = seconds() - started;
  if (answer !== null) {
    const examples = checkedExamples(task, answer.program, search.points.slice(0, MOST_CHECKED_POINTS));
    if (to !== undefined) {
      const exported = {
        grammar: task.grammar,
        examples,
        name: exportedName(task.functionName),
        textOf: (program: Program): string => printSygusProgram(task, program),
      };
      const header = [`satisfies the constraints of ${task.fileName} for all integers`];
      const files = exportedFiles(exported, answer.program, args, header);
      if (out === undefined) {
        process.stdout.write(files.map((file) => file.text).join(""));
        return exitCodeOf(search, end);
      }
      await writeFiles(files, "--out", args.force);
    }
  }
  const rate = Math.round(search.steps / Math.max(1e-3, elapsed));
  const text = answer === null ? null : printSygusProgram(task, answer.program);
  const point =
    impossible === null
      ? null
      : Object.fromEntries(task.variables.map(({ name }, k) => [name, impossible[k] as Value]));
  if (json) {
    const report = {
      file: task.fileName,
      stop: impossible === null ? end.stop : "impossible",
      answer: answer === null ? null : { program: text, size: answer.size },
      best: null,
      examples: 0,
      constraints: task.constraints.length,
      checked: answer === null ? null : "all integers",
      counterexamples,
      impossible: point,
      candidates: search.steps,
      candidatesPerSecond: rate,
      firstSeconds: end.firstSeconds,
      firstCpuSeconds: end.firstCpuSeconds,
      seconds: elapsed,
      cpuSeconds: cpuSeconds(),
    };
    process.stdout.write(`${printable(JSON.stringify(report))}\n`);
    return exitCodeOf(search, end);
  }
  const lines: string[] = [];
  if (text !== null)
    lines.push(
      printable(text),
      "",
      `holds for all integers; ${counted(counterexamples, "counterexample")} on the way`,
    );
  else if (impossible !== null) {
    const values = task.variables.map(({ name }, k) => `${name} = ${valueToJson(impossible[k] as Value)}`);
    lines.push(
      printable(
        `no function satisfies the constraints: ${values.length === 0 ? "" : `for ${values.join(", ")} `}they rule out every output`,
      ),
    );
  } else lines.push(notFoundText(end));
  const nodes = answer === null ? "" : `${answer.size} nodes, `;
  lines.push(
    "",
    `${nodes}${search.steps.toLocaleString("en-US")} candidates in ${elapsed.toFixed(2)} s, ${rate.toLocaleString("en-US")} a second`,
  );
  process.stdout.write(`${lines.join("\n")}\n`);
  return exitCodeOf(search, end);
}

/**
 * Runs an answer once more at points, by the reference interpreter.
 * @returns what it gives where the constraints call it
 * @throws Error where a proved answer is wrong on a point: a fault of the search
 */
function checkedExamples(
  task: SygusTask,
  program: Program,
  points: readonly (readonly Value[])[],
): readonly Example[] {
  const examples = new Map<string, Example>();
  for (const point of points) {
    const environment = new Map(task.variables.map(({ name }, k) => [name, point[k] as Value]));
    for (const { term, line } of task.constraints) {
      const holds = evaluateTerm(term, environment, (...inputs) => {
        const key = valueToJson(inputs);
        const known = examples.get(key);
        if (known !== undefined) return known.output;
        const output = interpret(task.grammar, program, inputs);
        if (!isTrap(output)) examples.set(key, { inputs, output });
        return output;
      });
      // Ints of programs end at 2^53, where those of a proof do not.
      if (holds === false)
        throw new Error(`an answer does not satisfy line ${line} for ${point.map(valueToJson).join(", ")}`);
    }
  }
  return [...examples.values()];
}
