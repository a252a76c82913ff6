import { readFileSync } from "node:fs";
import { basename, extname } from "node:path";
import {
  contradictions,
  excerpt,
  type Grammar,
  printProgram,
  printSygusProgram,
  type Program,
  readSygusTask,
  valueToJson,
} from "../../dsl/index.ts";
import { type Example, exampleGrammar, examplesOfCsv, examplesOfJson, InputError } from "../index.ts";

const LONGEST_FILE_BYTES = 100_000_000;

/** What a program is looked for to: its language, its examples, and how it is written. */
export interface SolveQuestion {
  readonly grammar: Grammar;
  readonly examples: readonly Example[];
  /** What an exported function is called. */
  readonly name: string;
  /** A program as it is shown. */
  readonly textOf: (program: Program) => string;
}

/** @throws InputError where the file cannot be read, or tells no function by examples */
export function readQuestion(file: string, target: string | undefined): SolveQuestion {
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
