import type { DoubleDoubles } from "./double-double.ts";
import { setFixed } from "./fixed-point.ts";

/** Numbers whose low doubles are no full ones, or that are no doubles at all, are refused. */
const SMALLEST_EXPONENT = -290;
const LARGEST_EXPONENT = 300;

/** The sizes that `setDecimal` can write, for messages. */
export const decimalRule = `0 or of a size from 1e${SMALLEST_EXPONENT} to below 1e${LARGEST_EXPONENT}`;

/** 10^n for a whole n ≥ 0. */
const powerOfTen = (n: number): bigint => BigInt(`1${"0".repeat(n)}`);

/**
 * Writes a decimal number such as 0.1 or 6.02e23 as a pair, to 1e−32 of it rather than as the double that is nearest.
 * @returns false where its size is not one of `decimalRule`
 */
export function setDecimal(numbers: DoubleDoubles, out: number, text: string): boolean {
  const [mantissa, exponent = "0"] = text.toLowerCase().split("e") as [string, string?];
  const [whole, fraction = ""] = mantissa.split(".") as [string, string?];
  const digits = BigInt(`0${whole}${fraction}`);
  if (digits === 0n) {
    numbers.set(out, 0);
    return true;
  }
  // The decimal exponent of the first digit.
  const size = digits.toString().length - 1 - fraction.length + Number(exponent);
  if (!(size >= SMALLEST_EXPONENT && size < LARGEST_EXPONENT)) return false;
  const scale = Number(exponent) - fraction.length;
  // So many bits that the quotient has 200.
  const bits = 200 + Math.ceil(Math.max(0, -size) * 3.33);
  const value =
    scale < 0 ? (digits << BigInt(bits)) / powerOfTen(-scale) : (digits * powerOfTen(scale)) << BigInt(bits);
  setFixed(numbers, out, value, bits);
  return true;
}
