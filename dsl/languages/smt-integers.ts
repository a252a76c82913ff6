import { primitive } from "../primitive.ts";
import { trap } from "../trap.ts";
import { bool, int } from "../type.ts";
import { decisions } from "./decisions.ts";
import { operation, renamed, type SmtOperation } from "./smt-operation.ts";
import { textRows } from "./text.ts";

/**
 * The theory Ints of SMT-LIB, within the safe integers. Division is Euclid's: remainders are never negative (Boute 1992).
 * By zero SMT-LIB leaves it open what it gives; here it is a trap.
 */
export const integerOperations: readonly SmtOperation[] = [
  operation(renamed(textRows, "+", "+"), "left"),
  operation(renamed(textRows, "-", "-"), "left"),
  operation(
    primitive("-", [int], int, (a) => -a, {
      javascript: "(0 - $0)",
      python: "_int(-$0)",
      documentation: "The int negated.",
    }),
  ),
  operation(
    primitive("*", [int, int], int, (a, b) => a * b, {
      commutative: true,
      javascript: "($0 * $1)",
      python: "_int($0 * $1)",
      documentation: "Product of two ints.",
    }),
    "left",
  ),
  // The remainder is exact, and so is the quotient of what is left; rounding a / b down would not be.
  operation(
    primitive(
      "div",
      [int, int],
      int,
      (a, b) => {
        if (b === 0) return trap("divide-by-zero");
        const rest = a % b;
        const quotient = (a - rest) / b;
        if (rest >= 0) return quotient;
        return b > 0 ? quotient - 1 : quotient + 1;
      },
      {
        javascript: `((a, b) => {
          if (b === 0) return trap("divide-by-zero");
          const rest = a % b;
          const quotient = (a - rest) / b;
          if (rest >= 0) return quotient;
          return b > 0 ? quotient - 1 : quotient + 1;
        })($0, $1)`,
        python: "_div($0, $1)",
        documentation: "Quotient that leaves a remainder of at least 0.",
      },
    ),
    "left",
  ),
  operation(
    primitive(
      "mod",
      [int, int],
      int,
      (a, b) => {
        if (b === 0) return trap("divide-by-zero");
        const rest = a % b;
        return rest < 0 ? rest + Math.abs(b) : rest;
      },
      {
        javascript: `((a, b) => {
          if (b === 0) return trap("divide-by-zero");
          const rest = a % b;
          return rest < 0 ? rest + Math.abs(b) : rest;
        })($0, $1)`,
        python: "_mod($0, $1)",
        documentation: "Remainder, from 0 to below the second's absolute value.",
      },
    ),
  ),
  operation(
    primitive("abs", [int], int, (a) => Math.abs(a), {
      javascript: "Math.abs($0)",
      python: "abs($0)",
      documentation: "Absolute value.",
    }),
  ),
  operation(renamed(decisions, "<", "<"), "chain"),
  operation(renamed(decisions, "<=", "<="), "chain"),
  operation(
    primitive(">", [int, int], bool, (a, b) => a > b, {
      javascript: "($0 > $1)",
      python: "($0 > $1)",
      documentation: "Whether the first int is greater than the second.",
    }),
    "chain",
  ),
  operation(
    primitive(">=", [int, int], bool, (a, b) => a >= b, {
      javascript: "($0 >= $1)",
      python: "($0 >= $1)",
      documentation: "Whether the first int is at least the second.",
    }),
    "chain",
  ),
];
