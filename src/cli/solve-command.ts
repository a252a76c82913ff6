import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, extname, resolve } from "node:path";
import {
  contradictions,
  excerpt,
  exportProgram,
  type ExportLanguage,
  type Grammar,
  interpret,
  isTrap,
  printProgram,
  printSygusProgram,
  type Program,
  programSize,
  readSygusTask,
  sameOutcome,
  valueToJson,
} from "../../dsl/index.ts";
import {
  type Example,
  exampleGrammar,
  examplesOfCsv,
  examplesOfJson,
  InputError,
  Synthesis,
} from "../index.ts";
import { printable } from "./printable.ts";

/** Examples that are printed with what the answer does on them. */
const SHOWN_EXAMPLES = 20;
const DEFAULT_SECONDS = 10;
const DEFAULT_MORE_SECONDS = 1;
const LONGEST_FILE_BYTES = 100_000_000;

/** illume solve: a program from examples. Exit code 0 where there is one, 1 where none was found. */
export function solveCommand(args: {
  readonly file: string;
  readonly target: string | undefined;
  readonly to: ExportLanguage | undefined;
  readonly out: string | undefined;
  readonly seconds: number | undefined;
  readonly budget: number | undefined;
  readonly more: number | undefined;
  readonly json: boolean;
}): number {
  // With a budget alone, no clock decides.
  const unlimited = args.budget === undefined ? null : Number.POSITIVE_INFINITY;
  const limitSeconds = args.seconds ?? unlimited ?? DEFAULT_SECONDS;
  const moreSeconds = args.more ?? unlimited ?? DEFAULT_MORE_SECONDS;
  if (!(limitSeconds > 0)) throw new InputError(`--seconds must be a number above 0; got ${args.seconds}.`);
  if (!(moreSeconds >= 0))
    throw new InputError(`--more must be a number of seconds of at least 0; got ${args.more}.`);
  if (args.json && args.to !== undefined && args.out === undefined)
    throw new InputError("--json and --to must go with --out, the file for the function.");
  if (args.out !== undefined && !existsSync(dirname(resolve(args.out))))
    throw new InputError(`--out must lead to a folder that is there; got ${excerpt(args.out)}.`);
  if (args.budget !== undefined && !(args.budget >= 1))
    throw new InputError(`--budget must be a number of candidates of at least 1; got ${args.budget}.`);
  const started = performance.now();
  const seconds = (): number => (performance.now() - started) / 1000;
  const { grammar, examples, name, textOf } = readQuestion(args.file, args.target);
  const synthesis = new Synthesis(grammar, examples);
  const isTalking = !args.json && process.stderr.isTTY === true;
  const budget = args.budget ?? Number.POSITIVE_INFINITY;
  let firstSeconds: number | null = null;
  let firstCpuSeconds: number | null = null;
  let stop: "solved" | "time" | "budget" | "converged" = "converged";
  while (!synthesis.isOver) {
    if (synthesis.next()) {
      firstSeconds ??= seconds();
      firstCpuSeconds ??= cpuSeconds();
      if (isTalking && synthesis.answer !== null)
        process.stderr.write(
          `${seconds().toFixed(2)} s, ${synthesis.answer.size} nodes: ${printable(textOf(synthesis.answer.program))}\n`,
        );
    }
    const limit = firstSeconds === null ? limitSeconds : Math.min(limitSeconds, firstSeconds + moreSeconds);
    stop = seconds() >= limit ? "time" : synthesis.steps >= budget ? "budget" : "converged";
    if (stop !== "converged") break;
  }
  if (synthesis.answer !== null) stop = "solved";
  const { answer, best } = synthesis;
  const shown = answer?.program ?? best?.program ?? null;
  const outcomes = examples.map(({ inputs, output }) => {
    const outcome = shown === null ? null : interpret(grammar, shown, inputs);
    return { inputs, output, outcome, isRight: outcome !== null && sameOutcome(outcome, output) };
  });
  const passed = outcomes.filter(({ isRight }) => isRight).length;
  if (answer !== null && passed < examples.length)
    throw new Error(`an answer gives ${passed} of ${examples.length} outputs`);
  if (answer !== null && args.to !== undefined) {
    const header = [`${passed} of ${examples.length} examples of ${basename(args.file)}`];
    const code = exportProgram(grammar, answer.program, { to: args.to, name, header });
    if (args.out !== undefined) writeFileSync(args.out, code);
    else if (!args.json) {
      process.stdout.write(code);
      return 0;
    }
  }
  const rate = Math.round(synthesis.steps / Math.max(1e-3, seconds()));
  if (args.json) {
    process.stdout.write(
      `${printable(
        JSON.stringify({
          file: basename(args.file),
          stop,
          answer: answer === null ? null : { program: textOf(answer.program), size: answer.size },
          best: shown === null ? null : { program: textOf(shown), size: programSize(shown), passed },
          examples: examples.length,
          candidates: synthesis.steps,
          candidatesPerSecond: rate,
          firstSeconds,
          firstCpuSeconds,
          seconds: seconds(),
          cpuSeconds: cpuSeconds(),
        }),
      )}\n`,
    );
    return answer === null ? 1 : 0;
  }
  const lines: string[] = [];
  if (answer === null)
    lines.push(
      `not found${stop === "converged" ? " within the bounds of the search" : ` within the ${stop}`}; the best passes ${passed} of ${examples.length} examples`,
    );
  if (shown !== null) lines.push(printable(textOf(shown)), "");
  for (const { inputs, output, outcome, isRight } of shown === null
    ? []
    : outcomes.slice(0, SHOWN_EXAMPLES)) {
    const given = outcome === null ? "" : isTrap(outcome) ? outcome.toString() : valueToJson(outcome);
    lines.push(
      printable(
        `${isRight ? "ok   " : "wrong"}  ${inputs.map(valueToJson).join(", ")} → ${given}${isRight ? "" : `, not ${valueToJson(output)}`}`,
      ),
    );
  }
  if (shown !== null && outcomes.length > SHOWN_EXAMPLES)
    lines.push(`and ${outcomes.length - SHOWN_EXAMPLES} more examples`);
  lines.push(
    "",
    `${shown === null ? "" : `${programSize(shown)} nodes, `}${synthesis.steps.toLocaleString("en-US")} candidates in ${seconds().toFixed(2)} s, ${rate.toLocaleString("en-US")} a second`,
  );
  process.stdout.write(`${lines.join("\n")}\n`);
  return answer === null ? 1 : 0;
}

/** What the process has computed since it began, its start included. */
function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

interface SolveQuestion {
  readonly grammar: Grammar;
  readonly examples: readonly Example[];
  /** What an exported function is called. */
  readonly name: string;
  readonly textOf: (program: Program) => string;
}

/** @throws InputError where the file cannot be read, or tells no function by examples */
function readQuestion(file: string, target: string | undefined): SolveQuestion {
  const fileName = basename(file);
  const ending = extname(file).toLowerCase();
  if (![".sl", ".json", ".csv"].includes(ending))
    throw new InputError(
      `the file of examples must end in .sl (SyGuS-IF), .json or .csv; got ${excerpt(fileName)}.`,
    );
  if (target !== undefined && ending !== ".csv")
    throw new InputError(`--target names a column of a .csv file; got ${excerpt(fileName)}.`);
  const text = textOfFile(file, fileName);
  if (ending === ".sl") return sygusQuestion(text, fileName);
  const set = ending === ".csv" ? examplesOfCsv(text, fileName, target) : examplesOfJson(text, fileName);
  const grammar = exampleGrammar(set);
  return {
    grammar,
    examples: set.examples,
    name: "solution",
    textOf: (program) => printProgram(grammar, program),
  };
}

function textOfFile(file: string, fileName: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch {
    throw new InputError(`the file of examples must be readable; ${excerpt(file)} is not.`);
  }
  if (bytes.length > LONGEST_FILE_BYTES)
    throw new InputError(
      `${fileName} must have at most ${LONGEST_FILE_BYTES} bytes; it has ${bytes.length}.`,
    );
  return bytes.toString("utf8").replace(/^\uFEFF/, "");
}

/** @throws InputError where the task is not told by examples, or they contradict each other */
function sygusQuestion(text: string, fileName: string): SolveQuestion {
  const task = readSygusTask(text, fileName);
  const { examples, grammar, functionName } = task;
  if (examples === null)
    throw new InputError(
      `${fileName} must tell its function by examples, as (constraint (= (${functionName} …) …)); it has other constraints, which solve does not take.`,
    );
  const pairs = contradictions(examples);
  if (pairs.length > 0)
    throw new InputError(
      pairs.map(
        ([a, b]) =>
          `${fileName}, line ${a.line} and line ${b.line}: examples must not contradict each other; for ${a.inputs.map(valueToJson).join(", ")} the outputs are ${valueToJson(a.output)} and ${valueToJson(b.output)}.`,
      ),
    );
  const name = /^[A-Za-z_]\w*$/.test(functionName) ? functionName : "solution";
  return { grammar, examples, name, textOf: (program) => printSygusProgram(task, program) };
}
