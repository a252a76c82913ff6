import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EvaluationList, type Evaluations } from "../../src/evaluation-list.ts";
import { EvaluationTable } from "../../src/evaluation-table.ts";
import { evaluationsOf, signatureOf } from "./evaluations.ts";

const fill = (table: EvaluationTable, from: Evaluations): string[] =>
  Array.from({ length: from.signatures.length / 4 }, (_, entry) => table.insert(from, entry));

const read = (table: EvaluationTable, n: number): number[] | null => {
  const values = new Float64Array(2);
  return table.read(signatureOf(n), values) ? [...values] : null;
};

describe("an evaluation table", () => {
  it("answers like a map, here and from shared memory", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(100_000), { maxLength: 700 }), fc.nat(100_000), (keys, other) => {
        const table = new EvaluationTable(2, 1000);
        const from = evaluationsOf(keys);
        expect(new Set(fill(table, from))).toEqual(new Set(keys.length === 0 ? [] : ["added"]));
        expect(new Set(fill(table, from))).toEqual(new Set(keys.length === 0 ? [] : ["known"]));
        expect(table.count).toBe(keys.length);
        const shared = table.share();
        expect(shared.values.buffer).toBeInstanceOf(SharedArrayBuffer);
        for (const one of [table, new EvaluationTable(2, 0, shared)]) {
          for (const n of keys) expect(read(one, n)).toEqual([n, -n]);
          if (!keys.includes(other)) expect(read(one, other)).toBeNull();
        }
      }),
      { numRuns: 40 },
    );
  });

  it("lists the same for the same content, in whatever order it came", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(1000), { maxLength: 300 }), (keys) => {
        const [one, two] = [new EvaluationTable(2, 500), new EvaluationTable(2, 500)];
        fill(one, evaluationsOf(keys));
        fill(two, evaluationsOf(keys.toReversed()));
        expect(one.list()).toEqual(two.list());
        expect(one.list().signatures).toHaveLength(4 * keys.length);
      }),
      { numRuns: 30 },
    );
  });

  it("knows nothing of behaviours that were given two evaluations, to the last bit", () => {
    for (const [first, second] of [
      [1, 2],
      [0, -0],
    ] as const) {
      const table = new EvaluationTable(1, 10);
      const one = { signatures: signatureOf(7), values: Float64Array.of(first) };
      const two = { signatures: signatureOf(7), values: Float64Array.of(second) };
      expect([table.insert(one, 0), table.insert(two, 0), table.insert(one, 0)]).toEqual([
        "added",
        "contradicted",
        "known",
      ]);
      expect(table.read(signatureOf(7), new Float64Array(1))).toBe(false);
      expect(table.list().signatures).toHaveLength(0);
    }
  });

  it("holds no failures, no empty signatures, and no more than its limit", () => {
    const table = new EvaluationTable(1, 5);
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])
      expect(table.insert({ signatures: signatureOf(1), values: Float64Array.of(bad) }, 0)).toBe("left out");
    expect(table.insert({ signatures: new Int32Array(4), values: Float64Array.of(1) }, 0)).toBe("left out");
    expect(table.read(new Int32Array(4), new Float64Array(1))).toBe(false);
    const wide = evaluationsOf([1, 2, 3, 4, 5, 6, 7]);
    const narrow = { signatures: wide.signatures, values: Float64Array.from({ length: 7 }, (_, i) => i) };
    expect(fill(table, narrow).filter((outcome) => outcome === "added")).toHaveLength(5);
    expect(table.count).toBe(5);
  });

  it("leaves out what would make it slow: signatures made to fall into one slot", () => {
    const table = new EvaluationTable(1, 1 << 20);
    const count = 20_000;
    const signatures = new Int32Array(4 * count);
    for (let n = 0; n < count; n++) signatures.set([5, 0, n + 1, 0], 4 * n);
    const outcomes = fill(table, { signatures, values: new Float64Array(count) });
    expect(outcomes.filter((outcome) => outcome === "added").length).toBeLessThan(1000);
  });
});

describe("a list of evaluations", () => {
  it("gives what was appended, up to its limit, and is empty then", () => {
    const list = new EvaluationList(2, 200);
    const from = evaluationsOf(Array.from({ length: 300 }, (_, n) => n));
    for (let n = 0; n < 300; n++)
      list.append(from.signatures.subarray(4 * n, 4 * n + 4), from.values.subarray(2 * n, 2 * n + 2));
    expect(list.length).toBe(200);
    expect(list.take()).toEqual({
      signatures: from.signatures.slice(0, 800),
      values: from.values.slice(0, 400),
    });
    expect(list.take().signatures).toHaveLength(0);
  });
});
