// Constants that lower a program's sum of squares, by the method of K. Levenberg (1944) and D. Marquardt (1963), with the geodesic
// acceleration of M. Transtrum and J. Sethna ("Improvements to the Levenberg-Marquardt algorithm", 2012): a step is bent as the
// valley is. Constants of good programs lie in narrow, curved valleys, where straight steps must be short.
import { jacobian, products, runDerivatives } from "./derivatives";
import { take } from "./memory";
import { columnBytes } from "./schedule";
import { tailAt, tailMask } from "./slots";

const LEAST_DAMPING: f64 = 1e-30;
const MOST_DAMPING: f64 = 1e12;
const SLOW: f64 = 1e-3;
/** How far along the step its bend is measured. */
const PROBE: f64 = 0.1;
/** The square of how long the bend may be, as a share of the step; a longer one says that the step is too large to tell. */
const MOST_BEND_SQUARED: f64 = 0.5625;

/** Reflectors, a column for each constant; then the right side, which is reflected with them. */
let columns: usize = 0;
/** The triangle that they leave, row by row of so many numbers as there may be constants; then what the right side leaves. */
let triangle: usize = 0;
let rowBytes: usize = 0;
/** Reflector → twice its inverse square. */
let factors: usize = 0;
let scales: usize = 0;
let direction: usize = 0;
let bend: usize = 0;
let trial: usize = 0;
/** Residuals where the step begins. */
let residuals: usize = 0;

/** Steps tried since the memory was made ready. */
export let triedSteps: i32 = 0;

/** Takes memory. */
export function placeLeastSquares(maximumConstants: i32): void {
  rowBytes = 8 * maximumConstants;
  columns = take(<u64>columnBytes * (maximumConstants + 1));
  triangle = take(<u64>rowBytes * (maximumConstants + 1));
  factors = take(rowBytes);
  scales = take(rowBytes);
  direction = take(rowBytes);
  bend = take(rowBytes);
  trial = take(rowBytes);
  residuals = take(columnBytes);
  triedSteps = 0;
}

// @ts-ignore: decorator
@inline
function columnOf(k: i32): usize {
  return columns + columnBytes * k;
}
// @ts-ignore: decorator
@inline
function at(vector: usize, k: i32): f64 {
  return load<f64>(vector + 8 * k);
}

/** Copies a column, with zeros behind the last case. */
function copyColumn(to: usize, from: usize): void {
  memory.copy(to, from, columnBytes);
  if (tailAt > columnBytes) return;
  const last = to + columnBytes - 64;
  for (let k: usize = 0; k < 64; k += 16) v128.store(last + k, v128.and(v128.load(last + k), v128.load(tailMask + k)));
}

/** The product of two columns: eight lanes, put together in a fixed order. */
// @ts-ignore: decorator
@inline
function product(a: usize, b: usize): f64 {
  let s0 = f64x2.splat(0);
  let s1 = f64x2.splat(0);
  let s2 = f64x2.splat(0);
  let s3 = f64x2.splat(0);
  for (let k: usize = 0; k < columnBytes; k += 64) {
    s0 = f64x2.add(s0, f64x2.mul(v128.load(a + k), v128.load(b + k)));
    s1 = f64x2.add(s1, f64x2.mul(v128.load(a + k, 16), v128.load(b + k, 16)));
    s2 = f64x2.add(s2, f64x2.mul(v128.load(a + k, 32), v128.load(b + k, 32)));
    s3 = f64x2.add(s3, f64x2.mul(v128.load(a + k, 48), v128.load(b + k, 48)));
  }
  const s = f64x2.add(f64x2.add(s0, s1), f64x2.add(s2, s3));
  return f64x2.extract_lane(s, 0) + f64x2.extract_lane(s, 1);
}

/** Takes a multiple of a column from another. */
// @ts-ignore: decorator
@inline
function subtract(from: usize, factor: f64, column: usize): void {
  const f = f64x2.splat(factor);
  for (let k: usize = 0; k < columnBytes; k += 64) {
    v128.store(from + k, f64x2.sub(v128.load(from + k), f64x2.mul(f, v128.load(column + k))));
    v128.store(from + k, f64x2.sub(v128.load(from + k, 16), f64x2.mul(f, v128.load(column + k, 16))), 16);
    v128.store(from + k, f64x2.sub(v128.load(from + k, 32), f64x2.mul(f, v128.load(column + k, 32))), 32);
    v128.store(from + k, f64x2.sub(v128.load(from + k, 48), f64x2.mul(f, v128.load(column + k, 48))), 48);
  }
}

/**
 * Householder reflections (1958) of J with √damping · scale above it, a row for each constant: the k-th reflector is 0 but for its own
 * row of those, and in the cases. Nothing forms JᵀJ, whose condition is the square of J's.
 */
function factorise(count: i32, damping: f64): bool {
  const root = Math.sqrt(damping);
  for (let k = 0; k < count; k++) copyColumn(columnOf(k), jacobian + columnBytes * (k + 2));
  for (let k = 0; k < count; k++) {
    const column = columnOf(k);
    const head = root * at(scales, k);
    const length = Math.sqrt(head * head + product(column, column));
    if (!(length > 1e-150 && length < 1e150)) return false;
    const row = triangle + rowBytes * k;
    // The reflector's own row: head + length, since head is not negative.
    const own = head + length;
    const factor = 1 / (length * own);
    store<f64>(row + 8 * k, -length);
    store<f64>(factors + 8 * k, factor);
    for (let other = k + 1; other < count; other++) {
      const share = factor * product(column, columnOf(other));
      store<f64>(row + 8 * other, -share * own);
      subtract(columnOf(other), share, column);
    }
  }
  return true;
}

/** The step for the right side in the column behind the reflectors; false where it is not finite. */
function solve(count: i32, step: usize): bool {
  const right = columnOf(count);
  const left = triangle + rowBytes * count;
  for (let k = 0; k < count; k++) {
    const column = columnOf(k);
    const share = at(factors, k) * product(column, right);
    // Its own row is length, as in the triangle, and the head again.
    const length = -at(triangle + rowBytes * k, k);
    store<f64>(left + 8 * k, -share / (at(factors, k) * length));
    subtract(right, share, column);
  }
  for (let k = count - 1; k >= 0; k--) {
    const row = triangle + rowBytes * k;
    let sum = at(left, k);
    for (let other = k + 1; other < count; other++) sum -= at(row, other) * at(step, other);
    const value = sum / at(row, k);
    if (!isFinite(value)) return false;
    store<f64>(step + 8 * k, value);
  }
  return true;
}

/** Sum of squares with some constants; residuals stay behind. */
// @ts-ignore: decorator
@inline
function squaresAt(constants: usize): f64 {
  runDerivatives(constants, 1);
  return load<f64>(products);
}

/** Writes the constants after a step, bent where that says something; false where there is no step. */
function step(constants: usize, count: i32, damping: f64): bool {
  if (!factorise(count, damping)) return false;
  const right = columnOf(count);
  const zero = f64x2.splat(0);
  for (let k: usize = 0; k < columnBytes; k += 16) v128.store(right + k, f64x2.sub(zero, v128.load(residuals + k)));
  if (!solve(count, direction)) return false;
  for (let k = 0; k < count; k++) store<f64>(trial + 8 * k, at(constants, k) + PROBE * at(direction, k));
  runDerivatives(trial, 1);
  // The bend's right side: −2 (what the residuals changed by over PROBE − what they would have along a straight line) / PROBE.
  copyColumn(right, jacobian + columnBytes);
  const inverse = f64x2.splat(1 / PROBE);
  for (let k: usize = 0; k < columnBytes; k += 16)
    v128.store(right + k, f64x2.mul(f64x2.sub(v128.load(right + k), v128.load(residuals + k)), inverse));
  for (let k = 0; k < count; k++) {
    const slope = f64x2.splat(at(direction, k));
    const column = jacobian + columnBytes * (k + 2);
    for (let c: usize = 0; c < columnBytes; c += 16)
      v128.store(right + c, f64x2.sub(v128.load(right + c), f64x2.mul(slope, v128.load(column + c))));
  }
  const factor = f64x2.splat(-2 / PROBE);
  for (let k: usize = 0; k < columnBytes; k += 16) v128.store(right + k, f64x2.mul(factor, v128.load(right + k)));
  copyColumn(right, right);
  let isBent = solve(count, bend);
  if (isBent) {
    let bendSquares: f64 = 0;
    let stepSquares: f64 = 0;
    for (let k = 0; k < count; k++) {
      const b = at(bend, k) * at(scales, k);
      const s = at(direction, k) * at(scales, k);
      bendSquares += b * b;
      stepSquares += s * s;
    }
    isBent = bendSquares <= MOST_BEND_SQUARED * stepSquares;
  }
  for (let k = 0; k < count; k++)
    store<f64>(trial + 8 * k, at(constants, k) + at(direction, k) + (isBent ? 0.5 * at(bend, k) : 0));
  return true;
}

/**
 * Lowers r·r of the program made ready last.
 * @param constants where it begins, and what it found
 * @param patience steps in a row that lower the sum by less than a thousandth, after which it ends
 * @param firstDamping of the first step
 * @param least sum below which it ends
 * @param probation steps after which it ends if the sum is above `hope`
 * @returns r·r there; Infinity if it is no number where it begins
 */
export function descend(constants: usize, count: i32, maximumSteps: i32, patience: i32, firstDamping: f64, least: f64, probation: i32, hope: f64): f64 {
  let sum = squaresAt(constants);
  if (!(sum < Infinity)) return Infinity;
  let damping = Math.max(LEAST_DAMPING, firstDamping);
  let slow = 0;
  for (let taken = 0; taken < maximumSteps && slow < patience && sum > least; taken++) {
    if (taken === probation && sum > hope) break;
    runDerivatives(constants, 2);
    copyColumn(residuals, jacobian + columnBytes);
    for (let k = 0; k < count; k++) {
      const column = columnOf(k);
      copyColumn(column, jacobian + columnBytes * (k + 2));
      store<f64>(scales + 8 * k, Math.sqrt(product(column, column)));
    }
    let lower: f64 = NaN;
    for (; damping <= MOST_DAMPING; damping *= 10) {
      triedSteps++;
      if (!step(constants, count, damping)) continue;
      lower = squaresAt(trial);
      if (lower < sum) break;
    }
    if (!(lower < sum)) break;
    slow = 1 - lower / sum < SLOW ? slow + 1 : 0;
    sum = lower;
    memory.copy(constants, trial, 8 * count);
    damping = Math.max(LEAST_DAMPING, damping * 0.1);
  }
  return sum;
}
