import { readFileSync } from "node:fs";
import { basename, extname } from "node:path";
import {
  contradictions,
  excerpt,
  type Grammar,
  printPlainly,
  printSygusProgram,
  type Program,
  readSygusTask,
  sameOutcome,
  type Signature,
  type SygusTask,
  type Value,
  valueToJson,
} from "../../dsl/index.ts";
import {
  compileTask,
  completeParameters,
  type Example,
  exampleGrammar,
  type ExampleSet,
  examplesOfCsv,
  examplesOfJson,
  type GrammarSource,
  InputError,
} from "../index.ts";

const LONGEST_FILE_BYTES = 100_000_000;
const codeEndings = new Set([".ts", ".mts", ".js", ".mjs"]);
/** What a fitness is called that is best where all outputs are as in the cases. */
const exampleFitnesses: readonly string[] = ["cases passed", "similarity", "balanced accuracy"];

/** What a program is looked for to: its language, its examples, and how it is written. */
export interface SolveQuestion {
  readonly grammar: Grammar;
  readonly examples: readonly Example[];
  /** Where the grammar is from, for threads; null where it is from an experiment's code. */
  readonly source: GrammarSource | null;
  /** What an exported function is called. */
  readonly name: string;
  /** A program as it is shown. */
  readonly textOf: (program: Program) => string;
  /** Whether programs are written as tasks of SyGuS are answered. */
  readonly isSygus: boolean;
  /** The same question with other examples; its language may then name other values. */
  readonly withExamples: (examples: readonly Example[]) => SolveQuestion;
}

/**
 * The question of a file, or its task where the constraints are no examples.
 * @throws InputError where the file cannot be read, or tells no function
 */
export async function readQuestion(
  file: string,
  target: string | undefined,
): Promise<SolveQuestion | SygusTask> {
  const fileName = basename(file);
  const ending = extname(file).toLowerCase();
  if (target !== undefined && ending !== ".csv")
    throw new InputError(`--target names a column of a .csv file; got ${excerpt(fileName)}.`);
  const { shippedExperimentNames } = await import("./experiment-source.ts");
  if (codeEndings.has(ending) || shippedExperimentNames().includes(file)) return experimentQuestion(file);
  if (![".sl", ".json", ".csv"].includes(ending))
    throw new InputError(
      `the file of examples must end in .sl (SyGuS-IF), .json, .csv or .ts (an experiment); got ${excerpt(fileName)}.`,
    );
  const text = textOfFile(file, fileName);
  if (ending === ".sl") return sygusQuestion(text, fileName);
  const set = ending === ".csv" ? examplesOfCsv(text, fileName, target) : examplesOfJson(text, fileName);
  return exampleQuestion(set.signature, set.examples);
}

function exampleQuestion(signature: Signature, examples: ExampleSet["examples"]): SolveQuestion {
  const grammar = exampleGrammar({ signature, examples });
  return {
    grammar,
    examples,
    source: { kind: "examples", signature, examples },
    name: "solution",
    textOf: (program) => printPlainly(grammar, program),
    isSygus: false,
    withExamples: (others) =>
      exampleQuestion(
        signature,
        others.map((one) => ({ ...one, place: "" })),
      ),
  };
}

/** @throws InputError where the experiment asks for something else than the outputs of its cases */
async function experimentQuestion(file: string): Promise<SolveQuestion> {
  const { loadCode, bundleSource } = await import("./experiment-source.ts");
  const { experiment } = await loadCode(await bundleSource(file));
  const { fitness, name } = experiment;
  if (!exampleFitnesses.includes(fitness as string))
    throw new InputError(
      `experiment "${name}" must have a fitness by examples to be solved: ${exampleFitnesses.join(" or ")}; got ${typeof fitness === "string" ? fitness : "a function"}. illume run searches by any fitness.`,
    );
  const task = compileTask(experiment, completeParameters(experiment.parameters ?? {}));
  const { grammar } = task;
  const cases = task.expected.map((output, k) => ({
    inputs: task.inputs.map((column) => column[k] as Value),
    output,
  }));
  const known = new Map<string, number>();
  const examples = cases.filter(({ inputs, output }, k) => {
    const key = valueToJson(inputs);
    const before = known.get(key);
    if (before !== undefined && !sameOutcome((cases[before] as Example).output, output))
      throw new InputError(
        `experiment "${name}", case ${before + 1} and case ${k + 1}: examples must not contradict each other; for ${inputs.map(valueToJson).join(", ")} the outputs are ${valueToJson(cases[before]?.output)} and ${valueToJson(output)}.`,
      );
    known.set(key, known.get(key) ?? k);
    return before === undefined;
  });
  const question = (given: readonly Example[]): SolveQuestion => ({
    grammar,
    examples: given,
    source: null,
    name: "solution",
    textOf: (program) => printPlainly(grammar, program),
    isSygus: false,
    withExamples: question,
  });
  return question(examples);
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

/** @throws InputError where examples contradict each other */
function sygusQuestion(text: string, fileName: string): SolveQuestion | SygusTask {
  const task = readSygusTask(text, fileName);
  const { examples, grammar, functionName } = task;
  if (examples === null) return task;
  const pairs = contradictions(examples);
  if (pairs.length > 0)
    throw new InputError(
      pairs.map(
        ([a, b]) =>
          `${fileName}, line ${a.line} and line ${b.line}: examples must not contradict each other; for ${a.inputs.map(valueToJson).join(", ")} the outputs are ${valueToJson(a.output)} and ${valueToJson(b.output)}.`,
      ),
    );
  const name = exportedName(functionName);
  const question = (given: readonly Example[]): SolveQuestion => ({
    grammar,
    examples: given,
    source: { kind: "sygus", fileName, text },
    name,
    textOf: (program) => printSygusProgram(task, program),
    isSygus: true,
    withExamples: question,
  });
  return question(examples);
}

/** What a function of a task is called where it is exported. */
export const exportedName = (functionName: string): string =>
  /^[A-Za-z_]\w*$/.test(functionName) ? functionName : "solution";
