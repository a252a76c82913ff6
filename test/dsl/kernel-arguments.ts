import type { Kernels } from "../../dsl/index.ts";
import {
  BITS,
  bitLength,
  exactly,
  fromWords,
  halfPi,
  logReference,
  neighbour,
  WIDE_BITS,
} from "./kernel-reference.ts";

/** Uniform 32-bit integers: Marsaglia's xorshift (2003), multiplied. */
function createGenerator(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return Math.imul(state, 0x9e3779b1) >>> 0;
  };
}

/** Pairs of arguments (the second for pow only), the same each time: most from the whole domain, the rest from the hard places. */
export function* kernelArguments(name: keyof Kernels, count: number): Generator<[number, number]> {
  const next = createGenerator(0x2545f491 ^ (name.charCodeAt(0) << 8) ^ name.charCodeAt(name.length - 1));
  const unit = (): number => next() / 2 ** 32 + next() / 2 ** 64;
  const between = (low: number, high: number): number => low + (high - low) * unit();
  /** Random sign and fraction, the binary exponent uniform. */
  const spread = (low: number, high: number): number => {
    const field = low + 1023 + (next() % (high - low + 1));
    return fromWords((((next() & 1) << 31) | (field << 20) | (next() >>> 12)) >>> 0, next());
  };
  const positive = (low: number, high: number): number => Math.abs(spread(low, high));
  const subnormal = (): number => fromWords(next() >>> (12 + (next() % 20)), next());
  const nearQuarterTurns = (): number => {
    const k = ((BigInt(next()) << BigInt(next() % 900)) >> BigInt(next() % 32)) + 1n;
    const multiple = k * halfPi + (next() % 4 === 0 ? halfPi / 2n : 0n);
    const spare = bitLength(multiple) - 64;
    const x = Number(multiple >> BigInt(spare)) * fromWords((1023 + spare - WIDE_BITS) << 20, 0);
    return neighbour(x, (next() % 5) - 2);
  };
  const exponential = (low: number, high: number): (() => number)[] => [
    () => between(low, high),
    () => between(low, high),
    () => spread(-70, 8),
    () => between(low, low + 60),
    () => neighbour(high, -(next() % 1000)),
  ];
  const logarithmic = [
    () => positive(-1022, 1023),
    () => between(0.5, 2),
    () => 1 + spread(-52, -2),
    () => between(0.99, 1.01),
    subnormal,
  ];
  const circular = [
    () => between(-0.8, 0.8),
    () => between(-50, 50),
    () => spread(-1022, 1023),
    () => spread(15, 25),
    nearQuarterTurns,
    nearQuarterTurns,
  ];
  const powerNear = (x: number): [number, number] => {
    const logarithm = Number(logReference(exactly(x)) >> BigInt(BITS - 80)) / 2 ** 80;
    return [x, logarithm === 0 ? 3 : between(-750, 712) / logarithm];
  };
  const pairs: (() => [number, number])[] = [
    () => powerNear(positive(-1022, 1023)),
    () => powerNear(1 + spread(-40, -2)),
    () => powerNear(between(0, 4)),
    () => [between(0, 10), between(-8, 8)],
    () => [-(next() % 200) - 1, (next() % 300) - 150],
    () => powerNear(subnormal()),
  ];
  const singles: Record<Exclude<keyof Kernels, "pow">, (() => number)[]> = {
    exp: exponential(-746, 709.782712893384),
    exp2: exponential(-1076, 1024),
    expm1: [
      ...exponential(-60, 709.782712893384),
      () => between(-0.02, 0.02),
      () => spread(-1022, -3),
      subnormal,
    ],
    log: logarithmic,
    log1p: [
      () => between(-1, 3),
      () => between(-0.01, 0.01),
      () => spread(-60, -1),
      () => positive(-1022, 1023),
      () => -1 + positive(-53, -1),
      () => 2 ** 53 + 2 * (next() % 64) - 64,
      subnormal,
    ],
    cbrt: [
      () => spread(-1022, 1023),
      () => between(-8, 8),
      () => neighbour(8 ** (next() % 300), (next() % 5) - 2),
      () => -subnormal(),
    ],
    log2: logarithmic,
    log10: logarithmic,
    sin: circular,
    cos: circular,
    tan: circular,
    tanh: [
      () => between(-0.25, 0.25),
      () => between(-2, 2),
      () => between(-23, 23),
      () => spread(-1022, 5),
      subnormal,
    ],
  };
  for (let i = 0; i < count; i++) {
    const kinds = singles[name as Exclude<keyof Kernels, "pow">];
    if (name === "pow") yield pairs[i % pairs.length]!();
    else yield [kinds[i % kinds.length]!(), 0];
  }
}
