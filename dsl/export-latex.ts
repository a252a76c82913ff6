import { type ExportTerm, exportTerms, templateOf } from "./export-terms.ts";
import type { Grammar } from "./grammar.ts";
import type { Program } from "./program.ts";
import { shortestSingle } from "./text.ts";
import type { Type, TypeShape } from "./type.ts";

/** How strongly an expression holds together. */
const SUM = 1;
const PRODUCT = 2;
const FACTOR = 3;
const SYMBOL = 4;

/** An expression, and how strongly it holds together. */
interface Written {
  readonly text: string;
  readonly level: number;
}

/** Signs between operands, of which the right one is put in parentheses where it has such a sign itself. */
const infixes: readonly (readonly [sign: string, level: number])[] = [
  ["+", SUM],
  ["-", SUM],
  ["\\land", SUM],
  ["\\lor", SUM],
  ["\\oplus", SUM],
  ["\\rightarrow", SUM],
  ["\\leftrightarrow", SUM],
  ["\\cdot", PRODUCT],
];

/** How strongly the expression of a template holds together: as its weakest sign outside braces and parentheses. */
function levelOf(template: string): number {
  let text = template.replaceAll(/\\left.*\\right\S*/g, "0");
  for (let before = ""; before !== text; ) {
    before = text;
    text = text.replaceAll(/\{[^{}]*\}/g, "");
  }
  if (/^(?:-|\\lnot)/.test(text.trim())) return SUM;
  return Math.min(
    FACTOR,
    ...infixes.filter(([sign]) => text.includes(` ${sign} `)).map(([, level]) => level),
  );
}

/** How strongly an argument must hold together between two texts of a template. */
function neededLevel(before: string, after: string): number {
  if (after.startsWith("^")) return SYMBOL;
  if (/(?:\{|\\left\S+? ?|, )$/.test(before) && /^(?: ?\\right|\}|,)/.test(after)) return 0;
  if (/^-$|\\lnot $/.test(before)) return PRODUCT;
  for (const [sign, level] of infixes) if (before.endsWith(`${sign} `)) return level + 1;
  // A row of signs that are not sums is read by nobody without parentheses.
  for (const [sign, level] of infixes)
    if (after.startsWith(` ${sign}`)) return /[+-]|cdot/.test(sign) ? level : level + 1;
  return FACTOR;
}

const inParentheses = (text: string): string => `\\left(${text}\\right)`;

/** A number with all digits that it needs to be read back as the same double, or single. */
function numberOf(value: number, { kind }: TypeShape): Written {
  if (value !== value) return { text: "\\mathrm{NaN}", level: SYMBOL };
  if (!Number.isFinite(value))
    return value > 0 ? { text: "\\infty", level: SYMBOL } : { text: "-\\infty", level: SUM };
  const shortest = kind === "float32" ? shortestSingle(value) : value;
  const [digits = "", exponent] = (Object.is(value, -0) ? "-0" : String(shortest)).split("e");
  const text = exponent === undefined ? digits : `${digits} \\cdot 10^{${Number(exponent)}}`;
  return { text, level: value < 0 || Object.is(value, -0) ? SUM : exponent === undefined ? SYMBOL : PRODUCT };
}

const special: Readonly<Record<string, string>> = {
  "\\": "\\backslash{}",
  "^": "\\hat{}",
  "~": "\\sim{}",
};

/** A name as TeX writes it in formulas: one letter as a symbol, others in one piece. */
function nameText(name: string): string {
  const text = name.replaceAll(/[\\{}$&#^_%~]/g, (sign) => special[sign] ?? `\\${sign}`);
  return /^[A-Za-z]$/.test(name) ? name : `\\mathit{${text}}`;
}

/**
 * Writes a program over reals, floats and booleans as a LaTeX document with its formula: shared terms are written once,
 * after "where". Parentheses show the order of operations; numbers have all their digits.
 * @throws InputError if the program is over other types
 */
export function exportLatex(
  grammar: Grammar,
  program: Program,
  { name, header }: { readonly name: string; readonly header: readonly string[] },
): string {
  const { root, named } = exportTerms(grammar, program, "latex", "LaTeX");
  const names = new Map(named.map((term, k) => [term, `u_{${k + 1}}`]));
  const notes = new Set<string>();

  const expression = ({ production, children, constant }: ExportTerm): Written => {
    const type = grammar.types[production.type] as Type;
    switch (production.kind) {
      case "argument":
        return { text: nameText(production.label), level: SYMBOL };
      case "constant":
        return numberOf(constant, type);
      case "literal":
        return typeof production.value === "boolean"
          ? { text: `\\mathrm{${production.value}}`, level: SYMBOL }
          : numberOf(production.value as number, type);
      default: {
        const row = production.primitive as NonNullable<typeof production.primitive>;
        const template = templateOf(row, "latex");
        const own = /\\operatorname\{(\w+)\}/.exec(template)?.[1];
        if (own !== undefined && row.documentation !== "") notes.add(`${own}: ${row.documentation}`);
        const text = template.replace(/\$(\d)/g, (use, digit: string, at: number) => {
          const argument = written(children[Number(digit)] as ExportTerm);
          const needed = neededLevel(template.slice(0, at), template.slice(at + use.length));
          return argument.level >= needed ? argument.text : inParentheses(argument.text);
        });
        return { text, level: levelOf(template) };
      }
    }
  };
  const written = (term: ExportTerm): Written => {
    const known = names.get(term);
    return known === undefined ? expression(term) : { text: known, level: SYMBOL };
  };
  // Written before the notes are asked for.
  const result = written(root).text;
  const definitions = named.map(
    (term, k) => `${names.get(term)} &= ${expression(term).text}${k === named.length - 1 ? "" : " \\\\"}`,
  );
  const types = new Set([...grammar.signature.argumentTypes, grammar.signature.result].map((t) => t.kind));
  if (types.has("float32")) notes.add("Every operation is rounded to single precision.");
  const comment = [...header, ...(header.length > 0 && notes.size > 0 ? [""] : []), ...notes];
  const left = `${nameText(name)}\\left(${grammar.signature.argumentNames.map(nameText).join(", ")}\\right)`;
  const lines = [
    ...comment.map((line) => `% ${line}`.trimEnd()),
    "\\documentclass{article}",
    "\\usepackage{amsmath}",
    "\\begin{document}",
    "\\[",
    "\\begin{aligned}",
    `${left} &= ${result}${named.length > 0 ? " \\\\" : ""}`,
    ...(named.length > 0 ? ["&\\text{where} \\\\"] : []),
    ...definitions,
    "\\end{aligned}",
    "\\]",
    "\\end{document}",
  ];
  return `${lines.join("\n")}\n`;
}
