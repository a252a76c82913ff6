import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { decodeSegment, encodeSegment } from "../../src/cache-segment.ts";
import { CacheStore } from "../../src/cache-store.ts";
import { seal } from "../../src/checksum.ts";
import { digestOf } from "../../src/digest.ts";
import { evaluationsOf, signatureOf } from "./evaluations.ts";

const root = mkdtempSync(join(tmpdir(), "illume-cache-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let folders = 0;
const newStore = (limitBytes?: number): CacheStore =>
  new CacheStore(join(root, `cache-${folders++}`), limitBytes);

const key = "0123456789abcdef0123456789abcdef";
const about = { experiment: "test", values: 2 };
const write = (store: CacheStore, numbers: readonly number[], under = key): void =>
  store.write(under, 2, evaluationsOf(numbers), about);
/** Which of the numbers a store knows, with the right values. */
function known(store: CacheStore, numbers: readonly number[], under = key): number[] {
  const table = store.read(under, 2);
  const values = new Float64Array(2);
  return numbers.filter((n) => {
    if (!table.read(signatureOf(n), values)) return false;
    expect([...values]).toEqual([n, -n]);
    return true;
  });
}
const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);
const segmentsOf = (store: CacheStore, under = key): string[] =>
  readdirSync(join(store.folder, under))
    .filter((name) => name.endsWith(".seg"))
    .map((name) => join(store.folder, under, name));

describe("a cache store", () => {
  it("finds what was put in, under its key and no other, from any number of segments", () => {
    fc.assert(
      fc.property(
        fc.array(fc.uniqueArray(fc.nat(200), { minLength: 1, maxLength: 20 }), { maxLength: 25 }),
        (batches) => {
          const store = newStore();
          for (const batch of batches) write(store, batch);
          const all = range(0, 201);
          expect(known(store, all)).toEqual(all.filter((n) => batches.some((batch) => batch.includes(n))));
          expect(known(store, all, key.replace("0", "1"))).toEqual([]);
          expect(store.read(key, 3).count).toBe(0);
        },
      ),
      { numRuns: 25 },
    );
  });

  it("does not exist before something is written, and is the person's own then", () => {
    const store = newStore();
    expect(store.read(key, 2).count).toBe(0);
    expect(store.list()).toEqual([]);
    store.clear();
    expect(existsSync(store.folder)).toBe(false);
    write(store, [1]);
    expect(store.list()).toMatchObject([
      { key, experiment: "test", parts: { values: 2 }, segments: 1, entries: 1, damaged: [] },
    ]);
    expect(segmentsOf(store)).toHaveLength(1);
  });

  it("merges segments when there are many, and loses nothing by it", () => {
    const store = newStore();
    for (let n = 0; n < 100; n++) {
      write(store, range(10 * n, 10 * n + 15));
      expect(segmentsOf(store).length).toBeLessThanOrEqual(17);
    }
    expect(known(store, range(0, 1005))).toHaveLength(1005);
    expect(store.list()).toMatchObject([{ entries: 1005, contradictions: 0 }]);
    expect(readdirSync(join(store.folder, key)).filter((name) => name.startsWith("."))).toEqual([]);
  });

  it("removes in a merge what it has read, and nothing that another process may just have written", () => {
    const store = newStore();
    write(store, [1]);
    const unread = join(store.folder, key, `${"f".repeat(32)}.seg`);
    writeFileSync(unread, "somebody's");
    for (let n = 0; n < 40; n++) write(store, [n]);
    expect(existsSync(unread)).toBe(true);
    expect(segmentsOf(store).length).toBeLessThanOrEqual(17);
  });

  it("writes the same again as the same file", () => {
    const store = newStore();
    for (let n = 0; n < 50; n++) write(store, [1, 2, 3]);
    expect(segmentsOf(store)).toHaveLength(1);
  });

  it("stays within its limit: the oldest segments make room, and keys of which nothing is left are gone", () => {
    const store = newStore(10 * 4096);
    const keys = range(0, 8).map((n) => key.replace("0", String(n)));
    keys.forEach((each, n) => {
      write(store, range(0, 100), each);
      for (const path of segmentsOf(store, each)) utimesSync(path, n, n);
      const bytes = store.list().reduce((sum, listing) => sum + listing.bytes, 0);
      expect(bytes).toBeLessThanOrEqual(10 * 4096);
    });
    expect(readdirSync(store.folder)).toEqual(keys.slice(-5));
    store.trim(4096, 0);
    expect(store.list()).toEqual([]);
  });

  it("tells of behaviours with two evaluations, and does not use them", () => {
    const store = newStore();
    write(store, [1, 2]);
    store.write(key, 2, { signatures: signatureOf(1), values: Float64Array.of(9, 9) }, about);
    expect(known(store, [1, 2])).toEqual([2]);
    expect(store.list()).toMatchObject([{ entries: 1, contradictions: 1 }]);
  });

  it("clears what it wrote, and nothing else", () => {
    const store = newStore();
    write(store, [1]);
    writeFileSync(join(store.folder, key, "letter.txt"), "dear");
    writeFileSync(join(store.folder, "letter.txt"), "dear");
    store.clear();
    expect(known(store, [1])).toEqual([]);
    expect(readdirSync(store.folder)).toEqual([key, "letter.txt"]);
    expect(readdirSync(join(store.folder, key))).toContain("letter.txt");
  });

  it("removes drafts that a killed process left, and no others", () => {
    const store = newStore();
    write(store, [1]);
    const [old, young] = [".draft-1-0", ".draft-1-1"].map((name) => join(store.folder, key, name));
    for (const draft of [old, young]) writeFileSync(draft as string, "half");
    utimesSync(old as string, 1000, 1000);
    write(store, [2]);
    expect([existsSync(old as string), existsSync(young as string)]).toEqual([false, true]);
    expect(known(store, [1, 2])).toEqual([1, 2]);
  });

  it("says when it cannot write", () => {
    const file = join(root, "file");
    writeFileSync(file, "");
    expect(() => write(new CacheStore(join(file, "cache")), [1])).toThrow("ENOTDIR");
    expect(new CacheStore(join(file, "cache")).list()).toEqual([]);
  });
});

describe("damage", () => {
  it("of any one bit, or a missing end, is seen", () => {
    const { name, bytes } = encodeSegment(key, 2, evaluationsOf(range(0, 5)));
    expect(decodeSegment(name, key, bytes)).toMatchObject({ valueCount: 2, ...evaluationsOf(range(0, 5)) });
    for (let bit = 0; bit < 8 * bytes.length; bit++) {
      const flipped = Uint8Array.from(bytes);
      flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
      expect(decodeSegment(name, key, flipped)).toBeNull();
    }
    for (let length = 0; length < bytes.length; length++)
      expect(decodeSegment(name, key, bytes.subarray(0, length))).toBeNull();
    expect(decodeSegment(name, key, Buffer.concat([bytes, bytes]))).toBeNull();
    expect(decodeSegment(name.replace(/^./, "_"), key, bytes)).toBeNull();
    expect(decodeSegment(name, key.replace("0", "1"), bytes)).toBeNull();
  });

  it("of random bytes never gets through, nor throws", () => {
    const { name, bytes } = encodeSegment(key, 2, evaluationsOf([1]));
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(bytes.length), (random, keep) => {
        const mixed = Buffer.concat([bytes.subarray(0, keep), random]);
        expect(decodeSegment(name, key, mixed) === null).toBe(!mixed.equals(bytes));
      }),
      { numRuns: 2000 },
    );
  });

  it("in a folder is left out and told, and the rest is found", () => {
    const store = newStore();
    for (const n of [1, 2, 3, 4, 5]) write(store, [n]);
    const [flipped, cut, empty] = segmentsOf(store) as [string, string, string];
    const lost = [flipped, cut, empty].map(
      (path) => decodeSegment(path.split("/").at(-1) as string, key, readFileSync(path))?.values[0] as number,
    );
    const bytes = readFileSync(flipped);
    bytes[70] = (bytes[70] as number) ^ 1;
    writeFileSync(flipped, bytes);
    writeFileSync(cut, readFileSync(cut).subarray(0, 50));
    writeFileSync(empty, "");
    // Foreign and hostile files: a link out of the folder, a link to itself, a folder, and one that is far too large a claim.
    const hostile = ["a", "b", "c", "d"].map((c) => join(store.folder, key, `${c.repeat(32)}.seg`));
    symlinkSync(join(root, "file"), hostile[0] as string);
    symlinkSync(hostile[1] as string, hostile[1] as string);
    mkdirSync(hostile[2] as string);
    const claim = Buffer.alloc(32);
    claim.writeUInt32LE(1, 0);
    claim.writeUInt32LE(0xffffffff, 4);
    claim.writeUInt32LE(0xffffffff, 8);
    claim.write(key, 16, "hex");
    hostile[3] = join(store.folder, key, `${digestOf(claim)}.seg`);
    writeFileSync(hostile[3], seal(claim));
    writeFileSync(join(store.folder, key, "key.json"), '{"experiment":"\\u001b[31m","__proto__":{"x":1}}');
    expect(known(store, [1, 2, 3, 4, 5])).toEqual([1, 2, 3, 4, 5].filter((n) => !lost.includes(n)));
    const [listing] = store.list();
    expect(listing).toMatchObject({ experiment: null, segments: 2, entries: 2 });
    expect(new Set(listing?.damaged)).toEqual(new Set([flipped, cut, empty, ...hostile]));
    store.trim(1 << 20, 0);
    expect(store.list()).toMatchObject([{ entries: 2, damaged: [hostile[2]] }]);
    expect(known(store, [1, 2, 3, 4, 5])).toHaveLength(2);
  });

  it("by removing files costs no more than those", () => {
    const store = newStore();
    for (const n of range(0, 10)) write(store, [n]);
    for (const path of segmentsOf(store).slice(0, 4)) unlinkSync(path);
    expect(known(store, range(0, 10))).toHaveLength(6);
  });
});
