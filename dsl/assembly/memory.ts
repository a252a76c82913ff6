// The memory behind the interpreter's own data, given out once for a task.

const LINE: usize = 64;
const PAGE: usize = 65536;

let end: usize = 0;

export function beginMemory(): void {
  end = (__heap_base + LINE - 1) & ~(LINE - 1);
}

/** The address of so many bytes, at the beginning of a line of the cache. Memory that nobody touches costs nothing. */
export function take(bytes: usize): usize {
  const at = end;
  end += (bytes + LINE - 1) & ~(LINE - 1);
  return at;
}

export function growMemory(): void {
  const pages = <i32>((end + PAGE - 1) / PAGE) - memory.size();
  if (pages > 0) memory.grow(pages);
}
