/** Why a program could not give a value. */
export type TrapReason =
  | "divide-by-zero"
  | "overflow"
  | "out-of-range"
  | "empty"
  | "not-a-number"
  | "too-long"
  | "too-large"
  | "out-of-fuel"
  | "threw";

/** A failure as a value: running a program never throws. One object per reason, so traps compare by identity. */
export class Trap {
  readonly reason: TrapReason;
  constructor(reason: TrapReason) {
    this.reason = reason;
  }
  toString(): string {
    return `trap: ${this.reason}`;
  }
}

const traps = new Map<TrapReason, Trap>();

/** The trap value of a reason. */
export function trap(reason: TrapReason): Trap {
  let value = traps.get(reason);
  if (value === undefined) {
    value = new Trap(reason);
    traps.set(reason, value);
  }
  return value;
}

export const isTrap = (value: unknown): value is Trap => value instanceof Trap;
