const single = new Float32Array(1);
const bits = new Int32Array(single.buffer);

/** The single that lies a number of singles above one, or below. */
export function singleSteps(value: number, steps: number): number {
  single[0] = value;
  // Negative numbers are ordered the other way round; both zeros are number 0.
  const number = ((bits[0] as number) < 0 ? -0x8000_0000 - (bits[0] as number) : (bits[0] as number)) + steps;
  bits[0] = number < 0 ? -0x8000_0000 - number : number;
  return single[0];
}
