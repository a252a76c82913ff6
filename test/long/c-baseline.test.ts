import { expect, it } from "vitest";
import { findCompiler, startCBaselines } from "../../bench/c-baseline.ts";
import {
  arithmetic,
  compileGrammar,
  float32,
  fn,
  nearestValue,
  parseProgram,
  real,
  VectorMachine,
} from "../../dsl/index.ts";

const numbers = [
  0,
  1,
  0.5,
  3.25,
  100,
  700.5,
  708.1,
  709.7,
  709.9,
  710,
  744.9,
  746,
  99_999.9,
  1e5,
  123_456.789,
  1_647_098,
  1_647_100,
  2 ** 53 + 2,
  6.4e22,
  1.7e308,
  Infinity,
  2.2250738585072014e-308,
  1.3e-308,
  4e-320,
  5e-324,
  1e-20,
  Math.PI,
  // Singles where results overflow or are subnormal.
  88.7,
  88.75,
  103.9,
  3.4e38,
  1.2e-38,
  1e-40,
  1e-45,
];
const all = [...numbers, ...numbers.map((x) => -x), Number.NaN];
const points = all.length;
const operators = ["+", "-", "*", "/"];
const sources = [
  "x",
  "2.5",
  "(let ((a (exp x))) (- (* a y) (/ a (+ a 3))))",
  ...["exp", "log", "sin", "cos", "sqrt"].flatMap((name) => [`(${name} x)`, `(${name} (* x y))`]),
  ...operators.flatMap((outer) =>
    operators.flatMap((inner) => [`(${outer} (${inner} x y) 0.1)`, `(${outer} y (${inner} 0.1 x))`]),
  ),
];

const languages = [
  { cElement: "double", precision: "f64", number: real },
  { cElement: "float", precision: "f32", number: float32 },
] as const;

it.skipIf(findCompiler() === undefined).for(languages)(
  "the interpreter in C gives the bits of the vector machine, for rare arguments too: $cElement",
  { timeout: 120_000 },
  async ({ cElement, precision, number }) => {
    const operations = ["+", "-", "*", "/", "exp", "log", "sin", "cos", "sqrt"] as const;
    const grammar = compileGrammar(
      arithmetic({ precision, operations, constants: true }),
      fn({ x: number, y: number }, number),
    );
    const column = all.map((x) => nearestValue(number, x));
    const inputs = [column, column.toReversed()];
    const programs = sources.map((source) => parseProgram(grammar, source));
    const machine = new VectorMachine(grammar, inputs, points);
    const columns = programs.map((program) => Float64Array.from(machine.run(program) as Float64Array));
    const baselines = startCBaselines(cElement, grammar, inputs, points, programs);
    expect(baselines.length).toBeGreaterThan(0);
    for (const baseline of baselines) {
      await baseline.check(programs.length, points, (k) => columns[k] as Float64Array);
      const off = columns.map((values) => values.with(3, 1 + (values[3] as number)));
      await expect(baseline.check(programs.length, points, (k) => off[k] as Float64Array)).rejects.toThrow(
        "program 0 at point 3",
      );
      baseline.close();
    }
  },
);
