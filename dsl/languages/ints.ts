import { primitive } from "../primitive.ts";
import { trap } from "../trap.ts";
import { bool, int } from "../type.ts";

/** What languages of lists do with ints, beside order and equality (`decisions`). */
export const intRows = [
  primitive("+", [int, int], int, (x, y) => x + y, {
    commutative: true,
    javascript: "($0 + $1)",
    inverse: { order: [0, 1], last: (result: number, x: number) => result - x },
    documentation: "Sum of two ints.",
  }),
  primitive("-", [int, int], int, (x, y) => x - y, {
    javascript: "($0 - $1)",
    inverse: { order: [0, 1], last: (result: number, x: number) => x - result },
    documentation: "Difference of two ints.",
  }),
  primitive("*", [int, int], int, (x, y) => x * y, {
    commutative: true,
    javascript: "($0 * $1)",
    inverse: {
      order: [0, 1],
      // Nothing times anything is nothing, so what follows is not one value.
      possible: (result: number, x: number) => (x === 0 ? result === 0 : result % x === 0),
    },
    documentation: "Product of two ints.",
  }),
  // By way of the remainder, which is exact: the quotient of large ints may round up to the next int.
  primitive(
    "div",
    [int, int],
    int,
    (x, y) => {
      if (y === 0) return trap("divide-by-zero");
      const remainder = x % y;
      const quotient = (x - remainder) / y;
      return remainder !== 0 && remainder < 0 !== y < 0 ? quotient - 1 : quotient;
    },
    {
      javascript: `((x, y) => {
        if (y === 0) return trap("divide-by-zero");
        const remainder = x % y;
        const quotient = (x - remainder) / y;
        return remainder !== 0 && remainder < 0 !== y < 0 ? quotient - 1 : quotient;
      })($0, $1)`,
      documentation: "Quotient of two ints, rounded towards minus infinity; traps for zero.",
    },
  ),
  primitive(
    "mod",
    [int, int],
    int,
    (x, y) => {
      if (y === 0) return trap("divide-by-zero");
      const remainder = x % y;
      return remainder !== 0 && remainder < 0 !== y < 0 ? remainder + y : remainder;
    },
    {
      javascript: `((x, y) => {
        if (y === 0) return trap("divide-by-zero");
        const remainder = x % y;
        return remainder !== 0 && remainder < 0 !== y < 0 ? remainder + y : remainder;
      })($0, $1)`,
      documentation: "Remainder of div, with the sign of the second int; traps for zero.",
    },
  ),
  primitive("min", [int, int], int, (x, y) => Math.min(x, y), {
    commutative: true,
    javascript: "Math.min($0, $1)",
    documentation: "Smaller of two ints.",
  }),
  primitive("max", [int, int], int, (x, y) => Math.max(x, y), {
    commutative: true,
    javascript: "Math.max($0, $1)",
    documentation: "Larger of two ints.",
  }),
  primitive("abs", [int], int, (x) => Math.abs(x), {
    javascript: "Math.abs($0)",
    documentation: "Absolute value.",
  }),
  primitive("neg", [int], int, (x) => 0 - x, {
    javascript: "(0 - $0)",
    documentation: "An int with the other sign.",
  }),
  primitive("even", [int], bool, (x) => x % 2 === 0, {
    javascript: "($0 % 2 === 0)",
    documentation: "Whether an int is divisible by 2.",
  }),
  primitive("odd", [int], bool, (x) => x % 2 !== 0, {
    javascript: "($0 % 2 !== 0)",
    documentation: "Whether an int is not divisible by 2.",
  }),
] as const;
