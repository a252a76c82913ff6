import { availableMemory, constrainedMemory } from "node:process";
import { totalmem } from "node:os";

/** Share of the memory that must stay available, and never less than this. */
const RESERVE_SHARE = 0.03;
const RESERVE_BYTES = 192 << 20;

/** Whether there is so little memory left, here or in the container, that the system will soon end processes. */
export function isMemoryLow(): boolean {
  const constrained = constrainedMemory();
  const total = constrained > 0 && constrained < totalmem() ? constrained : totalmem();
  return availableMemory() < Math.min(Math.max(RESERVE_BYTES, total * RESERVE_SHARE), total / 4);
}
