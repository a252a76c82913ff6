import { describe, expect, it } from "vitest";
import { fuzz } from "../fuzz/reader.ts";
import { readers } from "../fuzz/readers.ts";

const INPUTS = 1_000_000;

describe("readers", () => {
  const share = Math.ceil(INPUTS / readers.length);
  it.each(readers.map((reader) => [reader.name, reader] as const))(
    "take or refuse damaged inputs, a million in all, and do nothing else: %s",
    (_name, reader) => {
      const { read, refused } = fuzz(reader, "long", share);
      expect(read + refused).toBe(share);
      expect(read).toBeGreaterThan(20);
    },
  );
});
