import { InputError } from "../../dsl/index.ts";
import { RandomStream, rootKey } from "../../src/random-stream.ts";
import { mutatedBytes, mutatedText } from "./mutation.ts";

/** Something that reads what others have written. */
export interface Reader {
  readonly name: string;
  /** Good inputs, all texts or all bytes; what is read is made of them. */
  readonly corpus: readonly string[] | readonly Uint8Array[];
  /** Reads an input; throws an InputError for a bad one, and any other error if what was read is not as it must be. */
  readonly read: (input: never) => void;
}

/** Reads damaged inputs; every one must be read or refused by an InputError. */
export function fuzz(reader: Reader, seed: string, count: number): { read: number; refused: number } {
  const key = rootKey(`${seed} ${reader.name}`);
  const random = new RandomStream();
  const isText = typeof reader.corpus[0] === "string";
  let refused = 0;
  for (let n = 0; n < count; n++) {
    random.derive(key, 0, 0, n);
    const input = isText
      ? mutatedText(random, reader.corpus as readonly string[])
      : mutatedBytes(random, reader.corpus as readonly Uint8Array[]);
    try {
      reader.read(input as never);
    } catch (error) {
      if (error instanceof InputError) {
        refused++;
        checkMessage(error, input);
      } else {
        const shown = JSON.stringify(
          typeof input === "string" ? input.slice(0, 2000) : [...input.subarray(0, 500)],
        );
        throw new Error(`${reader.name}, seed ${seed}, input ${n}: ${shown}`, { cause: error });
      }
    }
  }
  return { read: count - refused, refused };
}

/** Messages are there, few, and no dump of the input. */
function checkMessage({ problems }: InputError, input: string | Uint8Array): void {
  const longest = Math.max(...problems.map((problem) => problem.length));
  if (problems.length === 0 || problems.length > 200 || longest > 3000)
    throw new Error(
      `${problems.length} problems of up to ${longest} characters for ${input.length} of input`,
    );
}

/** Refuses an input. */
export function refuse(problems: string | readonly string[]): never {
  throw new InputError(problems);
}

/** Holds what was read to a rule. */
export function require(condition: boolean, rule: string): void {
  if (!condition) throw new Error(rule);
}
