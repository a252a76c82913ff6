// Signatures of columns: 128 bits that two columns share only if they are equal. In eight lanes while the blocks go by:
// case i belongs to lane i mod 8 whatever the size of a block, so that does not matter.
import { operand, outOf, stepOf } from "./instruction";

/** 2 × 32 random odd bits for each vector of a turn. */
const multipliers: usize = memory.data<u32>([
  0x9e3779b1, 0x85ebca77, 0xc2b2ae3d, 0x27d4eb2f, 0x165667b1, 0xd6e8feb9, 0xa0761d65, 0xe7037ed1,
  0x8ebc6af1, 0x589965cd, 0x1d8e4e27, 0xeb44acc1, 0x2127599b, 0xbf58476d, 0x94d049bb, 0xff51afd7,
]);

/** Begins the signature of a slot. */
export function clearSignature(slot: usize): void {
  memory.copy(slot, multipliers, 64);
}

// @ts-ignore: decorator
@inline
function mix(state: v128, value: v128, multiplier: v128): v128 {
  const x = v128.xor(state, value);
  const product = i32x4.mul(v128.or(i64x2.shl(x, 27), i64x2.shr_u(x, 37)), multiplier);
  // Twice: after one round a difference in a high bit is still a bit or two, which the next values may cancel.
  return i32x4.mul(v128.xor(product, i32x4.shr_u(product, 15)), multiplier);
}

/** −0 as 0, and one bit pattern for all that is no number. */
// @ts-ignore: decorator
@inline
function canonical<T>(x: v128): v128 {
  return sizeof<T>() === 8 ? canonicalDouble(x) : canonicalSingle(x);
}

// @ts-ignore: decorator
@inline
function canonicalDouble(x: v128): v128 {
  const sum = f64x2.add(x, f64x2.splat(0));
  return v128.bitselect(sum, i64x2.splat(0x7ff8000000000000), f64x2.eq(x, x));
}

// @ts-ignore: decorator
@inline
function canonicalSingle(x: v128): v128 {
  const sum = f32x4.add(x, f32x4.splat(0));
  return v128.bitselect(sum, i32x4.splat(0x7fc00000), f32x4.eq(x, x));
}

// @ts-ignore: decorator
@inline
function hash<T>(instruction: usize, block: usize, bytes: usize): void {
  const slot = outOf(instruction, block);
  let a = operand(instruction, 0, block);
  const step = stepOf(instruction, 0);
  const m0 = v128.load(multipliers);
  const m1 = v128.load(multipliers, 16);
  const m2 = v128.load(multipliers, 32);
  const m3 = v128.load(multipliers, 48);
  let s0 = v128.load(slot);
  let s1 = v128.load(slot, 16);
  let s2 = v128.load(slot, 32);
  let s3 = v128.load(slot, 48);
  for (let k: usize = 0; k < bytes; k += 64) {
    s0 = mix(s0, canonical<T>(v128.load(a)), m0);
    s1 = mix(s1, canonical<T>(v128.load(a, 16)), m1);
    s2 = mix(s2, canonical<T>(v128.load(a, 32)), m2);
    s3 = mix(s3, canonical<T>(v128.load(a, 48)), m3);
    a += step;
  }
  v128.store(slot, s0);
  v128.store(slot, s1, 16);
  v128.store(slot, s2, 32);
  v128.store(slot, s3, 48);
}

/** Takes a block of a column of doubles into the signature. */
export function hashFloat64(instruction: usize, block: usize, bytes: usize): void {
  hash<f64>(instruction, block, bytes);
}
/** Takes a block of a column of singles into the signature. */
export function hashFloat32(instruction: usize, block: usize, bytes: usize): void {
  hash<f32>(instruction, block, bytes);
}

/** Takes a block of a column of words or packed booleans into the signature. */
export function hashBits(instruction: usize, block: usize, bytes: usize): void {
  const slot = outOf(instruction, block);
  let a = operand(instruction, 0, block);
  const step = stepOf(instruction, 0);
  const m0 = v128.load(multipliers);
  const m1 = v128.load(multipliers, 16);
  const m2 = v128.load(multipliers, 32);
  const m3 = v128.load(multipliers, 48);
  let s0 = v128.load(slot);
  let s1 = v128.load(slot, 16);
  let s2 = v128.load(slot, 32);
  let s3 = v128.load(slot, 48);
  for (let k: usize = 0; k < bytes; k += 64) {
    s0 = mix(s0, v128.load(a), m0);
    s1 = mix(s1, v128.load(a, 16), m1);
    s2 = mix(s2, v128.load(a, 32), m2);
    s3 = mix(s3, v128.load(a, 48), m3);
    a += step;
  }
  v128.store(slot, s0);
  v128.store(slot, s1, 16);
  v128.store(slot, s2, 32);
  v128.store(slot, s3, 48);
}

/** The signature of a short column, which has no time for lanes: MurmurHash3 for 128 bits (Appleby 2011). */
export function signatureOf(column: usize, vectors: i32, to: usize): void {
  let h: u64 = 0;
  let g: u64 = 0;
  for (const end = column + 16 * vectors; column < end; column += 16) {
    h ^= rotl<u64>(load<u64>(column) * 0x87c37b91114253d5, 31) * 0x4cf5ad432745937f;
    h = (rotl<u64>(h, 27) + g) * 5 + 0x52dce729;
    g ^= rotl<u64>(load<u64>(column, 8) * 0x4cf5ad432745937f, 33) * 0x87c37b91114253d5;
    g = (rotl<u64>(g, 31) + h) * 5 + 0x38495ab5;
  }
  h += g;
  g += h;
  h = scrambled(h);
  g = scrambled(g);
  h += g;
  store<u64>(to, h);
  store<u64>(to, g + h, 8);
}

// @ts-ignore: decorator
@inline
function scrambled(x: u64): u64 {
  x = (x ^ (x >> 33)) * 0xff51afd7ed558ccd;
  x = (x ^ (x >> 33)) * 0xc4ceb9fe1a85ec53;
  return x ^ (x >> 33);
}

/** Writes the 128 bits of the signature. */
export function writeSignature(slot: usize, to: usize): void {
  let h = v128.load(slot);
  for (let k: usize = 16; k < 64; k += 16) h = mix(h, v128.load(slot + k), v128.load(multipliers + k));
  for (let k: usize = 0; k < 64; k += 16) {
    const turned = v128.shuffle<i32>(h, h, 3, 0, 1, 2);
    h = i32x4.add(mix(h, i32x4.shr_u(turned, 15), v128.load(multipliers + k)), turned);
  }
  v128.store(to, h);
}
