import {
  arithmetic,
  type ArithmeticOperation,
  compileGrammar,
  fn,
  type Kernels,
  kernels,
  parseProgram,
  real,
  VectorMachine,
} from "../../dsl/index.ts";
import { kernelArguments } from "./kernel-arguments.ts";
import { errorInUlps, reference } from "./kernel-reference.ts";

/** Units in the last place that no kernel may reach; measured by test/long over a million points each. */
export const greatestErrors: Readonly<Record<keyof Kernels, number>> = {
  exp: 0.52,
  exp2: 0.52,
  expm1: 1.1,
  log: 0.8,
  log1p: 0.95,
  log2: 0.51,
  log10: 0.51,
  pow: 0.52,
  cbrt: 0.68,
  sin: 1.7,
  cos: 1.7,
  tan: 0.95,
  tanh: 0.53,
};

/** The largest error of a kernel over so many points, in ulps of the exact value. */
export function worstError(
  name: keyof Kernels,
  count: number,
): { error: number; at: readonly [number, number] } {
  let error = 0;
  let at: readonly [number, number] = [0, 0];
  for (const [x, y] of kernelArguments(name, count)) {
    const found = errorInUlps(kernels[name](x, y), reference[name](x, y));
    if (found > error) {
      error = found;
      at = [x, y];
    }
  }
  return { error, at };
}

/** The kernels that the vector machine has. */
export const vectorKernels = [
  "exp",
  "expm1",
  "log",
  "log1p",
  "pow",
  "cbrt",
  "sin",
  "cos",
  "tan",
  "tanh",
] as const;

/** Where kernels change their ways, and what is no number. */
const special = [
  0,
  1,
  0.5,
  2,
  3,
  0.125,
  20,
  Math.PI / 2,
  5e-324,
  2.2250738585072009e-308,
  2.2250738585072014e-308,
  2 ** -53,
  7.45e-9,
  708,
  709.79,
  746,
  99_999.9,
  100_000.1,
  1_647_099,
  2 ** 53,
  1e22,
  1.7976931348623157e308,
  Number.POSITIVE_INFINITY,
  Number.NaN,
].flatMap((x) => [x, -x]);

const COLUMN = 10_000;

/** Where the vector machine gives other bits than the scalar kernel, over so many points, all pairs of special values too. */
export function firstDifference(name: (typeof vectorKernels)[number], count: number): string | null {
  const operations: ArithmeticOperation[] = [name];
  const grammar = compileGrammar(arithmetic({ operations }), fn({ x: real, y: real }, real));
  const program = parseProgram(grammar, name === "pow" ? "(pow x y)" : `(${name} x)`);
  const compare = (pairs: readonly (readonly [number, number])[]): string | null => {
    const machine = new VectorMachine(
      grammar,
      [pairs.map(([x]) => x), pairs.map(([, y]) => y)],
      pairs.length,
    );
    const column = machine.run(program);
    const at = pairs.findIndex(([x, y], i) => !Object.is(column[i], kernels[name](x, y)));
    return at === -1
      ? null
      : `${name} ${pairs[at]?.join(" ")}: ${column[at]}, not ${kernels[name](...(pairs[at] as [number, number]))}`;
  };
  let difference = compare(special.flatMap((y) => special.map((x) => [x, y] as const)));
  let pairs: (readonly [number, number])[] = [];
  for (const pair of kernelArguments(name, count)) {
    pairs.push(pair);
    // A special value here and there, in the company of ordinary ones.
    if (pairs.length % 97 === 0) pairs.push([special[pairs.length % special.length] as number, pair[1]]);
    if (pairs.length < COLUMN) continue;
    difference ??= compare(pairs);
    pairs = [];
  }
  return difference ?? (pairs.length > 0 ? compare(pairs) : null);
}
