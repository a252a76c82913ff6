import { primitive } from "../primitive.ts";
import { bool, int, variable } from "../type.ts";

// Rows that the languages of texts and of lists share.

const a = variable("a");

/** Equality, order of ints, and what decides on booleans. */
export const decisions = [
  // As `sameOutcome` defines it; written out, because exported programs carry this source.
  primitive(
    "=",
    [a, a],
    bool,
    (x, y) => {
      const same = (p: unknown, q: unknown): boolean =>
        p === q ||
        (p !== p && q !== q) ||
        (Array.isArray(p) && Array.isArray(q) && p.length === q.length && p.every((v, i) => same(v, q[i])));
      return same(x, y);
    },
    {
      commutative: true,
      python: "($0 == $1)",
      documentation: "Whether two values of one type are equal; lists by their elements.",
    },
  ),
  primitive("<", [int, int], bool, (x, y) => x < y, {
    javascript: "($0 < $1)",
    python: "($0 < $1)",
    documentation: "Whether the first int is less than the second.",
  }),
  primitive("<=", [int, int], bool, (x, y) => x <= y, {
    javascript: "($0 <= $1)",
    python: "($0 <= $1)",
    documentation: "Whether the first int is at most the second.",
  }),
  // Only what decides can fail: programs guard `head` by `empty` as people do, and exported code does not evaluate it.
  primitive("if", [bool, a, a], a, (condition, x, y) => (condition ? x : y), {
    strictParameters: 1,
    javascript: "($0 ? $1 : $2)",
    python: "($1 if $0 else $2)",
    documentation: "The second when the first is true, otherwise the third; only the one taken can fail.",
  }),
  primitive("and", [bool, bool], bool, (x, y) => x && y, {
    strictParameters: 1,
    javascript: "($0 && $1)",
    python: "($0 and $1)",
    documentation: "True when both are true; the second cannot fail when the first is false.",
  }),
  primitive("or", [bool, bool], bool, (x, y) => x || y, {
    strictParameters: 1,
    javascript: "($0 || $1)",
    python: "($0 or $1)",
    documentation: "True when at least one is true; the second cannot fail when the first is true.",
  }),
  primitive("not", [bool], bool, (x) => !x, {
    javascript: "(!$0)",
    python: "(not $0)",
    documentation: "True when it is false.",
  }),
] as const;
