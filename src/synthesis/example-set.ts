import {
  arithmetic,
  bool,
  collections,
  type Grammar,
  compileGrammar,
  excerpt,
  InputError,
  int,
  isName,
  list,
  type Literal,
  real,
  sameOutcome,
  type Signature,
  string,
  type Type,
  typeText,
  type Value,
  valueToJson,
} from "../../dsl/index.ts";
import { type Separator, separators, tableRecords } from "../table.ts";
import type { Example } from "./terms.ts";
import { textGrammar } from "./text-grammar.ts";

/** Examples of a function, with where each is told. */
export interface ExampleSet {
  readonly signature: Signature;
  readonly examples: readonly (Example & { readonly place: string })[];
}

/** Bounds on what is told of problems, and on the literals of a language. */
const MAXIMUM_PROBLEMS = 10;
const MOST_LITERALS = 24;

interface Told {
  readonly inputs: readonly unknown[];
  readonly output: unknown;
  readonly place: string;
}

/**
 * Reads examples from CSV, with commas, semicolons or tabs between cells: a line of column names, then a line for each example.
 * @param target the column with the outputs; the last one unless told
 * @throws InputError telling file and line of what is wrong
 */
export function examplesOfCsv(csv: string, fileName: string, target?: string): ExampleSet {
  if (csv.trim() === "") throw new InputError(`${fileName} must have examples; it is empty.`);
  // Programs that write a comma within numbers have others between cells.
  const separator = separators.find((one) => firstRecord(csv, fileName, one).length > 1);
  const [header, ...records] = tableRecords(csv, fileName, false, separator);
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

const firstRecord = (csv: string, fileName: string, separator: Separator): readonly string[] =>
  tableRecords(csv, fileName, false, separator).next().value?.cells ?? [];

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
    throw new InputError(jsonProblem(json, fileName, (error as Error).message));
  }
  const items: unknown = Array.isArray(parsed) ? parsed : (parsed as { examples?: unknown } | null)?.examples;
  if (!Array.isArray(items))
    throw new InputError(
      `${fileName} must be a list of examples, or an object with a list "examples"; got ${excerpt(valueToJson(parsed))}.`,
    );
  const shape = 'an object such as {"input": {"name": "Jan"}, "output": "J."}';
  let names: readonly string[] | null = null;
  // A list is that of the arguments, unless examples have such lists of several lengths: then it is the one argument.
  const isOneList =
    new Set(
      items.map((item: unknown) => {
        const { input } = (item ?? {}) as { input?: unknown };
        return Array.isArray(input) ? input.length : -1;
      }),
    ).size > 1;
  const told = items.map((item: unknown, k): Told => {
    const place = `example ${k + 1}`;
    const { input, output } = (item ?? {}) as { input?: unknown; output?: unknown };
    if (typeof item !== "object" || input === undefined || output === undefined)
      throw new InputError(`${fileName}, ${place} must be ${shape}; got ${excerpt(valueToJson(item))}.`);
    const isNamed = typeof input === "object" && input !== null && !Array.isArray(input);
    const given = isNamed
      ? Object.keys(input)
      : Array.isArray(input) && !isOneList
        ? input.map((_, i) => `x${i + 1}`)
        : ["x"];
    names ??= given;
    if (given.length !== names.length || given.some((name) => !names?.includes(name)))
      throw new InputError(
        `${fileName}, ${place} must have the inputs of the first one, ${names.join(", ")}; got ${given.join(", ")}.`,
      );
    const inputs = isNamed
      ? names.map((name) => (input as Record<string, unknown>)[name])
      : Array.isArray(input) && !isOneList
        ? input
        : [input];
    return { inputs, output, place };
  });
  return exampleSet(fileName, names ?? [], told);
}

/** What is wrong with a text that is no JSON, and where. */
function jsonProblem(json: string, fileName: string, message: string): string {
  if (json.trim() === "") return `${fileName} must have examples; it is empty.`;
  const [, rule = message, offset] = /^(.*?)(?: in JSON)? at position (\d+)/.exec(message) ?? [];
  if (offset === undefined) return `${fileName} must be JSON; ${rule}.`;
  const before = json.slice(0, Number(offset)).split("\n");
  return `${fileName}, line ${before.length}, column ${(before.at(-1) as string).length + 1} must be JSON; ${rule}.`;
}

/** @throws InputError where there is no example, or a value is of no type */
function exampleSet(fileName: string, names: readonly string[], told: readonly Told[]): ExampleSet {
  if (told.length === 0) throw new InputError(`${fileName} must have at least one example; it has none.`);
  const problems: string[] = [];
  const typeOf = (what: string, of: (one: Told) => unknown): Type => {
    // Numbers of which some are decimals are reals; an empty list is one of any type.
    let type: PartialType | undefined;
    for (const one of told) {
      const value = of(one);
      const own = typeOfValue(value);
      const both = own === undefined ? undefined : type === undefined ? own : joined(type, own);
      if (both === undefined) {
        problems.push(
          `${fileName}, ${one.place}: ${what} must be ${type === undefined || own === undefined ? "a text, a number, true or false, or a list of values of one such type" : `of type ${nameOf(type)}, as in the first example`}; got ${excerpt(valueToJson(value))}.`,
        );
        return string;
      }
      type = both;
    }
    return typeNamed(type as PartialType);
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
    else if (!sameOutcome(known.output, output as Value))
      problems.push(
        `${fileName}, ${known.place} and ${place}: examples must not contradict each other; for ${(inputs as Value[]).map(valueToJson).join(", ")} the outputs are ${valueToJson(known.output)} and ${valueToJson(output)}.`,
      );
  }
  if (problems.length > 0) throw new InputError(problems.slice(0, MAXIMUM_PROBLEMS));
  return { signature: { argumentNames, argumentTypes, result }, examples: [...examples.values()] };
}

/** Types of JSON values: of an empty list it is not told what it is a list of. */
type PartialType = "string" | "bool" | "int" | "real" | { readonly element: PartialType | null };

/** Lists in lists. */
const DEEPEST_LIST = 4;

function typeOfValue(value: unknown, depth = 0): PartialType | undefined {
  if (typeof value === "string") return "string";
  if (typeof value === "boolean") return "bool";
  if (typeof value === "number") return Number.isSafeInteger(value) ? "int" : "real";
  if (!Array.isArray(value) || depth === DEEPEST_LIST) return undefined;
  let element: PartialType | null = null;
  for (const item of value as unknown[]) {
    const own = typeOfValue(item, depth + 1);
    const both: PartialType | undefined =
      own === undefined ? undefined : element === null ? own : joined(element, own);
    if (both === undefined) return undefined;
    element = both;
  }
  return { element };
}

/** The type that values of both types have. */
function joined(a: PartialType, b: PartialType): PartialType | undefined {
  if (typeof a === "string" || typeof b === "string") {
    if (a === b) return a;
    return (a === "int" && b === "real") || (a === "real" && b === "int") ? "real" : undefined;
  }
  if (a.element === null || b.element === null) return { element: a.element ?? b.element };
  const element = joined(a.element, b.element);
  return element === undefined ? undefined : { element };
}

const typeNamed = (type: PartialType): Type =>
  type === "string"
    ? string
    : type === "bool"
      ? bool
      : type === "int"
        ? int
        : type === "real"
          ? real
          : list(typeNamed(type.element ?? "int"));
const nameOf = (type: PartialType): string => typeText(typeNamed(type));

/**
 * A grammar for examples: where there are strings and no lists, of texts; where there are decimals, of arithmetic; else of lists, ints and
 * booleans. Programs may name a few values.
 * @throws InputError where decimals come with other values
 */
export function exampleGrammar(set: ExampleSet): Grammar {
  const { signature } = set;
  const types = [...signature.argumentTypes, signature.result];
  const has = (kind: string): boolean => types.some((type) => parts(type).some((part) => part.kind === kind));
  if (has("real")) return realGrammar(set);
  return has("string") && !has("list") ? textGrammar(signature, set.examples) : collectionGrammar(set);
}

/** A type and those that its values are made of. */
const parts = (type: Type): Type[] => (type.kind === "list" ? [type, ...parts(type.element)] : [type]);

/** Ints that programs may name: what is rarer is dearer, so that structure is preferred to numbers that are made to fit. */
const USUAL_INTS: readonly (readonly [value: number, cost: number])[] = [
  [0, 0],
  [1, 0],
  [2, 0],
  [3, 1],
  [10, 0],
  [4, 1],
  [5, 1],
  [100, 2],
];
/** What ints of examples cost: those that several outputs are, and those that arguments are. */
const OUTPUT_COST = 2;
const INPUT_COST = 3;
const MOST_TOLD_INTS = 6;

function collectionGrammar({ signature, examples }: ExampleSet): Grammar {
  const costs = new Map(USUAL_INTS);
  const tell = (values: readonly Value[], least: number, cost: number): void => {
    const times = new Map<number, number>();
    for (const value of values) if (typeof value === "number") times.set(value, (times.get(value) ?? 0) + 1);
    const frequent = [...times].filter(([value, count]) => count >= least && !costs.has(value));
    frequent.sort(([, p], [, q]) => q - p);
    for (const [value] of frequent.slice(0, MOST_TOLD_INTS)) costs.set(value, cost);
  };
  tell(
    examples.map(({ output }) => output),
    2,
    OUTPUT_COST,
  );
  tell(
    examples.flatMap(({ inputs }) => inputs),
    2,
    INPUT_COST,
  );
  const types = new Map<string, Type>();
  for (const type of [...signature.argumentTypes, signature.result].flatMap(parts))
    types.set(typeText(type), type);
  const literals: Literal[] = [...costs].map(([value, cost]) => ({ type: int, value, cost }));
  if (types.has("string")) for (const value of signs(examples)) literals.push({ type: string, value });
  const depth = Math.max(...Array.from(types.values(), (type) => parts(type).length));
  // Between flat lists there may be lists of lists; questions of ints alone seldom mean lists.
  if (depth === 2)
    for (const type of Array.from(types.values()).filter(({ kind }) => kind === "list"))
      types.set(typeText(list(type)), list(type));
  const listCost = depth === 1 ? 1 : 0;
  return compileGrammar(collections({ types: [...types.values()], literals, listCost }), signature);
}

/** The empty string, and strings between the words of a list that outputs have. */
function signs(examples: readonly Example[]): readonly string[] {
  const found = new Set<string>(["", " "]);
  for (const { output } of examples)
    if (typeof output === "string") for (const sign of output.match(/[^A-Za-z0-9]+/g) ?? []) found.add(sign);
  return [...found].slice(0, MOST_LITERALS);
}

/** @throws InputError where there are other values than numbers */
function realGrammar({ signature }: ExampleSet): Grammar {
  const other = [...signature.argumentTypes, signature.result].find(
    ({ kind }) => kind !== "real" && kind !== "int" && kind !== "bool",
  );
  if (other !== undefined)
    throw new InputError(
      `examples with decimals must be of numbers and booleans alone; got ${typeText(other)}. Write whole numbers, or texts.`,
    );
  const reals = (type: Type): Type => (type.kind === "int" ? real : type);
  return compileGrammar(
    arithmetic({ constants: true, operations: ["+", "-", "*", "/", "sqrt", "abs", "min", "max", "floor"] }),
    {
      ...signature,
      argumentTypes: signature.argumentTypes.map(reals),
      result: reals(signature.result),
    },
  );
}
