import { createInterface } from "node:readline";
import {
  excerpt,
  isTrap,
  type Signature,
  type Type,
  type Value,
  valueFromJson,
  valueToJson,
} from "../../dsl/index.ts";
import { InputError } from "../index.ts";
import { printable } from "./printable.ts";
import type { Informant } from "./solve-refinement.ts";

const MOST_QUESTIONS = 20;
/** What programs give that is shown with a question. */
const SHOWN_OUTCOMES = 4;

/** A person, who is asked on standard error and answers on standard input; from a file or a pipe, a line is an answer. */
export function askedPerson(signature: Signature): Informant & { readonly close: () => void } {
  const lines = createInterface({ input: process.stdin });
  const reading = lines[Symbol.asyncIterator]();
  let questions = 0;
  let isEnded = false;
  return {
    mostQuestions: MOST_QUESTIONS,
    isChecking: false,
    outputOf: async (inputs, candidates) => {
      if (isEnded) return "end";
      const given = signature.argumentNames.map((name, k) => `${name} = ${valueToJson(inputs[k])}`);
      const outcomes = candidates.filter((outcome) => !isTrap(outcome)).slice(0, SHOWN_OUTCOMES);
      const question = `question ${++questions}: what is the output for ${given.join(", ")}?`;
      const fits = `  programs that fit so far give ${outcomes.map(valueToJson).join(" or ")}`;
      process.stderr.write(`${printable(question)}\n${printable(fits)}\n`);
      for (;;) {
        process.stderr.write("output (nothing: not known; end: no more questions) > ");
        const { done, value: line } = await reading.next();
        if (process.stdin.isTTY !== true)
          process.stderr.write(`${done === true ? "end" : printable(line)}\n`);
        if (done === true || line.trim() === "end") {
          isEnded = true;
          return "end";
        }
        if (line.trim() === "") return null;
        try {
          return { value: readAnswer(signature.result, line) };
        } catch (error) {
          if (!(error instanceof InputError)) throw error;
          process.stderr.write(`${error.problems.join("\n")}\n`);
        }
      }
    },
    close: () => {
      lines.close();
      process.stdin.unref?.();
    },
  };
}

/**
 * The value that an answer tells: JSON, or a text as it is.
 * @throws InputError where it is none of the type
 */
export function readAnswer(type: Type, line: string): Value {
  if (type.kind === "string" && !/^\s*"/.test(line)) return line;
  try {
    return valueFromJson(type, line);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(`an answer must be ${kindText(type)}; got ${excerpt(line)}.`);
  }
}

/** How values of a type are told, for people. */
export function kindText(type: Type): string {
  switch (type.kind) {
    case "string":
      return 'a text, or one in quotes as in JSON, such as "a b"';
    case "int":
      return "a whole number";
    case "bool":
      return "true or false";
    case "bits":
      return 'bits such as "#x1f"';
    default:
      return `JSON of ${type.kind === "list" ? "a list" : `a value of type ${type.kind}`}`;
  }
}
