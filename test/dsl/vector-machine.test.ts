import { describe, expect, it } from "vitest";
import {
  arithmetic,
  type ArithmeticOperation,
  BATCH_PROGRAMS,
  type Column,
  compileGrammar,
  defineLanguage,
  errorScale,
  fn,
  type Grammar,
  interpret,
  elementOf,
  type Language,
  type NumberError,
  numberErrors,
  parseProgram,
  primitive,
  type Program,
  real,
  type Reduction,
  VectorMachine,
} from "../../dsl/index.ts";
import { NumberColumns } from "../../dsl/number-columns.ts";
import { realOperations } from "../../dsl/vector-operations.ts";
import { randomProgram, randomStream } from "./random-programs.ts";

const operations =
  "+ - * / sqrt exp log sin cos tan tanh pow log1p expm1 cbrt floor abs min max square cube neg inverse".split(
    " ",
  ) as ArithmeticOperation[];
const grammar = compileGrammar(arithmetic({ operations, constants: true }), fn({ x: real, y: real }, real));
const protectedGrammar = compileGrammar(
  arithmetic({ operations: ["/", "inverse"], division: "protected" }),
  fn({ x: real, y: real }, real),
);

/** Where kernels change their ways: zeros, subnormals, the ends of exp, of reduction and of the doubles. */
const special = [
  0,
  -0,
  1,
  -1,
  0.5,
  2,
  Math.PI,
  -Math.PI / 2,
  5e-324,
  -2.2250738585072009e-308,
  2.2250738585072014e-308,
  1e-9,
  -7.45e-9,
  707.9,
  708.1,
  709.79,
  -708.4,
  -745.1,
  -746.5,
  99_999.9,
  100_000.1,
  -1_647_100,
  1e22,
  1.7976931348623157e308,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  Number.NaN,
];

/** Columns of ordinary and special values in changing company. */
function inputsOf(caseCount: number, seed: number): number[][] {
  const random = randomStream(seed);
  return [0, 1].map(() =>
    Array.from({ length: caseCount }, () =>
      random() < 0.3
        ? (special[Math.floor(random() * special.length)] as number)
        : (random() - 0.5) * 10 ** Math.floor(random() * 8 - 3),
    ),
  );
}

const programsOf = (count: number, seed: number): Program[] => {
  const random = randomStream(seed);
  return Array.from({ length: count }, () => randomProgram(grammar, random, 1 + Math.floor(random() * 30)));
};

const bitsOf = (column: Column): string =>
  Array.from(column as Float64Array, (value) => (Object.is(value, -0) ? "-0" : String(value))).join();

describe("the vector machine", () => {
  it.each([1, 7, 8, 9, 63, 64, 65, 257, 1000])(
    "gives the bits of the columnar machine, on %i cases in blocks of any size",
    (caseCount) => {
      const inputs = inputsOf(caseCount, caseCount);
      const columnar = new NumberColumns(grammar, inputs, caseCount);
      const machines = [512, 1024, 2048, 4096].map(
        (blockBytes) => new VectorMachine(grammar, inputs, caseCount, { blockBytes }),
      );
      for (const program of programsOf(caseCount < 100 ? 300 : 60, 5)) {
        const expected = bitsOf(columnar.run(program));
        for (const machine of machines) expect(bitsOf(machine.run(program))).toBe(expected);
      }
    },
  );

  it("gives the bits of the reference interpreter", () => {
    const inputs = inputsOf(40, 3);
    const machine = new VectorMachine(grammar, inputs, 40);
    for (const program of programsOf(200, 9)) {
      const column = machine.run(program);
      for (let i = 0; i < 40; i++)
        expect(column[i]).toBe(
          interpret(
            grammar,
            program,
            inputs.map((values) => values[i] as number),
          ),
        );
    }
  });

  it("gives every kernel's bits on special values and dense around the places where it changes", () => {
    const dense = special.flatMap((value) =>
      Array.from({ length: 33 }, (_, k) => value * (1 + (k - 16) * 1e-5) + (k - 16) * 1e-13),
    );
    const all = [...special, ...dense];
    const machine = new VectorMachine(grammar, [all, all.toReversed()], all.length);
    const columnar = new NumberColumns(grammar, [all, all.toReversed()], all.length);
    for (const name of operations) {
      const arity = ["+", "-", "*", "/", "pow", "min", "max"].includes(name) ? 2 : 1;
      const program = parseProgram(grammar, arity === 2 ? `(${name} x y)` : `(${name} x)`);
      expect(`${name} ${bitsOf(machine.run(program))}`).toBe(`${name} ${bitsOf(columnar.run(program))}`);
    }
  });

  it("has a row for each of its operations", () => {
    const used = new Set(
      [grammar, protectedGrammar].flatMap((g) => g.productions.map((p) => p.primitive?.vector)),
    );
    expect(realOperations.filter((name) => !used.has(name))).toEqual([]);
  });

  it("gives the bits of the columnar machine where division is protected", () => {
    const pairs = special.flatMap((x) => special.map((y) => [x, y] as const));
    const inputs = [pairs.map(([x]) => x), pairs.map(([, y]) => y)];
    const machine = new VectorMachine(protectedGrammar, inputs, pairs.length);
    const columnar = new NumberColumns(protectedGrammar, inputs, pairs.length);
    for (const text of ["(/ x y)", "(inverse x)", "(inverse (/ x (inverse y)))"]) {
      const program = parseProgram(protectedGrammar, text);
      expect(bitsOf(machine.run(program))).toBe(bitsOf(columnar.run(program)));
    }
  });

  it("takes no row of another shape than its operation", () => {
    const row = (parameters: readonly (typeof real)[]): Language =>
      defineLanguage({
        name: "odd",
        primitives: [
          primitive("f", parameters, real, (...values: number[]) => values.length, { vector: "add" }),
        ],
      });
    expect(() => row([real, real])).not.toThrow();
    expect(() => row([real])).toThrow(
      'language "odd", primitive "f" must be of type (real, real) → real or (float32, float32) → float32 or (bits, bits) → bits, as the vector operation add is; got (real) → real.',
    );
  });

  it("leaves languages with a row that names no operation to the columnar machine", () => {
    const mixed = defineLanguage({
      name: "mixed",
      primitives: [
        primitive("+", [real, real], real, (a, b) => a + b, { vector: "add" }),
        primitive("half", [real], real, (a) => a / 2),
      ],
    });
    expect(elementOf(compileGrammar(mixed, fn({ x: real }, real)))).toBeUndefined();
    expect(elementOf(grammar)).toBeDefined();
  });

  it("never lets a column that it gave change its inputs", () => {
    const machine = new VectorMachine(
      grammar,
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
      3,
    );
    const x = parseProgram(grammar, "x");
    (machine.run(x) as Float64Array).fill(9);
    expect([...machine.run(x)]).toEqual([1, 2, 3]);
  });
});

/** Lanes by hand: case i in lane i mod 8, then pairs of lanes, of pairs, of fours. */
function reduced(reduction: Reduction, errors: readonly number[]): number {
  const lanes = Array.from({ length: 8 }, () => 0);
  errors.forEach((e, i) => {
    const lane = lanes[i % 8] as number;
    lanes[i % 8] =
      reduction === "sum" ? lane + e : reduction === "squares" ? lane + e * e : Math.max(lane, e);
  });
  let width = lanes;
  while (width.length > 1)
    width = Array.from({ length: width.length / 2 }, (_, k) =>
      reduction === "largest"
        ? Math.max(width[2 * k] as number, width[2 * k + 1] as number)
        : (width[2 * k] as number) + (width[2 * k + 1] as number),
    );
  return width[0] as number;
}

describe("a batch of the vector machine", () => {
  const measurements: readonly (readonly [NumberError, Reduction])[] = [
    ...(["absolute", "relative"] as const).flatMap((error) =>
      (["sum", "squares", "largest"] as const).map((r) => [error, r] as const),
    ),
    ...(["log-cosh", "Huber", "class", "balanced class", "logistic", "hinge"] as const).map(
      (error) => [error, "sum"] as const,
    ),
  ];
  const ofLabels: readonly NumberError[] = ["class", "balanced class", "logistic", "hinge"];

  /** What `of` gives for each place after a measurement. */
  const measuredBy = <T>(
    machine: VectorMachine,
    programs: readonly Program[],
    isShared: boolean,
    of: (place: number) => T,
  ): T[] => {
    const all: T[] = [];
    for (let first = 0; first < programs.length; first += BATCH_PROGRAMS) {
      const part = programs.slice(first, first + BATCH_PROGRAMS);
      part.forEach((program, k) => machine.put(k, program));
      machine.measure(part.length, isShared);
      part.forEach((_, k) => all.push(of(k)));
    }
    return all;
  };
  const errorsBy = (machine: VectorMachine, programs: readonly Program[], isShared: boolean): number[] =>
    measuredBy(machine, programs, isShared, (k) => machine.errors[k] as number);
  const signaturesBy = (machine: VectorMachine, programs: readonly Program[], isShared: boolean): string[] =>
    measuredBy(machine, programs, isShared, (k) => machine.signatures.slice(4 * k, 4 * k + 4).join());

  it.each(measurements)("measures %s errors by %s, as one would by hand", (error, reduction) => {
    for (const caseCount of [1, 5, 8, 13, 64, 300]) {
      const inputs = inputsOf(caseCount, 20 + caseCount);
      const expected = (inputs[0] as number[]).map((x, i) =>
        ofLabels.includes(error) ? (i % 3 === 0 ? 1 : -1) : i % 5 === 0 ? 0 : Number.isFinite(x) ? x : 1,
      );
      const scale = errorScale(error, expected);
      const programs = programsOf(120, 31);
      const machine = new VectorMachine(grammar, inputs, caseCount, {
        measured: { error, reduction, expected },
      });
      const errors = errorsBy(machine, programs, true);
      const errorOf = numberErrors[error];
      programs.forEach((program, k) => {
        const each = Array.from(machine.run(program) as Float64Array, (value, i) =>
          errorOf(value, expected[i] as number, scale[i] as number),
        );
        expect(errors[k]).toBe(reduced(reduction, each));
      });
    }
  });

  it.each([...ofLabels, "log-cosh", "Huber"] as const)(
    "measures %s errors where outcomes are close to what is expected, and where they are special",
    (error) => {
      const x = special.flatMap((value) => [value, value * 1e-3, value + 0.0625, value - 1]);
      const expected = x.map((_, i) => (i % 2 === 0 ? 1 : -1));
      const scale = errorScale(error, expected);
      const machine = new VectorMachine(grammar, [x, x], x.length, {
        measured: { error, reduction: "sum", expected },
      });
      const single = parseProgram(grammar, "x");
      const errors = errorsBy(machine, [single], false);
      const each = x.map((value, i) => numberErrors[error](value, expected[i] as number, scale[i] as number));
      expect(errors[0]).toBe(reduced("sum", each));
      // One case at a time: a sum of all hides most of them behind NaN and infinity.
      x.forEach((value, i) => {
        const one = new VectorMachine(grammar, [[value], [value]], 1, {
          measured: { error, reduction: "sum", expected: [expected[i] as number] },
        });
        expect(errorsBy(one, [single], false)[0]).toBe(
          numberErrors[error](
            value,
            expected[i] as number,
            errorScale(error, [expected[i] as number])[0] as number,
          ) + 0,
        );
      });
    },
  );

  it.each([
    ["without and with sharing", 2048, 2048],
    ["in blocks of 64 and of 512 cases", 512, 4096],
  ])("measures the same %s", (_what, one, two) => {
    const inputs = inputsOf(601, 44);
    const measured = { error: "absolute", reduction: "squares", expected: inputs[1] as number[] } as const;
    const programs = [...programsOf(1500, 50), ...programsOf(700, 50)];
    const results = [
      [one, false],
      [two, true],
    ].map(([blockBytes, isShared]) => [
      errorsBy(
        new VectorMachine(grammar, inputs, 601, { measured, blockBytes: blockBytes as number }),
        programs,
        isShared as boolean,
      ),
      signaturesBy(
        new VectorMachine(grammar, inputs, 601, { blockBytes: blockBytes as number }),
        programs,
        isShared as boolean,
      ),
    ]);
    expect(results[1]).toEqual(results[0]);
  });

  it.each([true, false])(
    "gives up exactly such programs whose error is above their threshold, and changes nothing else (shared: %s)",
    (isShared) => {
      const caseCount = 1000;
      const inputs = inputsOf(caseCount, 90).map((values) =>
        values.map((x) => (Math.abs(x) < 1e3 && Math.abs(x) > 1e-3 ? x : 0.7)),
      );
      // The same programs again and again under other thresholds.
      const programs = Array.from({ length: 4 }, () => programsOf(250, 91)).flat();
      for (const reduction of ["sum", "largest"] as const) {
        const expected = inputs[0] as number[];
        const measured = { error: "absolute", reduction, expected } as const;
        const whole = errorsBy(
          new VectorMachine(grammar, inputs, caseCount, { measured }),
          programs,
          isShared,
        );
        const machine = new VectorMachine(grammar, inputs, caseCount, { measured });
        const random = randomStream(92);
        programs.forEach((_, k) => {
          machine.thresholds[k] = (whole[k] as number) * 2 * random();
        });
        const staged = measuredBy(machine, programs, isShared, (k) =>
          machine.isGivenUp(k) ? null : machine.errors[k],
        );
        let givenUp = 0;
        programs.forEach((_, k) => {
          if (staged[k] === null) {
            expect(whole[k]).toBeGreaterThan(machine.thresholds[k] as number);
            givenUp++;
          } else expect(staged[k]).toBe(whole[k]);
        });
        expect(givenUp).toBeGreaterThan(50);
        expect(givenUp).toBeLessThan(programs.length);
      }
    },
  );

  it("gives a signature to each behaviour: the same for the same column, others for others", () => {
    const inputs = inputsOf(50, 60);
    const machine = new VectorMachine(grammar, inputs, 50);
    const programs = programsOf(4000, 61);
    const signatures = signaturesBy(machine, programs, true);
    const signatureOf = new Map<string, string>();
    const columnOf = new Map<string, string>();
    programs.forEach((program, k) => {
      // −0 and 0 are one behaviour.
      const column = Array.from(machine.run(program), (value) => String(value)).join();
      const signature = signatures[k] as string;
      expect(signatureOf.get(column) ?? signature).toBe(signature);
      expect(columnOf.get(signature) ?? column).toBe(column);
      signatureOf.set(column, signature);
      columnOf.set(signature, column);
    });
    expect(columnOf.size).toBeGreaterThan(1000);
  });

  it("tells columns apart that differ in a bit, in two, or in the order of two cases", () => {
    const caseCount = 64;
    const random = randomStream(70);
    const base = Array.from({ length: caseCount }, () => random() * 100);
    const variants: number[][] = [base];
    const view = new DataView(new ArrayBuffer(8));
    for (let n = 0; n < 8000; n++) {
      const column = [...base];
      // Cases of one lane, one after the other: where a weak hash forgets.
      const at = Math.floor(random() * (caseCount - 24));
      for (let flips = n % 4; flips > 0; flips--) {
        const i = at + 8 * (flips - 1);
        view.setFloat64(0, column[i] as number);
        view.setBigUint64(0, view.getBigUint64(0) ^ (1n << BigInt(Math.floor(random() * 64))));
        column[i] = view.getFloat64(0);
      }
      if (n % 3 === 0) {
        const i = Math.floor(random() * 8);
        [column[i], column[i + 8 * (1 + (n % 7))]] = [
          column[i + 8 * (1 + (n % 7))] as number,
          column[i] as number,
        ];
      }
      variants.push(column);
    }
    const distinct = new Map(variants.map((column) => [column.join(), column]));
    const names = Array.from({ length: 16 }, (_, k) => `v${k}`);
    const wide: Grammar = compileGrammar(
      arithmetic(),
      fn(Object.fromEntries(names.map((name) => [name, real])), real),
    );
    const columns = [...distinct.values()];
    const seen = new Set<string>();
    for (let first = 0; first < columns.length; first += 16) {
      const part = columns.slice(first, first + 16);
      const machine = new VectorMachine(
        wide,
        names.map((_, k) => part[k] ?? base),
        caseCount,
      );
      part.forEach((_, k) => machine.put(k, parseProgram(wide, `v${k}`)));
      machine.measure(part.length, false);
      part.forEach((_, k) => seen.add(machine.signatures.slice(4 * k, 4 * k + 4).join()));
    }
    expect(seen.size).toBe(columns.length);
  });

  it("refuses a program that would reach into the next one's place", () => {
    const machine = new VectorMachine(grammar, [[1], [2]], 1, { maximumSize: 5 });
    const long = parseProgram(grammar, `${"(neg ".repeat(60)}x${")".repeat(60)}`);
    expect(() => machine.put(0, long)).toThrow(
      /must have at most \d+ tokens .* got 61 and 0\. Raise maximumSize/,
    );
  });

  it("measures a batch of a thousand large programs, whatever it has to split", () => {
    const inputs = inputsOf(9, 80);
    const machine = new VectorMachine(grammar, inputs, 9, {
      measured: { error: "absolute", reduction: "sum", expected: inputs[0] as number[] },
    });
    const random = randomStream(81);
    const programs = Array.from({ length: BATCH_PROGRAMS }, () => randomProgram(grammar, random, 180));
    expect(errorsBy(machine, programs, true)).toEqual(errorsBy(machine, programs, false));
  });
});
