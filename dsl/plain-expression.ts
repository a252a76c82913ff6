import { asOperand } from "./expression-text.ts";
import type { Primitive } from "./primitive.ts";
import type { TypeShape } from "./type.ts";

// Which expressions of rows an exported program may paste where they are needed.

/** Whether an expression of `$0`, `$1` … has nothing but operators, numbers and calls of functions of numbers. */
function isPlain(expression: string): boolean {
  if (/=>|\+\+|--|\/\/|\/\*|[^=!<>]=(?!=)/.test(expression)) return false;
  let text = expression
    .replace(/\b(?:Math\.[a-z]\w*|kernels\.[a-z]\w*)(?=\()/g, "f")
    .replace(/\$\d|\b(?:Math\.[A-Z]\w*|true|false|NaN|Infinity|\d+(?:\.\d+)?(?:e[+-]?\d+)?)\b/g, "0");
  // From the inside out; a comma that is left separates no arguments, and two operands side by side are a call.
  for (let before = ""; before !== text; ) {
    before = text;
    text = text.replace(/f\([\s0+\-*/%<>=!&|?:,]+\)|(?<!f)\([\s0+\-*/%<>=!&|?:]+\)/g, " 0");
  }
  return /^[\s0+\-*/%<>=!&|?:]+$/.test(text) && !/0\s*0/.test(text);
}

const bitsOperand = String.raw`(?:\$\d|\d+n|BigInt\.asU?IntN\(\d+, \$\d\))`;
const bitsTerm = String.raw`~?${bitsOperand}(?: [-+*&|^] ${bitsOperand})*`;
/** Expressions of bits alone that cannot fail: terms, terms cut to a width, comparisons. No quotients and no shifts. */
const plainBits = new RegExp(
  String.raw`^(?:\(?${bitsTerm}\)?|BigInt\.asUintN\(\d+, (?:${bitsTerm}|- \$\d)\)|\(?${bitsOperand} (?:[=!]==|[<>]=?) ${bitsOperand}\)?)$`,
);

/** Whether an expression of a row cannot fail alone. Bits mix with nothing else. */
export function isPlainIn(row: Primitive, expression: string): boolean {
  const isBits = (type: TypeShape): boolean => type.kind === "bits";
  if (![...row.parameters, row.result].some(isBits)) return isPlain(expression);
  return row.parameters.every(isBits) ? plainBits.test(expression) : expression === "($0 ? $1 : $2)";
}

/** The plain template of a function such as `(x, y) => x / y`, or null. */
export function plainTemplate(row: Primitive, source: string): string | null {
  const match = /^(?:\(([\w$\s,]*)\)|([\w$]+))\s*=>\s*([^{][^]*)$/.exec(source.trim());
  if (match === null) return null;
  const names = (match[1] ?? match[2] ?? "")
    .split(",")
    .map((n) => n.trim())
    .filter((n) => n !== "");
  const body = match[3] as string;
  if (/["'`$]/.test(body)) return null;
  const expression = body.replace(/(?<![\w$.])[A-Za-z_][\w$]*/g, (name) =>
    names.includes(name) ? `$${names.indexOf(name)}` : name,
  );
  return isPlainIn(row, expression) ? asOperand(expression) : null;
}
