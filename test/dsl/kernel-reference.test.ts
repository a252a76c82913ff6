import { expect, test } from "vitest";
import type { Kernels } from "../../dsl/index.ts";
import { type Big, errorInUlps, reference } from "./kernel-reference.ts";

/** The first 45 digits after the point of a positive number below ten. */
const digitsOf = ({ mantissa, exponent }: Big): string =>
  ((mantissa * 10n ** 45n) >> BigInt(-exponent)).toString().padStart(46, "0");

test.each<[keyof Kernels, number, number, string]>([
  ["exp", 1, 0, "2.718281828459045235360287471352662497757247093"],
  ["exp2", 0.5, 0, "1.414213562373095048801688724209698078569671875"],
  ["expm1", 0.5, 0, "0.648721270700128146848650787814163571653776100"],
  ["log", 2, 0, "0.693147180559945309417232121458176568075500134"],
  ["log", 10, 0, "2.302585092994045684017991454684364207601101488"],
  ["log1p", 0.5, 0, "0.405465108108164381978013115464349136571990423"],
  ["log2", 3, 0, "1.584962500721156181453738943947816508759814407"],
  ["log10", 3, 0, "0.477121254719662437295027903255115309200128864"],
  ["pow", 2, 0.5, "1.414213562373095048801688724209698078569671875"],
  ["cbrt", 2, 0, "1.259921049894873164767210607278228350570251464"],
  ["sin", 1, 0, "0.841470984807896506652502321630298999622563060"],
  ["cos", 1, 0, "0.540302305868139717400936607442976603732310420"],
  ["tan", 1, 0, "1.557407724654902230506974807458360173087250772"],
  ["tanh", 1, 0, "0.761594155955764888119458282604793590412768597"],
])("the reference's %s(%d, %d) has the digits that are in the books", (name, x, y, digits) => {
  expect(digitsOf(reference[name](x, y))).toBe(digits.replace(".", ""));
});

test.each<[keyof Kernels, bigint]>([
  // 2^50 times the function at 2^-50.
  ["expm1", 1_000_000_000_000_000_444_089_209_850_062_747n],
  ["log1p", 999_999_999_999_999_555_910_790_149_937_646n],
  ["tanh", 999_999_999_999_999_999_999_999_999_999_737n],
])("the reference's %s is right for small arguments", (name, expected) => {
  const { mantissa, exponent } = reference[name](2 ** -50, 0);
  expect((mantissa * 10n ** 33n) >> BigInt(-exponent - 50)).toBe(expected);
});

test("an error is counted in units of the last place", () => {
  const three = { mantissa: 3n, exponent: -1 };
  expect(errorInUlps(1.5, three)).toBe(0);
  expect(errorInUlps(1.5 + 2 ** -52, three)).toBe(1);
  expect(errorInUlps(1.5 - 2 ** -51, three)).toBe(2);
  expect(errorInUlps(1e-323, { mantissa: 3n, exponent: -1075 })).toBe(0.5);
  expect(errorInUlps(Number.POSITIVE_INFINITY, { mantissa: 1n, exponent: 1025 })).toBe(0);
  expect(errorInUlps(Number.NaN, three)).toBe(Number.POSITIVE_INFINITY);
});
