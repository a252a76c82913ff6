import type { Value } from "../../../dsl/index.ts";

/**
 * A second reading of SMT-LIB, to hold answers against: plain recursion on the text, written from the definitions of its
 * theories (Core, Ints, FixedSizeBitVectors, UnicodeStrings; SMT-LIB 2.6) and sharing nothing with `dsl/`.
 */

type Tree = string | readonly Tree[];

/** Integers without bounds, strings as code points, words with their width. */
type Meaning =
  | { readonly sort: "Int"; readonly int: bigint }
  | { readonly sort: "Bool"; readonly is: boolean }
  | { readonly sort: "String"; readonly points: readonly number[] }
  | { readonly sort: "BitVec"; readonly width: number; readonly word: bigint };

type Definitions = ReadonlyMap<string, { readonly parameters: readonly string[]; readonly body: Tree }>;

function readTrees(text: string): Tree[] {
  let at = 0;
  const skip = (): void => {
    for (;;) {
      while (at < text.length && " \t\r\n".includes(text.charAt(at))) at++;
      if (text.charAt(at) !== ";") return;
      while (at < text.length && text.charAt(at) !== "\n") at++;
    }
  };
  const read = (): Tree => {
    skip();
    if (text.charAt(at) === "(") {
      at++;
      const items: Tree[] = [];
      for (;;) {
        skip();
        if (at >= text.length) throw new Error("a bracket is open at the end");
        if (text.charAt(at) === ")") {
          at++;
          return items;
        }
        items.push(read());
      }
    }
    const start = at;
    if (text.charAt(at) === '"') {
      at++;
      for (;;) {
        if (at >= text.length) throw new Error("a string is open at the end");
        if (text.charAt(at) !== '"') at++;
        else if (text.charAt(at + 1) === '"') at += 2;
        else break;
      }
      at++;
      return text.slice(start, at);
    }
    if (text.charAt(at) === "|") {
      at = text.indexOf("|", at + 1) + 1;
      return text.slice(start + 1, at - 1);
    }
    while (at < text.length && !' \t\r\n();"|'.includes(text.charAt(at))) at++;
    if (at === start) throw new Error(`nothing to read at ${start}`);
    return text.slice(start, at);
  };
  const trees: Tree[] = [];
  for (skip(); at < text.length; skip()) trees.push(read());
  return trees;
}

function definitionsOf(trees: readonly Tree[]): Definitions {
  const definitions = new Map<string, { parameters: string[]; body: Tree }>();
  for (const tree of trees) {
    if (typeof tree === "string" || tree[0] !== "define-fun") continue;
    const [, name, parameters, , body] = tree as readonly [Tree, string, readonly Tree[], Tree, Tree];
    definitions.set(name, { parameters: parameters.map((parameter) => parameter[0] as string), body });
  }
  return definitions;
}

const int = (value: bigint): Meaning => ({ sort: "Int", int: value });
const truth = (is: boolean): Meaning => ({ sort: "Bool", is });
const word = (width: number, value: bigint): Meaning => ({
  sort: "BitVec",
  width,
  word: ((value % 2n ** BigInt(width)) + 2n ** BigInt(width)) % 2n ** BigInt(width),
});
const textOf = (points: readonly number[]): Meaning => ({ sort: "String", points });

function wrong(what: string): never {
  throw new Error(`not SMT-LIB: ${what}`);
}
const intOf = (m: Meaning | undefined): bigint => (m?.sort === "Int" ? m.int : wrong("no Int"));
const truthOf = (m: Meaning | undefined): boolean => (m?.sort === "Bool" ? m.is : wrong("no Bool"));
const pointsOf = (m: Meaning | undefined): readonly number[] =>
  m?.sort === "String" ? m.points : wrong("no String");
const wordOf = (m: Meaning | undefined) => (m?.sort === "BitVec" ? m : wrong("no BitVec"));

const isSame = (a: Meaning, b: Meaning): boolean => {
  if (a.sort === "Int" && b.sort === "Int") return a.int === b.int;
  if (a.sort === "Bool" && b.sort === "Bool") return a.is === b.is;
  if (a.sort === "BitVec" && b.sort === "BitVec" && a.width === b.width) return a.word === b.word;
  if (a.sort !== "String" || b.sort !== "String") return wrong("values of two sorts compared");
  return a.points.length === b.points.length && a.points.every((point, k) => point === b.points[k]);
};

/** The characters of a literal, with the escapes of UnicodeStrings. */
function literalPoints(literal: string): number[] {
  const text = literal.slice(1, -1).split('""').join('"');
  const points: number[] = [];
  for (let at = 0; at < text.length; ) {
    const match =
      /^\\u\{([0-9a-fA-F]{1,5})\}/.exec(text.slice(at, at + 9)) ??
      /^\\u([0-9a-fA-F]{4})/.exec(text.slice(at, at + 6));
    const point = match === null ? (text.codePointAt(at) as number) : Number.parseInt(match[1] as string, 16);
    points.push(point);
    at += match === null ? String.fromCodePoint(point).length : match[0].length;
  }
  return points;
}

const occursAt = (s: readonly number[], part: readonly number[], at: number): boolean =>
  at + part.length <= s.length && part.every((point, k) => s[at + k] === point);

/** The first position from `from` on at which a part occurs, or −1. */
function firstAt(s: readonly number[], part: readonly number[], from: number): number {
  for (let at = from; at + part.length <= s.length; at++) if (occursAt(s, part, at)) return at;
  return -1;
}

/** Whether a string is before another in the lexicographic order. */
const isBefore = (a: readonly number[], b: readonly number[]): boolean => {
  if (b.length === 0) return false;
  if (a.length === 0) return true;
  const [x = 0, ...restOfA] = a;
  const [y = 0, ...restOfB] = b;
  return x < y || (x === y && isBefore(restOfA, restOfB));
};

/** Boute's Euclidean division, from which `div` and `mod` of Ints are: m = n · q + r with 0 ≤ r < |n|. */
function euclid(m: bigint, n: bigint): { readonly q: bigint; readonly r: bigint } {
  if (n === 0n) throw new Error("SMT-LIB leaves division by zero open");
  const size = n < 0n ? -n : n;
  const r = ((m % size) + size) % size;
  return { q: (m - r) / n, r };
}

const isNegative = (m: { readonly width: number; readonly word: bigint }): boolean =>
  m.word >= 2n ** BigInt(m.width - 1);
const signed = (m: { readonly width: number; readonly word: bigint }): bigint =>
  isNegative(m) ? m.word - 2n ** BigInt(m.width) : m.word;

function bitOfEach(width: number, bit: (k: number) => boolean): Meaning {
  let value = 0n;
  for (let k = 0; k < width; k++) if (bit(k)) value += 2n ** BigInt(k);
  return word(width, value);
}

const digitsOnly = (points: readonly number[]): boolean =>
  points.length > 0 && points.every((point) => point >= 48 && point <= 57);

function applyFunction(name: string, args: readonly Meaning[]): Meaning {
  const [a, b, c] = args;
  const pairs = (holds: (x: Meaning, y: Meaning) => boolean): Meaning =>
    truth(args.slice(1).every((right, k) => holds(args[k] as Meaning, right)));
  switch (name) {
    case "not":
      return truth(!truthOf(a));
    case "and":
      return truth(args.every(truthOf));
    case "or":
      return truth(args.some(truthOf));
    case "xor":
      return truth(args.filter(truthOf).length % 2 === 1);
    case "=>":
      return truth(truthOf(args.at(-1)) || args.slice(0, -1).some((m) => !truthOf(m)));
    case "=":
      return pairs(isSame);
    case "distinct":
      return truth(args.every((x, i) => args.slice(i + 1).every((y) => !isSame(x, y))));
    case "ite":
      return (truthOf(a) ? b : c) ?? wrong("ite");
    case "+":
      return int(args.reduce((sum, m) => sum + intOf(m), 0n));
    case "-":
      return args.length === 1
        ? int(-intOf(a))
        : int(args.slice(1).reduce((rest, m) => rest - intOf(m), intOf(a)));
    case "*":
      return int(args.reduce((product, m) => product * intOf(m), 1n));
    case "div":
      return int(args.slice(1).reduce((rest, m) => euclid(rest, intOf(m)).q, intOf(a)));
    case "mod":
      return int(euclid(intOf(a), intOf(b)).r);
    case "abs":
      return int(intOf(a) < 0n ? -intOf(a) : intOf(a));
    case "<":
      return pairs((x, y) => intOf(x) < intOf(y));
    case "<=":
      return pairs((x, y) => intOf(x) <= intOf(y));
    case ">":
      return pairs((x, y) => intOf(x) > intOf(y));
    case ">=":
      return pairs((x, y) => intOf(x) >= intOf(y));
    case "str.++":
      return textOf(args.flatMap((m) => [...pointsOf(m)]));
    case "str.len":
      return int(BigInt(pointsOf(a).length));
    case "str.at":
      return applyFunction("str.substr", [a as Meaning, b as Meaning, int(1n)]);
    case "str.substr": {
      // ⟦str.substr⟧(w, m, n): the longest part of length at most n at m; empty where m is no position or n ≤ 0.
      const s = pointsOf(a);
      const [m, n] = [intOf(b), intOf(c)];
      if (m < 0n || m >= BigInt(s.length) || n <= 0n) return textOf([]);
      const end = m + n > BigInt(s.length) ? BigInt(s.length) : m + n;
      return textOf(s.slice(Number(m), Number(end)));
    }
    case "str.indexof": {
      const s = pointsOf(a);
      const from = intOf(c);
      return int(from < 0n || from > BigInt(s.length) ? -1n : BigInt(firstAt(s, pointsOf(b), Number(from))));
    }
    case "str.replace": {
      const [s, part, by] = [pointsOf(a), pointsOf(b), pointsOf(c)];
      const at = firstAt(s, part, 0);
      return textOf(at < 0 ? s : [...s.slice(0, at), ...by, ...s.slice(at + part.length)]);
    }
    case "str.replace_all": {
      const [s, part, by] = [pointsOf(a), pointsOf(b), pointsOf(c)];
      if (part.length === 0) return textOf(s);
      const result: number[] = [];
      for (let at = 0; at < s.length; )
        if (occursAt(s, part, at)) {
          result.push(...by);
          at += part.length;
        } else result.push(s[at++] as number);
      return textOf(result);
    }
    case "str.prefixof":
      return truth(occursAt(pointsOf(b), pointsOf(a), 0));
    case "str.suffixof":
      return truth(
        pointsOf(a).length <= pointsOf(b).length &&
          occursAt(pointsOf(b), pointsOf(a), pointsOf(b).length - pointsOf(a).length),
      );
    case "str.contains":
      return truth(firstAt(pointsOf(a), pointsOf(b), 0) >= 0);
    case "str.<":
      return pairs((x, y) => isBefore(pointsOf(x), pointsOf(y)));
    case "str.<=":
      return pairs((x, y) => isSame(x, y) || isBefore(pointsOf(x), pointsOf(y)));
    case "str.to_int":
    case "str.to.int":
      return int(
        digitsOnly(pointsOf(a))
          ? pointsOf(a).reduce((value, point) => value * 10n + BigInt(point - 48), 0n)
          : -1n,
      );
    case "str.from_int":
    case "int.to.str":
      return textOf(
        intOf(a) < 0n ? [] : [...String(intOf(a))].map((digit) => digit.codePointAt(0) as number),
      );
    case "str.to_code":
      return int(pointsOf(a).length === 1 ? BigInt(pointsOf(a)[0] as number) : -1n);
    case "str.from_code":
      return textOf(intOf(a) >= 0n && intOf(a) <= 0x2ffffn ? [Number(intOf(a))] : []);
    case "str.is_digit":
      return truth(pointsOf(a).length === 1 && digitsOnly(pointsOf(a)));
    default:
      return applyToWords(name, args);
  }
}

function applyToWords(name: string, args: readonly Meaning[]): Meaning {
  const x = wordOf(args[0]);
  const { width } = x;
  const bit = (m: { readonly word: bigint }, k: number): boolean => (m.word / 2n ** BigInt(k)) % 2n === 1n;
  if (name === "bvnot") return bitOfEach(width, (k) => !bit(x, k));
  if (name === "bvneg") return word(width, -x.word);
  const y = wordOf(args[1]);
  if (name === "concat") return word(width + y.width, x.word * 2n ** BigInt(y.width) + y.word);
  if (y.width !== width) return wrong(`${name} of two widths`);
  if (args.length > 2 && ["bvand", "bvor", "bvxor", "bvadd", "bvmul"].includes(name))
    return args.slice(1).reduce((left, right) => applyToWords(name, [left, right]), args[0] as Meaning);
  const shift = y.word > 64n ? 64n : y.word;
  switch (name) {
    case "bvand":
      return bitOfEach(width, (k) => bit(x, k) && bit(y, k));
    case "bvor":
      return bitOfEach(width, (k) => bit(x, k) || bit(y, k));
    case "bvxor":
      return bitOfEach(width, (k) => bit(x, k) !== bit(y, k));
    case "bvnand":
      return bitOfEach(width, (k) => !(bit(x, k) && bit(y, k)));
    case "bvnor":
      return bitOfEach(width, (k) => !(bit(x, k) || bit(y, k)));
    case "bvxnor":
      return bitOfEach(width, (k) => bit(x, k) === bit(y, k));
    case "bvadd":
      return word(width, x.word + y.word);
    case "bvsub":
      return word(width, x.word - y.word);
    case "bvmul":
      return word(width, x.word * y.word);
    case "bvudiv":
      return word(width, y.word === 0n ? -1n : x.word / y.word);
    case "bvurem":
      return word(width, y.word === 0n ? x.word : x.word % y.word);
    // The signed ones as QF_BV defines them, by cases of the signs.
    case "bvsdiv":
    case "bvsrem": {
      const size = (m: typeof x): Meaning => word(width, isNegative(m) ? -m.word : m.word);
      const unsigned = wordOf(applyToWords(name === "bvsdiv" ? "bvudiv" : "bvurem", [size(x), size(y)]));
      const isNegated = name === "bvsdiv" ? isNegative(x) !== isNegative(y) : isNegative(x);
      return isNegated ? word(width, -unsigned.word) : unsigned;
    }
    case "bvsmod": {
      const size = (m: typeof x): Meaning => word(width, isNegative(m) ? -m.word : m.word);
      const u = wordOf(applyToWords("bvurem", [size(x), size(y)]));
      if (u.word === 0n) return u;
      if (!isNegative(x) && !isNegative(y)) return u;
      if (isNegative(x) && !isNegative(y)) return word(width, y.word - u.word);
      return word(width, isNegative(x) ? -u.word : u.word + y.word);
    }
    case "bvshl":
      return word(width, x.word * 2n ** shift);
    case "bvlshr":
      return word(width, x.word / 2n ** shift);
    case "bvashr":
      return bitOfEach(width, (k) => {
        const from = BigInt(k) + shift;
        return from < BigInt(width) ? bit(x, Number(from)) : isNegative(x);
      });
    case "bvult":
      return truth(x.word < y.word);
    case "bvule":
      return truth(x.word <= y.word);
    case "bvugt":
      return truth(x.word > y.word);
    case "bvuge":
      return truth(x.word >= y.word);
    case "bvslt":
      return truth(signed(x) < signed(y));
    case "bvsle":
      return truth(signed(x) <= signed(y));
    case "bvsgt":
      return truth(signed(x) > signed(y));
    case "bvsge":
      return truth(signed(x) >= signed(y));
    case "bvcomp":
      return word(1, x.word === y.word ? 1n : 0n);
    default:
      return wrong(`function ${name}`);
  }
}

function applyIndexed(name: Tree, numbers: readonly number[], m: Meaning): Meaning {
  const { width, word: value } = wordOf(m);
  const [i = 0, j = 0] = numbers;
  const bits = [...value.toString(2).padStart(width, "0")];
  const ofBits = (all: readonly string[]): Meaning => word(all.length, BigInt(`0b${all.join("")}`));
  switch (name) {
    case "extract":
      return ofBits(bits.slice(width - 1 - i, width - j));
    case "zero_extend":
      return ofBits([..."0".repeat(i), ...bits]);
    case "sign_extend":
      return ofBits([...(bits[0] as string).repeat(i), ...bits]);
    case "rotate_left":
      return ofBits([...bits.slice(i % width), ...bits.slice(0, i % width)]);
    case "rotate_right":
      return ofBits([...bits.slice(width - (i % width)), ...bits.slice(0, width - (i % width))]);
    default:
      return wrong(`(_ ${String(name)})`);
  }
}

function meaningOf(tree: Tree, variables: ReadonlyMap<string, Meaning>, definitions: Definitions): Meaning {
  const callOf = (name: string, args: readonly Meaning[]): Meaning => {
    const definition = definitions.get(name);
    if (definition === undefined) return applyFunction(name, args);
    if (definition.parameters.length !== args.length) return wrong(`arguments of ${name}`);
    const inner = new Map(definition.parameters.map((parameter, k) => [parameter, args[k] as Meaning]));
    return meaningOf(definition.body, inner, definitions);
  };
  if (typeof tree === "string") {
    const variable = variables.get(tree);
    if (variable !== undefined) return variable;
    if (tree === "true" || tree === "false") return truth(tree === "true");
    if (tree.startsWith('"')) return textOf(literalPoints(tree));
    if (/^-?[0-9]+$/.test(tree)) return int(BigInt(tree));
    if (tree.startsWith("#x")) return word(4 * (tree.length - 2), BigInt(`0x${tree.slice(2)}`));
    if (tree.startsWith("#b")) return word(tree.length - 2, BigInt(`0b${tree.slice(2)}`));
    return definitions.has(tree) ? callOf(tree, []) : wrong(`name ${tree}`);
  }
  const [head, ...rest] = tree;
  if (head === "let") {
    const [bindings, body] = rest as unknown as readonly [readonly Tree[], Tree];
    const inner = new Map(variables);
    for (const binding of bindings)
      inner.set(binding[0] as string, meaningOf(binding.at(-1) as Tree, variables, definitions));
    return meaningOf(body, inner, definitions);
  }
  if (head === "_" && typeof rest[0] === "string" && rest[0].startsWith("bv"))
    return word(Number(rest[1]), BigInt(rest[0].slice(2)));
  // Only the branch taken is evaluated, so that divisions by zero in the other one need no meaning.
  if (head === "ite")
    return meaningOf(
      (truthOf(meaningOf(rest[0] as Tree, variables, definitions)) ? rest[1] : rest[2]) as Tree,
      variables,
      definitions,
    );
  const args = rest.map((part) => meaningOf(part, variables, definitions));
  if (typeof head === "string") return callOf(head, args);
  if (head?.[0] === "_") return applyIndexed(head[1] as Tree, head.slice(2).map(Number), args[0] as Meaning);
  return wrong("an application without a name");
}

const meaningOfValue = (value: Value, sort: Tree): Meaning => {
  if (typeof value === "number") return int(BigInt(value));
  if (typeof value === "boolean") return truth(value);
  if (typeof value === "bigint") return word(Number((sort as readonly Tree[]).at(-1)), value);
  return textOf([...(value as string)].map((character) => character.codePointAt(0) as number));
};

function valueOfMeaning(m: Meaning): Value {
  switch (m.sort) {
    case "Int":
      return Number(m.int);
    case "Bool":
      return m.is;
    case "String":
      return m.points.map((point) => String.fromCodePoint(point)).join("");
    case "BitVec":
      return m.word;
  }
}

/**
 * The function that an answer `(define-fun f …)` defines, where the functions of a task may be used.
 * @param taskText the text of the task's file, whose `define-fun`s the answer may call
 */
export function smtFunction(answer: string, taskText = ""): (...args: readonly Value[]) => Value {
  const [tree, ...rest] = readTrees(answer);
  if (tree === undefined || rest.length > 0 || typeof tree === "string" || tree[0] !== "define-fun")
    return wrong("an answer must be one define-fun");
  const [, , parameters, , body] = tree as readonly [Tree, Tree, readonly Tree[], Tree, Tree];
  const definitions = definitionsOf(readTrees(taskText));
  return (...args) =>
    valueOfMeaning(
      meaningOf(
        body,
        new Map(
          parameters.map((parameter, k) => [
            parameter[0] as string,
            meaningOfValue(args[k] as Value, parameter[1] as Tree),
          ]),
        ),
        definitions,
      ),
    );
}

/**
 * The constraints of a task with an answer, `(define-fun f …)`, in the place of its function.
 * @returns the variables' names and sorts, and whether all constraints hold for values of them
 */
export function smtConstraints(
  taskText: string,
  answer: string,
): {
  readonly variables: readonly { readonly name: string; readonly sort: string }[];
  readonly holds: (values: readonly Value[]) => boolean;
} {
  const trees = readTrees(taskText);
  const ofCommand = (command: string): readonly (readonly Tree[])[] =>
    trees.flatMap((tree) => (typeof tree !== "string" && tree[0] === command ? [tree] : []));
  const definitions = definitionsOf([...trees, ...readTrees(answer)]);
  const variables = ofCommand("declare-var").map(([, name, sort]) => ({
    name: name as string,
    sort: sort as string,
  }));
  const constraints = ofCommand("constraint").map(([, term]) => term as Tree);
  return {
    variables,
    holds: (values) => {
      const meanings = new Map(
        variables.map(({ name, sort }, k) => [name, meaningOfValue(values[k] as Value, sort)]),
      );
      return constraints.every((term) => truthOf(meaningOf(term, meanings, definitions)));
    },
  };
}
