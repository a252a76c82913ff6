import { expect, it } from "vitest";
import { findCompiler, startCBaselines } from "../../bench/c-baseline.ts";
import { arithmetic, compileGrammar, fn, parseProgram, real, VectorMachine } from "../../dsl/index.ts";

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
];
const inputs = [
  [...numbers, ...numbers.map((x) => -x), Number.NaN],
  [...numbers, ...numbers.map((x) => -x), Number.NaN].toReversed(),
];
const points = inputs[0]?.length ?? 0;
const grammar = compileGrammar(
  arithmetic({ operations: ["+", "-", "*", "/", "exp", "log", "sin", "cos", "sqrt"], constants: true }),
  fn({ x: real, y: real }, real),
);
const operators = ["+", "-", "*", "/"];
const programs = [
  "x",
  "2.5",
  "(let ((a (exp x))) (- (* a y) (/ a (+ a 3))))",
  ...["exp", "log", "sin", "cos", "sqrt"].flatMap((name) => [`(${name} x)`, `(${name} (* x y))`]),
  ...operators.flatMap((outer) =>
    operators.flatMap((inner) => [`(${outer} (${inner} x y) 0.1)`, `(${outer} y (${inner} 0.1 x))`]),
  ),
].map((source) => parseProgram(grammar, source));

it.skipIf(findCompiler() === undefined)(
  "the interpreter in C gives the bits of the vector machine, for rare arguments too",
  { timeout: 120_000 },
  async () => {
    const machine = new VectorMachine(grammar, inputs, points);
    const columns = programs.map((program) => Float64Array.from(machine.run(program) as Float64Array));
    const baselines = startCBaselines("double", grammar, inputs, points, programs);
    expect(baselines.length).toBeGreaterThan(0);
    for (const baseline of baselines) {
      await baseline.check(programs.length, points, (k) => columns[k] as Float64Array);
      const off = columns.map((column) => column.with(3, 1 + (column[3] as number)));
      await expect(baseline.check(programs.length, points, (k) => off[k] as Float64Array)).rejects.toThrow(
        "program 0 at point 3",
      );
      baseline.close();
    }
  },
);
