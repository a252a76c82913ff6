import {
  bool,
  type Grammar,
  excerpt,
  InputError,
  int,
  isName,
  type Signature,
  string,
  type Type,
  type Value,
  valueToJson,
} from "../../dsl/index.ts";
import { tableRecords } from "../table.ts";
import type { Example } from "./terms.ts";
import { textGrammar } from "./text-grammar.ts";

/** Examples of a function, with where each is told. */
export interface ExampleSet {
  readonly signature: Signature;
  readonly examples: readonly (Example & { readonly place: string })[];
}

/** Bound on what is told of problems. */
const MAXIMUM_PROBLEMS = 10;

interface Told {
  readonly inputs: readonly unknown[];
  readonly output: unknown;
  readonly place: string;
}

/**
 * Reads examples from CSV: a line of column names, then a line for each example.
 * @param target the column with the outputs; the last one unless told
 * @throws InputError telling file and line of what is wrong
 */
export function examplesOfCsv(csv: string, fileName: string, target?: string): ExampleSet {
  const [header, ...records] = tableRecords(csv, fileName, false);
  const names = header?.cells.map((cell) => cell.trim()) ?? [];
  const output = target === undefined ? names.length - 1 : names.indexOf(target);
  if (output < 0 && target !== undefined)
    throw new InputError(`${fileName} must have a column "${target}"; got ${excerpt(names.join(", "))}.`);
  if (names.length < 2)
    throw new InputError(
      `${fileName} must have a line of column names, one for each input and one for the output; got ${excerpt(names.join(", "))}.`,
    );
  const isInput = (_: unknown, k: number): boolean => k !== output;
  const short = records.find(({ cells }) => cells.length !== names.length);
  if (short !== undefined)
    throw new InputError(
      `${fileName}, line ${short.line} must have ${names.length} cells; got ${short.cells.length}.`,
    );
  // A column of numbers is one of numbers; everything else is text.
  const columns = names.map((_, k) => typedCells(records.map(({ cells }) => cells[k] as string)));
  return exampleSet(
    fileName,
    names.filter(isInput),
    records.map(({ line }, row) => {
      const values = columns.map((column) => column[row]);
      return { inputs: values.filter(isInput), output: values[output], place: `line ${line}` };
    }),
  );
}

function typedCells(cells: readonly string[]): readonly unknown[] {
  const isAll = (form: RegExp): boolean => cells.length > 0 && cells.every((cell) => form.test(cell));
  // Numbers with a 0 before them are codes.
  if (isAll(/^(?:0|-?[1-9]\d{0,14})$/)) return cells.map(Number);
  return isAll(/^(?:true|false)$/) ? cells.map((cell) => cell === "true") : cells;
}

/**
 * Reads examples from JSON: a list, or an object with a list `examples`, of `{"input": …, "output": …}`. An input is an object of named
 * values, a list of values, or one value.
 * @throws InputError telling file and example of what is wrong
 */
export function examplesOfJson(json: string, fileName: string): ExampleSet {
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch (error) {
    throw new InputError(`${fileName} must be JSON; ${(error as Error).message}.`);
  }
  const list = Array.isArray(parsed) ? parsed : (parsed as { examples?: unknown } | null)?.examples;
  if (!Array.isArray(list))
    throw new InputError(
      `${fileName} must be a list of examples, or an object with a list "examples"; got ${excerpt(valueToJson(parsed))}.`,
    );
  const shape = 'an object such as {"input": {"name": "Jan"}, "output": "J."}';
  let names: readonly string[] | null = null;
  const told = list.map((item: unknown, k): Told => {
    const place = `example ${k + 1}`;
    const { input, output } = (item ?? {}) as { input?: unknown; output?: unknown };
    if (typeof item !== "object" || input === undefined || output === undefined)
      throw new InputError(`${fileName}, ${place} must be ${shape}; got ${excerpt(valueToJson(item))}.`);
    const isNamed = typeof input === "object" && input !== null && !Array.isArray(input);
    const given = isNamed
      ? Object.keys(input)
      : Array.isArray(input)
        ? input.map((_, i) => `x${i + 1}`)
        : ["x"];
    names ??= given;
    if (given.length !== names.length || given.some((name) => !names?.includes(name)))
      throw new InputError(
        `${fileName}, ${place} must have the inputs of the first one, ${names.join(", ")}; got ${given.join(", ")}.`,
      );
    const inputs = isNamed
      ? names.map((name) => (input as Record<string, unknown>)[name])
      : Array.isArray(input)
        ? input
        : [input];
    return { inputs, output, place };
  });
  return exampleSet(fileName, names ?? [], told);
}

/** @throws InputError where there is no example, or a value is of no type */
function exampleSet(fileName: string, names: readonly string[], told: readonly Told[]): ExampleSet {
  if (told.length === 0) throw new InputError(`${fileName} must have at least one example; it has none.`);
  const problems: string[] = [];
  const typeOf = (what: string, of: (one: Told) => unknown): Type => {
    let type: Type | undefined;
    for (const one of told) {
      const value = of(one);
      const own = typeOfValue(value);
      if (own === undefined || (type !== undefined && own !== type)) {
        problems.push(
          `${fileName}, ${one.place}: ${what} must be ${type === undefined ? "a text, a whole number or true or false" : `of type ${type.kind}, as in the first example`}; got ${excerpt(valueToJson(value))}.`,
        );
        return string;
      }
      type = own;
    }
    return type as Type;
  };
  const argumentTypes = names.map((name, k) => typeOf(`input ${name}`, ({ inputs }) => inputs[k]));
  const result = typeOf("output", ({ output }) => output);
  if (problems.length > 0) throw new InputError(problems.slice(0, MAXIMUM_PROBLEMS));
  const argumentNames: string[] = [];
  for (const [k, name] of names.entries()) {
    const plain = name.replaceAll(/[^A-Za-z0-9]+/g, "-").replaceAll(/^-|-$/g, "");
    let free = isName(plain) ? plain : `x${k + 1}`;
    while (argumentNames.includes(free)) free += "_";
    argumentNames.push(free);
  }
  const examples = new Map<string, Example & { readonly place: string }>();
  for (const { inputs, output, place } of told) {
    const key = valueToJson(inputs);
    const known = examples.get(key);
    if (known === undefined) examples.set(key, { inputs: inputs as Value[], output: output as Value, place });
    else if (known.output !== output)
      problems.push(
        `${fileName}, ${known.place} and ${place}: examples must not contradict each other; for ${(inputs as Value[]).map(valueToJson).join(", ")} the outputs are ${valueToJson(known.output)} and ${valueToJson(output)}.`,
      );
  }
  if (problems.length > 0) throw new InputError(problems.slice(0, MAXIMUM_PROBLEMS));
  return { signature: { argumentNames, argumentTypes, result }, examples: [...examples.values()] };
}

function typeOfValue(value: unknown): Type | undefined {
  if (typeof value === "string") return string;
  if (typeof value === "boolean") return bool;
  return Number.isSafeInteger(value) ? int : undefined;
}

/** The grammar that programs for examples are of. */
export function exampleGrammar({ signature, examples }: ExampleSet): Grammar {
  return textGrammar(signature, examples);
}
