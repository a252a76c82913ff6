import { describe, expect, test } from "vitest";
import { createKernels, type Kernels, kernels } from "../../dsl/kernels.ts";
import { firstDifference, greatestErrors, vectorKernels, worstError } from "./kernel-checks.ts";
import { kernelArguments } from "./kernel-arguments.ts";
import { errorInUlps, fromWords, neighbour, reference } from "./kernel-reference.ts";

const view = new DataView(new ArrayBuffer(8));
const names = Object.keys(kernels) as (keyof Kernels)[];

/** FNV-1a over the bits of the results, every NaN as the same one. */
function hashOfResults(from: Kernels, name: keyof Kernels): string {
  let hash = 0x811c9dc5;
  for (const [x, y] of kernelArguments(name, 6000)) {
    const result = from[name](x, y);
    view.setFloat64(0, result);
    for (const word of result === result ? [view.getUint32(0), view.getUint32(4)] : [0x7ff80000, 0]) {
      for (let bits = 0; bits < 32; bits += 8) hash = Math.imul(hash ^ ((word >>> bits) & 255), 0x01000193);
    }
  }
  return (hash >>> 0).toString(16).padStart(8, "0");
}

describe("accuracy", () => {
  test.each(names)("%s is within its ulps", (name) => {
    const { error, at } = worstError(name, 3000);
    expect(error, `at ${at.join(" ")}`).toBeLessThan(greatestErrors[name]);
  });

  test("sin, cos and tan reduce huge and nearly cancelling arguments", () => {
    const arguments_ = [1e22, 2 ** 1023, Number.MAX_VALUE, 2 ** 20, 1647099, 1647098.5, Math.PI, Math.PI / 2];
    arguments_.push(6381956970095103 * 2 ** 797); // the double closest to a multiple of pi / 2
    for (const x of arguments_) {
      for (const name of ["sin", "cos", "tan"] as const) {
        expect(errorInUlps(kernels[name](x), reference[name](x, 0)), `${name} ${x}`).toBeLessThan(1);
        expect(errorInUlps(kernels[name](-x), reference[name](-x, 0)), `${name} ${-x}`).toBeLessThan(1);
      }
    }
    expect(kernels.sin(1e22)).toBe(-0.8522008497671888);
  });

  test("the thresholds of overflow and underflow are at the right doubles", () => {
    expect(kernels.exp(709.782712893384)).toBe(1.7976931348622732e308);
    expect(kernels.exp(neighbour(709.782712893384, 1))).toBe(Infinity);
    expect(kernels.exp(-745.1332191019411)).toBe(5e-324);
    expect(kernels.exp(neighbour(-745.1332191019411, 1))).toBe(0);
    expect(kernels.exp2(neighbour(1024, -1))).toBeLessThan(Infinity);
    expect(kernels.exp2(1024)).toBe(Infinity);
    expect(kernels.exp2(-1075)).toBe(0);
    expect(kernels.exp2(neighbour(-1075, -1))).toBe(5e-324);
    expect(kernels.pow(2, -1074)).toBe(5e-324);
    expect(kernels.pow(-2, 1023)).toBe(-(2 ** 1023));
    expect(kernels.pow(-2, 1025)).toBe(-Infinity);
    expect(kernels.pow(-2, -1077)).toBe(-0);
  });
});

describe("the vector machine", () => {
  test.each(vectorKernels)("%s gives the same bits two at a time", (name) => {
    expect(firstDifference(name, 4000)).toBeNull();
  });
});

describe("exact results", () => {
  test("cbrt of cubes", () => {
    for (let n = 1; n <= 2000; n++) expect(kernels.cbrt(n * n * n)).toBe(n);
  });

  test("exp2, log2 and pow at powers of two", () => {
    for (let n = -1074; n <= 1023; n++) {
      const power =
        n >= -1022 ? fromWords((n + 1023) << 20, 0) : Number(1n << BigInt(n + 1074)) * Number.MIN_VALUE;
      expect(kernels.exp2(n)).toBe(power);
      expect(kernels.pow(2, n)).toBe(power);
      expect(kernels.log2(power)).toBe(n);
    }
  });

  test("log10 at powers of ten", () => {
    for (let n = -307; n <= 308; n++) expect(kernels.log10(Number(`1e${n}`))).toBe(n);
  });

  test("pow wherever an integer power of an integer is a double", () => {
    for (let base = 2; base <= 300; base++) {
      for (let n = 0; n <= 53; n++) {
        const power = BigInt(base) ** BigInt(n);
        if (BigInt(Number(power)) !== power) continue;
        expect(kernels.pow(base, n)).toBe(Number(power));
        expect(kernels.pow(-base, n)).toBe(n % 2 === 0 ? Number(power) : -Number(power));
      }
    }
  });
});

describe("special values", () => {
  const cases: Record<Exclude<keyof Kernels, "pow">, [number, number][]> = {
    exp: [
      [0, 1],
      [-0, 1],
      [Infinity, Infinity],
      [-Infinity, 0],
      [NaN, NaN],
      [1e300, Infinity],
      [-1e300, 0],
      [5e-324, 1],
    ],
    exp2: [
      [0, 1],
      [-0, 1],
      [Infinity, Infinity],
      [-Infinity, 0],
      [NaN, NaN],
      [1e300, Infinity],
      [-1e300, 0],
      [5e-324, 1],
    ],
    expm1: [
      [0, 0],
      [-0, -0],
      [Infinity, Infinity],
      [-Infinity, -1],
      [NaN, NaN],
      [1e300, Infinity],
      [-1e300, -1],
      [-708, -1],
      [5e-324, 5e-324],
      [-5e-324, -5e-324],
    ],
    log1p: [
      [0, 0],
      [-0, -0],
      [-1, -Infinity],
      [-1.5, NaN],
      [Infinity, Infinity],
      [-Infinity, NaN],
      [NaN, NaN],
      [5e-324, 5e-324],
      [-5e-324, -5e-324],
    ],
    cbrt: [
      [0, 0],
      [-0, -0],
      [1, 1],
      [-27, -3],
      [1e300, 1e100],
      [Infinity, Infinity],
      [-Infinity, -Infinity],
      [NaN, NaN],
      [2 ** -1074, 2 ** -358],
    ],
    log: [
      [1, 0],
      [0, -Infinity],
      [-0, -Infinity],
      [-1, NaN],
      [-5e-324, NaN],
      [Infinity, Infinity],
      [-Infinity, NaN],
      [NaN, NaN],
    ],
    log2: [
      [1, 0],
      [0, -Infinity],
      [-0, -Infinity],
      [-1, NaN],
      [Infinity, Infinity],
      [-Infinity, NaN],
      [NaN, NaN],
    ],
    log10: [
      [1, 0],
      [0, -Infinity],
      [-0, -Infinity],
      [-1, NaN],
      [Infinity, Infinity],
      [-Infinity, NaN],
      [NaN, NaN],
    ],
    sin: [
      [0, 0],
      [-0, -0],
      [Infinity, NaN],
      [-Infinity, NaN],
      [NaN, NaN],
      [5e-324, 5e-324],
      [-5e-324, -5e-324],
    ],
    cos: [
      [0, 1],
      [-0, 1],
      [Infinity, NaN],
      [-Infinity, NaN],
      [NaN, NaN],
      [5e-324, 1],
    ],
    tan: [
      [0, 0],
      [-0, -0],
      [Infinity, NaN],
      [-Infinity, NaN],
      [NaN, NaN],
      [5e-324, 5e-324],
      [-5e-324, -5e-324],
    ],
    tanh: [
      [0, 0],
      [-0, -0],
      [Infinity, 1],
      [-Infinity, -1],
      [NaN, NaN],
      [1e300, 1],
      [5e-324, 5e-324],
      [-20, -1],
    ],
  };
  test.each(Object.entries(cases))("%s", (name, table) => {
    for (const [x, expected] of table) expect(kernels[name as "exp"](x), `${x}`).toBe(expected);
  });

  test("pow as ECMAScript specifies Number::exponentiate", () => {
    const table: [number, number, number][] = [
      [NaN, 0, 1],
      [NaN, -0, 1],
      [0, 0, 1],
      [Infinity, 0, 1],
      [NaN, 1, NaN],
      [1, NaN, NaN],
      [2, NaN, NaN],
      [1, Infinity, NaN],
      [-1, Infinity, NaN],
      [1, -Infinity, NaN],
      [-1, -Infinity, NaN],
      [1.5, Infinity, Infinity],
      [-1.5, Infinity, Infinity],
      [1.5, -Infinity, 0],
      [0.5, Infinity, 0],
      [-0.5, -Infinity, Infinity],
      [0, Infinity, 0],
      [-0, -Infinity, Infinity],
      [Infinity, -Infinity, 0],
      [Infinity, 0.5, Infinity],
      [Infinity, -0.5, 0],
      [-Infinity, 3, -Infinity],
      [-Infinity, 4, Infinity],
      [-Infinity, 0.5, Infinity],
      [-Infinity, -3, -0],
      [-Infinity, -4, 0],
      [-Infinity, -0.5, 0],
      [0, 3, 0],
      [0, -3, Infinity],
      [-0, 3, -0],
      [-0, 4, 0],
      [-0, 0.5, 0],
      [-0, -3, -Infinity],
      [-0, -4, Infinity],
      [-0, -1, -Infinity],
      [-0, 1, -0],
      [-0, 2, 0],
      [-8, 1 / 3, NaN],
      [-1, 0.5, NaN],
      [-1, 1e300, 1],
      [-1, 9007199254740991, -1],
      [-1, 9007199254740992, 1],
      [1, 1e300, 1],
      [2, 1e300, Infinity],
      [2, -1e300, 0],
      [0.5, 1e300, 0],
      [-2, -1e300, 0],
      [3, 5e-324, 1],
      [4, 0.5, 2],
      [1e-320, 1, 1e-320],
      [5e-324, -1, Infinity],
    ];
    for (const [x, y, expected] of table) expect(kernels.pow(x, y), `${x} ** ${y}`).toBe(expected);
  });
});

describe("portability", () => {
  const golden: Record<keyof Kernels, string> = {
    exp: "82714355",
    exp2: "20b46a6c",
    expm1: "70913022",
    log: "a7b4df78",
    log1p: "b3c719b6",
    log2: "5397cf4e",
    log10: "fa2eeb52",
    pow: "f6c1dec4",
    cbrt: "66b3eb66",
    sin: "0361de79",
    cos: "cd758176",
    tan: "049dfc32",
    tanh: "b11ef986",
  };
  const found = (from: Kernels) => Object.fromEntries(names.map((name) => [name, hashOfResults(from, name)]));

  test("no bit of any result has changed", () => {
    expect(found(kernels)).toEqual(golden);
  });

  test("the source text of createKernels alone makes the same functions", () => {
    const source = createKernels.toString();
    const rebuilt = new Function(`return (${source})();`)() as Kernels;
    expect(found(rebuilt)).toEqual(golden);
    const used = new Set(source.match(/\bMath\.\w+/g));
    expect([...used].sort()).toEqual(["Math.abs", "Math.floor"]);
  });
});
