import type { TypeShape } from "./type.ts";

// Texts of JavaScript, put together by export.

/** Whether the text opens with a parenthesis that its last character closes. */
function isEnclosed(text: string): boolean {
  if (!text.startsWith("(") || !text.endsWith(")")) return false;
  const bare = text.replace(/"(?:[^"\\]|\\.)*"/g, (quoted) => "0".repeat(quoted.length));
  if (/["'`]/.test(bare)) return false;
  let depth = 0;
  for (let i = 0; i < bare.length; i++) {
    if (bare[i] === "(") depth++;
    else if (bare[i] === ")" && --depth === 0 && i < bare.length - 1) return false;
  }
  return true;
}

export const withoutParentheses = (text: string): string =>
  isEnclosed(text) ? text.slice(1, -1).trim() : text;

/** The expression such that it can stand beside any operator. */
export function asOperand(text: string): string {
  const call = /^[\w$.]+(?=\()/.exec(text)?.[0] ?? "";
  const isAtom = /^(?:[\p{ID_Continue}$.]+|\d[\d.]*e[+-]\d+|"(?:[^"\\]|\\.)*")$/u.test(text);
  return isAtom || isEnclosed(text.slice(call.length)) ? text : `(${text})`;
}

/** The expression for a value of a type with its numbers rounded where the type says float32, as a task rounds its cases. */
export function roundedText(type: TypeShape, value: string): string {
  if (type.kind === "float32") return `Math.fround(${value})`;
  if (type.kind === "list") {
    const element = roundedText(type.element, "v");
    return element === "v" ? value : `${value}.map((v) => ${element})`;
  }
  if (type.kind !== "pair") return value;
  const [first, second] = [`${value}[0]`, `${value}[1]`];
  const parts = [roundedText(type.first, first), roundedText(type.second, second)];
  return parts[0] === first && parts[1] === second ? value : `[${parts.join(", ")}]`;
}

/** The text as it can stand in a comment. */
export const commentText = (text: string): string => text.replaceAll("*/", "*\\/");

/** The text with its later lines moved left as far as its last one goes. */
export function withoutIndentation(text: string): string {
  const lines = text.split("\n");
  const indentation = /^\s*/.exec(lines.at(-1) as string)?.[0] ?? "";
  // Between backticks white space counts.
  if (text.includes("`") || !lines.every((line, i) => i === 0 || line === "" || line.startsWith(indentation)))
    return text;
  return lines.map((line, i) => (i === 0 ? line : line.slice(indentation.length))).join("\n");
}

/** Whether a text is one expression of JavaScript. */
export function isExpression(text: string): boolean {
  try {
    return typeof new Function(`return (${text});`) === "function";
  } catch {
    return false;
  }
}
