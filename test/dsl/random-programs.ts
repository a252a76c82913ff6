import {
  type Grammar,
  limits,
  type Production,
  type Program,
  type Type,
  type TypeShape,
  type Value,
} from "../../dsl/index.ts";

/** Random numbers in [0, 1) from a seed (mulberry32). */
export function randomStream(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const pick = <T>(random: () => number, items: ArrayLike<T>): T =>
  items[Math.floor(random() * items.length)] as T;

const ints = [0, 1, -1, 2, 3, 5, 7, -4, 10, 60, 100, 999, 1001, 2 ** 31, -(2 ** 53 - 1), 2 ** 53 - 1];
const reals = [0, -0, 1, -1, 0.5, 2, -3.25, 1e-300, 1e300, 0.1, 1e21, -1e-7, 123456789.125];
const strings = [
  "",
  " ",
  "a",
  "ab",
  "-",
  "Hello World",
  "  x  ",
  "12",
  "007",
  "$&",
  "é€",
  "a-b-c",
  "9007199254740993",
];

/** Floats where single precision ends: its largest and smallest, what rounds to them, what is exact in it and what is not. */
const floats = [0, -0, 1, -1, 0.5, 2, -3.25, 0.1, 1 / 3, 16_777_216, -1e-7, 3.4e38, 1.4e-45, -1.2e-38].map(
  Math.fround,
);

/** A value of a type, mostly from the edges. */
export function randomValue(type: TypeShape, random: () => number): Value {
  switch (type.kind) {
    case "int":
      return random() < 0.7 ? Math.floor(random() * 10) - 2 : pick(random, ints);
    case "real":
      return random() < 0.1
        ? pick(random, [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])
        : pick(random, reals);
    case "bits":
      return BigInt.asUintN(
        type.width,
        random() < 0.4
          ? pick(random, [0n, 1n, -1n, 2n, BigInt(type.width), 1n << BigInt(type.width - 1), 0x80n])
          : BigInt(Math.floor(random() * 2 ** 32)) * BigInt(Math.floor(random() * 2 ** 32)),
      );
    case "float32":
      return random() < 0.1
        ? pick(random, [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])
        : pick(random, floats);
    case "bool":
      return random() < 0.5;
    case "string":
      return pick(random, strings);
    case "char":
      return pick(random, ["a", "Z", " ", "0", "\ud800"]);
    case "list":
      return Array.from({ length: Math.floor(random() * 6) }, () => randomValue(type.element, random));
    case "pair":
      return [randomValue(type.first, random), randomValue(type.second, random)];
    default:
      throw new Error(`no values of ${type.kind}`);
  }
}

/** A random well-typed program of about `budget` nodes: with constants, bound variables and shared terms. */
export function randomProgram(grammar: Grammar, random: () => number, budget: number): Program {
  for (;;) {
    const program = attempt(grammar, random, budget);
    if (program !== null) return program;
  }
}

function attempt(grammar: Grammar, random: () => number, total: number): Program | null {
  const tokens: number[] = [];
  const constants: number[] = [];
  const shareable: { readonly position: number; readonly type: number }[] = [];

  const fits = (production: number, depth: number): boolean =>
    (grammar.productions[production] as Production).children.every((type) => {
      const shape = grammar.types[type] as Type;
      return shape.kind !== "function" || depth + shape.parameters.length <= limits.boundVariables;
    });

  const grow = (type: number, budget: number, scope: readonly number[]): boolean => {
    const known = shareable.filter((s) => s.type === type);
    if (known.length > 0 && random() < 0.2) {
      tokens.push(-1 - pick(random, known).position);
      return true;
    }
    const variables = scope.flatMap((t, level) =>
      t === type ? [grammar.boundVariables[type]?.[level] as number] : [],
    );
    if (variables.length > 0 && random() < (budget <= 2 ? 0.8 : 0.3)) {
      tokens.push(pick(random, variables));
      return true;
    }
    const all = [...(grammar.productionsOfType[type] as Int32Array)].filter((p) => fits(p, scope.length));
    const affordable = all.filter((p) => (grammar.minimumSize[p] as number) <= budget);
    const inner = affordable.filter((p) => (grammar.arity[p] as number) > 0);
    const id = pick(random, inner.length > 0 && random() < 0.85 ? inner : affordable);
    const production = grammar.productions[id];
    if (production === undefined) return false;
    if (production.kind === "constant") {
      const kind = grammar.types[type]?.kind;
      const fraction = (): number => (random() < 0.5 ? pick(random, reals) : random() * 8 - 4);
      constants.push(
        kind === "int"
          ? pick(random, ints)
          : kind === "real"
            ? fraction()
            : random() < 0.5
              ? pick(random, floats)
              : Math.fround(random() * 8 - 4),
      );
    }
    const inside = [...scope, ...production.parameterTypes];
    const minima = production.children.map((c) => grammar.minimumSizeOfType[c] as number);
    let spare = budget - 1 - minima.reduce((a, b) => a + b, 0);
    for (const [k, child] of production.children.entries()) {
      const extra = k === production.children.length - 1 ? spare : Math.floor(random() * (spare + 1));
      spare -= extra;
      if (!grow(child, (minima[k] as number) + extra, inside)) return false;
    }
    if (scope.length === 0 && production.children.length > 0 && production.kind !== "lambda")
      shareable.push({ position: tokens.length, type });
    tokens.push(id);
    return true;
  };

  const minimum = grammar.minimumSizeOfType[grammar.resultType] as number;
  if (!grow(grammar.resultType, Math.max(minimum, total), [])) return null;
  return { tokens: Int32Array.from(tokens), constants: Float64Array.from(constants) };
}
