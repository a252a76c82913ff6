// The memory behind the interpreter's own data, given out once for a task.

const LINE: u32 = 64;
const PAGE: u64 = 65536;

/** Addresses stay below 2^31, so that the host reads them as they are. */
const LIMIT: u64 = 0x80000000;

let end: u64 = 0;

export function beginMemory(): void {
  end = (__heap_base + LINE - 1) & ~(LINE - 1);
}

/** The address of so many bytes, at the beginning of a line of the cache. Memory that nobody touches costs nothing. */
export function take(bytes: u64): usize {
  const at = <usize>end;
  end += (bytes + LINE - 1) & ~(<u64>LINE - 1);
  return at;
}

/** False where there is not so much memory. */
export function growMemory(): bool {
  if (end > LIMIT) return false;
  const pages = <i32>((end + PAGE - 1) / PAGE) - memory.size();
  return pages <= 0 || memory.grow(pages) >= 0;
}
