/** Runs a loop: nanoseconds a call, and the sum of what it computed. */
export type TimedLoop = () => { readonly nanoseconds: number; readonly sum: number };

const REPEATS = 4000;

/** The loop around the function `f` of a module, which is compiled with it. */
export async function javascriptLoop(
  module: string,
  xs: Float64Array,
  precision: "f32" | "f64",
  repeats: number = REPEATS,
): Promise<TimedLoop> {
  const code = `${module}
export function loop(xs, out, repeats) {
  for (let r = 0; r < repeats; r++) for (let i = 0; i < xs.length; i++) out[i] = f(xs[i]);
}
`;
  const { loop } = (await import(`data:text/javascript,${encodeURIComponent(code)}`)) as {
    readonly loop: (xs: ArrayLike<number>, out: ArrayLike<number>, repeats: number) => void;
  };
  const column = precision === "f32" ? Float32Array.from(xs) : xs;
  const out = column.slice();
  loop(column, out, repeats);
  return () => {
    const started = performance.now();
    loop(column, out, repeats);
    const nanoseconds = ((performance.now() - started) * 1e6) / (repeats * xs.length);
    let sum = 0;
    for (const value of out) sum += value;
    return { nanoseconds, sum };
  };
}

/** The least nanoseconds a call of each loop, over some rounds in turn. */
export function leastNanoseconds(loops: readonly TimedLoop[], rounds: number): number[] {
  const least = loops.map(() => Number.POSITIVE_INFINITY);
  for (let round = 0; round < rounds; round++)
    for (const [k, loop] of loops.entries()) least[k] = Math.min(least[k] as number, loop().nanoseconds);
  return least;
}
