import type { Grammar, Production } from "./grammar.ts";
import type { GrammarForm } from "./grammar-form.ts";
import { excerpt, InputError } from "./input-error.ts";
import { isName, nameRule } from "./name.ts";
import { MAXIMUM_TOKENS, type Program, referencedPosition, referenceTo } from "./program.ts";
import { type Problem, place } from "./text-problem.ts";
import { type Type, typeText } from "./type.ts";
import { bitsText, limits, type Value } from "./value.ts";
import { readBits, valueFromJson, valueToJson } from "./value-json.ts";

/**
 * The text form of programs: s-expressions with `let` for shared terms and `(lambda (i) …)` for functions. Literals
 * are written as they are, except where that would be a constant or no atom: `#1` is the literal among ints that may
 * also be constants, `#"[1,2]"` a list or pair as JSON, `#x1f` bits.
 * parseProgram(printProgram(p)) is p, token for token.
 */
export function printProgram(grammar: GrammarForm, program: Program): string {
  const names = chooseNames(grammar);
  const { tokens } = program;
  const shared = new Map<number, string>();
  for (const token of tokens) if (token < 0) shared.set(referencedPosition(token), "");
  [...shared.keys()].sort((a, b) => a - b).forEach((position, i) => shared.set(position, names.shared(i)));

  const stack: string[] = [];
  const definitions: string[] = [];
  let constants = 0;
  const bounds = boundCounts(grammar, program);
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i] as number;
    if (token < 0) {
      stack.push(shared.get(referencedPosition(token)) as string);
      continue;
    }
    const production = grammar.productions[token] as Production;
    const children = stack.splice(stack.length - production.children.length);
    let text: string;
    if (production.kind === "constant")
      text = numberText(grammar, production, program.constants[constants++] as number);
    else if (production.kind === "literal") text = literalText(grammar, production);
    else if (production.kind === "bound") text = names.bound(production.index);
    else if (production.kind === "lambda") {
      const first = bounds[i] as number;
      const parameters = production.parameterTypes.map((_, k) => names.bound(first + k));
      text = `(lambda (${parameters.join(" ")}) ${children[0]})`;
    } else {
      const label = names.label(production);
      text =
        children.length === 0 && production.kind === "argument"
          ? label
          : `(${[label, ...children].join(" ")})`;
    }
    const sharedName = shared.get(i);
    if (sharedName === undefined) stack.push(text);
    else {
      definitions.push(`(${sharedName} ${text})`);
      stack.push(sharedName);
    }
  }
  const body = stack[0] as string;
  return definitions.length === 0 ? body : `(let (${definitions.join(" ")}) ${body})`;
}

/** Position of each lambda token → number of bound variables around it. */
function boundCounts(grammar: GrammarForm, program: Program): Int32Array {
  const { tokens } = program;
  const counts = new Int32Array(tokens.length);
  // From the root backwards; `pending` holds, for each term still to come, how many variables are in scope in it.
  const pending = [0];
  for (let i = tokens.length - 1; i >= 0; i--) {
    const count = pending.pop() as number;
    counts[i] = count;
    const token = tokens[i] as number;
    if (token < 0) continue;
    const production = grammar.productions[token] as Production;
    for (let c = 0; c < production.children.length; c++)
      pending.push(count + production.parameterTypes.length);
  }
  return counts;
}

function numberText(grammar: GrammarForm, production: Production, value: number): string {
  const kind = grammar.types[production.type]?.kind;
  if (Object.is(value, -0)) return kind === "int" ? "0" : "-0.0";
  const text = String(kind === "float32" ? shortestSingle(value) : value);
  return kind === "int" || /[.e]/.test(text) ? text : `${text}.0`;
}

/** The number of fewest decimals that rounds to a float; nine are enough for each. */
export function shortestSingle(float: number): number {
  for (let digits = 1; digits < 9; digits++) {
    const decimal = Number(float.toPrecision(digits));
    if (Math.fround(decimal) === float) return decimal;
  }
  return Number(float.toPrecision(9));
}

function literalText(grammar: GrammarForm, production: Production): string {
  const type = grammar.types[production.type];
  if (type?.kind === "char") return `'${JSON.stringify(production.value).slice(1, -1)}'`;
  if (type?.kind === "real" || type?.kind === "float32" || type?.kind === "int") {
    const number = numberText(grammar, production, production.value as number);
    return hasConstants(grammar, production.type) ? `#${number}` : number;
  }
  if (type?.kind === "bits") return bitsText(production.value as bigint);
  const json = valueToJson(production.value as Value);
  return type?.kind === "list" || type?.kind === "pair" ? `#${JSON.stringify(json)}` : json;
}

const hasConstants = (grammar: GrammarForm, type: number): boolean =>
  (grammar.productionsOfType[type] as Int32Array).some((id) => grammar.isConstant[id] === 1);

interface Names {
  readonly bound: (level: number) => string;
  readonly shared: (index: number) => string;
  readonly label: (production: Production) => string;
}

/** A primitive's name: its label without the types that tell overloads apart, as names have no @. */
const nameOf = (production: Production): string => production.label.split("@", 1)[0] as string;

const namesOf = new WeakMap<GrammarForm, Names>();

/** Names for variables that collide with nothing, and labels that are bare where they are unambiguous. */
function chooseNames(grammar: GrammarForm): Names {
  const known = namesOf.get(grammar);
  if (known !== undefined) return known;
  const taken = new Set<string>(["let", "lambda", "true", "false", ...grammar.signature.argumentNames]);
  const uses = new Map<string, number>();
  for (const p of grammar.productions) {
    if (p.kind !== "primitive") continue;
    taken.add(nameOf(p));
    const key = `${nameOf(p)} ${p.type} ${p.children.length}`;
    uses.set(key, (uses.get(key) ?? 0) + 1);
  }
  const fresh = (base: string): string => {
    let name = base;
    while (taken.has(name)) name = `${name}_`;
    return name;
  };
  const letters = ["i", "j", "k", "l"];
  const names: Names = {
    bound: (level) => fresh(letters[level] ?? `v${level}`),
    shared: (index) => fresh(`s${index + 1}`),
    label: (p) => {
      if (p.kind !== "primitive") return p.label;
      const name = nameOf(p);
      return uses.get(`${name} ${p.type} ${p.children.length}`) === 1 ? name : p.label;
    },
  };
  namesOf.set(grammar, names);
  return names;
}

/* Reading */

interface Atom {
  readonly kind: "atom";
  readonly text: string;
  readonly at: number;
}
interface Group {
  readonly kind: "group";
  readonly items: readonly Expression[];
  readonly at: number;
}
type Expression = Atom | Group;

/** A lambda under construction. Its level is set when it is laid out, as a `let` moves terms to other depths. */
interface Binder {
  level: number;
}

/** A term under construction; the same object met twice is a shared term. */
interface Term {
  readonly production: Production;
  readonly children: readonly Term[];
  readonly constant: number;
  /** Lambdas and bound variables: the lambda. */
  readonly binder?: Binder;
  /** Bound variables: which of the lambda's parameters it is. */
  readonly parameter?: number;
}

/** What a name stands for at a place in the text. */
type Binding =
  | { readonly kind: "bound"; readonly binder: Binder; readonly parameter: number; readonly type: number }
  | {
      readonly kind: "let";
      readonly expression: Expression;
      readonly scope: Scope;
      readonly terms: Map<number, Term>;
    };
/** The innermost name in scope, and those around it. */
interface Scope {
  readonly name: string;
  readonly binding: Binding | undefined;
  readonly outer: Scope | null;
  /** Names in scope. */
  readonly size: number;
  /** Those of them that are variables of lambdas. */
  readonly boundCount: number;
}

const emptyScope: Scope = { name: "", binding: undefined, outer: null, size: 0, boundCount: 0 };

const inScope = (outer: Scope, name: string, binding: Binding): Scope => ({
  name,
  binding,
  outer,
  size: outer.size + 1,
  boundCount: outer.boundCount + (binding.kind === "bound" ? 1 : 0),
});

function lookUp(scope: Scope, name: string): Binding | undefined {
  for (let at: Scope | null = scope; at !== null; at = at.outer) if (at.name === name) return at.binding;
  return undefined;
}

/** Enough for the longest program with literals of some hundred characters each. */
const MAXIMUM_TEXT_LENGTH = 1_000_000;
/** Every program has room: one parenthesis for each token, and those of `let` and of a lambda's parameters. */
const MAXIMUM_NESTING = MAXIMUM_TOKENS + 8;
/** Names of shared terms count as a step of their own. */
const MAXIMUM_DEPTH = 2 * MAXIMUM_TOKENS;
/** Bound on what an error lists. */
const MAXIMUM_PROBLEMS = 100;

/**
 * Reads a program's text.
 * @throws InputError with every problem found, each with line and column
 */
export function parseProgram(grammar: Grammar, text: string): Program {
  const expression = readExpression(text);
  const problems: Problem[] = [];
  const reader = new Reader(grammar);
  const term = reader.term(expression, grammar.resultType, emptyScope, problems);
  if (term === null)
    throw new InputError([...new Set(problems.map(({ at, rule }) => `${place(text, at)} ${rule}`))]);
  return emit(grammar, term);
}

function readExpression(text: string): Expression {
  if (text.length > MAXIMUM_TEXT_LENGTH)
    throw new InputError(
      `program text must have at most ${MAXIMUM_TEXT_LENGTH} characters; got ${text.length}.`,
    );
  const tokens = text.matchAll(
    /\s+|;[^\n]*|[()]|#?"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.[^']*|')'|[^\s()"';]+|./gsu,
  );
  const open: { items: Expression[]; at: number }[] = [{ items: [], at: 0 }];
  for (const match of tokens) {
    const token = match[0];
    if (/^[\s;]/.test(token)) continue;
    const at = match.index;
    const top = open.at(-1) as { items: Expression[]; at: number };
    if (token === "(") {
      if (open.length > MAXIMUM_NESTING)
        throw new InputError(`${place(text, at)} must be nested at most ${MAXIMUM_NESTING} deep.`);
      open.push({ items: [], at });
    } else if (token === ")") {
      if (open.length === 1)
        throw new InputError(`${place(text, at)} must not close a parenthesis that is not open.`);
      open.pop();
      (open.at(-1) as { items: Expression[] }).items.push({ kind: "group", items: top.items, at: top.at });
    } else if (token === '"' || token === "'")
      throw new InputError(`${place(text, at)} must close its quotation mark; the text ends before.`);
    else top.items.push({ kind: "atom", text: token, at });
  }
  if (open.length > 1)
    throw new InputError(
      `${place(text, (open.at(-1) as { at: number }).at)} must close its parenthesis; the text ends before.`,
    );
  const [first, second] = (open[0] as { items: Expression[] }).items;
  if (first === undefined) throw new InputError("program text must contain a program; got nothing.");
  if (second !== undefined)
    throw new InputError(`${place(text, second.at)} must be the end; got a second expression.`);
  return first;
}

class Reader {
  readonly #grammar: Grammar;
  /** Terms read, over all overloads tried; bounds the work on adversarial text. */
  #work = 0;
  #depth = 0;
  constructor(grammar: Grammar) {
    this.#grammar = grammar;
  }

  #fail(expression: Expression, problems: Problem[], rule: string): null {
    if (problems.length < MAXIMUM_PROBLEMS) problems.push({ at: expression.at, rule });
    return null;
  }

  term(expression: Expression, type: number, scope: Scope, problems: Problem[]): Term | null {
    if (++this.#work > 200_000)
      return this.#fail(expression, problems, "must be simpler; too many readings are possible.");
    if (this.#depth >= MAXIMUM_DEPTH)
      return this.#fail(
        expression,
        problems,
        `must be at most ${MAXIMUM_DEPTH} terms deep, names of terms included.`,
      );
    this.#depth++;
    const term =
      expression.kind === "atom"
        ? this.#atom(expression, type, scope, problems)
        : this.#group(expression, type, scope, problems);
    this.#depth--;
    return term;
  }

  #typeName(type: number): string {
    return typeText(this.#grammar.types[type] as never);
  }

  #atom(atom: Atom, type: number, scope: Scope, problems: Problem[]): Term | null {
    const binding = lookUp(scope, atom.text);
    if (binding?.kind === "let") {
      const known = binding.terms.get(type);
      if (known !== undefined) return known;
      const term = this.term(binding.expression, type, binding.scope, problems);
      if (term !== null) binding.terms.set(type, term);
      return term;
    }
    if (binding?.kind === "bound") {
      const id = this.#grammar.boundVariables[type]?.[0] ?? -1;
      if (binding.type !== type || id < 0)
        return this.#fail(
          atom,
          problems,
          `must be of type ${this.#typeName(type)}; ${excerpt(atom.text)} is of type ${this.#typeName(binding.type)}.`,
        );
      const { binder, parameter } = binding;
      return {
        production: this.#grammar.productions[id] as Production,
        children: [],
        constant: 0,
        binder,
        parameter,
      };
    }
    const shape = this.#grammar.types[type] as Type;
    const isLiteral = shape.kind !== "bits" && atom.text[0] === "#";
    const value = isLiteral ? literalValue(atom.text.slice(1), shape) : atomValue(atom.text, shape.kind);
    for (const id of this.#grammar.productionsOfType[type] as Int32Array) {
      const production = this.#grammar.productions[id] as Production;
      if (production.kind === "argument" && production.label === atom.text)
        return { production, children: [], constant: 0 };
      if (value === undefined) continue;
      if (production.kind === "literal" && sameLiteral(production.value as Value, value))
        return { production, children: [], constant: 0 };
      if (production.kind === "constant" && typeof value === "number" && !isLiteral)
        return { production, children: [], constant: value };
    }
    return this.#fail(
      atom,
      problems,
      `must be a term of type ${this.#typeName(type)}; got ${excerpt(atom.text)}.`,
    );
  }

  #group(group: Group, type: number, scope: Scope, problems: Problem[]): Term | null {
    const [head, ...rest] = group.items;
    if (head?.kind !== "atom")
      return this.#fail(group, problems, "must begin with a name; got a parenthesis.");
    if (head.text === "let") return this.#let(group, rest, type, scope, problems);
    if (head.text === "lambda") return this.#lambda(group, rest, type, scope, problems);
    const candidates: Production[] = [];
    for (const id of this.#grammar.productionsOfType[type] as Int32Array) {
      const p = this.#grammar.productions[id] as Production;
      if (
        p.kind === "primitive" &&
        (p.label === head.text || p.primitive?.name === head.text) &&
        p.children.length === rest.length
      )
        candidates.push(p);
    }
    if (candidates.length === 0)
      return this.#fail(
        group,
        problems,
        `must be a term of type ${this.#typeName(type)}; no primitive ${excerpt(head.text)} of ${rest.length} arguments yields one.`,
      );
    let fewest: Problem[] | null = null;
    for (const production of candidates) {
      const found: Problem[] = [];
      const children: Term[] = [];
      for (let k = 0; k < rest.length; k++) {
        const child = this.term(rest[k] as Expression, production.children[k] as number, scope, found);
        if (child !== null) children.push(child);
      }
      if (found.length === 0) return { production, children, constant: 0 };
      if (fewest === null || found.length < fewest.length) fewest = found;
    }
    for (const problem of fewest as Problem[]) problems.push(problem);
    return null;
  }

  #let(
    group: Group,
    rest: readonly Expression[],
    type: number,
    scope: Scope,
    problems: Problem[],
  ): Term | null {
    const [definitions, body] = rest;
    if (definitions?.kind !== "group" || body === undefined || rest.length !== 2)
      return this.#fail(group, problems, "must be (let ((name term) …) term).");
    let inner = scope;
    for (const definition of definitions.items) {
      const [name, expression] = definition.kind === "group" ? definition.items : [];
      if (
        definition.kind !== "group" ||
        definition.items.length !== 2 ||
        name?.kind !== "atom" ||
        expression === undefined
      )
        return this.#fail(definition, problems, "must be (name term).");
      if (!isName(name.text))
        return this.#fail(name, problems, `must be ${nameRule}; got ${excerpt(name.text)}.`);
      if (inner.size >= MAXIMUM_TOKENS)
        return this.#fail(
          definition,
          problems,
          `must have at most ${MAXIMUM_TOKENS} names in scope; got more.`,
        );
      inner = inScope(inner, name.text, { kind: "let", expression, scope: inner, terms: new Map() });
    }
    return this.term(body, type, inner, problems);
  }

  #lambda(
    group: Group,
    rest: readonly Expression[],
    type: number,
    scope: Scope,
    problems: Problem[],
  ): Term | null {
    const production = [...(this.#grammar.productionsOfType[type] as Int32Array)]
      .map((id) => this.#grammar.productions[id] as Production)
      .find((p) => p.kind === "lambda");
    if (production === undefined)
      return this.#fail(group, problems, `must be a term of type ${this.#typeName(type)}; got a lambda.`);
    const [parameters, body] = rest;
    if (parameters?.kind !== "group" || body === undefined || rest.length !== 2)
      return this.#fail(group, problems, "must be (lambda (name …) term).");
    if (parameters.items.length !== production.parameterTypes.length)
      return this.#fail(
        parameters,
        problems,
        `must name ${production.parameterTypes.length} parameters; got ${parameters.items.length}.`,
      );
    const boundCount = scope.boundCount + parameters.items.length;
    if (boundCount > limits.boundVariables)
      return this.#fail(
        parameters,
        problems,
        `must leave at most ${limits.boundVariables} variables in scope; got ${boundCount}.`,
      );
    let inner = scope;
    const binder: Binder = { level: scope.boundCount };
    for (const [parameter, item] of parameters.items.entries()) {
      if (item.kind !== "atom" || !isName(item.text))
        return this.#fail(item, problems, `must be ${nameRule}.`);
      const parameterType = production.parameterTypes[parameter] as number;
      inner = inScope(inner, item.text, { kind: "bound", binder, parameter, type: parameterType });
    }
    const child = this.term(body, production.children[0] as number, inner, problems);
    return child === null ? null : { production, children: [child], constant: 0, binder };
  }
}

/** The value that an atom writes down, if it is one of the type's. */
function atomValue(text: string, kind: string): Value | undefined {
  if (text === "true" || text === "false") return kind === "bool" ? text === "true" : undefined;
  const quote = text[0];
  if (quote === '"' || (quote === "'" && text.length >= 3)) {
    if ((quote === '"') !== (kind === "string") || (quote === "'") !== (kind === "char")) return undefined;
    try {
      const inner = text.slice(1, -1);
      return JSON.parse(`"${quote === "'" && inner === '"' ? '\\"' : inner}"`) as string;
    } catch {
      return undefined;
    }
  }
  if (kind === "bits") return readBits(text);
  if (kind === "int")
    return /^-?\d+$/.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) + 0 : undefined;
  if (kind === "real" || kind === "float32") {
    const value = kind === "real" ? Number(text) : Math.fround(Number(text));
    return /^-?\d+(\.\d+)?(e[+-]?\d+)?$/.test(text) && Number.isFinite(value) ? value : undefined;
  }
  return undefined;
}

/** The value that the text after a literal's # writes down. */
function literalValue(text: string, type: Type): Value | undefined {
  if (type.kind !== "list" && type.kind !== "pair") return atomValue(text, type.kind);
  try {
    return valueFromJson(type, JSON.parse(text) as string);
  } catch {
    return undefined;
  }
}

const sameLiteral = (a: Value, b: Value): boolean =>
  Array.isArray(a) ? valueToJson(a) === valueToJson(b) : Object.is(a, b);

/**
 * Lays a term out in postfix; a term met again, whose first place was outside every lambda, becomes a reference. Terms
 * first met inside a lambda are written again, at whatever depth they stand there.
 */
function emit(grammar: Grammar, root: Term): Program {
  const tokens: number[] = [];
  const constants: number[] = [];
  const positions = new Map<Term, number>();
  const push = (token: number): void => {
    if (tokens.length >= MAXIMUM_TOKENS)
      throw new InputError(`program text must be a program of at most ${MAXIMUM_TOKENS} tokens; got more.`);
    tokens.push(token);
  };
  const visit = (term: Term, insideLambda: boolean, boundCount: number): void => {
    const known = positions.get(term);
    if (known !== undefined) return push(referenceTo(known));
    const { production, binder } = term;
    const isLambda = production.kind === "lambda";
    if (production.kind === "bound") {
      const level = (binder as Binder).level + (term.parameter as number);
      return push(grammar.boundVariables[production.type]?.[level] as number);
    }
    const inside = boundCount + production.parameterTypes.length;
    if (inside > limits.boundVariables)
      throw new InputError(
        `program text must leave at most ${limits.boundVariables} variables in scope; got ${inside} where a let is used.`,
      );
    if (isLambda) (binder as Binder).level = boundCount;
    for (const child of term.children) visit(child, insideLambda || isLambda, inside);
    if (production.kind === "constant") constants.push(term.constant);
    push(production.id);
    if (!insideLambda && !isLambda && term.children.length > 0) positions.set(term, tokens.length - 1);
  };
  visit(root, false, 0);
  return { tokens: Int32Array.from(tokens), constants: Float64Array.from(constants) };
}
