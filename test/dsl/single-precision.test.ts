import { describe, expect, it } from "vitest";
import {
  arithmetic,
  type Column,
  compileGrammar,
  createMachine,
  defineLanguage,
  type ErrorReduction,
  float32,
  fn,
  InputError,
  interpret,
  isValueOf,
  nearestValue,
  parseProgram,
  primitive,
  type Program,
  list,
  pair,
  real,
  type Reduction,
  VectorMachine,
} from "../../dsl/index.ts";
import { NumberColumns } from "../../dsl/number-columns.ts";
import { randomProgram, randomStream } from "./random-programs.ts";
import { grammars } from "./rows.ts";

const { language } = grammars["single arithmetic"];
const grammar = compileGrammar(language, fn({ x: float32, y: float32 }, float32));

/** Where singles and kernels change their ways: zeros, subnormals, ties, the ends of exp, of reduction and of the singles. */
const special = [
  0,
  -0,
  1,
  -1,
  0.5,
  Math.PI,
  -Math.PI / 2,
  2 ** -149,
  -(2 ** -127),
  2 ** -126,
  1e-9,
  88.72,
  88.73,
  -87.34,
  -103.9,
  -104.1,
  16_777_215,
  16_777_216,
  1 + 2 ** -23,
  1 - 2 ** -24,
  99_999.9,
  -1_647_100,
  1e22,
  3.4028234663852886e38,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  Number.NaN,
].map(Math.fround);

/** Columns of ordinary and special values in changing company. */
function inputsOf(caseCount: number, seed: number): number[][] {
  const random = randomStream(seed);
  return [0, 1].map(() =>
    Array.from({ length: caseCount }, () =>
      random() < 0.3
        ? (special[Math.floor(random() * special.length)] as number)
        : Math.fround((random() - 0.5) * 10 ** Math.floor(random() * 8 - 3)),
    ),
  );
}

/** Columns without the values that make most results no numbers. */
const ordinary = (inputs: readonly (readonly number[])[]): number[][] =>
  inputs.map((values) => values.map((x) => (Math.abs(x) < 1e3 && Math.abs(x) > 1e-3 ? x : 0.75)));

const programsOf = (count: number, seed: number): Program[] => {
  const random = randomStream(seed);
  return Array.from({ length: count }, () => randomProgram(grammar, random, 1 + Math.floor(random() * 30)));
};

const bitsOf = (column: Column): string =>
  Array.from(column as Float64Array, (value) => (Object.is(value, -0) ? "-0" : String(value))).join();

describe("the type float32", () => {
  it("has the values that Math.fround leaves as they are", () => {
    for (const value of special) expect(isValueOf(float32, value)).toBe(true);
    for (const value of [0.1, 1e39, 16_777_217, "1", undefined])
      expect(isValueOf(float32, value)).toBe(false);
    expect(nearestValue(float32, 0.1)).toBe(Math.fround(0.1));
    expect(nearestValue(list(pair(float32, real)), [[0.1, 0.1]])).toEqual([[Math.fround(0.1), 0.1]]);
    expect(nearestValue(float32, "text")).toBe("text");
  });

  it("rounds literals, and takes none that are too large", () => {
    const withLiteral = (value: number) =>
      defineLanguage({ name: "one", primitives: [], literals: [{ type: float32, value }] });
    expect(withLiteral(0.1).literals[0]?.value).toBe(Math.fround(0.1));
    expect(() => withLiteral(1e39)).toThrow("literal must be a finite value of type float32; got 1e+39.");
  });

  it("is what arithmetic of precision f32 computes with", () => {
    expect(language.constants).toEqual([float32]);
    for (const row of language.primitives)
      expect([...row.parameters, row.result].every((type) => type.kind === "float32")).toBe(true);
    expect(() => arithmetic({ precision: "f16" as never })).toThrow(InputError);
    expect(() => arithmetic({ precision: "f16" as never })).toThrow(
      /precision must be f64 or f32; got "f16"/,
    );
  });

  it("has vector operations of its own only among itself", () => {
    const mixed = (parameters: readonly (typeof real)[]) => () =>
      defineLanguage({
        name: "odd",
        primitives: [primitive("f", parameters, float32, (...x: number[]) => x.length, { vector: "add" })],
      });
    expect(mixed([float32, float32])).not.toThrow();
    expect(mixed([float32, real])).toThrow(
      /must be of type .*\(float32, float32\) → float32 .*; got \(float32, real\) → float32/,
    );
  });
});

describe("the vector machine on singles", () => {
  it("is what runs them", () => {
    expect(createMachine(grammar, inputsOf(3, 1), 3)).toBeInstanceOf(VectorMachine);
  });

  it.each([1, 7, 8, 9, 15, 16, 17, 63, 64, 65, 257, 1000])(
    "gives the bits of the columnar machine, on %i cases in blocks of any size",
    (caseCount) => {
      const inputs = inputsOf(caseCount, caseCount);
      const columnar = new NumberColumns(grammar, inputs, caseCount);
      const machines = [256, 512, 1024, 2048].map(
        (blockBytes) => new VectorMachine(grammar, inputs, caseCount, { blockBytes }),
      );
      for (const program of programsOf(caseCount < 100 ? 150 : 40, 5)) {
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

  it("gives every operation's bits on special values and dense around them, on columns and on constants", () => {
    const dense = special.flatMap((value) =>
      Array.from({ length: 33 }, (_, k) => Math.fround(value * (1 + (k - 16) * 1e-5) + (k - 16) * 1e-13)),
    );
    const all = [...special, ...dense];
    const machine = new VectorMachine(grammar, [all, all.toReversed()], all.length);
    const columnar = new NumberColumns(grammar, [all, all.toReversed()], all.length);
    for (const { name, parameters } of language.primitives)
      for (const source of parameters.length === 1
        ? [`(${name} x)`, `(${name} 0.7)`]
        : [`(${name} x y)`, `(${name} x 1.7)`, `(${name} 1.7 x)`]) {
        const program = parseProgram(grammar, source);
        expect(`${source} ${bitsOf(machine.run(program))}`).toBe(
          `${source} ${bitsOf(columnar.run(program))}`,
        );
      }
  });

  it("rounds between the operations of every pair", () => {
    const inputs = inputsOf(200, 12);
    const machine = new VectorMachine(grammar, inputs, 200);
    const columnar = new NumberColumns(grammar, inputs, 200);
    for (const outer of ["+", "-", "*", "/"])
      for (const inner of ["+", "-", "*", "/"])
        for (const source of [`(${outer} (${inner} x y) 1.1)`, `(${outer} y (${inner} x 0.3))`]) {
          const program = parseProgram(grammar, source);
          expect(`${source} ${bitsOf(machine.run(program))}`).toBe(
            `${source} ${bitsOf(columnar.run(program))}`,
          );
        }
  });
});

/** Lanes by hand: case i in lane i mod 8, then pairs of lanes, of pairs, of fours. */
function reduced(reduction: Reduction, errors: readonly number[]): number {
  let lanes = Array.from({ length: 8 }, () => 0);
  errors.forEach((e, i) => {
    const lane = lanes[i % 8] as number;
    lanes[i % 8] =
      reduction === "sum" ? lane + e : reduction === "squares" ? lane + e * e : Math.max(lane, e);
  });
  while (lanes.length > 1)
    lanes = Array.from({ length: lanes.length / 2 }, (_, k) =>
      reduction === "largest"
        ? Math.max(lanes[2 * k] as number, lanes[2 * k + 1] as number)
        : (lanes[2 * k] as number) + (lanes[2 * k + 1] as number),
    );
  return lanes[0] as number;
}

interface Measured {
  readonly errors: readonly number[];
  readonly signatures: readonly string[];
}

function measuredBy(machine: VectorMachine, programs: readonly Program[], isShared: boolean): Measured {
  programs.forEach((program, k) => machine.put(k, program));
  machine.measure(programs.length, isShared);
  return {
    errors: programs.map((_, k) => machine.errors[k] as number),
    signatures: programs.map((_, k) => machine.signatures.slice(4 * k, 4 * k + 4).join()),
  };
}

describe("a batch of the vector machine on singles", () => {
  const measurements: readonly (readonly [ErrorReduction["error"], Reduction])[] = (
    ["absolute", "relative"] as const
  ).flatMap((error) => (["sum", "squares", "largest"] as const).map((r) => [error, r] as const));

  it.each(measurements)("measures %s errors by %s in doubles, as one would by hand", (error, reduction) => {
    for (const caseCount of [1, 5, 8, 9, 13, 16, 24, 64, 300]) {
      const inputs = inputsOf(caseCount, 20 + caseCount);
      const expected = (inputs[0] as number[]).map((x, i) => (i % 5 === 0 ? 0 : Number.isFinite(x) ? x : 1));
      const programs = programsOf(80, 31);
      const machine = new VectorMachine(grammar, inputs, caseCount, {
        measured: { error, reduction, expected },
      });
      const { errors } = measuredBy(machine, programs, true);
      programs.forEach((program, k) => {
        const each = [...(machine.run(program) as Float64Array)].map((value, i) => {
          const target = expected[i] as number;
          const difference = Math.abs(value - target);
          return error === "relative" && target !== 0 ? difference / Math.abs(target) : difference;
        });
        expect(errors[k]).toBe(reduced(reduction, each));
      });
    }
  });

  it.each([true, false])(
    "measures the same in blocks of 64 and of 512 cases, without and with sharing (errors: %s)",
    (hasErrors) => {
      const inputs = ordinary(inputsOf(601, 44));
      const expected = inputs[1] as number[];
      const measured = hasErrors ? ({ error: "absolute", reduction: "squares", expected } as const) : null;
      const programs = [...programsOf(400, 50), ...programsOf(200, 50)];
      const [first, ...others] = [256, 2048].flatMap((blockBytes) =>
        [true, false].map((isShared) =>
          measuredBy(new VectorMachine(grammar, inputs, 601, { measured, blockBytes }), programs, isShared),
        ),
      );
      expect(new Set<unknown>(hasErrors ? first?.errors : first?.signatures).size).toBeGreaterThan(100);
      for (const other of others) expect(other).toEqual(first);
    },
  );

  it("gives up exactly such programs whose error is above their threshold, and changes nothing else", () => {
    const caseCount = 2000;
    const inputs = ordinary(inputsOf(caseCount, 90));
    const programs = Array.from({ length: 4 }, () => programsOf(100, 91)).flat();
    const measured = { error: "absolute", reduction: "sum", expected: inputs[0] as number[] } as const;
    const whole = measuredBy(new VectorMachine(grammar, inputs, caseCount, { measured }), programs, true);
    const machine = new VectorMachine(grammar, inputs, caseCount, { measured });
    expect(machine.isStaged).toBe(true);
    const random = randomStream(92);
    programs.forEach((_, k) => {
      machine.thresholds[k] = (whole.errors[k] as number) * 2 * random();
    });
    const staged = measuredBy(machine, programs, true);
    let givenUp = 0;
    programs.forEach((_, k) => {
      if (staged.errors[k] === -1) {
        expect(whole.errors[k]).toBeGreaterThan(machine.thresholds[k] as number);
        givenUp++;
      } else {
        expect(staged.errors[k]).toBe(whole.errors[k]);
      }
    });
    expect(givenUp).toBeGreaterThan(15);
    expect(givenUp).toBeLessThan(programs.length);
  });

  it("gives a signature to each behaviour: the same for the same column, others for others", () => {
    const inputs = inputsOf(50, 60);
    const machine = new VectorMachine(grammar, inputs, 50);
    const signatureOf = new Map<string, string>();
    const columnOf = new Map<string, string>();
    for (const seed of [61, 62]) {
      const programs = programsOf(1000, seed);
      const { signatures } = measuredBy(machine, programs, true);
      programs.forEach((program, k) => {
        // −0 and 0 are one behaviour.
        const column = Array.from(machine.run(program), (value) => String(value)).join();
        const signature = signatures[k] as string;
        expect(signatureOf.get(column) ?? signature).toBe(signature);
        expect(columnOf.get(signature) ?? column).toBe(column);
        signatureOf.set(column, signature);
        columnOf.set(signature, column);
      });
    }
    expect(columnOf.size).toBeGreaterThan(500);
  });

  it("tells columns apart that differ in a bit, in two, or in the order of two cases", () => {
    const caseCount = 64;
    const random = randomStream(70);
    const base = Array.from({ length: caseCount }, () => Math.fround(random() * 100));
    const view = new DataView(new ArrayBuffer(4));
    const distinct = new Map<string, number[]>();
    for (let n = 0; n < 4000; n++) {
      const column = [...base];
      // Cases of one lane, one after the other: where a weak hash forgets.
      const at = Math.floor(random() * (caseCount - 48));
      for (let flips = n % 4; flips > 0; flips--) {
        const i = at + 16 * (flips - 1);
        view.setFloat32(0, column[i] as number);
        view.setUint32(0, (view.getUint32(0) ^ (1 << Math.floor(random() * 32))) >>> 0);
        column[i] = view.getFloat32(0);
      }
      if (n % 3 === 0) {
        const i = Math.floor(random() * 16);
        const j = i + 16 * (1 + (n % 3));
        [column[i], column[j]] = [column[j] as number, column[i] as number];
      }
      distinct.set(column.join(), column);
    }
    const names = Array.from({ length: 64 }, (_, k) => `v${k}`);
    const wide = compileGrammar(
      arithmetic({ precision: "f32" }),
      fn(Object.fromEntries(names.map((name) => [name, float32])), float32),
    );
    const columns = [...distinct.values()];
    const seen = new Set<string>();
    for (let first = 0; first < columns.length; first += 64) {
      const part = columns.slice(first, first + 64);
      const machine = new VectorMachine(
        wide,
        names.map((_, k) => part[k] ?? base),
        caseCount,
      );
      const programs = part.map((_, k) => parseProgram(wide, `v${k}`));
      for (const signature of measuredBy(machine, programs, false).signatures) seen.add(signature);
    }
    expect(seen.size).toBe(columns.length);
  });
});
