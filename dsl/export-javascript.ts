import {
  asOperand,
  commentText,
  isExpression,
  roundedText,
  withoutIndentation,
  withoutParentheses,
} from "./expression-text.ts";
import type { Grammar, Production } from "./grammar.ts";
import { InputError } from "./input-error.ts";
import { readSource } from "./javascript-source.ts";
import { createKernels } from "./kernels.ts";
import { isNumberGrammar } from "./number-columns.ts";
import { isPlainIn, plainTemplate } from "./plain-expression.ts";
import type { Primitive } from "./primitive.ts";
import { Layout, type Program, referencedPosition } from "./program.ts";
import { type Type, type TypeShape, typeScriptType } from "./type.ts";
import { limits, type Value } from "./value.ts";

export interface JavaScriptOptions {
  readonly to: "typescript" | "javascript";
  /** Name of the exported function. */
  readonly name: string;
  /** Lines of the function's doc comment. */
  readonly header: readonly string[];
}

/**
 * Writes a program as an ES module that needs nothing else and exports one function of the signature's arguments, in
 * their order. It gives the machine's values bit for bit; where the machine gives a trap it throws an
 * `Error("trap: <reason>")`. The one difference: the limits on lambda calls and on cells (`limits.fuel`, `cellFuel`,
 * `cells`) are not exported, so a program that the machine stops with `out-of-fuel` or `too-large` runs to its end.
 *
 * A row's template is pasted where that evaluates what the machine evaluates. Other rows become functions of the
 * module: the template, or the source text of `apply`, which therefore must be self-contained (it may use `trap` and
 * `kernels` by these names) and must not catch what its function arguments throw.
 * @throws InputError if the name is no JavaScript name, or a row has no source text that stands on its own
 */
export function exportJavaScript(grammar: Grammar, program: Program, options: JavaScriptOptions): string {
  return new Exporter(grammar, program, options).module();
}

/** A term of the program; a shared one is the same object wherever it is used. */
interface Term {
  readonly production: Production;
  readonly children: readonly Term[];
  readonly constant: number;
  /** Lambdas: number of bound variables around. */
  readonly boundCount: number;
  /** Bit for each level of bound variable that the term needs from outside. */
  readonly needs: number;
  /** Whether the term has a name of its own. */
  named: boolean;
  /** How a named term is evaluated; set when evaluation is walked through. */
  evaluation: "first" | "when needed" | null;
}

/** The code of a row. */
interface Code {
  /** An expression of the arguments `$0`, `$1` … that is made of operators and calls that cannot fail alone. */
  readonly plain: string | null;
  /** Any other expression of the arguments. */
  readonly template: string | null;
  /** A function; rows with such code get traps as arguments where they are not strict. */
  readonly functionText: string | null;
}

const reservedWords =
  "arguments await break case catch class const continue debugger default delete do else enum eval export extends false finally for function if implements import in instanceof interface let new null package private protected public return static super switch this throw true try typeof undefined var void while with yield".split(
    " ",
  );
const standardNames =
  "Array BigInt Error Float64Array Infinity Int32Array Math NaN Number ReadonlyArray".split(" ");

/** Words for the signs in names of rows. */
const signWords: Readonly<Record<string, string>> = {
  "+": "plus",
  "-": "minus",
  "*": "times",
  "/": "over",
  "=": "equal",
  "<": "less",
  ">": "greater",
  "%": "modulo",
  "!": "not",
  "&": "and",
  "|": "or",
  "^": "power",
  "?": "is",
};

/** The code that modules share, in the order in which it is written: name → text, with types between « and ». */
const support: Readonly<Record<string, string>> = {
  Trap: `/** Why the program has no value. */
class Trap extends Error {}`,
  trap: `const trap = (reason«: string»)«: never» => {
  throw new Trap(\`trap: \${reason}\`);
};`,
  asInt: `/** An int: within the range in which doubles are exact, and without a negative zero. */
const asInt = (value«: any»)«: number» =>
  typeof value !== "number" ? trap("threw") : Number.isSafeInteger(value) ? value + 0 : trap("overflow");`,
  asReal: `const asReal = (value«: any»)«: number» => (typeof value === "number" ? value : trap("threw"));`,
  asBits: `/** Bits of a width, as a bigint that is not negative. */
const asBits = (width«: number») => (value«: any»)«: bigint» =>
  typeof value !== "bigint" ? trap("threw") : BigInt.asUintN(width, value) === value ? value : trap("overflow");`,
  asFloat32: `/** A number rounded to the nearest single. */
const asFloat32 = (value«: any»)«: number» => (typeof value === "number" ? Math.fround(value) : trap("threw"));`,
  asBool: `const asBool = (value«: any»)«: boolean» => (typeof value === "boolean" ? value : trap("threw"));`,
  asString: `const asString = (value«: any»)«: string» =>
  typeof value !== "string" ? trap("threw") : value.length <= ${limits.stringLength} ? value : trap("too-long");`,
  asChar: `const asChar = (value«: any»)«: string» =>
  typeof value !== "string" ? trap("threw") : value.length === 1 ? value : trap("out-of-range");`,
  asList: `const asList = (value«: any»)«: any» =>
  !Array.isArray(value) ? trap("threw") : value.length <= ${limits.listLength} ? value : trap("too-long");`,
  asPair: `const asPair = (value«: any»)«: any» => (Array.isArray(value) && value.length === 2 ? value : trap("threw"));`,
  checked: `/** The function with its result checked; what it throws becomes a trap. */
const checked =
  «<T>»(apply«: (...args: any[]) => any», check«: (value: any) => T») =>
  (...args«: any[]»)«: T» => {
    let value«: any»;
    try {
      value = apply(...args);
    } catch (error) {
      throw error instanceof Trap ? error : new Trap("trap: threw");
    }
    if (value instanceof Trap) throw value;
    return check(value);
  };`,
  orNaN: `/** The function with NaN for what is no number. */
const orNaN =
  (apply«: (...args: any[]) => any») =>
  (...args«: any[]»)«: number» => {
    try {
      const value = apply(...args);
      return typeof value === "number" ? value : NaN;
    } catch {
      return NaN;
    }
  };`,
  roundedOrNaN: `/** The function with its result rounded to the nearest single, and NaN for what is no number. */
const roundedOrNaN =
  (apply«: (...args: any[]) => any») =>
  (...args«: any[]»)«: number» => {
    try {
      const value = apply(...args);
      return typeof value === "number" ? Math.fround(value) : NaN;
    } catch {
      return NaN;
    }
  };`,
  orFalse: `/** The function with false for what is no boolean. */
const orFalse =
  (apply«: (...args: any[]) => any») =>
  (...args«: any[]»)«: boolean» => {
    try {
      return apply(...args) === true;
    } catch {
      return false;
    }
  };`,
  attempt: `/** The value, or the trap that took its place. */
const attempt = (compute«: () => any»)«: any» => {
  try {
    return compute();
  } catch (error) {
    return error;
  }
};`,
  lazy: `/** Computes a value when it is first needed, and once. */
const lazy = «<T>»(compute«: () => T»)«: (() => T)» => {
  let known = ()«: T» => {
    try {
      const value = compute();
      known = () => value;
    } catch (error) {
      known = () => {
        throw error;
      };
    }
    return known();
  };
  return () => known();
};`,
};

const supportOf: Readonly<Record<string, readonly string[]>> = {
  trap: ["Trap"],
  asInt: ["trap"],
  asReal: ["trap"],
  asBits: ["trap"],
  asFloat32: ["trap"],
  asBool: ["trap"],
  asString: ["trap"],
  asChar: ["trap"],
  asList: ["trap"],
  asPair: ["trap"],
  checked: ["Trap"],
};

const checks: Readonly<Record<string, string>> = {
  int: "asInt",
  real: "asReal",
  bits: "asBits",
  float32: "asFloat32",
  bool: "asBool",
  string: "asString",
  char: "asChar",
  list: "asList",
  pair: "asPair",
};

/** Kinds whose values need no check that could fail where their row's expression is plain. */
const uncheckedKinds: ReadonlySet<string> = new Set(["bool", "real", "float32", "pair"]);

const parameterNames = ["a", "b", "c", "d"];
/** Operators after whose left side the rest may not be evaluated. */
const shortCircuit = /&&|\|\||\?/;

/** A value as JavaScript writes it. */
export function valueText(value: Value): string {
  if (typeof value === "number") {
    if (Number.isFinite(value)) return Object.is(value, -0) ? "-0" : String(value);
    return value !== value ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
  }
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "object") return `[${value.map(valueText).join(", ")}]`;
  return JSON.stringify(value);
}

/** Whether the machine's check of results would leave the value as it is. */
function isSettledValue(value: Value, kind: string): boolean {
  switch (kind) {
    case "int":
      return Number.isSafeInteger(value) && !Object.is(value, -0);
    case "string":
      return (value as string).length <= limits.stringLength;
    case "list":
      return (value as readonly Value[]).length <= limits.listLength;
    default:
      return true;
  }
}

class Exporter {
  readonly #grammar: Grammar;
  readonly #options: JavaScriptOptions;
  readonly #typed: boolean;
  /** In a language over numbers every failure is a value. */
  readonly #numbersOnly: boolean;
  readonly #root: Term;
  /** Named terms, each after those that it uses. */
  readonly #named: Term[] = [];
  readonly #castComparisons: boolean;

  readonly #codes = new Map<Primitive, Code>();
  readonly #throws = new Map<Term, boolean>();
  readonly #support = new Set<string>();
  /** Row and kind of its result → name of its function. */
  readonly #functionNames = new Map<Primitive, Map<string, string>>();
  readonly #functions: string[] = [];

  /** Names of the module's own scope, and those that code takes from outside. */
  readonly #taken = new Set<string>([
    ...reservedWords,
    ...standardNames,
    ...Object.keys(support),
    "kernels",
    "createKernels",
  ]);
  readonly #functionName: string;
  readonly #argumentNames: readonly string[];
  readonly #usedArguments = new Set<number>();
  readonly #boundNames: readonly string[];
  readonly #termNames = new Map<Term, string>();

  constructor(grammar: Grammar, program: Program, options: JavaScriptOptions) {
    if (!/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(options.name))
      throw new InputError(`name must be a JavaScript name; got ${JSON.stringify(options.name)}.`);
    this.#grammar = grammar;
    this.#options = options;
    this.#typed = options.to === "typescript";
    this.#numbersOnly = isNumberGrammar(grammar);
    this.#root = this.#read(program);

    const rows = new Set<Primitive>();
    let hasNarrowing = false;
    for (const token of program.tokens) {
      const production = grammar.productions[token];
      if (production?.kind === "argument") this.#usedArguments.add(production.index);
      if (production?.kind === "literal" || production?.kind === "constant") hasNarrowing = true;
      if (production?.primitive !== undefined) rows.add(production.primitive);
    }
    for (const row of rows) {
      const code = this.#readCode(row);
      this.#codes.set(row, code);
      const text = code.plain ?? code.template ?? (code.functionText as string);
      if (shortCircuit.test(text)) hasNarrowing = true;
      for (const name of readSource(text).free) this.#taken.add(name);
    }
    this.#castComparisons = this.#typed && hasNarrowing;
    this.#functionName = this.#taken.has(options.name) ? this.#fresh(options.name) : options.name;
    this.#taken.add(options.name);
    this.#argumentNames = grammar.signature.argumentNames.map((name) => this.#fresh(name));
    this.#boundNames = ["i", "j", "k", "l"].map((name) => this.#fresh(name));
  }

  #fresh(wanted: string): string {
    const legal =
      wanted.replace(/[^\p{ID_Continue}$]+(.?)/gu, (_, next: string) => next.toUpperCase()) || "value";
    let name = /^[\p{ID_Start}$_]/u.test(legal) ? legal : `_${legal}`;
    while (this.#taken.has(name)) name += "_";
    this.#taken.add(name);
    return name;
  }

  #kind(type: number): string {
    return this.#grammar.types[type]?.kind as string;
  }

  #typeText(type: number | TypeShape): string {
    return typeScriptType(typeof type === "number" ? (this.#grammar.types[type] as Type) : type);
  }

  /** A text of TypeScript's own, left out of JavaScript. */
  #type(text: string): string {
    return this.#typed ? text : "";
  }

  #read(program: Program): Term {
    const { productions, isConstant } = this.#grammar;
    const layout = new Layout(program.tokens.length);
    layout.read(this.#grammar, program);
    const terms: Term[] = [];
    const stack: Term[] = [];
    let constants = 0;
    program.tokens.forEach((token, position) => {
      if (token < 0) {
        const term = terms[referencedPosition(token)] as Term;
        term.named = true;
        stack.push(term);
        return;
      }
      const production = productions[token] as Production;
      const children = stack.splice(stack.length - production.children.length);
      const boundCount = layout.boundCount[position] as number;
      let needs = production.kind === "bound" ? 1 << production.index : 0;
      for (const child of children) needs |= child.needs;
      if (production.kind === "lambda")
        needs &= ~(((1 << production.parameterTypes.length) - 1) << boundCount);
      // The machine runs a closed application of a lambda once, although it stands inside another lambda: so do we,
      // or nested loops would take the product of their lengths.
      const isLoop = children.some((child) => child.production.kind === "lambda");
      const named = isLoop && needs === 0 && (layout.scope[position] as number) >= 0;
      const constant = isConstant[token] === 1 ? (program.constants[constants++] as number) : 0;
      const term: Term = { production, children, constant, boundCount, needs, named, evaluation: null };
      terms[position] = term;
      stack.push(term);
    });
    for (const term of terms) if (term?.named === true) this.#named.push(term);
    return stack[0] as Term;
  }

  /* Rows */

  #readCode(row: Primitive): Code {
    if (row.javascript !== undefined) {
      const template = row.javascript.trim();
      this.#checkFree(row, template);
      if (isPlainIn(row, template)) return { plain: asOperand(template), template: null, functionText: null };
      return { plain: null, template, functionText: null };
    }
    const source = this.#functionSource(row);
    this.#checkFree(row, source);
    const plain = plainTemplate(row, source);
    // Where a row looks at arguments that may be traps, only these forms give what its function gives.
    const isLazyForm =
      row.strictParameters === 1 && /^\(\$0 (?:\? \$1 : \$2|&& \$1|\|\| \$1)\)$/.test(plain ?? "");
    if (plain !== null && (this.#numbersOnly || row.strictParameters >= row.parameters.length || isLazyForm))
      return { plain, template: null, functionText: null };
    return { plain: null, template: null, functionText: source };
  }

  #functionSource(row: Primitive): string {
    const source = row.apply.toString();
    // A method is written without the word that a function has.
    const text = [source, `function ${source}`].find(isExpression);
    if (text !== undefined) return text;
    throw new InputError(
      `primitive "${row.name}" must have a javascript template to be exported; its function has no source text.`,
    );
  }

  #checkFree(row: Primitive, source: string): void {
    const unknown = readSource(source).free.filter(
      (name) => !(name in globalThis) && !/^\$\d$/.test(name) && name !== "trap" && name !== "kernels",
    );
    if (unknown.length > 0)
      throw new InputError(
        `primitive "${row.name}" must have a javascript template to be exported that uses no names from outside but trap and kernels; got ${unknown.join(" ")}.`,
      );
  }

  #code(term: Term): Code {
    return this.#codes.get(term.production.primitive as Primitive) as Code;
  }

  /** Whether a plain expression has the kind that its row declares, as far as its text shows. */
  #isOfKind(term: Term, plain: string): boolean {
    const { production } = term;
    if (this.#selected(term, plain) !== null) return true;
    const parametersAre = (...kinds: string[]): boolean =>
      production.children.every((type) => kinds.includes(this.#kind(type)));
    const decides = /[<>!]|==/.test(plain);
    switch (this.#kind(production.type)) {
      case "bool":
        return decides || parametersAre("bool");
      case "real":
      case "float32":
        return !decides && !/true|false/.test(plain) && parametersAre("real", "float32", "int");
      default:
        return true;
    }
  }

  /** The arguments of which a plain expression gives one, or null. */
  #selected(term: Term, plain: string): readonly Term[] | null {
    const text = withoutParentheses(plain);
    const isChoice = /^\$0\s*\?\s*\$1\s*:\s*\$2$/.test(text);
    const selected = isChoice ? term.children.slice(1) : text === "$0" ? term.children.slice(0, 1) : [];
    return selected.length > 0 && selected.every((child) => child.production.type === term.production.type)
      ? selected
      : null;
  }

  /** Whether the machine's check would leave the value of the term as it is. */
  #isSettled(term: Term): boolean {
    const { kind, type, value } = term.production;
    if (kind === "primitive") return true;
    if (kind === "constant") return isSettledValue(term.constant, this.#kind(type));
    return kind === "literal" && isSettledValue(value as Value, this.#kind(type));
  }

  /** The check that a pasted expression needs; null for none. */
  #check(term: Term, plain: string): string | null {
    const kind = this.#kind(term.production.type);
    if (this.#numbersOnly || uncheckedKinds.has(kind)) return null;
    const bounded = kind === "int" && /^Math\.(?:min|max)\(\$0, \$1\)$|^Math\.abs\(\$0\)$/.test(plain);
    const selected = bounded ? term.children : this.#selected(term, plain);
    if (selected?.every((child) => this.#isSettled(child)) === true || this.#isWithinWidth(term, plain))
      return null;
    return checks[kind] as string;
  }

  /** Whether an expression of bits gives bits of the width of its type. */
  #isWithinWidth(term: Term, plain: string): boolean {
    const { type, children } = term.production;
    const shape = this.#grammar.types[type] as Type;
    if (shape.kind !== "bits") return false;
    return (
      plain.startsWith(`BigInt.asUintN(${shape.width}, `) ||
      (/^\(\$\d(?: [&|^] \$\d)*\)$/.test(plain) && children.every((child) => child === type))
    );
  }

  /** The function that checks values of a type. */
  #checkText(name: string, type: number): string {
    const shape = this.#grammar.types[type] as Type;
    return shape.kind === "bits" ? `${name}(${shape.width})` : name;
  }

  /** Whether the value of a plain expression has to be rounded to the nearest single. */
  #rounds(term: Term, plain: string): boolean {
    const { type, children } = term.production;
    if (this.#kind(type) !== "float32" || this.#selected(term, plain) !== null) return false;
    const isExact = /^Math\.(?:min|max)\(\$0, \$1\)$|^Math\.abs\(\$0\)$|^\(- ?\$0\)$/.test(plain);
    return !(isExact && children.every((child) => child === type));
  }

  /** The row's expression if it can be pasted here: what it evaluates and in which order has to be what counts for the machine. */
  #pasted(term: Term): string | null {
    const { plain } = this.#code(term);
    if (plain === null || !this.#isOfKind(term, plain)) return null;
    const strict = this.#numbersOnly ? 0 : (term.production.primitive as Primitive).strictParameters;
    const certain = plain.search(shortCircuit);
    const uses = term.children.map((_, k) =>
      [...plain.matchAll(/\$\d/g)].filter((m) => m[0] === `$${k}`).map((m) => m.index),
    );
    let last = -1;
    for (const [k, child] of term.children.entries()) {
      const places = uses[k] as number[];
      if (places.length > 1 && !child.named && child.children.length > 0) return null;
      if (k >= strict || !this.#canThrow(child)) continue;
      const first = places[0] ?? -1;
      if (first <= last || (certain >= 0 && first > certain)) return null;
      last = first;
    }
    return plain;
  }

  #canThrow(term: Term): boolean {
    if (this.#numbersOnly) return false;
    let known = this.#throws.get(term);
    if (known === undefined) {
      known = term.children.some((child) => this.#canThrow(child));
      if (!known && term.production.kind === "primitive") known = this.#throwsItself(term);
      this.#throws.set(term, known);
    }
    return known;
  }

  #throwsItself(term: Term): boolean {
    if (this.#numbersOnly) return false;
    const { plain } = this.#code(term);
    return (
      plain === null ||
      !this.#isOfKind(term, plain) ||
      this.#check(term, plain) !== null ||
      this.#isGuarded(term)
    );
  }

  /** Whether the function of a row with a plain expression checks its result. */
  #isGuarded(term: Term): boolean {
    const kind = this.#kind(term.production.type);
    return !uncheckedKinds.has(kind) && this.#pasted(term) === null;
  }

  /** Whether an argument is evaluated only if its value turns out to be needed, or its trap is handed on. */
  #isConditional(term: Term, k: number): boolean {
    const plain = this.#pasted(term);
    if (plain === null) return this.#isDeferred(term.production.primitive as Primitive, k);
    const certain = plain.search(shortCircuit);
    const at = plain.indexOf(`$${k}`);
    return at < 0 || (certain >= 0 && at > certain);
  }

  /* Evaluation of named terms */

  /**
   * Walks through the terms in the order in which they are evaluated, and lets those named terms come first whose
   * throwing cannot come before another's.
   * @param first whether nothing that may throw is evaluated before, and the term is certainly evaluated
   * @returns whether the same holds for what comes after it
   */
  #walk(term: Term, first: boolean): boolean {
    if (!term.named) return this.#walkInside(term, first);
    if (term.evaluation === null) {
      const comesFirst = first || !this.#canThrow(term);
      this.#walkInside(term, comesFirst && first);
      term.evaluation = comesFirst ? "first" : "when needed";
    }
    return first && (term.evaluation === "first" || !this.#canThrow(term));
  }

  #walkInside(term: Term, first: boolean): boolean {
    const { kind } = term.production;
    if (kind === "lambda") {
      this.#walk(term.children[0] as Term, false);
      return first;
    }
    if (kind !== "primitive") return first;
    let still = first;
    for (const [k, child] of term.children.entries()) {
      const conditional = this.#isConditional(term, k);
      const after = this.#walk(child, still && !conditional);
      still = conditional ? still && !this.#canThrow(child) : after;
    }
    return still && !this.#canThrow(term);
  }

  /* Text */

  #expression(term: Term): string {
    if (!term.named) return this.#termText(term);
    const name = this.#termNames.get(term) as string;
    return term.evaluation === "first" ? name : `${name}()`;
  }

  #termText(term: Term): string {
    const { production } = term;
    switch (production.kind) {
      case "argument":
        return this.#argumentNames[production.index] as string;
      case "bound":
        return this.#boundNames[production.index] as string;
      case "constant":
        return valueText(term.constant);
      case "literal": {
        const value = production.value as Value;
        const text = valueText(value);
        return typeof value === "object" && this.#typed
          ? `(${text} as ${this.#typeText(production.type)})`
          : text;
      }
      case "lambda": {
        const parameters = production.parameterTypes.map(
          (type, k) => `${this.#boundNames[term.boundCount + k]}${this.#type(`: ${this.#typeText(type)}`)}`,
        );
        return `(${parameters.join(", ")}) => ${withoutParentheses(this.#expression(term.children[0] as Term))}`;
      }
      case "primitive":
        return this.#application(term);
    }
  }

  #application(term: Term): string {
    const plain = this.#pasted(term);
    if (plain === null) return this.#call(term);
    const cast = this.#castComparisons && /[=!]==?/.test(plain);
    const text = plain.replace(/\$(\d)/g, (use, digit: string, at: number) => {
      const child = term.children[Number(digit)] as Term;
      const argument = this.#expression(child);
      const before = plain.slice(0, at);
      const after = plain.slice(at + use.length);
      // Strict TypeScript calls a comparison a mistake where it has worked out one side, such as `a` in `a ? a === b : c`.
      if (cast && (/[=!]==?\s*$|!\s*$/.test(before) || /^\s*[=!]==?/.test(after)))
        return `(${argument} as ${this.#typeText(child.production.type)})`;
      const isAlone = /[(,]\s*$/.test(before) && /^\s*[,)]/.test(after);
      return isAlone ? withoutParentheses(argument) : asOperand(argument);
    });
    if (this.#rounds(term, plain)) return `Math.fround(${withoutParentheses(text)})`;
    const check = this.#check(term, plain);
    if (check === null) return text;
    this.#support.add(check);
    return `${this.#checkText(check, term.production.type)}(${withoutParentheses(text)})`;
  }

  #call(term: Term): string {
    const row = term.production.primitive as Primitive;
    const code = this.#code(term);
    const name = this.#function(term);
    const args = term.children.map((child, k) => {
      const text = withoutParentheses(this.#expression(child));
      if (!this.#isDeferred(row, k)) return text;
      if (code.functionText === null) {
        if (child.named && child.evaluation !== "first") return this.#termNames.get(child) as string;
        if (child.children.length === 0 || child.named) return `() => ${text}`;
        this.#support.add("lazy");
        return `lazy(() => ${text})`;
      }
      if (!this.#canThrow(child)) return text;
      this.#support.add("attempt");
      return `attempt(() => ${text})`;
    });
    return `${name}(${args.join(", ")})`;
  }

  /** Whether an argument goes to the row's function unevaluated, or as a trap. */
  #isDeferred(row: Primitive, k: number): boolean {
    return !this.#numbersOnly && k >= row.strictParameters && row.parameters[k]?.kind !== "function";
  }

  /** The name of the module's function for the term's row, written when it is first asked for. */
  #function(term: Term): string {
    const { production } = term;
    const row = production.primitive as Primitive;
    const kind = this.#kind(production.type);
    const names = this.#functionNames.get(row) ?? new Map<string, string>();
    this.#functionNames.set(row, names);
    const shape = this.#grammar.types[production.type] as Type;
    const sort = shape.kind === "bits" ? `bits${shape.width}` : kind;
    const known = names.get(sort);
    if (known !== undefined) return known;
    const spoken = row.name.replace(/[+*/=<>%!&|^?]|^-|-$/g, (sign) => ` ${signWords[sign]} `).trim();
    const base = spoken === row.name ? spoken : spoken.replaceAll(/\s+/g, "-");
    const name = this.#fresh(names.size === 0 ? base : `${base}-${sort}`);
    names.set(sort, name);

    const { plain, template, functionText } = this.#code(term);
    const isSure = plain !== null && this.#isOfKind(term, plain);
    const expression =
      isSure && this.#rounds(term, plain)
        ? `Math.fround(${withoutParentheses(plain)})`
        : ((plain ?? template) as string);
    let text = withoutIndentation(functionText ?? this.#templateFunction(row, expression));
    if (this.#typed) text = readSource(text).annotated;
    // TypeScript takes a sum of two that may be anything for a number.
    if (functionText === null && row.parameters.every((type) => type.kind === "bits"))
      text = text.replace(/^\([^)]*\)/, (parameters) => parameters.replaceAll(": any", ": bigint"));
    let wrapped: string;
    if (this.#numbersOnly) {
      const wrapper = kind === "bool" ? "orFalse" : kind === "real" ? "orNaN" : "roundedOrNaN";
      if (!isSure) this.#support.add(wrapper);
      wrapped = isSure ? text : `${wrapper}(${text})`;
    } else if (isSure && uncheckedKinds.has(kind)) wrapped = text;
    else {
      this.#support.add("checked").add(checks[kind] as string);
      wrapped = `checked(${text}, ${this.#checkText(checks[kind] as string, production.type)})`;
    }
    const lines = row.documentation === "" ? [] : [`/** ${commentText(row.documentation)} */`];
    this.#functions.push([...lines, `const ${name} = ${wrapped};`].join("\n"));
    return name;
  }

  /** A template as a function; arguments that need not be evaluated are functions of none. */
  #templateFunction(row: Primitive, template: string): string {
    const all = row.parameters.map((_, k) => `$${k}`).join(", ");
    const call = `)(${all})`;
    // Most templates are the call of a function: it is taken as it is.
    if (
      !row.parameters.some((_, k) => this.#isDeferred(row, k)) &&
      template.startsWith("(") &&
      template.endsWith(call)
    ) {
      const text = template.slice(1, -call.length).trim();
      if (!/\$\d/.test(text) && isExpression(text)) return text;
    }
    const inside = new Set(readSource(template).annotated.match(/[\p{ID_Start}$_][\p{ID_Continue}$]*/gu));
    const names = row.parameters.map((_, k) => {
      let name = parameterNames[k] as string;
      while (inside.has(name)) name += "_";
      return name;
    });
    const parameters = names.join(", ");
    const body = template.replace(
      /\$(\d)/g,
      (_, k: string) => names[Number(k)] + (this.#isDeferred(row, Number(k)) ? "()" : ""),
    );
    return `(${parameters}) => ${asOperand(body)}`;
  }

  module(): string {
    const { signature, resultType } = this.#grammar;
    this.#walk(this.#root, true);
    this.#named.forEach((term, index) => this.#termNames.set(term, this.#fresh(`s${index + 1}`)));
    const body: string[] = [];
    signature.argumentTypes.forEach((type, k) => {
      const name = this.#argumentNames[k] as string;
      const rounded = roundedText(type, name);
      if (rounded !== name && this.#usedArguments.has(k)) body.push(`  ${name} = ${rounded};`);
    });
    for (const term of this.#named) {
      const text = withoutParentheses(this.#termText(term));
      if (term.evaluation === "when needed") this.#support.add("lazy");
      const value = term.evaluation === "first" ? text : `lazy(() => ${text})`;
      body.push(`  const ${this.#termNames.get(term)} = ${value};`);
    }
    body.push(`  return ${withoutParentheses(this.#expression(this.#root))};`);

    const parameters = this.#argumentNames.map(
      (name, k) => `${name}${this.#type(`: ${this.#typeText(signature.argumentTypes[k] as Type)}`)}`,
    );
    const isOwnName = this.#functionName === this.#options.name;
    const parts = [
      [
        ...this.#documentation(),
        `${isOwnName ? "export " : ""}function ${this.#functionName}(${parameters.join(", ")})${this.#type(`: ${this.#typeText(resultType)}`)} {`,
        ...body,
        "}",
      ].join("\n"),
    ];
    if (!isOwnName) parts.push(`export { ${this.#functionName} as ${this.#options.name} };`);

    const written = [...parts, ...this.#functions].join("\n");
    if (/(?<![\w$.])trap\(/.test(written)) this.#support.add("trap");
    for (const name of this.#support) for (const needed of supportOf[name] ?? []) this.#support.add(needed);
    for (const [name, text] of Object.entries(support))
      if (this.#support.has(name))
        parts.push(text.replace(/«([^»]*)»/g, (_, type: string) => this.#type(type)));
    parts.push(...this.#functions);
    if (/(?<![\w$.])kernels\./.test(written)) {
      const source = createKernels.toString();
      parts.push("const kernels = createKernels();", this.#typed ? readSource(source).annotated : source);
    }
    return `${parts.join("\n\n")}\n`;
  }

  #documentation(): string[] {
    const { signature, resultType } = this.#grammar;
    const lines = [...this.#options.header];
    const notes: string[] = [];
    if (!this.#typed) {
      signature.argumentTypes.forEach((type, k) =>
        notes.push(`@param {${this.#typeText(type)}} ${this.#argumentNames[k]}`),
      );
      notes.push(`@returns {${this.#typeText(resultType)}}`);
    }
    if (this.#canThrow(this.#root))
      notes.push('@throws Error "trap: <reason>" where the program has no value');
    if (this.#usesLambdas())
      notes.unshift(
        "The limits on calls of lambdas (fuel) and on the size of nested values are not part of this code.",
      );
    if (lines.length > 0 && notes.length > 0) lines.push("");
    lines.push(...notes);
    if (lines.length === 0) return [];
    return ["/**", ...lines.map((line) => ` * ${commentText(line)}`.trimEnd()), " */"];
  }

  #usesLambdas(): boolean {
    const seen = new Set<Term>();
    const uses = (term: Term): boolean => {
      if (seen.has(term)) return false;
      seen.add(term);
      return term.production.kind === "lambda" || term.children.some(uses);
    };
    return uses(this.#root);
  }
}
