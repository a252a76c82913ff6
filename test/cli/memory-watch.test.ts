import { describe, expect, it } from "vitest";
import { isMemoryLow, memoryRooms, reclaimableBytes } from "../../src/cli/memory-watch.ts";

const MB = 1 << 20;
const room = (totalMb: number, availableMb: number) => ({
  totalBytes: totalMb * MB,
  availableBytes: availableMb * MB,
});

describe("memory is low", () => {
  it.each([
    // A share of a large machine, so much on a usual one, a quarter of a small container.
    { totalMb: 64_000, reserveMb: 1920 },
    { totalMb: 4000, reserveMb: 192 },
    { totalMb: 400, reserveMb: 100 },
  ])("below $reserveMb of $totalMb MB", ({ totalMb, reserveMb }) => {
    expect(isMemoryLow([room(totalMb, reserveMb - 1)])).toBe(true);
    expect(isMemoryLow([room(totalMb, reserveMb)])).toBe(false);
    expect(isMemoryLow([room(totalMb, totalMb)])).toBe(false);
    expect(isMemoryLow([room(totalMb, 0)])).toBe(true);
  });

  it("if the machine or the container is full, whichever comes first", () => {
    const [roomy, full] = [room(64_000, 30_000), room(64_000, 500)];
    expect(isMemoryLow([roomy, room(1000, 600)])).toBe(false);
    expect(isMemoryLow([roomy, room(1000, 100)])).toBe(true);
    expect(isMemoryLow([full, room(1000, 600)])).toBe(true);
  });

  it("never where the system tells nothing", () => {
    expect(isMemoryLow([])).toBe(false);
  });
});

describe("what a container would give up", () => {
  it("is read from the statistics of version 2 and of version 1", () => {
    expect(reclaimableBytes("anon 5\nfile 900\ninactive_anon 7\ninactive_file 800\nactive_file 100\n")).toBe(
      800,
    );
    expect(reclaimableBytes("cache 9\ninactive_file 3\ntotal_cache 900\ntotal_inactive_file 850\n")).toBe(
      850,
    );
  });

  it("is nothing where there are none", () => {
    for (const text of ["", "inactive_file", "inactive_file x\n"]) expect(reclaimableBytes(text)).toBe(0);
  });
});

it("the memory here is told in bytes, and no more is available than there is", () => {
  for (const { totalBytes, availableBytes } of memoryRooms()) {
    expect(totalBytes).toBeGreaterThan(16 * MB);
    expect(availableBytes).toBeGreaterThan(0);
    expect(availableBytes).toBeLessThanOrEqual(1.01 * totalBytes);
  }
});
