import { setDecimal, decimalRule } from "./decimal.ts";
import { DoubleDoubles } from "./double-double.ts";
import { exponential, power } from "./double-double-functions.ts";
import type { DoubleDoubleColumn } from "./double-double-machine.ts";
import { isProduct, powerOfTwo, wholePower } from "./double-double-powers.ts";
import { type FormulaFunction, type FormulaOperation, formulaFunctionTable } from "./formula-functions.ts";
import { type FormulaToken, formulaTokens, shownToken } from "./formula-tokens.ts";
import { excerpt, InputError } from "./input-error.ts";
import { nearestName } from "./nearest-name.ts";

/** Characters of a formula. */
const MAXIMUM_LENGTH = 1000;
/** Parentheses, signs and exponents within one another. */
const MAXIMUM_NESTING = 100;

/** Constants as pairs. */
const constants: ReadonlyMap<string, readonly [high: number, low: number]> = new Map([
  ["pi", [3.141592653589793, 1.2246467991473532e-16]],
  ["π", [3.141592653589793, 1.2246467991473532e-16]],
  ["e", [2.718281828459045, 1.4456468917292502e-16]],
]);
const functions: ReadonlyMap<string, FormulaFunction> = new Map(
  formulaFunctionTable.map((row) => [row.name, row]),
);
const knownNames = [...constants.keys(), ...functions.keys()];

/** How a part of a product is shown that begins or ends with a token. */
const factor = ({ text }: FormulaToken): string => (text === "(" || text === ")" ? "(…)" : excerpt(text));

/** What looks like a slip instead of a name for the argument: PI, sinx. */
function probablyMeant(name: string): string | null {
  const known = knownNames.find((other) => other.length > 1 && other === name.toLowerCase());
  if (known !== undefined) return known;
  const called = [...functions.keys()].find((other) => other === name.slice(0, -1));
  return called === undefined ? null : `${called}(${name.slice(-1)})`;
}

/** A formula of one real argument. */
export interface Formula {
  readonly text: string;
  /** Name of its argument: "x" where the formula names none. */
  readonly argument: string;
  /**
   * The formula at doubles: high + low for each, to about 1e−30 for arithmetic and elementary functions and 1e−28 for the
   * others. NaN or an infinity where it is not defined or not known to be accurate; low is 0 there. Never throws.
   */
  evaluate(x: Float64Array): DoubleDoubleColumn;
}

/** Writes the pair at `out`, from those at a and b. */
interface Instruction {
  readonly apply: FormulaOperation;
  readonly out: number;
  readonly a: number;
  readonly b: number;
}

/** Where the value of a part of the formula lies. */
interface Operand {
  readonly address: number;
  readonly isConstant: boolean;
}

const add: FormulaOperation = (numbers, out, a, b) => numbers.add(out, a, b);
const subtract: FormulaOperation = (numbers, out, a, b) => numbers.subtract(out, a, b);
const multiply: FormulaOperation = (numbers, out, a, b) => numbers.multiply(out, a, b);
const divide: FormulaOperation = (numbers, out, a, b) => numbers.divide(out, a, b);
const negate: FormulaOperation = (numbers, out, a) => numbers.negate(out, a);

/**
 * Reads a formula such as 2^x or erf(x/2) + 0.1: numbers (which mean the decimal that is written, to 1e−32), pi and e,
 * one argument of any other name, + − * / ^ (or twice *), parentheses and the functions of `formulaFunctions`. A power binds
 * tighter than a sign before it and is taken from the right: −x^2 is −(x^2), 2^3^2 is 2^9. Products are written with *.
 *
 * @throws InputError with the first thing that is wrong and its column
 */
export function readFormula(text: string): Formula {
  if (text.length > MAXIMUM_LENGTH)
    throw new InputError(
      `formula must be at most ${MAXIMUM_LENGTH} characters long; got ${text.length}. Shorten it.`,
    );
  if (text.trim() === "")
    throw new InputError(
      `formula must be an expression such as 2^x or sin(x)/x; got ${JSON.stringify(text)}. Write one.`,
    );
  return new FormulaReader(text).read();
}

/** One pass from tokens to instructions (recursive descent); what depends on no argument is computed on the way. */
class FormulaReader {
  readonly #text: string;
  readonly #tokens: readonly FormulaToken[];
  readonly #numbers: DoubleDoubles;
  readonly #instructions: Instruction[] = [];
  readonly #argumentAddress = DoubleDoubles.first;
  #argument: string | undefined;
  #free = DoubleDoubles.first + 2;
  #next = 0;
  #nesting = 0;

  constructor(text: string) {
    this.#text = text;
    this.#tokens = formulaTokens(text);
    // Every token makes at most one pair.
    this.#numbers = new DoubleDoubles(this.#tokens.length + 1);
  }

  read(): Formula {
    const result = this.#sum();
    const rest = this.#token;
    if (rest.text === ")") this.#fail(rest, "an operator or the end", 'Take it away, or put a "(" before.');
    if (rest.text === ",")
      this.#fail(
        rest,
        "an operator or the end",
        "Commas stand between the arguments of a function; decimals have a point.",
      );
    if (rest.kind !== "end") this.#failAtOperator(rest);
    return {
      text: this.#text,
      argument: this.#argument ?? "x",
      evaluate: evaluation(this.#numbers, this.#instructions, this.#argumentAddress, result.address),
    };
  }

  get #token(): FormulaToken {
    return this.#tokens[this.#next] as FormulaToken;
  }

  #accept(...texts: readonly string[]): FormulaToken | undefined {
    const token = this.#token;
    if (token.kind !== "sign" || !texts.includes(token.text)) return undefined;
    this.#next++;
    return token;
  }

  #sum(): Operand {
    let left = this.#product();
    for (let sign = this.#accept("+", "-"); sign !== undefined; sign = this.#accept("+", "-"))
      left = this.#apply(sign.text === "+" ? add : subtract, left, this.#product());
    return left;
  }

  #product(): Operand {
    let left = this.#signed();
    for (let sign = this.#accept("*", "/"); sign !== undefined; sign = this.#accept("*", "/"))
      left = this.#apply(sign.text === "*" ? multiply : divide, left, this.#signed());
    const token = this.#token;
    if (token.kind === "number" || token.kind === "name" || token.text === "(") {
      const before = this.#tokens[this.#next - 1] as FormulaToken;
      this.#fail(
        token,
        "an operator or the end",
        before.kind === "number" && token.kind === "number"
          ? "Put an operator between numbers; a number has one point."
          : `Write ${factor(before)}*${factor(token)} for a product.`,
      );
    }
    return left;
  }

  #signed(): Operand {
    // Everything that nests comes through here.
    this.#nesting++;
    if (this.#nesting > MAXIMUM_NESTING + 1)
      this.#fail(
        this.#token,
        `nested at most ${MAXIMUM_NESTING} deep`,
        "Take away parentheses, signs or exponents.",
      );
    const sign = this.#accept("+", "-");
    const operand = sign === undefined ? this.#power() : this.#signed();
    this.#nesting--;
    return sign?.text === "-" ? this.#apply(negate, operand, operand) : operand;
  }

  #power(): Operand {
    const base = this.#value();
    if (this.#accept("^", "*".repeat(2)) === undefined) return base;
    const exponent = this.#signed();
    return this.#apply(this.#powerOperation(base, exponent), base, exponent);
  }

  /** What is most accurate for the base or the exponent, where that is a constant. */
  #powerOperation(base: Operand, exponent: Operand): FormulaOperation {
    const v = this.#numbers.values;
    const high = v[exponent.address] as number;
    if (exponent.isConstant && isProduct(high, v[exponent.address + 1] as number))
      return (numbers, out, a) => wholePower(numbers, out, a, high);
    const isBase = (value: readonly [number, number]): boolean =>
      base.isConstant && v[base.address] === value[0] && v[base.address + 1] === value[1];
    if (isBase([2, 0])) return (numbers, out, _a, b) => powerOfTwo(numbers, out, b);
    if (isBase(constants.get("e") as readonly [number, number]))
      return (numbers, out, _a, b) => exponential(numbers, out, b);
    return power;
  }

  #value(): Operand {
    const token = this.#token;
    if (token.kind === "number") {
      this.#next++;
      const address = this.#take();
      if (!setDecimal(this.#numbers, address, token.text)) this.#fail(token, decimalRule, "Change it.");
      return { address, isConstant: true };
    }
    if (token.kind === "name") return this.#named(token);
    const open = this.#accept("(");
    if (open === undefined)
      return this.#fail(token, 'a number, a name or "("', "Write a value, or leave out what stands before.");
    const inner = this.#sum();
    this.#close(open);
    return inner;
  }

  #close(open: FormulaToken): void {
    if (this.#accept(")") !== undefined) return;
    const token = this.#token;
    if (token.kind !== "end" && token.text !== ",") this.#failAtOperator(token);
    this.#fail(
      token,
      `")", since there is "(" in column ${this.#column(open)}`,
      token.kind === "end" ? 'Add ")".' : "Commas stand between the arguments of a function.",
    );
  }

  #named(name: FormulaToken): Operand {
    this.#next++;
    const row = functions.get(name.text);
    const constant = constants.get(name.text);
    const isCalled = this.#token.text === "(";
    if (row !== undefined) {
      if (isCalled) return this.#call(name, row);
      return this.#fail(
        this.#token,
        `"(" after the function ${name.text}`,
        `Write ${name.text}(${row.parameters === 1 ? "x" : "x, y"}).`,
      );
    }
    if (constant !== undefined) {
      const address = this.#take();
      this.#numbers.set(address, ...constant);
      return { address, isConstant: true };
    }
    const isOther = this.#argument !== undefined && this.#argument !== name.text;
    if (isCalled || isOther) this.#failAtName(name, isCalled);
    const meant = probablyMeant(name.text);
    if (meant !== null)
      this.#fail(name, "a name unlike those of functions and constants", `Did you mean ${meant}?`);
    this.#argument = name.text;
    return { address: this.#argumentAddress, isConstant: false };
  }

  #call(name: FormulaToken, { parameters, apply }: FormulaFunction): Operand {
    const open = this.#token;
    this.#next++;
    const operands: Operand[] = [];
    if (this.#token.text !== ")")
      do operands.push(this.#sum());
      while (this.#accept(",") !== undefined);
    this.#close(open);
    if (operands.length !== parameters)
      throw new InputError(
        `formula, column ${this.#column(name)}, must be ${name.text} with ${parameters === 1 ? "1 argument" : "2 arguments"}; got ${operands.length}. Write ${name.text}(${parameters === 1 ? "x" : "x, y"}).`,
      );
    return this.#apply(apply, operands[0] as Operand, operands[parameters - 1] as Operand);
  }

  #apply(apply: FormulaOperation, first: Operand, second: Operand): Operand {
    const { address: a } = first;
    const { address: b } = second;
    const out = this.#take();
    const isConstant = first.isConstant && second.isConstant;
    if (isConstant) apply(this.#numbers, out, a, b);
    else this.#instructions.push({ apply, out, a, b });
    return { address: out, isConstant };
  }

  /** Takes a pair. */
  #take(): number {
    this.#free += 2;
    return this.#free - 2;
  }

  /** From 1, in characters as people count them. */
  #column(token: FormulaToken): number {
    return Array.from(this.#text.slice(0, token.at)).length + 1;
  }

  #fail(token: FormulaToken, rule: string, advice: string): never {
    throw new InputError(
      `formula, column ${this.#column(token)}, must be ${rule}; got ${shownToken(token)}. ${advice}`,
    );
  }

  #failAtOperator(token: FormulaToken): never {
    return this.#fail(
      token,
      "an operator or the end",
      "The operators are + - * / ^; names have letters and digits.",
    );
  }

  #failAtName(name: FormulaToken, isCalled: boolean): never {
    const choices = isCalled
      ? [...functions.keys()]
      : [...(this.#argument === undefined ? [] : [this.#argument]), ...knownNames];
    const nearest = nearestName(name.text, choices);
    const advice =
      nearest === null
        ? isCalled
          ? `For a product write ${excerpt(name.text)}*(.`
          : "A formula has one argument."
        : `Did you mean ${nearest}?`;
    const rule = `a ${isCalled ? "function" : "name"} that is known: one of ${choices.map(excerpt).join(", ")}`;
    return this.#fail(name, rule, advice);
  }
}

function evaluation(
  numbers: DoubleDoubles,
  instructions: readonly Instruction[],
  argument: number,
  result: number,
): Formula["evaluate"] {
  return (x) => {
    const high = new Float64Array(x.length);
    const low = new Float64Array(x.length);
    const v = numbers.values;
    for (let i = 0; i < x.length; i++) {
      numbers.set(argument, x[i] as number);
      for (const { apply, out, a, b } of instructions) apply(numbers, out, a, b);
      const value = v[result] as number;
      high[i] = value;
      low[i] = value - value === 0 ? (v[result + 1] as number) : 0;
    }
    return { high, low };
  };
}
