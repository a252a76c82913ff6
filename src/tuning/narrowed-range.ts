import { excerpt, InputError } from "../../dsl/index.ts";
import type { ParameterRange } from "./parameter-range.ts";

/** A parameter that is to be tuned, and where it is looked for if not everywhere. */
export interface WantedParameter {
  readonly name: string;
  /** Values with slashes between, or two numbers with two dots between; absent for the usual range. */
  readonly within: string | undefined;
}

/** Reads `name`, `name=value/value/…` or `name=from..to`. */
export function wantedParameter(word: string): WantedParameter {
  const at = word.indexOf("=");
  return at < 0 ? { name: word, within: undefined } : { name: word.slice(0, at), within: word.slice(at + 1) };
}

/**
 * A part of a parameter's range; a range of numbers may also be wider than it is.
 * @param within `from..to` for numbers, otherwise some of the values, with slashes between
 * @throws InputError where it is none
 */
export function narrowedRange(name: string, range: ParameterRange, within: string): ParameterRange {
  if (range.kind === "categorical") {
    const texts = new Set(within.split("/"));
    const values = range.values.filter((value) => texts.has(String(value)));
    if (values.length < texts.size)
      throw new InputError(
        `parameter ${name} must be looked for among some of ${range.values.join("/")}; got ${excerpt(within)}.`,
      );
    return { ...range, values };
  }
  const [from, to, ...more] = within
    .split("..")
    .map((text) => (text.trim() === "" ? Number.NaN : Number(text)));
  if (from === undefined || to === undefined || more.length > 0 || !(from < to))
    throw new InputError(
      `parameter ${name} must be looked for from a number to a larger one, such as ${range.from}..${range.to}; got ${excerpt(within)}.`,
    );
  return { ...range, from, to };
}
