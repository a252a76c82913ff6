import { readFileSync } from "node:fs";
import { freemem, totalmem } from "node:os";
import { availableMemory, constrainedMemory } from "node:process";

/** Share of the memory that must stay available, and never less than this, but for a quarter of what there is. */
const RESERVE_SHARE = 0.03;
const RESERVE_BYTES = 192 << 20;
const RESERVE_LIMIT_SHARE = 0.25;

/** Room for processes: what there is, and what of it can still be had, caches that would be given up included. */
export interface MemoryRoom {
  readonly totalBytes: number;
  readonly availableBytes: number;
}

/** Whether there is so little left in one of them that the system will soon end processes. */
export const isMemoryLow = (rooms: readonly MemoryRoom[]): boolean =>
  rooms.some(
    ({ totalBytes, availableBytes }) =>
      availableBytes <
      Math.min(Math.max(RESERVE_BYTES, totalBytes * RESERVE_SHARE), totalBytes * RESERVE_LIMIT_SHARE),
  );

/** The machine, where the system tells what is available, and the container, where it has a limit of its own. */
export function memoryRooms(): readonly MemoryRoom[] {
  const rooms: MemoryRoom[] = [];
  // Elsewhere what is called free leaves out caches, and is next to nothing on a healthy machine.
  if (process.platform === "linux" || process.platform === "win32")
    rooms.push({ totalBytes: totalmem(), availableBytes: freemem() });
  const limitBytes = constrainedMemory();
  if (limitBytes > 0 && limitBytes < totalmem())
    // What a container uses counts the files that it has read lately, which cost it nothing.
    rooms.push({
      totalBytes: limitBytes,
      availableBytes: availableMemory() + reclaimableBytes(containerStatistics()),
    });
  return rooms;
}

/** Bytes of files in memory that a control group would give up, of its memory.stat; 0 where that does not tell. */
export function reclaimableBytes(statistics: string): number {
  // Version 1 tells of the group alone and, as total, of it with those below.
  const found = /^total_inactive_file (\d+)$/m.exec(statistics) ?? /^inactive_file (\d+)$/m.exec(statistics);
  return Number(found?.[1] ?? 0);
}

/** The memory.stat of this process's control group, of version 2 or 1; "" where there is none. */
function containerStatistics(): string {
  const group = /^(0:|\d+:(?:[^:]*,)?memory(?:,[^:]*)?):(.*)$/m;
  const path = group.exec(textOf("/proc/self/cgroup"))?.[2] ?? "";
  // Inside a container the path is that outside, or "/".
  for (const root of ["/sys/fs/cgroup/memory", "/sys/fs/cgroup"])
    for (const place of [path, ""]) {
      const text = textOf(`${root}${place}/memory.stat`);
      if (text !== "") return text;
    }
  return "";
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
