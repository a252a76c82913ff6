import { asOperand, commentText } from "./expression-text.ts";
import { type Dialect, type TemplateCode, templateCode } from "./template-code.ts";
import type { Grammar } from "./grammar.ts";
import type { Program } from "./program.ts";
import { shortestSingle } from "./text.ts";
import type { TypeShape } from "./type.ts";

/** Functions that templates call beside those of math.h, and that the file brings along. */
const support: Readonly<Record<string, string>> = {
  minimum: `/* The smaller of two; NaN if one is NaN, and -0 below 0. */
static double minimum(double a, double b) {
  if (a != a || b != b) return NAN;
  if (a == b) return signbit(a) ? a : b;
  return a < b ? a : b;
}`,
  maximum: `/* The larger of two; NaN if one is NaN, and 0 above -0. */
static double maximum(double a, double b) {
  if (a != a || b != b) return NAN;
  if (a == b) return signbit(a) ? b : a;
  return a > b ? a : b;
}`,
  protected_divide: `/* The quotient; one where the divisor is zero. */
static double protected_divide(double a, double b) {
  return b == 0.0 ? 1.0 : a / b;
}`,
  power: `/* a to the power of b; NaN where b is NaN, and for 1 or -1 to an infinite power. */
static double power(double a, double b) {
  if (b != b || (isinf(b) && fabs(a) == 1.0)) return NAN;
  return pow(a, b);
}`,
};

const reserved =
  "auto bool break case char const continue default do double else enum extern false float for goto if inline int long main register restrict return short signed sizeof static struct switch true typedef union unsigned void volatile while asm isinf isnan signbit NAN INFINITY pow fabs".split(
    " ",
  );
/** Functions of math.h with arguments and results of doubles: a name of theirs would be another declaration. */
const mathNames =
  "acos acosh asin asinh atan atan2 atanh cbrt ceil copysign cos cosh erf erfc exp exp2 expm1 fdim floor fma fmax fmin fmod frexp gamma hypot ilogb j0 j1 jn ldexp lgamma llrint llround log log10 log1p log2 logb lrint lround modf nan nearbyint nextafter nexttoward pow remainder remquo rint round scalbln scalbn significand sin sinh sqrt tan tanh tgamma trunc y0 y1 yn".split(
    " ",
  );

/** How numbers and names are written in C; `#include <math.h>` must come before. */
export const cDialect: Dialect = {
  language: "C",
  template: "c",
  reserved: new Set([...reserved, ...mathNames, ...Object.keys(support)]),
  exactCalls: new Set(["sqrt", "fabs", "floor", "minimum", "maximum", "protected_divide"]),
  number: cNumber,
  boolean: String,
  rounded: (text) => `(float)${asOperand(text)}`,
};

/** The decimal of fewest digits that reads back to the same number. */
export function cNumber(value: number, { kind }: TypeShape): string {
  if (!Number.isFinite(value)) return value !== value ? "NAN" : value > 0 ? "INFINITY" : "-INFINITY";
  const text = Object.is(value, -0) ? "-0" : String(kind === "float32" ? shortestSingle(value) : value);
  return `${/[.e]/.test(text) ? text : `${text}.0`}${kind === "float32" ? "f" : ""}`;
}

export const cType = ({ kind }: TypeShape): string =>
  kind === "bool" ? "bool" : kind === "float32" ? "float" : "double";

/** The code of a program in C. */
export const cCode = (grammar: Grammar, program: Program, name: string): TemplateCode =>
  templateCode(grammar, program, name, cDialect);

/**
 * Writes a program over reals, floats and booleans as a C file (C99) that needs nothing but math.h, with one function of
 * the signature's arguments. + − × ÷ √ give Illume's bits; functions of math.h may differ in the last ones.
 * @throws InputError if the program is over other types, or the name is none in C
 */
export function exportC(
  grammar: Grammar,
  program: Program,
  { name, header }: { readonly name: string; readonly header: readonly string[] },
): string {
  const code = cCode(grammar, program, name);
  const { signature } = grammar;
  const notes = [
    "Doubles as IEEE 754 has them; compile with -ffp-contract=off and without -ffast-math.",
    code.isExact
      ? "Every operation is exact or correctly rounded: the results are Illume's, bit for bit."
      : `Illume's results but for the last bits, in which ${libraryCalls(code)} of math.h may differ.`,
  ];
  const comment = [...header, ...(header.length > 0 ? [""] : []), ...notes];
  const types = [...signature.argumentTypes, signature.result, ...code.definitions.map((d) => d.type)];
  const parameters = code.argumentNames.map(
    (argument, k) => `${cType(signature.argumentTypes[k] as TypeShape)} ${argument}`,
  );
  const parts = [
    ["/*", ...comment.map((line) => ` * ${commentText(line)}`.trimEnd()), " */"].join("\n"),
    [
      "#include <float.h>",
      "#include <math.h>",
      ...(types.some((type) => type.kind === "bool") ? ["#include <stdbool.h>"] : []),
    ].join("\n"),
    guards,
    ...Object.entries(support)
      .filter(([helper]) => code.calls.has(helper))
      .map(([, text]) => text),
    [
      `${cType(signature.result)} ${name}(${parameters.length === 0 ? "void" : parameters.join(", ")}) {`,
      ...code.argumentNames.filter((_, k) => code.isUsed[k] !== true).map((unused) => `  (void)${unused};`),
      ...code.definitions.map((d) => `  const ${cType(d.type)} ${d.name} = ${d.text};`),
      `  return ${code.result};`,
      "}",
    ].join("\n"),
  ];
  return `${parts.join("\n\n")}\n`;
}

/** What a compiler must not do. */
const guards = `#if FLT_EVAL_METHOD == 2 || FLT_EVAL_METHOD < 0
#error "doubles must be computed as doubles: for 32-bit x86 compile with -msse2 -mfpmath=sse"
#endif
#ifdef __FAST_MATH__
#error "results must be rounded as IEEE 754 says: compile without -ffast-math"
#endif
#if defined(__clang__) || !defined(__GNUC__)
#pragma STDC FP_CONTRACT OFF
#endif`;

/** The functions that may differ between libraries, for people. */
const libraryCalls = (code: TemplateCode): string =>
  [...code.calls]
    .filter((call) => !cDialect.exactCalls.has(call))
    .map((call) => (call === "power" ? "pow" : call))
    .join(", ");
