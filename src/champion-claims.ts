import {
  argumentsText,
  type ExportLanguage,
  type Grammar,
  type GrammarForm,
  languageText,
  printProgram,
  type Program,
  programOperations,
  typeText,
} from "../dsl/index.ts";
import { digestOf } from "./digest.ts";
import type { Experiment } from "./experiment.ts";
import { type ClaimKey, claimText } from "./export-claims.ts";
import type { Individual } from "./individual.ts";
import type { RunConfig } from "./run-config.ts";
import type { Task } from "./task.ts";

type Claims<K extends ClaimKey> = Readonly<Record<K, string>>;

/** How a program is written down. */
interface ExportForm {
  readonly to: ExportLanguage;
  /** Name of the function. */
  readonly name: string;
  /** Illume's version. */
  readonly version: string;
}

/** What is claimed of a program as such. */
export const programClaims = (
  grammar: GrammarForm,
  program: Program,
): Claims<"program" | "program digest" | "operations"> => {
  const text = claimText(printProgram(grammar, program));
  return {
    program: text,
    "program digest": digestOf(text),
    operations: String(programOperations(grammar, program)),
  };
};

/** What is claimed of a language and a signature: where the language is one of ours, all that its programs mean. */
export const grammarClaims = ({
  language,
  signature,
}: Grammar): Claims<"language" | "arguments" | "result"> => ({
  language: languageText(language),
  arguments: argumentsText(signature.argumentNames, signature.argumentTypes.map(typeText)),
  result: typeText(signature.result),
});

/** What is claimed of how a program was judged. */
export function judgementClaims(
  task: Task,
  fitnessOf: Experiment["fitness"],
  fitness: number,
): Claims<"fitness" | "measured"> & { readonly domain?: string } {
  const measure = typeof fitnessOf === "string" ? fitnessOf : "a function of the experiment";
  const wanted = task.target === null ? "" : `; at least ${task.target} is wanted`;
  // Approximations claim the interval that they are for.
  const domain = task.approximates === null ? domainText(task) : "";
  return {
    fitness: String(fitness),
    measured: `${measure}, on ${task.caseCount} cases${wanted}`,
    ...(domain === "" ? {} : { domain }),
  };
}

/** The range of each argument that is a number, over the cases. */
function domainText({ grammar, inputs }: Task): string {
  const { argumentNames, argumentTypes } = grammar.signature;
  return argumentNames
    .flatMap((name, a) => {
      if (!["real", "float32", "int"].includes(argumentTypes[a]?.kind as string)) return [];
      let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
      for (const value of inputs[a] as readonly number[]) {
        if (value < least) least = value;
        if (value > most) most = value;
      }
      return least > most ? [] : [`${name} from ${least} to ${most}`];
    })
    .join(", ");
}

/** What is claimed of the run that a program comes from. */
export const runClaims = (
  { experiment, question, seed }: Pick<RunConfig, "experiment" | "question" | "seed">,
  run: string,
): Claims<"experiment" | "seed" | "run"> & { readonly question?: string } => ({
  ...(question === "" ? {} : { question }),
  experiment,
  seed,
  run,
});

/** What is claimed of an elite's place in the map and in the search. */
export const eliteClaims = (
  archiveDigest: string,
  cell: string,
  { birth: { epoch, island, candidate } }: Individual,
): Claims<"archive digest" | "cell" | "birth"> => ({
  "archive digest": archiveDigest,
  cell,
  birth: `epoch ${epoch}, island ${island}, candidate ${candidate}`,
});

/** What is claimed of the file. */
export const formClaims = ({ to, name, version }: ExportForm): Claims<"code" | "function" | "illume"> => ({
  code: to,
  function: name,
  illume: version,
});
