import { decimalRule, setDecimal } from "./decimal.ts";
import { DoubleDoubles } from "./double-double.ts";
import { exponential, power } from "./double-double-functions.ts";
import { isProduct, powerOfTwo, wholePower } from "./double-double-powers.ts";
import type { FormulaFunction, FormulaOperation } from "./formula-functions.ts";
import { E, formulaCalls, formulaConstants, formulaNames, meantName } from "./formula-names.ts";
import { type FormulaToken, formulaTokens, shownToken } from "./formula-tokens.ts";
import { excerpt, InputError } from "./input-error.ts";
import { nearestName } from "./nearest-name.ts";

/** Parentheses, signs and exponents within one another. */
const MAXIMUM_NESTING = 100;

/** Writes the pair at `out`, from those at a and b. */
export interface FormulaInstruction {
  readonly apply: FormulaOperation;
  readonly out: number;
  readonly a: number;
  readonly b: number;
}

/** A formula as instructions over pairs. */
export interface FormulaCode {
  /** The name of its argument, where it has one. */
  readonly argument: string | undefined;
  /** Holds the constants and has room for the rest. */
  readonly numbers: DoubleDoubles;
  readonly instructions: readonly FormulaInstruction[];
  readonly argumentAddress: number;
  readonly result: number;
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

/** How a part of a product is shown that begins or ends with a token. */
const factor = ({ text }: FormulaToken): string => (text === "(" || text === ")" ? "(…)" : excerpt(text));

/** One pass from tokens to instructions (recursive descent); what depends on no argument is computed on the way. */
export class FormulaReader {
  readonly #text: string;
  readonly #tokens: readonly FormulaToken[];
  readonly #numbers: DoubleDoubles;
  readonly #instructions: FormulaInstruction[] = [];
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

  /** @throws InputError with the first thing that is wrong */
  read(): FormulaCode {
    const { address: result } = this.#sum();
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
      argument: this.#argument,
      numbers: this.#numbers,
      instructions: this.#instructions,
      argumentAddress: this.#argumentAddress,
      result,
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
        before.text === "0" && /^x[\da-f]+$/i.test(token.text) && token.at === before.at + 1
          ? `Hexadecimal numbers are not read; write ${Number.parseInt(token.text.slice(1), 16)}.`
          : before.kind === "number" && token.kind === "number"
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
    if (isBase(E)) return (numbers, out, _a, b) => exponential(numbers, out, b);
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
    const row = formulaCalls.get(name.text);
    const constant = formulaConstants.get(name.text);
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
    const meant = meantName(name.text);
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
    const first = operands[0] as Operand;
    const last = operands[parameters - 1] as Operand;
    return this.#apply(apply === power ? this.#powerOperation(first, last) : apply, first, last);
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
      ? [...formulaCalls.keys()]
      : [...(this.#argument === undefined ? [] : [this.#argument]), ...formulaNames];
    const nearest = nearestName(name.text, choices);
    const instead = isCalled
      ? `For a product write ${excerpt(name.text)}*(…).`
      : "A formula has one argument.";
    return this.#fail(
      name,
      `a ${isCalled ? "function" : "name"} that is known: one of ${choices.map(excerpt).join(", ")}`,
      nearest === null ? instead : `Did you mean ${excerpt(nearest)}?`,
    );
  }
}
