import { kernels } from "./kernels.ts";

/** 2^k, for any k that leaves value × 2^k a double, in two steps. */
export function scaled(value: number, k: number): number {
  const half = k >> 1;
  return value * kernels.exp2(half) * kernels.exp2(k - half);
}
