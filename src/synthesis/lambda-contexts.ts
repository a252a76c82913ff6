import { type Type, typeText, type Value } from "../../dsl/index.ts";

/** Where a term is looked at: on the inputs of an example, and within lambdas on values of their variables, by level. */
export interface Context {
  readonly inputs: readonly Value[];
  /** Of examples. */
  readonly output?: Value;
  readonly bound?: readonly Value[];
  /** Of bodies of lambdas: which of the contexts around it is. */
  readonly around?: number;
}

/** Contexts that bodies of lambdas are told apart in. */
const MOST_CONTEXTS = 120;
/** The least of each context around, as far as there is room. */
const LEAST_EACH = 2;
const SMALL_INTS = [0, 1, 2, 3, 5, 4, 7, 6, 10, 9, 8, 12];

/**
 * Contexts of the bodies of lambdas: what surrounds them, with values that their parameters may have, which are taken from the inputs.
 * @param around contexts of the lambda itself
 */
export function lambdaContexts(around: readonly Context[], parameters: readonly Type[]): Context[] {
  const each = Math.max(LEAST_EACH, Math.floor(MOST_CONTEXTS / around.length));
  const contexts: Context[] = [];
  for (const [turn, context] of around.entries()) {
    if (contexts.length >= MOST_CONTEXTS) break;
    const samples = parameters.map((type) => samplesOf(type, context));
    const count = Math.max(...samples.map(({ length }) => length));
    if (samples.some(({ length }) => length === 0)) continue;
    const seen = new Set<string>();
    // Pairs are of neighbours, of equals, and of those further apart.
    for (let k = 0; k < count * 3 && seen.size < each; k++) {
      const distance = [1, 0, 2][k % 3] as number;
      const at = parameters.length === 1 ? k + turn : Math.floor(k / 3) + turn;
      const values = samples.map((sample, p) => sample[(at + p * distance) % sample.length] as Value);
      const key = JSON.stringify(values, (_, value: unknown) =>
        typeof value === "bigint" ? value.toString() : value,
      );
      if (seen.has(key)) continue;
      seen.add(key);
      contexts.push({ around: turn, inputs: context.inputs, bound: [...(context.bound ?? []), ...values] });
    }
  }
  return contexts;
}

/** Values of a type that a context has, parts of its values and a few small ints among them. */
function samplesOf(type: Type, { inputs, bound = [] }: Context): Value[] {
  const found = new Map<string, Value>();
  const isWanted = matcher(type);
  const visit = (value: Value): void => {
    if (isWanted(value)) found.set(JSON.stringify(value), value);
    if (Array.isArray(value)) for (const item of value as readonly Value[]) visit(item);
  };
  for (const value of [...inputs, ...bound]) if (typeof value !== "bigint") visit(value);
  if (type.kind === "bool") return [false, true];
  if (type.kind === "int") for (const small of SMALL_INTS) found.set(String(small), small);
  if (type.kind === "list" && type.element.kind === "int" && found.size < 2)
    for (const small of [[], [1], [2, 3]]) found.set(JSON.stringify(small), small);
  return [...found.values()];
}

/** Whether a value is of a type, as far as it can be told by it. */
function matcher(type: Type): (value: Value) => boolean {
  if (type.kind === "list") {
    const element = matcher(type.element);
    return (value) => Array.isArray(value) && (value as readonly Value[]).every(element);
  }
  if (type.kind === "string") return (value) => typeof value === "string";
  if (type.kind === "int") return (value) => Number.isSafeInteger(value);
  if (type.kind === "real") return (value) => typeof value === "number";
  const text = typeText(type);
  return (value) => typeof value === text.replace("bool", "boolean");
}
