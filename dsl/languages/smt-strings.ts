import { primitive } from "../primitive.ts";
import { trap } from "../trap.ts";
import { bool, int, string } from "../type.ts";
import { operation, renamed, type SmtOperation } from "./smt-operation.ts";
import { textRows } from "./text.ts";

/**
 * The theory Strings of SMT-LIB without regular expressions, under the names of version 2.6 and those that SyGuS had
 * before. Characters are code points up to U+FFFF, each one code unit, so that lengths and positions are SMT-LIB's.
 */
export const stringOperations: readonly SmtOperation[] = [
  operation(renamed(textRows, "concat", "str.++"), "left"),
  operation(renamed(textRows, "length", "str.len")),
  operation(renamed(textRows, "char-at", "str.at")),
  operation(renamed(textRows, "substring", "str.substr")),
  operation(renamed(textRows, "index-of", "str.indexof")),
  operation(renamed(textRows, "replace-first", "str.replace")),
  operation(renamed(textRows, "replace-all", "str.replace_all")),
  operation(renamed(textRows, "contains", "str.contains")),
  operation(renamed(textRows, "string-to-int", "str.to_int")),
  operation(renamed(textRows, "string-to-int", "str.to.int")),
  operation(renamed(textRows, "int-to-string", "str.from_int")),
  operation(renamed(textRows, "int-to-string", "int.to.str")),
  operation(
    primitive("str.prefixof", [string, string], bool, (part, s) => s.startsWith(part), {
      python: "_is_prefix($0, $1)",
      documentation: "Whether the second string begins with the first.",
    }),
  ),
  operation(
    primitive("str.suffixof", [string, string], bool, (part, s) => s.endsWith(part), {
      python: "_is_suffix($0, $1)",
      documentation: "Whether the second string ends with the first.",
    }),
  ),
  // JavaScript compares code units, which is the order of code points as long as each is one unit.
  operation(
    primitive("str.<", [string, string], bool, (a, b) => a < b, {
      python: "($0 < $1)",
      documentation: "Whether the first string comes before the second in the order of dictionaries.",
    }),
    "chain",
  ),
  operation(
    primitive("str.<=", [string, string], bool, (a, b) => a <= b, {
      python: "($0 <= $1)",
      documentation:
        "Whether the first string comes before the second in the order of dictionaries, or is it.",
    }),
    "chain",
  ),
  operation(
    primitive("str.to_code", [string], int, (s) => (s.length === 1 ? s.charCodeAt(0) : -1), {
      python: "_to_code($0)",
      documentation: "Code point of a string of one character; -1 for any other string.",
    }),
  ),
  // SMT-LIB has characters up to 0x2FFFF; those above 0xFFFF have no string here.
  operation(
    primitive(
      "str.from_code",
      [int],
      string,
      (code) => {
        if (code < 0 || code > 0x2ffff) return "";
        return code > 0xffff ? trap("out-of-range") : String.fromCharCode(code);
      },
      {
        javascript: `((code) => {
          if (code < 0 || code > 0x2ffff) return "";
          return code > 0xffff ? trap("out-of-range") : String.fromCharCode(code);
        })($0)`,
        python: "_from_code($0)",
        documentation: 'The string of one character that has a code point; "" where there is none.',
      },
    ),
  ),
  operation(
    primitive("str.is_digit", [string], bool, (s) => /^[0-9]$/.test(s), {
      python: "_is_digit($0)",
      documentation: "Whether the string is one digit from 0 to 9.",
    }),
  ),
];
