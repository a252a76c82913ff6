import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MemoryBound } from "../../../src/synthesis/memory-bound.ts";
import { Postings } from "../../../src/synthesis/postings.ts";
import { TermBank } from "../../../src/synthesis/term-bank.ts";
import { ValueNumbers } from "../../../src/synthesis/value-numbers.ts";

const EXAMPLES = 3;
const columns = fc.array(
  fc.array(fc.integer({ min: 0, max: 40 }), { minLength: EXAMPLES, maxLength: EXAMPLES }),
  { maxLength: 150 },
);

describe("rows by the numbers that they have", () => {
  it("are those that a look at all rows gives, also with rows that came later", () => {
    fc.assert(
      fc.property(columns, fc.nat(), fc.nat({ max: EXAMPLES - 1 }), (rows, cut, example) => {
        const flat = Int32Array.from(rows.flat());
        const postings = new Postings(new MemoryBound());
        const numbers = rows.map((row) => row[example] as number);
        for (const count of [cut % (rows.length + 1), rows.length]) {
          postings.update(flat, EXAMPLES, example, count);
          const told = numbers.slice(0, count);
          expect(postings.numbers).toEqual([...new Set(told)]);
          for (const number of [...postings.numbers, 41]) {
            const found: number[] = [];
            for (let row = postings.first(number); row >= 0; row = postings.next(row)) found.push(row);
            expect(found).toEqual(told.flatMap((one, row) => (one === number ? [row] : [])));
            expect(postings.count(number)).toBe(found.length);
          }
        }
      }),
    );
  });

  it("meet where several examples are asked for", () => {
    fc.assert(
      fc.property(
        columns,
        fc.uniqueArray(fc.nat({ max: EXAMPLES - 1 }), { minLength: 1 }),
        (rows, examples) => {
          const bank = new TermBank(EXAMPLES, new MemoryBound());
          for (const row of rows) bank.insert(Int32Array.from(row), 0, 1, 0, 0, 0, 0, true);
          const kept = Array.from({ length: bank.count }, (_, row) =>
            Array.from(bank.columns.subarray(row * EXAMPLES, (row + 1) * EXAMPLES)),
          );
          for (const wanted of rows) {
            const numbers = examples.map((e) => wanted[e] as number);
            expect(bank.rowsWith(examples, numbers)).toEqual(
              kept.flatMap((row, k) => (examples.every((e) => row[e] === wanted[e]) ? [k] : [])),
            );
          }
        },
      ),
    );
  });
});

describe("the memory of a search", () => {
  it("is what its banks and values take together, and new values fail once it is over", () => {
    const memory = new MemoryBound();
    const values = new ValueNumbers(memory);
    const known = values.numberOf("known");
    const { bytes } = memory;
    new TermBank(EXAMPLES, memory).insert(Int32Array.of(known, known, known), 0, 1, 0, 0, 0, 0, true);
    expect(bytes).toBeGreaterThan(0);
    expect(memory.bytes).toBeGreaterThan(bytes);
    expect([memory.isFull, memory.isOver]).toEqual([false, false]);
    memory.add(2 ** 31);
    expect([memory.isFull, memory.isOver]).toEqual([true, true]);
    expect([values.numberOf("known"), values.numberOf("new"), values.numberOf([1])]).toEqual([known, 0, 0]);
  });
});
