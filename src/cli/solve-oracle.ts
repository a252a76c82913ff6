import { existsSync } from "node:fs";
import { extname } from "node:path";
import {
  excerpt,
  isValueOf,
  type Signature,
  typeText,
  type Value,
  valueFromJson,
  valueToJson,
} from "../../dsl/index.ts";
import { InputError } from "../index.ts";
import { loadFunction } from "./oracle-function.ts";
import { printedBy } from "./oracle-process.ts";
import type { Informant } from "./solve-refinement.ts";

const MOST_QUESTIONS = 1000;
const codeEndings = new Set([".ts", ".mts", ".js", ".mjs"]);

/** The words of a command: spaces separate them but in quotes. */
const wordsOf = (command: string): string[] =>
  [...command.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, plain]) => double ?? single ?? (plain as string),
  );

/**
 * What tells outputs: the function that a file of code exports, or a program, which gets the inputs as one line of JSON, a list, on its standard
 * input and prints the output as JSON. Null stands for an output that is not known.
 * @throws InputError where it cannot be loaded; later, where it fails or tells what is no output
 */
export async function openOracle(
  command: string,
  signature: Signature,
): Promise<Informant & { readonly close: () => Promise<void> }> {
  const { result } = signature;
  const words = wordsOf(command);
  if (words.length === 0) throw new InputError("--oracle must be a program or a file of code; got nothing.");
  const failed = (inputs: readonly Value[], what: string): never => {
    throw new InputError(`--oracle, for ${excerpt(inputs.map(valueToJson).join(", "))}: ${what}.`);
  };
  const informant = (outputOf: (inputs: readonly Value[]) => Promise<Value | null>): Informant => ({
    mostQuestions: MOST_QUESTIONS,
    isChecking: true,
    outputOf: async (inputs) => {
      const value = await outputOf(inputs);
      return value === null ? null : { value };
    },
  });
  const file = words[0] as string;
  if (words.length === 1 && codeEndings.has(extname(file))) {
    if (!existsSync(file))
      throw new InputError(`--oracle must be a program or a file that is there; got ${excerpt(file)}.`);
    const { call, close } = await loadFunction(file);
    return {
      ...informant(async (inputs) => {
        const told = await call(inputs);
        if ("problem" in told) return failed(inputs, `${file} failed; ${told.problem}`);
        if (told.value === null || told.value === undefined) return null;
        const value = told.value as Value;
        return isValueOf(result, value)
          ? value
          : failed(
              inputs,
              `${file} must give a value of type ${typeText(result)}; got ${excerpt(String(valueToJson(value)))}`,
            );
      }),
      close,
    };
  }
  return {
    ...informant(async (inputs) => {
      const told = await printedBy(words, valueToJson(inputs));
      if ("problem" in told) {
        if (told.isMissing === true)
          throw new InputError(
            `--oracle must be a program or a file that is there; got ${excerpt(file)}, which ${told.problem}.`,
          );
        return failed(inputs, `${file} ${told.problem}`);
      }
      const text = told.printed.trim();
      if (text === "null") return null;
      try {
        return valueFromJson(result, text);
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        return failed(
          inputs,
          `${file} must print one line of JSON, a value of type ${typeText(result)}; got ${text === "" ? "nothing" : excerpt(text)}`,
        );
      }
    }),
    close: () => Promise.resolve(),
  };
}
