import { describe, expect, it } from "vitest";
import { completeParameters } from "../../src/index.ts";
import { Attempt } from "../../workers/attempt-watch.ts";

const parameters = completeParameters({ evaluationTimeoutMs: 1000, workerMemoryMb: 64 });
const MB = 2 ** 20;

/** An attempt whose worker evaluates candidate 3 since the first look. */
function evaluating(): Attempt {
  const attempt = new Attempt(true);
  Int32Array.from([4, 1]).forEach((value, i) => Atomics.store(new Int32Array(attempt.heartbeat), i, value));
  expect(attempt.excessAt(1_000_000, 0, parameters)).toBeNull();
  return attempt;
}

describe("an evaluation", () => {
  it("takes too long when it was looked at for longer than it may last", () => {
    const attempt = evaluating();
    for (let ms = 50; ms <= 1000; ms += 50)
      expect(attempt.excessAt(1_000_000 + ms, 0, parameters)).toBeNull();
    expect(attempt.excessAt(1_001_050, 0, parameters)).toBe("time");
  });

  it("does not take too long because the whole process stood still", () => {
    const attempt = evaluating();
    expect(attempt.excessAt(1_000_500, 0, parameters)).toBeNull();
    expect(attempt.excessAt(9_000_000, 0, parameters)).toBeNull();
    expect(attempt.excessAt(9_000_050, 0, parameters)).toBeNull();
  });

  it("has its time anew with each candidate, and may take so much memory", () => {
    const attempt = evaluating();
    for (let ms = 200; ms <= 5000; ms += 200) {
      Atomics.add(new Int32Array(attempt.heartbeat), 1, 1);
      expect(attempt.excessAt(1_000_000 + ms, 0, parameters)).toBeNull();
    }
    expect(attempt.excessAt(1_005_050, 64 * MB, parameters)).toBeNull();
    expect(attempt.excessAt(1_005_100, 65 * MB, parameters)).toBe("memory");
  });
});
