import { InputError } from "./input-error.ts";
import type { Language } from "./language.ts";
import { isName, nameRule } from "./name.ts";
import type { Primitive } from "./primitive.ts";
import { type Signature, substitute, type Type, type TypeShape, typeText, typeVariables } from "./type.ts";
import { limits, type Value } from "./value.ts";
import { valueToJson } from "./value-json.ts";

/** One way to make a term of a type: the only source from which programs are built. */
export interface Production {
  /** Position in `Grammar.productions`; the token that stands for it. */
  readonly id: number;
  readonly kind: "primitive" | "argument" | "constant" | "literal" | "lambda" | "bound";
  /** Type id of the term. */
  readonly type: number;
  /** Type ids of the children. */
  readonly children: readonly number[];
  /** How the text form names it (constants and literals are written as values, lambdas with parameter names). */
  readonly label: string;
  /** kind primitive: the row. */
  readonly primitive?: Primitive;
  /** kind argument: its position; kind bound: its level, 0 for the outermost lambda's first parameter. */
  readonly index: number;
  /** kind literal: the value. */
  readonly value?: Value;
  /** kind lambda: type ids of the parameters. */
  readonly parameterTypes: readonly number[];
  readonly cost: number;
}

/** A language closed over a finite set of types for one signature: for each type the productions that yield it. */
export interface Grammar {
  readonly language: Language;
  readonly signature: Signature;
  readonly types: readonly Type[];
  readonly productions: readonly Production[];
  /** Type id → ids of its productions, bound variables left out. */
  readonly productionsOfType: readonly Int32Array[];
  /** Type id × level → id of the production for that bound variable, or −1. */
  readonly boundVariables: readonly Int32Array[];
  /** Type id of the program's result. */
  readonly resultType: number;
  /** Production id → number of children. */
  readonly arity: Uint8Array;
  /** Production id → type id. */
  readonly typeOf: Int32Array;
  /** Production id → 1 for kind constant. */
  readonly isConstant: Uint8Array;
  /** Production id → 1 for kind lambda. */
  readonly isLambda: Uint8Array;
  /** Production id → size of the smallest closed term that starts with it. */
  readonly minimumSize: Int32Array;
  /** Type id → size of the smallest closed term. */
  readonly minimumSizeOfType: Int32Array;
  /** Text of everything that gives tokens their meaning; programs move only between grammars of the same text. */
  readonly fingerprint: string;
}

/** A production before it has a number. */
export type Draft = Omit<Production, "id">;

export const UNREACHABLE = 1 << 29;
/** Bound on a grammar; a language that exceeds it has too many types. */
export const MAXIMUM_PRODUCTIONS = 20_000;

/** All bindings of the named type variables to the ground types. */
function* bindings(names: readonly string[], ground: readonly Type[]): Generator<Map<string, Type>> {
  if (names.length === 0) {
    yield new Map();
    return;
  }
  const [first, ...rest] = names as [string, ...string[]];
  for (const type of ground)
    for (const tail of bindings(rest, ground)) yield new Map([[first, type], ...tail]);
}

/** Whether values of the type can be arguments, results and elements: no function and no variable in it. */
function isGround(type: TypeShape): boolean {
  if (type.kind === "list") return isGround(type.element);
  if (type.kind === "pair") return isGround(type.first) && isGround(type.second);
  return type.kind !== "function" && type.kind !== "variable";
}

/** @throws InputError listing what a program of the language cannot have in its signature */
export function checkSignature(language: Pick<Language, "types">, signature: Signature): void {
  const problems: string[] = [];
  for (const name of signature.argumentNames)
    if (!isName(name)) problems.push(`program argument ${JSON.stringify(name)} must have ${nameRule}.`);
  for (const type of [...signature.argumentTypes, signature.result, ...language.types])
    if (!isGround(type))
      problems.push(
        `program and language types must be without functions and variables; got ${typeText(type)}.`,
      );
  if (problems.length > 0) throw new InputError(problems);
}

/**
 * Overloads that share name, result and number of arguments get labels with the types of their parameters, unless the
 * bindings of type variables tell them apart already.
 * @param nameOfType what labels call the type of a number
 */
export function tellApart(
  language: Language,
  nameOfType: (type: number) => string,
  drafts: readonly Draft[],
): Draft[] {
  const keyOf = (name: string | undefined, d: Draft): string => `${name} ${d.type} ${d.children.length}`;
  const names = new Map<string, number>();
  const labels = new Map<string, number>();
  const count = (counts: Map<string, number>, key: string): unknown =>
    counts.set(key, (counts.get(key) ?? 0) + 1);
  for (const d of drafts) {
    if (d.kind !== "primitive") continue;
    count(names, keyOf(d.primitive?.name, d));
    count(labels, keyOf(d.label, d));
  }
  const taken = new Set<string>();
  return drafts.map((d) => {
    const name = d.primitive?.name;
    if (d.kind !== "primitive" || names.get(keyOf(name, d)) === 1) return d;
    const isClear = d.label !== name && labels.get(keyOf(d.label, d)) === 1;
    const parameters = d.children.map(nameOfType).join(",");
    const label = isClear ? d.label : `${name}@${parameters}`;
    if (taken.has(keyOf(label, d)))
      throw new InputError(
        `language "${language.name}" must have one primitive "${name}" of (${parameters}); got two that both fit. Rename one.`,
      );
    taken.add(keyOf(label, d));
    return { ...d, label };
  });
}

/** Label of a literal: equal for equal literals only. */
export const literalLabel = (value: Value): string => (Object.is(value, -0) ? "-0" : valueToJson(value));

/**
 * Closes a language over its types and a program's signature.
 * @throws InputError if no program of that signature exists, or the closure is too large
 */
export function compileGrammar(language: Language, signature: Signature): Grammar {
  checkSignature(language, signature);
  const ground = new Map<string, Type>();
  for (const type of [
    ...signature.argumentTypes,
    signature.result,
    ...language.types,
    ...language.literals.map((l) => l.type),
  ])
    ground.set(typeText(type), type);

  const typeIds = new Map<string, number>();
  const types: Type[] = [];
  const typeId = (type: Type): number => {
    const text = typeText(type);
    let id = typeIds.get(text);
    if (id === undefined) {
      id = types.length;
      typeIds.set(text, id);
      types.push(type);
    }
    return id;
  };
  const allowed = (type: Type): boolean =>
    type.kind === "function"
      ? type.parameters.every((p) => ground.has(typeText(p))) && ground.has(typeText(type.result))
      : ground.has(typeText(type));

  const drafts: Draft[] = [];
  const add = (draft: Partial<Draft> & Pick<Draft, "kind" | "type" | "label">): void => {
    if (drafts.length >= MAXIMUM_PRODUCTIONS)
      throw new InputError(
        `language "${language.name}" must have at most ${MAXIMUM_PRODUCTIONS} productions once closed over its types. List fewer types.`,
      );
    drafts.push({ children: [], index: -1, parameterTypes: [], cost: 0, ...draft });
  };

  for (const type of ground.values()) typeId(type);
  signature.argumentNames.forEach((label, index) =>
    add({ kind: "argument", type: typeId(signature.argumentTypes[index] as Type), label, index }),
  );
  for (const type of language.constants)
    if (ground.has(typeText(type)))
      add({ kind: "constant", type: typeId(type), label: `constant ${typeText(type)}` });
  const literals = new Set<string>();
  for (const { type, value, cost = 0 } of language.literals) {
    const label = literalLabel(value);
    if (literals.has(`${typeText(type)} ${label}`)) continue;
    literals.add(`${typeText(type)} ${label}`);
    add({ kind: "literal", type: typeId(type), label, value, cost });
  }
  for (const row of language.primitives) {
    const names = [...new Set([...row.parameters, row.result].flatMap(typeVariables))];
    for (const binding of bindings(names, [...ground.values()])) {
      const parameters = row.parameters.map((p) => substitute(p, binding));
      const result = substitute(row.result, binding);
      if (!parameters.every(allowed) || !allowed(result)) continue;
      add({
        kind: "primitive",
        type: typeId(result),
        children: parameters.map(typeId),
        label:
          names.length === 0
            ? row.name
            : `${row.name}@${names.map((n) => typeText(binding.get(n) as Type)).join(",")}`,
        primitive: row,
        cost: row.cost,
      });
    }
  }
  const levels = new Set<number>();
  for (let id = 0; id < types.length; id++) {
    const type = types[id] as Type;
    if (type.kind !== "function") continue;
    const parameterTypes = type.parameters.map((p) => typeId(p));
    for (const p of parameterTypes) levels.add(p);
    add({ kind: "lambda", type: id, children: [typeId(type.result)], label: "lambda", parameterTypes });
  }

  const sizes = smallestTerms(drafts, types.length);
  const resultType = typeId(signature.result);
  if ((sizes.ofType[resultType] as number) >= UNREACHABLE)
    throw new InputError(
      `language "${language.name}" must have a program of type ${typeText(signature.result)}; no row, argument or constant yields one.`,
    );
  if (language.primitives.length > 0 && !drafts.some((d) => d.kind === "primitive" && d.type === resultType))
    throw new InputError(
      `language "${language.name}" must have a row that gives the program's result, ${typeText(signature.result)}; its rows give ${[...new Set(language.primitives.map((row) => typeText(row.result)))].join(", ")}.`,
    );

  const { reachable, drafts: useful } = usefulDrafts(drafts, sizes, resultType);
  const kept = tellApart(language, (type) => typeText(types[type] as Type), useful);
  const bound: Draft[] = [];
  for (const type of [...levels].filter((t) => reachable.has(t)))
    for (let level = 0; level < limits.boundVariables; level++)
      bound.push({
        kind: "bound",
        type,
        children: [],
        label: `bound ${level}`,
        index: level,
        parameterTypes: [],
        cost: 0,
      });
  return assembleGrammar({
    language,
    signature,
    types,
    drafts: [...kept, ...bound],
    sizes,
    resultType,
    fingerprint: (productions) =>
      JSON.stringify([
        language.name,
        productions.map((p) => [p.kind, typeText(types[p.type] as Type), p.label, p.children, p.index]),
      ]),
  });
}

/** Sizes of the smallest closed terms. */
interface SmallestTerms {
  /** Type id → size of the smallest term, or `UNREACHABLE`. */
  readonly ofType: Int32Array;
  /** Size of the smallest term that starts with a production. */
  readonly of: (draft: Draft) => number;
}

export function smallestTerms(drafts: readonly Draft[], typeCount: number): SmallestTerms {
  const ofType = new Int32Array(typeCount).fill(UNREACHABLE);
  const of = (d: Draft): number =>
    d.children.reduce((sum, c) => Math.min(UNREACHABLE, sum + (ofType[c] as number)), 1);
  for (let changed = true; changed; ) {
    changed = false;
    for (const d of drafts) {
      const size = of(d);
      if (size < (ofType[d.type] as number)) {
        ofType[d.type] = size;
        changed = true;
      }
    }
  }
  return { ofType, of };
}

/** The productions that some program has, and the types of its terms. */
export function usefulDrafts(
  drafts: readonly Draft[],
  sizes: SmallestTerms,
  resultType: number,
): { readonly reachable: ReadonlySet<number>; readonly drafts: readonly Draft[] } {
  const ends = drafts.filter((d) => sizes.of(d) < UNREACHABLE);
  const reachable = new Set<number>([resultType]);
  for (const type of reachable)
    for (const d of ends) if (d.type === type) for (const c of d.children) reachable.add(c);
  return { reachable, drafts: ends.filter((d) => reachable.has(d.type)) };
}

/** Numbers productions and makes the tables of them. */
export function assembleGrammar(parts: {
  readonly language: Language;
  readonly signature: Signature;
  readonly types: readonly Type[];
  readonly drafts: readonly Draft[];
  readonly sizes: SmallestTerms;
  readonly resultType: number;
  readonly fingerprint: (productions: readonly Production[]) => string;
}): Grammar {
  const { language, signature, types, sizes, resultType } = parts;
  const productions: Production[] = parts.drafts.map((d, id) => Object.assign(d, { id }));

  const boundVariables = types.map(() => new Int32Array(limits.boundVariables).fill(-1));
  for (const p of productions) if (p.kind === "bound") (boundVariables[p.type] as Int32Array)[p.index] = p.id;
  return {
    language,
    signature,
    types,
    productions,
    productionsOfType: types.map((_, t) =>
      Int32Array.from(productions.filter((p) => p.type === t && p.kind !== "bound").map((p) => p.id)),
    ),
    boundVariables,
    resultType,
    arity: Uint8Array.from(productions.map((p) => p.children.length)),
    typeOf: Int32Array.from(productions.map((p) => p.type)),
    isConstant: Uint8Array.from(productions.map((p) => (p.kind === "constant" ? 1 : 0))),
    isLambda: Uint8Array.from(productions.map((p) => (p.kind === "lambda" ? 1 : 0))),
    minimumSize: Int32Array.from(productions.map(sizes.of)),
    minimumSizeOfType: sizes.ofType,
    fingerprint: parts.fingerprint(productions),
  };
}
