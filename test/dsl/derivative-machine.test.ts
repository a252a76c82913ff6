import { describe, expect, it } from "vitest";
import {
  arithmetic,
  type ArithmeticOperation,
  compileGrammar,
  DerivativeMachine,
  defineLanguage,
  DoubleDoubleMachine,
  float32,
  fn,
  type Grammar,
  kernels,
  lists,
  list,
  parseProgram,
  primitive,
  printProgram,
  type Production,
  type Program,
  real,
  VectorMachine,
} from "../../dsl/index.ts";
import { realOperations, vectorArity, type VectorOperation } from "../../dsl/vector-operations.ts";
import { randomProgram, randomStream } from "./random-programs.ts";

const operations =
  "+ - * / sqrt exp log sin cos tan tanh pow log1p expm1 cbrt floor abs min max square cube neg inverse".split(
    " ",
  ) as ArithmeticOperation[];
const grammar = compileGrammar(arithmetic({ operations, constants: true }), fn({ x: real, y: real }, real));

/** A value, its derivatives, and the sums of the sizes of the terms that make them up. */
interface Dual {
  readonly value: number;
  readonly derivatives: readonly number[];
  readonly sizes: readonly number[];
}

const constant = (value: number, count: number, of = -1): Dual => {
  const derivatives = Array.from({ length: count }, (_, k) => (k === of ? 1 : 0));
  return { value, derivatives, sizes: derivatives };
};

/** f(a, b, …) with the derivatives of f given for each operand; an operand that is not differentiated does not count. */
const chain = (value: number, ...terms: readonly (readonly [Dual, () => number])[]): Dual => {
  const count = (terms[0] as readonly [Dual, () => number])[0].derivatives.length;
  const derivatives = new Array<number>(count).fill(0);
  const sizes = new Array<number>(count).fill(0);
  for (const [dual, partial] of terms) {
    if (dual.sizes.every((size) => size === 0)) continue;
    const factor = partial();
    for (let k = 0; k < count; k++) {
      if (dual.sizes[k] === 0) continue;
      derivatives[k] = (derivatives[k] as number) + factor * (dual.derivatives[k] as number);
      sizes[k] = (sizes[k] as number) + Math.abs(factor) * (dual.sizes[k] as number);
    }
  }
  return { value, derivatives, sizes };
};

/** Forward accumulation, one case at a time. */
const meanings: Readonly<Record<string, (a: Dual, b: Dual) => Dual>> = {
  "+": (a, b) => chain(a.value + b.value, [a, () => 1], [b, () => 1]),
  "-": (a, b) => chain(a.value - b.value, [a, () => 1], [b, () => -1]),
  "*": (a, b) => chain(a.value * b.value, [a, () => b.value], [b, () => a.value]),
  "/": (a, b) => chain(a.value / b.value, [a, () => 1 / b.value], [b, () => -a.value / b.value / b.value]),
  sqrt: (a) => chain(Math.sqrt(a.value), [a, () => 0.5 / Math.sqrt(a.value)]),
  exp: (a) => chain(kernels.exp(a.value), [a, () => kernels.exp(a.value)]),
  log: (a) => chain(kernels.log(a.value), [a, () => 1 / a.value]),
  sin: (a) => chain(kernels.sin(a.value), [a, () => kernels.cos(a.value)]),
  cos: (a) => chain(kernels.cos(a.value), [a, () => -kernels.sin(a.value)]),
  tan: (a) => chain(kernels.tan(a.value), [a, () => 1 + kernels.tan(a.value) ** 2]),
  tanh: (a) =>
    chain(kernels.tanh(a.value), [a, () => (1 - kernels.tanh(a.value)) * (1 + kernels.tanh(a.value))]),
  pow: (a, b) =>
    chain(
      kernels.pow(a.value, b.value),
      [a, () => b.value * kernels.pow(a.value, b.value - 1)],
      [b, () => (a.value === 0 ? 0 : kernels.pow(a.value, b.value) * kernels.log(a.value))],
    ),
  log1p: (a) => chain(kernels.log1p(a.value), [a, () => 1 / (1 + a.value)]),
  expm1: (a) => chain(kernels.expm1(a.value), [a, () => kernels.exp(a.value)]),
  cbrt: (a) => chain(kernels.cbrt(a.value), [a, () => 1 / (3 * kernels.cbrt(a.value) ** 2)]),
  floor: (a) => constant(Math.floor(a.value), a.derivatives.length),
  abs: (a) => chain(Math.abs(a.value), [a, () => Math.sign(a.value)]),
  min: (a, b) => (a.value < b.value ? a : b.value < a.value ? b : corner(a, Math.min(a.value, b.value))),
  max: (a, b) => (a.value > b.value ? a : b.value > a.value ? b : corner(a, Math.max(a.value, b.value))),
  square: (a) => chain(a.value * a.value, [a, () => 2 * a.value]),
  cube: (a) => chain(a.value * a.value * a.value, [a, () => 3 * a.value * a.value]),
  neg: (a) => chain(-a.value, [a, () => -1]),
  inverse: (a) => chain(1 / a.value, [a, () => -1 / a.value / a.value]),
};
/** No derivative, or several. */
const corner = (a: Dual, value: number): Dual => ({
  value,
  derivatives: a.derivatives.map(() => Number.NaN),
  sizes: a.sizes.map(() => Number.NaN),
});

function forward({ tokens, constants }: Program, inputs: readonly number[]): Dual {
  const stack: Dual[] = [];
  const at: Dual[] = [];
  let used = 0;
  for (const token of tokens) {
    let dual: Dual;
    if (token < 0) dual = at[-1 - token] as Dual;
    else {
      const production = grammar.productions[token] as Production;
      const count = constants.length;
      if (production.kind === "argument") dual = constant(inputs[production.index] as number, count);
      else if (production.kind === "constant") dual = constant(constants[used] as number, count, used++);
      else if (production.kind === "literal") dual = constant(Number(production.value), count);
      else {
        const args = stack.splice(-production.children.length);
        dual = (meanings[production.primitive?.name as string] as (...duals: Dual[]) => Dual)(...args);
      }
    }
    at.push(dual);
    stack.push(dual);
  }
  return stack[0] as Dual;
}

const inputsOf = (caseCount: number, seed: number): number[][] => {
  const random = randomStream(seed);
  return [0, 1].map(() => Array.from({ length: caseCount }, () => random() * 6 - 3));
};

/** Random programs with at least a constant. */
const programsOf = (count: number, seed: number): Program[] => {
  const random = randomStream(seed);
  const programs: Program[] = [];
  while (programs.length < count) {
    const program = randomProgram(grammar, random, 1 + Math.floor(random() * 30));
    if (program.constants.length > 0) programs.push(program);
  }
  return programs;
};

const bitsOf = (values: Iterable<number>): string =>
  Array.from(values, (value) => (Object.is(value, -0) ? "-0" : String(value))).join();

/** Lanes by hand: case i in lane i mod 8, then pairs of lanes, of pairs, of fours. */
function sumOfProducts(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const lanes = new Array<number>(8).fill(0);
  for (let i = 0; i < a.length; i++)
    lanes[i % 8] = (lanes[i % 8] as number) + (a[i] as number) * (b[i] as number);
  const [p, q, r, s, t, u, v, w] = lanes as [number, number, number, number, number, number, number, number];
  return p + q + (r + s) + (t + u + (v + w));
}

describe("the derivative machine", () => {
  it("agrees with forward accumulation on random programs with shared terms, to rounding", () => {
    const caseCount = 21;
    const inputs = inputsOf(caseCount, 1);
    const machine = new DerivativeMachine(grammar, inputs, new Array<number>(caseCount).fill(0));
    let compared = 0;
    let undefinedCount = 0;
    for (const { tokens, constants } of programsOf(1500, 2)) {
      const program = {
        tokens,
        constants: constants.map((c) => (Math.abs(c) < 1e3 && Math.abs(c) > 1e-3 ? c : 0.7)),
      };
      machine.prepare(program);
      const { derivatives } = machine.jacobian(program.constants);
      for (let i = 0; i < caseCount; i++) {
        const dual = forward(
          program,
          inputs.map((values) => values[i] as number),
        );
        derivatives.forEach((column, k) => {
          const size = dual.sizes[k] as number;
          // Where sizes run out of the doubles, the order of the factors decides.
          if (!(size < 1e100) || (size !== 0 && size < 1e-100)) return;
          // From the root down, an infinite derivative may meet the 0 that forward accumulation leaves out.
          if (!Number.isFinite(column[i])) {
            undefinedCount++;
            return;
          }
          compared++;
          const difference = Math.abs((column[i] as number) - (dual.derivatives[k] as number));
          if (!(difference <= 1e-13 * size + 1e-100))
            expect([printProgram(grammar, program), dual.sizes, k, i, column[i]]).toEqual([
              printProgram(grammar, program),
              dual.sizes,
              k,
              i,
              dual.derivatives[k],
            ]);
        });
      }
    }
    expect(compared).toBeGreaterThan(25_000);
    expect(undefinedCount / compared).toBeLessThan(0.02);
  });

  it("has the derivative of every operation of the vector machine, as differences in double-double have it", () => {
    const names: readonly VectorOperation[] = [...realOperations, "square", "cube", "inverse"];
    const every = compileGrammar(
      defineLanguage({
        name: "every",
        primitives: names.map((name) =>
          primitive(
            name,
            new Array<typeof real>(vectorArity(name)).fill(real),
            real,
            // The machines run the vector operation.
            () => Number.NaN,
            { vector: name },
          ),
        ),
        constants: [real],
      }),
      fn({ x: real, y: real }, real),
    );
    const xs = [0.3, 0.45, 0.61, 0.77, 0.9, 1.13];
    const ys = [1.7, 0.2, 2.3, 0.4, 1.2, 0.6];
    const exact = new DoubleDoubleMachine(every, [xs, ys], xs.length);
    const machine = new DerivativeMachine(every, [xs, ys], new Array<number>(xs.length).fill(0));
    const step = 2 ** -30;
    for (const name of names) {
      const first = "(add x 0.125)";
      const second = vectorArity(name) === 2 ? "(multiply 1.25 y)" : "";
      const program = parseProgram(every, `(add (${name} ${first} ${second}) (multiply 0.5 x))`);
      machine.prepare(program);
      const { derivatives } = machine.jacobian(program.constants);
      derivatives.forEach((column, k) => {
        const at = (sign: number): { high: Float64Array; low: Float64Array } => {
          const constants = program.constants.slice();
          constants[k] = (constants[k] as number) + sign * step;
          const { high, low } = exact.run({ tokens: program.tokens, constants });
          return { high: high.slice(), low: low.slice() };
        };
        const above = at(1);
        const below = at(-1);
        xs.forEach((_, i) => {
          const difference =
            (above.high[i] as number) -
            (below.high[i] as number) +
            ((above.low[i] as number) - (below.low[i] as number));
          const slope = difference / (2 * step);
          expect(Math.abs((column[i] as number) - slope), `${name}, constant ${k}, case ${i}`).toBeLessThan(
            1e-13 * (1 + Math.abs(slope)),
          );
        });
      });
    }
  });

  it.each([1, 7, 8, 9, 64, 65, 257, 600])(
    "gives the column of the vector machine, and sums in eight lanes, on %i cases in blocks of any size",
    (caseCount) => {
      const inputs = inputsOf(caseCount, caseCount);
      const random = randomStream(caseCount + 1);
      const expected = Array.from({ length: caseCount }, () => random() * 4 - 2);
      const weights = Array.from({ length: caseCount }, () => random());
      const vector = new VectorMachine(grammar, inputs, caseCount);
      for (const weighted of [false, true]) {
        const machines = [512, 1024, 2048, 4096].map(
          (blockBytes) =>
            new DerivativeMachine(grammar, inputs, expected, {
              blockBytes,
              ...(weighted ? { weights } : {}),
            }),
        );
        for (const program of programsOf(60, 5)) {
          const column = bitsOf(vector.run(program) as Float64Array);
          const seen = machines.map((machine) => {
            machine.prepare(program);
            const jacobian = machine.jacobian(program.constants);
            expect(bitsOf(jacobian.column)).toBe(column);
            const residuals = jacobian.column.map((value, i) => {
              const residual = value - (expected[i] as number);
              return weighted ? residual * (weights[i] as number) : residual;
            });
            expect(bitsOf(jacobian.residuals)).toBe(bitsOf(residuals));
            const derivatives = jacobian.derivatives.map((d) => d.slice());
            expect(bitsOf(machine.residuals(program.constants))).toBe(bitsOf(residuals));
            const byHand = [
              sumOfProducts(residuals, residuals),
              ...derivatives.map((d) => sumOfProducts(residuals, d)),
              ...derivatives.flatMap((d, j) => derivatives.slice(j).map((e) => sumOfProducts(d, e))),
            ];
            const { sumOfSquares, gradient, matrix } = machine.normalEquations(program.constants);
            const given = bitsOf([sumOfSquares, ...gradient, ...matrix]);
            expect(given).toBe(bitsOf(byHand));
            expect(machine.sumOfSquares(program.constants)).toBe(byHand[0]);
            return given + derivatives.map((d) => bitsOf(d)).join();
          });
          expect(new Set(seen).size).toBe(1);
        }
      }
    },
  );

  it("runs a prepared program with any constants, as if they were its own", () => {
    const caseCount = 50;
    const inputs = inputsOf(caseCount, 3);
    const machine = new DerivativeMachine(grammar, inputs, inputs[0] as number[]);
    const vector = new VectorMachine(grammar, inputs, caseCount);
    const random = randomStream(4);
    for (const program of programsOf(50, 6)) {
      machine.prepare(program);
      const first = bitsOf(machine.normalEquations(program.constants).matrix);
      for (let n = 0; n < 3; n++) {
        // Equal constants remain two.
        const constants = program.constants.map(() => (n === 2 ? 1 : random() * 4));
        const { column } = machine.jacobian(constants);
        expect(bitsOf(column)).toBe(
          bitsOf(vector.run({ tokens: program.tokens, constants }) as Float64Array),
        );
      }
      expect(bitsOf(machine.normalEquations(program.constants).matrix)).toBe(first);
    }
  });

  const derivativesOf = (text: string, xs: number[], language: Grammar = grammar): number[][] => {
    const machine = new DerivativeMachine(language, [xs, xs], xs);
    const program = parseProgram(language, text);
    machine.prepare(program);
    return machine.jacobian(program.constants).derivatives.map((d) => [...d]);
  };

  it("adds up what a shared constant does, and knows none of literals and arguments", () => {
    expect(derivativesOf("(let ((a (* 3.5 x))) (* a a))", [1, 2])).toEqual([[7, 28]]);
    expect(derivativesOf("x", [1, 2])).toEqual([]);
    expect(derivativesOf("2.5", [1, 2])).toEqual([[1, 1]]);
    expect(derivativesOf("(+ 1.5 2.5)", [1])).toEqual([[1], [1]]);
    expect(derivativesOf("(- x (- x 2.5))", [1])).toEqual([[1]]);
  });

  it("has one-sided derivatives where functions have corners, and NaN where there is no value", () => {
    const xs = [-1, 0, 1, Number.NaN];
    expect(derivativesOf("(abs (* 2.5 x))", xs)).toEqual([[-1, 0, 1, Number.NaN].map(Math.abs)]);
    expect(derivativesOf("(max (+ x 0.5) (* x 1.5))", [0, 2, 1])).toEqual([
      [1, 0, 1],
      [0, 2, 0],
    ]);
    expect(derivativesOf("(min (+ x 0.5) x)", [0, Number.NaN])).toEqual([[0, Number.NaN]]);
    // Where the maximum is the other one, nothing of an infinite derivative comes through.
    expect(derivativesOf("(sqrt (max (- x 2.5) 0.5))", [0])[0]).toEqual([-0]);
    expect(derivativesOf("(sqrt (max (- x 2.5) (- y y)))", [0])).toEqual([[-0]]);
    expect(derivativesOf("(pow x 2.5)", [0, 1, -1])).toEqual([[0, 0, Number.NaN]]);
  });

  it("has no slope where protected division gives one, and keeps small derivatives whole", () => {
    const safe = compileGrammar(
      arithmetic({ operations: ["+", "*", "/", "inverse"], division: "protected", constants: true }),
      fn({ x: real, y: real }, real),
    );
    expect(derivativesOf("(/ 2.5 x)", [2, 0, -4], safe)).toEqual([[0.5, 0, -0.25]]);
    expect(derivativesOf("(/ 3.5 (* 0.5 x))", [2, 0, -4, Number.NaN], safe)).toEqual([
      [1, 0, -0.5, Number.NaN],
      [-7, -0, 3.5, Number.NaN],
    ]);
    expect(derivativesOf("(inverse (* 0.5 x))", [2, 0, -4, Number.NaN], safe)).toEqual([
      [-2, -0, 1, Number.NaN],
    ]);
    expect(derivativesOf("(expm1 (+ x 0.5))", [-100])).toEqual([[kernels.exp(-99.5)]]);
    expect(derivativesOf("(floor (+ x 0.5))", [1, 2])).toEqual([[0, 0]]);
  });

  it("gives Gauss–Newton steps that find the constants of a model", () => {
    const xs = Array.from({ length: 100 }, (_, i) => i / 25);
    const expected = xs.map((x) => 1.5 * kernels.sin(0.75 * x + 0.25));
    const machine = new DerivativeMachine(grammar, [xs, xs], expected);
    const program = parseProgram(grammar, "(* 1.25 (sin (+ (* 0.875 x) 0.125)))");
    machine.prepare(program);
    const constants = [...program.constants];
    for (let n = 0; n < 12; n++) {
      const { gradient, matrix } = machine.normalEquations(constants);
      solve(matrix, gradient).forEach((step, k) => {
        constants[k] = (constants[k] as number) - step;
      });
    }
    expect(machine.sumOfSquares(constants)).toBeLessThan(1e-28);
    [1.5, 0.75, 0.25].forEach((value, k) => expect(constants[k]).toBeCloseTo(value, 12));
  });

  it("refuses what does not fit into its memory", () => {
    const column = Array.from({ length: 600_000 }, (_, i) => i);
    expect(() => new DerivativeMachine(grammar, [column, column], column, { maximumConstants: 700 })).toThrow(
      "The vector machine must hold its columns in 2 GiB; got 600000 cases in",
    );
  });

  it("says what is wrong", () => {
    const machine = new DerivativeMachine(grammar, [[1], [2]], [3], { maximumConstants: 2 });
    expect(() => machine.sumOfSquares([])).toThrow("No program is ready. Call prepare first.");
    expect(() => machine.prepare(parseProgram(grammar, "(+ 1.5 (+ 2.5 3.5))"))).toThrow(
      "The program must have at most 2 constants; got 3. Raise maximumConstants.",
    );
    machine.prepare(parseProgram(grammar, "(+ 1.5 2.5)"));
    expect(() => machine.sumOfSquares([1])).toThrow("The program has 2 constants; got 1.");
    const other: Grammar = compileGrammar(lists(), fn({ x: list(real) }, list(real)));
    const singles: Grammar = compileGrammar(arithmetic({ precision: "f32" }), fn({ x: float32 }, float32));
    for (const grammar of [other, singles])
      expect(() => new DerivativeMachine(grammar, [[1]], [1])).toThrow(
        "The grammar must be one of reals whose rows all have a vector operation. Use rows of the arithmetic language.",
      );
  });

  it("differentiates the largest programs", () => {
    const tower = (depth: number): string =>
      depth === 0 ? "(* 0.5 x)" : `(pow (+ 1.5 y) ${tower(depth - 1)})`;
    const inputs = [
      [0.25, 0.5],
      [0.125, 0.25],
    ];
    const machine = new DerivativeMachine(grammar, inputs, [0, 0], { maximumConstants: 256 });
    const program = parseProgram(grammar, tower(250));
    expect(program.tokens.length).toBeGreaterThan(1000);
    machine.prepare(program);
    const { column, derivatives } = machine.jacobian(program.constants);
    const dual = forward(program, [0.25, 0.125]);
    expect(column[0]).toBe(dual.value);
    expect(derivatives[0]?.[0]).toBeCloseTo(dual.derivatives[0] as number, 8);
  });
});

/** Solves A x = b for a symmetric A given by its upper triangle, by elimination. */
function solve(triangle: ArrayLike<number>, b: ArrayLike<number>): number[] {
  const n = b.length;
  const rows = Array.from({ length: n }, (_, j) =>
    Array.from({ length: n + 1 }, (_unused, k) => {
      if (k === n) return b[j] as number;
      const [low, high] = j < k ? [j, k] : [k, j];
      return triangle[low * n - (low * (low - 1)) / 2 + high - low] as number;
    }),
  );
  for (let j = 0; j < n; j++)
    for (let i = 0; i < n; i++) {
      if (i === j) continue;
      const factor = (rows[i]?.[j] as number) / (rows[j]?.[j] as number);
      for (let k = j; k <= n; k++)
        (rows[i] as number[])[k] = (rows[i]?.[k] as number) - factor * (rows[j]?.[k] as number);
    }
  return rows.map((row, j) => (row[n] as number) / (row[j] as number));
}
