import {
  bool,
  compileRules,
  type Grammar,
  int,
  type Nonterminal,
  type Primitive,
  type Rule,
  type Signature,
  string,
  text as textLanguage,
  textPatternRows,
  textPatterns,
  type Type,
  typeText,
  type Value,
} from "../../dsl/index.ts";
import type { Example } from "./terms.ts";

/** Bounds on the literals of a language. */
const MOST_TEXTS = 24;
const MOST_INTS = 12;
/** Outputs that are so few, and come again, are taken for kinds, which programs may name. */
const MOST_KINDS = 6;
/** Thresholds of an input, if they are so few. */
const MOST_THRESHOLDS = 4;

const kinds = [
  { name: "text", type: string },
  { name: "number", type: int },
  { name: "truth", type: bool },
] as const;
const PATTERN = "pattern";

/**
 * A grammar of texts, ints and booleans for examples: programs may look for patterns, and name the words that several outputs have and
 * their inputs have not, the signs between words, and a few ints.
 */
export function textGrammar(signature: Signature, examples: readonly Example[]): Grammar {
  const nonterminals: Nonterminal[] = kinds.map(({ name, type }) => ({
    name,
    type,
    rules: [
      ...signature.argumentNames
        .filter((_, k) => typeText(signature.argumentTypes[k] as Type) === typeText(type))
        .map((argument): Rule => ({ kind: "argument", name: argument })),
      ...literalsOf(type, examples).map((value): Rule => ({ kind: "literal", value })),
      ...[...textLanguage().primitives, ...textPatternRows]
        .flatMap(instances)
        .filter(({ result }) => typeText(result) === typeText(type))
        .map(applicationOf),
    ],
  }));
  nonterminals.push({
    name: PATTERN,
    type: string,
    rules: Object.keys(textPatterns).map((value) => ({ kind: "literal", value })),
  });
  return compileRules({ name: "text", signature, start: nameOf(signature.result), nonterminals });
}

const nameOf = (type: Type): string =>
  (kinds.find((kind) => typeText(kind.type) === typeText(type)) as (typeof kinds)[number]).name;

/** The second argument of what looks for a pattern is one of the list. */
const applicationOf = (row: Primitive): Rule => ({
  kind: "application",
  row,
  arguments: row.parameters.map((type, k) => ({
    kind: "nonterminal",
    name: k === 1 && textPatternRows.some(({ name }) => name === row.name) ? PATTERN : nameOf(type),
  })),
});

/** A row for each kind that its variable may stand for. */
function instances(row: Primitive): readonly Primitive[] {
  const isVariable = ({ kind }: Type): boolean => kind === "variable";
  if (![...row.parameters, row.result].some(isVariable)) return [row];
  return kinds.map(({ type }) =>
    Object.assign({}, row, {
      parameters: row.parameters.map((parameter) => (isVariable(parameter) ? type : parameter)),
      result: isVariable(row.result) ? type : row.result,
    }),
  );
}

function literalsOf(type: Type, examples: readonly Example[]): readonly Value[] {
  if (type.kind === "bool") return [];
  return type.kind === "int" ? intsOf(examples) : textsOf(examples);
}

/** A few usual ints, those of outputs, and those of inputs that examples may be told apart by: what comes again, and where outputs change. */
function intsOf(examples: readonly Example[]): readonly number[] {
  const ints = new Set([0, 1, 2, 3, -1]);
  const inputs = examples[0]?.inputs.length ?? 0;
  for (let k = 0; k < inputs; k++) {
    const told = examples
      .flatMap(({ inputs: values, output }) =>
        typeof values[k] === "number" ? [{ value: values[k] as number, output }] : [],
      )
      .sort((a, b) => a.value - b.value);
    const distinct = new Set(told.map(({ value }) => value));
    const changes = told.filter(
      ({ value, output }, at) => at > 0 && value !== told[at - 1]?.value && output !== told[at - 1]?.output,
    );
    const comeAgain = distinct.size < told.length ? [...distinct] : [];
    for (const thresholds of [comeAgain, changes.map(({ value }) => value)])
      if (thresholds.length <= MOST_THRESHOLDS) for (const one of thresholds) ints.add(one);
  }
  for (const { output } of examples) if (typeof output === "number") ints.add(output);
  return [...ints].slice(0, MOST_INTS);
}

function textsOf(examples: readonly Example[]): readonly string[] {
  const texts = (values: readonly Value[]): string[] => values.filter((value) => typeof value === "string");
  const outputs = texts(examples.map(({ output }) => output));
  const literals = new Set<string>(["", " "]);
  const repeated = new Set(outputs);
  if (repeated.size <= MOST_KINDS && 2 * repeated.size <= outputs.length)
    for (const kind of repeated) literals.add(kind);
  const words = new Map<string, number>();
  for (const { inputs, output } of examples) {
    if (typeof output !== "string") continue;
    const given = texts(inputs).map((input) => input.toLowerCase());
    for (const word of new Set(output.match(/[A-Za-z]+|[0-9]+|[^A-Za-z0-9]{2,}/g) ?? []))
      if (!given.some((input) => input.includes(word.toLowerCase())))
        words.set(word, (words.get(word) ?? 0) + 1);
  }
  // What is in one output alone is a value rather than a word.
  for (const [word, count] of words) if (count > 1) literals.add(word);
  const all = [...outputs, ...examples.flatMap(({ inputs }) => texts(inputs))];
  for (const value of all) for (const sign of value.match(/[^A-Za-z0-9]/g) ?? []) literals.add(sign);
  return [...literals].slice(0, MOST_TEXTS);
}
