import { type Primitive, primitive } from "../primitive.ts";
import { trap } from "../trap.ts";
import { int, string } from "../type.ts";
import { limits } from "../value.ts";

/**
 * Patterns that programs may look for (regular-expression tokens: Gulwani 2011), with what people call them. None can match nothing, and all
 * take time in proportion to the text.
 */
export const textPatterns = {
  "[0-9]+": "digits",
  "[A-Za-z]+": "letters",
  "[A-Z]+": "upper-case letters",
  "[a-z]+": "lower-case letters",
  "[A-Z][a-z]*": "a capital and what follows in lower case",
  "[A-Za-z0-9]+": "letters and digits",
  "[^ ]+": "anything but spaces",
  "[^A-Za-z0-9 ]+": "signs",
  " +": "spaces",
  "-?[0-9]+(?:[.][0-9]+)?": "a number, with sign and decimals",
} as const;

const expressions = new Map(Object.keys(textPatterns).map((pattern) => [pattern, new RegExp(pattern, "g")]));
/** The same for code that is written out. */
const isKnown = `${JSON.stringify(Object.keys(textPatterns))}.includes(pattern)`;

/** The places of a pattern in a text, from the left; null for other patterns than those of the list. */
function matchesOf(s: string, pattern: string): readonly RegExpExecArray[] | null {
  const expression = expressions.get(pattern);
  return expression === undefined ? null : Array.from(s.matchAll(expression));
}

const at = <T>(items: readonly T[], index: number): T | undefined =>
  items[index < 0 ? items.length + index : index];
const written = (then: string): string =>
  `((s, pattern, k) => {
        if (!${isKnown}) return trap("out-of-range");
        const found = Array.from(s.matchAll(new RegExp(pattern, "g")));
        const match = found[k < 0 ? found.length + k : k];
        return ${then};
      })($0, $1, $2)`;

/**
 * Rows that look for patterns of the list in texts; they fail for any other pattern, so grammars should give their second argument a
 * nonterminal of its own (see `compileRules`).
 */
export const textPatternRows = [
  primitive(
    "match",
    [string, string, int],
    string,
    (s, pattern, k) => {
      const found = matchesOf(s, pattern);
      return found === null ? trap("out-of-range") : (at(found, k)?.[0] ?? "");
    },
    {
      inverse: {
        order: [0, 1, 2],
        possible: (result: string, s: string, pattern?: string) =>
          result === "" ||
          (s.includes(result) &&
            (pattern === undefined || matchesOf(s, pattern)?.some(([part]) => part === result) === true)),
      },
      javascript: written('match === undefined ? "" : match[0]'),
      python: "_match($0, $1, $2)",
      documentation:
        'The part of a string that matches a pattern, counted from 0, or from the end by -1, -2 …; "" when there are not so many.',
    },
  ),
  primitive(
    "match-start",
    [string, string, int],
    int,
    (s, pattern, k) => {
      const found = matchesOf(s, pattern);
      return found === null ? trap("out-of-range") : (at(found, k)?.index ?? -1);
    },
    {
      javascript: written("match === undefined ? -1 : match.index"),
      python: "_match_start($0, $1, $2)",
      documentation: "Where that part begins; -1 when there are not so many.",
    },
  ),
  primitive(
    "match-end",
    [string, string, int],
    int,
    (s, pattern, k) => {
      const found = matchesOf(s, pattern);
      if (found === null) return trap("out-of-range");
      const match = at(found, k);
      return match === undefined ? -1 : match.index + match[0].length;
    },
    {
      javascript: written("match === undefined ? -1 : match.index + match[0].length"),
      python: "_match_end($0, $1, $2)",
      documentation: "The position after that part; -1 when there are not so many.",
    },
  ),
  primitive(
    "count-matches",
    [string, string],
    int,
    (s, pattern) => matchesOf(s, pattern)?.length ?? trap("out-of-range"),
    {
      javascript: `((s, pattern) => {
        if (!${isKnown}) return trap("out-of-range");
        return Array.from(s.matchAll(new RegExp(pattern, "g"))).length;
      })($0, $1)`,
      python: "_count_matches($0, $1)",
      documentation: "How many parts of a string match a pattern.",
    },
  ),
  primitive(
    "replace-matches",
    [string, string, string],
    string,
    (s, pattern, to) => {
      const expression = expressions.get(pattern);
      if (expression === undefined) return trap("out-of-range");
      let length = s.length;
      for (const [part] of s.matchAll(expression)) length += to.length - part.length;
      return length > limits.stringLength ? trap("too-long") : s.replace(expression, () => to);
    },
    {
      javascript: `((s, pattern, to) => {
        if (!${isKnown}) return trap("out-of-range");
        const found = Array.from(s.matchAll(new RegExp(pattern, "g")));
        const length = found.reduce((sum, [part]) => sum + to.length - part.length, s.length);
        return length > ${limits.stringLength} ? trap("too-long") : s.replace(new RegExp(pattern, "g"), () => to);
      })($0, $1, $2)`,
      python: "_replace_matches($0, $1, $2)",
      documentation: "The string with every part that matches a pattern replaced by another string.",
    },
  ),
] as const satisfies readonly Primitive[];
