import { InputError } from "./input-error.ts";

/**
 * The types of Illume's language. A `Type<T>` describes values that TypeScript sees as `T`; the parameter is a
 * phantom, so an experiment's cases, fitness and exported champion are inferred from the language's types.
 */
export type Type<T = unknown> = TypeShape & { readonly phantom?: () => T };

export type TypeShape =
  | { readonly kind: "real" | "float32" | "int" | "bool" | "string" | "char" }
  | { readonly kind: "bits"; readonly width: number }
  | { readonly kind: "list"; readonly element: TypeShape }
  | { readonly kind: "pair"; readonly first: TypeShape; readonly second: TypeShape }
  | { readonly kind: "function"; readonly parameters: readonly TypeShape[]; readonly result: TypeShape }
  | { readonly kind: "variable"; readonly name: string };

/** The TypeScript type of the values of a language type: `ValueOf<typeof real>` is `number`. */
export type ValueOf<T> = T extends { readonly phantom?: () => infer V } ? V : never;

/** The values of a list of types, as a tuple. */
export type ValuesOf<P extends readonly Type[]> = { [K in keyof P]: ValueOf<P[K]> };

/** IEEE double; NaN is the failed real. */
export const real: Type<number> = { kind: "real" };
/** IEEE single: a number that `Math.fround` leaves as it is. Results of this type are rounded to the nearest; NaN is the failed one. */
export const float32: Type<number> = { kind: "float32" };
/** Integer within ±(2^53 − 1); results beyond it are the trap `overflow`. */
export const int: Type<number> = { kind: "int" };
export const bool: Type<boolean> = { kind: "bool" };
/** String of UTF-16 code units. */
export const string: Type<string> = { kind: "string" };
/** String of exactly one UTF-16 code unit. */
export const char: Type<string> = { kind: "char" };

/**
 * Bit-vector of a width from 1 to 64: a bigint from 0 to 2^width − 1.
 * @throws InputError for another width
 */
export function bits(width: number): Type<bigint> {
  if (!Number.isInteger(width) || width < 1 || width > 64)
    throw new InputError(`width of bits must be a whole number from 1 to 64; got ${String(width)}.`);
  return { kind: "bits", width };
}

/** Finite list of values of one type. */
export const list = <T>(element: Type<T>): Type<readonly T[]> => ({ kind: "list", element });

/** Two values. */
export const pair = <A, B>(first: Type<A>, second: Type<B>): Type<readonly [A, B]> => ({
  kind: "pair",
  first,
  second,
});

/** Function type of a primitive's parameter; arguments of that type are lambdas. */
export const func = <const P extends readonly Type[], R>(
  parameters: P,
  result: Type<R>,
): Type<(...args: ValuesOf<P> extends infer V extends readonly unknown[] ? [...V] : never) => R> => ({
  kind: "function",
  parameters,
  result,
});

/** Type variable of a polymorphic primitive. */
export const variable = (name: string): Type<unknown> => ({ kind: "variable", name });

/** Canonical text of a type, such as `list<int>` or `fn<int,bool>` (parameters, then result). Equal types have equal texts. */
export function typeText(type: TypeShape): string {
  switch (type.kind) {
    case "bits":
      return `bits<${type.width}>`;
    case "list":
      return `list<${typeText(type.element)}>`;
    case "pair":
      return `pair<${typeText(type.first)},${typeText(type.second)}>`;
    case "function":
      return `fn<${[...type.parameters, type.result].map(typeText).join(",")}>`;
    case "variable":
      return `'${type.name}`;
    default:
      return type.kind;
  }
}

const MAXIMUM_TYPE_TEXT = 1000;
const MAXIMUM_TYPE_DEPTH = 20;

/**
 * The type of a canonical text, the inverse of `typeText`.
 * @throws InputError if it is none, or has more than 1,000 characters or 20 levels
 */
export function readType(text: string): Type {
  const parts = text.length > MAXIMUM_TYPE_TEXT ? [] : (text.match(/[a-z\d]+|'[^<>,]+|[<>,]/gi) ?? []);
  let at = 0;
  const fail = (): never => {
    throw new InputError(`type must be a text such as list<int>; got ${JSON.stringify(text.slice(0, 100))}.`);
  };
  const expectPart = (part: string): void => {
    if (parts[at++] !== part) fail();
  };
  const read = (depth: number): Type => {
    const head = parts[at++] ?? fail();
    if (depth > MAXIMUM_TYPE_DEPTH) fail();
    switch (head) {
      case "real":
      case "float32":
      case "int":
      case "bool":
      case "string":
      case "char":
        return { kind: head };
      case "bits":
      case "list":
      case "pair":
      case "fn":
        break;
      default:
        return head.startsWith("'") ? variable(head.slice(1)) : fail();
    }
    expectPart("<");
    if (head === "bits") {
      const width = Number(parts[at++]);
      expectPart(">");
      return bits(width);
    }
    const inner = [read(depth + 1)];
    while (parts[at] === ",") {
      at++;
      inner.push(read(depth + 1));
    }
    expectPart(">");
    const [first, second] = inner as [Type, Type];
    if (head === "list" && inner.length === 1) return list(first);
    if (head === "pair" && inner.length === 2) return pair(first, second);
    return head === "fn" ? func(inner.slice(0, -1), inner.at(-1) as Type) : fail();
  };
  const type = read(0);
  return at === parts.length && typeText(type) === text ? type : fail();
}

/** The type as TypeScript writes it. */
export function typeScriptType(type: TypeShape): string {
  switch (type.kind) {
    case "real":
    case "float32":
    case "int":
      return "number";
    case "bits":
      return "bigint";
    case "bool":
      return "boolean";
    case "string":
    case "char":
      return "string";
    case "list":
      return `ReadonlyArray<${typeScriptType(type.element)}>`;
    case "pair":
      return `readonly [${typeScriptType(type.first)}, ${typeScriptType(type.second)}]`;
    case "function":
      return `(${type.parameters.map((p, i) => `p${i}: ${typeScriptType(p)}`).join(", ")}) => ${typeScriptType(type.result)}`;
    case "variable":
      return "unknown";
  }
}

/** Names of the variables in a type, in order of first appearance. */
export function typeVariables(type: TypeShape): string[] {
  const names: string[] = [];
  const visit = (t: TypeShape): void => {
    if (t.kind === "variable") {
      if (!names.includes(t.name)) names.push(t.name);
    } else if (t.kind === "list") visit(t.element);
    else if (t.kind === "pair") {
      visit(t.first);
      visit(t.second);
    } else if (t.kind === "function") {
      for (const p of t.parameters) visit(p);
      visit(t.result);
    }
  };
  visit(type);
  return names;
}

/** Replaces variables by the types they are bound to. */
export function substitute(type: TypeShape, binding: ReadonlyMap<string, Type>): Type {
  switch (type.kind) {
    case "variable":
      return binding.get(type.name) ?? type;
    case "list":
      return list(substitute(type.element, binding));
    case "pair":
      return pair(substitute(type.first, binding), substitute(type.second, binding));
    case "function":
      return func(
        type.parameters.map((p) => substitute(p, binding)),
        substitute(type.result, binding),
      );
    default:
      return type;
  }
}

/** Whether a JavaScript value is a value of the (ground, non-function) type. */
export function isValueOf(type: TypeShape, value: unknown): boolean {
  switch (type.kind) {
    case "real":
      return typeof value === "number";
    case "float32":
      return typeof value === "number" && Object.is(Math.fround(value), value);
    case "int":
      return Number.isSafeInteger(value);
    case "bits":
      return typeof value === "bigint" && BigInt.asUintN(type.width, value) === value;
    case "bool":
      return typeof value === "boolean";
    case "string":
      return typeof value === "string";
    case "char":
      return typeof value === "string" && value.length === 1;
    case "list":
      return Array.isArray(value) && value.every((v) => isValueOf(type.element, v));
    case "pair":
      return (
        Array.isArray(value) &&
        value.length === 2 &&
        isValueOf(type.first, value[0]) &&
        isValueOf(type.second, value[1])
      );
    default:
      return false;
  }
}

/** The value of the type that is nearest to a value: numbers where the type says float32 are rounded, all else is left as it is. */
export function nearestValue<V>(type: TypeShape, value: V): V {
  if (type.kind === "float32") return (typeof value === "number" ? Math.fround(value) : value) as V;
  if (!Array.isArray(value)) return value;
  if (type.kind === "list") return value.map((v) => nearestValue(type.element, v)) as V;
  if (type.kind !== "pair") return value;
  return value.map((v, i) => nearestValue(i === 0 ? type.first : type.second, v)) as V;
}

/** What a program looks like from outside: named, typed arguments and a result. */
export interface Signature<A extends Record<string, unknown> = Record<string, unknown>, R = unknown> {
  readonly argumentNames: readonly string[];
  readonly argumentTypes: readonly Type[];
  readonly result: Type<R>;
  readonly phantomArguments?: () => A;
}

/** Declares a program's signature: `fn({ x: real }, real)`. */
export function fn<const S extends Record<string, Type>, R>(
  args: S,
  result: Type<R>,
): Signature<{ readonly [K in keyof S]: ValueOf<S[K]> }, R> {
  return { argumentNames: Object.keys(args), argumentTypes: Object.values(args), result };
}
