import { isTextGrammar } from "./export-terms.ts";
import type { Grammar } from "./grammar.ts";
import { isNumberGrammar } from "./number-columns.ts";
import type { Program } from "./program.ts";
import { pythonValue, pythonValueSupport } from "./python-values.ts";
import { type Dialect, type TemplateCode, templateCode } from "./template-code.ts";
import type { TypeShape } from "./type.ts";

/** A function of math that fails where IEEE 754 has a value. */
const guarded = (name: string, body: string, documentation: string): string =>
  `def ${name}(a: float) -> float:\n    """${documentation}"""\n    ${body}`;

/** Functions that templates call, and that the file brings along: Python raises where IEEE 754 has infinities and NaN. */
const support: Readonly<Record<string, string>> = {
  _divide: `def _divide(a: float, b: float) -> float:
    """The quotient; by zero an infinity, or NaN."""
    if b != 0.0:
        return a / b
    if a == 0.0 or a != a:
        return math.nan
    return math.copysign(math.inf, a) * math.copysign(1.0, b)`,
  _protected_divide: `def _protected_divide(a: float, b: float) -> float:
    """The quotient; one where the divisor is zero."""
    return 1.0 if b == 0.0 else a / b`,
  _square_root: guarded(
    "_square_root",
    "return math.sqrt(a) if a >= 0.0 else math.nan",
    "The square root; NaN below zero.",
  ),
  _minimum: `def _minimum(a: float, b: float) -> float:
    """The smaller of two; NaN if one is NaN, and -0 below 0."""
    if a != a or b != b:
        return math.nan
    if a == b:
        return a if math.copysign(1.0, a) < 0.0 else b
    return a if a < b else b`,
  _maximum: `def _maximum(a: float, b: float) -> float:
    """The larger of two; NaN if one is NaN, and 0 above -0."""
    if a != a or b != b:
        return math.nan
    if a == b:
        return b if math.copysign(1.0, a) < 0.0 else a
    return a if a > b else b`,
  _floor: guarded(
    "_floor",
    "return math.copysign(float(math.floor(a)), a) if math.isfinite(a) else a",
    "The largest whole number that is not above.",
  ),
  _exp: `def _exp(a: float) -> float:
    """e to the power; an infinity beyond the doubles."""
    try:
        return math.exp(a)
    except OverflowError:
        return math.inf`,
  _expm1: `def _expm1(a: float) -> float:
    """e to the power, less one; an infinity beyond the doubles."""
    try:
        return math.expm1(a)
    except OverflowError:
        return math.inf`,
  _log: `def _log(a: float) -> float:
    """The natural logarithm; minus infinity at zero, NaN below."""
    if a > 0.0:
        return math.log(a)
    return -math.inf if a == 0.0 else math.nan`,
  _log1p: `def _log1p(a: float) -> float:
    """The natural logarithm of one more; minus infinity at minus one, NaN below."""
    if a > -1.0:
        return math.log1p(a)
    return -math.inf if a == -1.0 else math.nan`,
  _sin: guarded(
    "_sin",
    "return math.sin(a) if math.isfinite(a) else math.nan",
    "The sine; NaN of infinities.",
  ),
  _cos: guarded(
    "_cos",
    "return math.cos(a) if math.isfinite(a) else math.nan",
    "The cosine; NaN of infinities.",
  ),
  _tan: guarded(
    "_tan",
    "return math.tan(a) if math.isfinite(a) else math.nan",
    "The tangent; NaN of infinities.",
  ),
  _cube_root: `def _cube_root(a: float) -> float:
    """The cube root, by a step of Newton's method from the power of a third."""
    if a == 0.0 or not math.isfinite(a):
        return a
    fraction, exponent = math.frexp(abs(a))
    shift = exponent % 3
    fraction = math.ldexp(fraction, shift)
    root = math.pow(fraction, 1.0 / 3.0)
    root -= (root * root * root - fraction) / (3.0 * root * root)
    return math.copysign(math.ldexp(root, (exponent - shift) // 3), a)`,
  _power: `def _power(a: float, b: float) -> float:
    """a to the power of b, by IEEE 754; NaN where b is NaN, and for 1 or -1 to an infinite power."""
    if b != b or (math.isinf(b) and abs(a) == 1.0):
        return math.nan
    is_odd = math.isfinite(b) and math.fmod(b, 2.0) in (1.0, -1.0)
    if a == 0.0 and b < 0.0:
        return math.copysign(math.inf, a) if is_odd else math.inf
    try:
        return math.pow(a, b)
    except OverflowError:
        return -math.inf if a < 0.0 and is_odd else math.inf
    except ValueError:
        return math.nan`,
  _single: `def _single(a: float) -> float:
    """The nearest number of single precision."""
    try:
        return struct.unpack("<f", struct.pack("<f", a))[0]
    except OverflowError:
        return math.copysign(math.inf, a)`,
};

const valueCalls = Object.keys(pythonValueSupport);
const reserved =
  "False None True and as assert async await break case class continue def del elif else except finally for from global if import in is lambda match nonlocal not or pass raise return try type while with yield abs bool chr float functools int len math ord re str struct".split(
    " ",
  );

/** How numbers and names are written in Python; `import math` must come before. */
export const pythonDialect: Dialect = {
  language: "Python",
  template: "python",
  reserved: new Set([...reserved, ...Object.keys(support), ...valueCalls]),
  exactCalls: new Set([
    "abs",
    "_divide",
    "_protected_divide",
    "_square_root",
    "_minimum",
    "_maximum",
    "_floor",
    "_single",
    "len",
    ...valueCalls,
  ]),
  number: pythonNumber,
  boolean: (value) => (value ? "True" : "False"),
  rounded: (text) => `_single(${text})`,
};

/** The decimal of fewest digits that reads back to the same double. */
export function pythonNumber(value: number): string {
  if (!Number.isFinite(value)) return value !== value ? "math.nan" : value > 0 ? "math.inf" : "-math.inf";
  const text = Object.is(value, -0) ? "-0" : String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

/** The code of a program in Python. */
export const pythonCode = (grammar: Grammar, program: Program, name: string): TemplateCode =>
  templateCode(
    grammar,
    program,
    name,
    isTextGrammar(grammar) && !isNumberGrammar(grammar) ? pythonValueDialect : pythonDialect,
  );

/** Of ints, strings and booleans: terms may fail, so those with names are computed when they are needed. */
const pythonValueDialect: Dialect = { ...pythonDialect, value: pythonValue, use: (name) => `${name}()` };

const pythonTypes: Readonly<Record<string, string>> = { bool: "bool", int: "int", string: "str" };
const pythonType = ({ kind }: TypeShape): string => pythonTypes[kind] ?? "float";

/**
 * Writes a program over reals, floats and booleans, or over ints, strings and booleans, as a Python module (3.9 or later) that needs
 * nothing else, with one function of the signature's arguments. + − × ÷ √ give Illume's bits; functions of math may differ in the
 * last ones. Where a program over ints or strings has a trap, the function raises a ValueError("trap: <reason>").
 * @throws InputError if the program is over other types, or the name is none in Python
 */
export function exportPython(
  grammar: Grammar,
  program: Program,
  { name, header }: { readonly name: string; readonly header: readonly string[] },
): string {
  if (isTextGrammar(grammar) && !isNumberGrammar(grammar))
    return exportPythonValues(grammar, program, { name, header });
  const code = pythonCode(grammar, program, name);
  const { signature } = grammar;
  const libraryCalls = [...code.calls].filter((call) => !pythonDialect.exactCalls.has(call));
  const note = code.isExact
    ? "Every operation is exact or correctly rounded: the results are Illume's, bit for bit."
    : `Illume's results but for the last bits, in which ${libraryCalls.map((call) => call.replace(/^_|^math\./, "")).join(", ")} of this machine may differ.`;
  const comment = [...header, ...(header.length > 0 ? [""] : []), note];
  const isSingle = (type: TypeShape): boolean => type.kind === "float32";
  const roundedArguments = code.argumentNames.filter(
    (_, k) => code.isUsed[k] === true && isSingle(signature.argumentTypes[k] as TypeShape),
  );
  const body = [
    ...roundedArguments.map((argument) => `    ${argument} = _single(${argument})`),
    ...code.definitions.map((d) => `    ${d.name} = ${d.text}`),
    `    return ${code.result}`,
  ];
  const written = body.join("\n");
  const isNeeded = (helper: string): boolean => written.includes(`${helper}(`);
  const helpers = Object.entries(support).filter(([helper]) => isNeeded(helper));
  const imports = ["math", ...(isNeeded("_single") ? ["struct"] : [])].filter(
    (module) => module === "struct" || /\bmath\./.test([written, ...helpers.flat()].join("\n")),
  );
  const parameters = code.argumentNames.map(
    (argument, k) => `${argument}: ${pythonType(signature.argumentTypes[k] as TypeShape)}`,
  );
  const parts = [
    [
      ...comment.map((line) => `# ${line}`.trimEnd()),
      ...(imports.length === 0 ? [] : ["", ...imports.map((module) => `import ${module}`)]),
    ].join("\n"),
    ...helpers.map(([, text]) => text),
    [`def ${name}(${parameters.join(", ")}) -> ${pythonType(signature.result)}:`, ...body].join("\n"),
  ];
  return `${parts.join("\n\n\n")}\n`;
}

/** A program over ints, strings and booleans. Its statements work on texts of UTF-16 code units. */
function exportPythonValues(
  grammar: Grammar,
  program: Program,
  { name, header }: { readonly name: string; readonly header: readonly string[] },
): string {
  const code = pythonCode(grammar, program, name);
  const { argumentTypes, result } = grammar.signature;
  const units = code.argumentNames.filter(
    (_, k) => argumentTypes[k]?.kind === "string" && code.isUsed[k] === true,
  );
  const body = [
    ...units.map((argument) => `    ${argument} = _units(${argument})`),
    ...code.definitions.flatMap((d) => [
      "",
      "    @functools.cache",
      `    def ${d.name}() -> ${pythonType(d.type)}:`,
      `        return ${d.text}`,
      "",
    ]),
    `    return ${result.kind === "string" ? `_whole(${code.result})` : code.result}`,
  ];
  const calls = (text: string): string[] =>
    Object.keys(pythonValueSupport).filter((helper) => new RegExp(`(?<![\\w.])${helper}\\(`).test(text));
  const needed = new Set<string>();
  const open = [body.join("\n")];
  for (let text = open.pop(); text !== undefined; text = open.pop())
    for (const helper of calls(text))
      if (!needed.has(helper)) {
        needed.add(helper);
        open.push(pythonValueSupport[helper] as string);
      }
  const helpers = Object.entries(pythonValueSupport).filter(([helper]) => needed.has(helper));
  const imports = ["functools", "re"].filter((module) =>
    new RegExp(`\\b${module}\\.`).test([...body, ...helpers.flat()].join("\n")),
  );
  const parameters = code.argumentNames.map(
    (argument, k) => `${argument}: ${pythonType(argumentTypes[k] as TypeShape)}`,
  );
  const note = 'Gives what Illume computes, and raises ValueError("trap: ...") where that has no value.';
  const comment = [...header, ...(header.length > 0 ? [""] : []), note];
  const parts = [
    [
      ...comment.map((line) => `# ${line}`.trimEnd()),
      ...(imports.length === 0 ? [] : ["", ...imports.map((module) => `import ${module}`)]),
    ].join("\n"),
    ...helpers.map(([, text]) => text),
    [`def ${name}(${parameters.join(", ")}) -> ${pythonType(result)}:`, ...body].join("\n"),
  ];
  return `${parts.join("\n\n\n")}\n`;
}
