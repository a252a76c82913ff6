// Sums of products of two columns, in eight lanes, as errors are.
import { operand, outOf, stepOf } from "./instruction";
import { tailAt, tailMask } from "./slots";

// @ts-ignore: decorator
@inline
function product(a: usize, b: usize, k: usize): v128 {
  return f64x2.mul(v128.load(a + k), v128.load(b + k));
}

/** Adds the products of two columns to eight lanes. */
export function multiplyAndSum(instruction: usize, block: usize, bytes: usize): void {
  const out = outOf(instruction, block);
  let a = operand(instruction, 0, block);
  let b = operand(instruction, 1, block);
  const aStep = stepOf(instruction, 0);
  const bStep = stepOf(instruction, 1);
  let s0 = v128.load(out);
  let s1 = v128.load(out, 16);
  let s2 = v128.load(out, 32);
  let s3 = v128.load(out, 48);
  const whole = tailAt - block < bytes ? tailAt - block : bytes;
  for (let k: usize = 0; k < whole; k += 64) {
    s0 = f64x2.add(s0, product(a, b, 0));
    s1 = f64x2.add(s1, product(a, b, 16));
    s2 = f64x2.add(s2, product(a, b, 32));
    s3 = f64x2.add(s3, product(a, b, 48));
    a += aStep;
    b += bStep;
  }
  if (whole < bytes) {
    s0 = f64x2.add(s0, v128.and(product(a, b, 0), v128.load(tailMask)));
    s1 = f64x2.add(s1, v128.and(product(a, b, 16), v128.load(tailMask, 16)));
    s2 = f64x2.add(s2, v128.and(product(a, b, 32), v128.load(tailMask, 32)));
    s3 = f64x2.add(s3, v128.and(product(a, b, 48), v128.load(tailMask, 48)));
  }
  v128.store(out, s0);
  v128.store(out, s1, 16);
  v128.store(out, s2, 32);
  v128.store(out, s3, 48);
}
