import { describe, expect, it } from "vitest";
import { fuzz } from "./reader.ts";
import { readers } from "./readers.ts";

describe("readers", () => {
  it.each(readers.map((reader) => [reader.name, reader] as const))(
    "take or refuse damaged inputs, and do nothing else: %s",
    (_name, reader) => {
      // Both must happen, or the inputs are no test.
      const { read, refused } = fuzz(reader, "default", 5000);
      expect(read).toBeGreaterThan(20);
      if (reader.name !== "seeds") expect(refused).toBeGreaterThan(20);
    },
  );
});
