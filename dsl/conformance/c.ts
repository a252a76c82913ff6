import { cNumber, cType } from "../export-c.ts";
import { commentText } from "../expression-text.ts";
import type { Grammar } from "../grammar.ts";
import { real, type TypeShape } from "../type.ts";
import type { Value } from "../value.ts";
import type { Fixture } from "./fixtures.ts";

const literal = (value: Value, type: TypeShape): string =>
  typeof value === "boolean" ? String(value) : cNumber(value as number, type);

/** A test of an exported C file that lies beside it: a program whose exit code is not 0 on a difference. */
export function cConformance(
  grammar: Grammar,
  {
    name,
    file,
    testFile,
    fixtures,
  }: { name: string; file: string; testFile: string; fixtures: readonly Fixture[] },
): string {
  const { argumentTypes } = grammar.signature;
  const rows = fixtures.map(({ inputs, outcome, tolerance }) => {
    const values = inputs.map((input, a) => literal(input, argumentTypes[a] as TypeShape));
    return `  {${[...values, cNumber(Number(outcome), real), cNumber(tolerance, real)].join(", ")}},`;
  });
  const program = testFile.replace(/\.c$/, "");
  const fields = argumentTypes.map((type, a) => `  ${cType(type)} input${a};`);
  return `/*
 * Holds ${commentText(file)} against what Illume computes: ${fixtures.length} inputs.
 * Run: cc -std=c99 -O2 -ffp-contract=off -o ${commentText(program)} ${commentText(testFile)} -lm && ./${commentText(program)}
 */

#include <stdio.h>
#include "${file}"

struct fixture {
${[...fields, "  double expected;", "  /* How far the result may be from it; 0 asks for the same bits. */", "  double tolerance;"].join("\n")}
};

/* Read when the program runs, so that no compiler computes the results. */
static volatile struct fixture fixtures[] = {
${rows.join("\n")}
};

static int is_same(double actual, double expected, double tolerance) {
  if (actual != actual || expected != expected) return actual != actual && expected != expected;
  if (tolerance == 0.0) return actual == expected && !signbit(actual) == !signbit(expected);
  return fabs(actual - expected) <= tolerance;
}

int main(void) {
  const int count = (int)(sizeof fixtures / sizeof fixtures[0]);
  int failures = 0;
  for (int i = 0; i < count; i++) {
    const double actual = (double)${name}(${argumentTypes.map((_, a) => `fixtures[i].input${a}`).join(", ")});
    const double expected = fixtures[i].expected;
    if (is_same(actual, expected, fixtures[i].tolerance)) continue;
    failures++;
    printf("input %d of %d: %.17g, expected %.17g\\n", i + 1, count, actual, expected);
  }
  printf("%d of %d inputs give what Illume computes\\n", count - failures, count);
  return failures == 0 ? 0 : 1;
}
`;
}
