import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { printable } from "../../src/cli/printable.ts";
import { metricsOf } from "../../src/carry-on.ts";
import { folderDisk, makeFolder } from "../../src/disk.ts";
import { journalLine, readJournal } from "../../src/journal.ts";
import { packMessage, type PlainValue, readMessage } from "../../src/plain-message.ts";
import { rootKey } from "../../src/random-stream.ts";
import { configText, readConfig, type RunConfig } from "../../src/run-config.ts";
import { descriptionText, readDescription } from "../../src/run-description.ts";
import { packRunState, readRunState } from "../../src/run-state-bytes.ts";
import { RunStore } from "../../src/run-store.ts";
import { digestOf } from "../../src/digest.ts";
import { seal } from "../../src/checksum.ts";
import { search } from "../../src/search.ts";
import { serialExecutor } from "../../workers/index.ts";
import { cubic, taskOf } from "./small-tasks.ts";

// What a run's folder holds may come from anybody: every reader gives a value or says that it is none.

const root = mkdtempSync(join(tmpdir(), "illume-foreign-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const task = taskOf(cubic, { cache: "lossy", cacheEntries: 16 });
const config: RunConfig = {
  experiment: "cubic",
  question: "?",
  seed: "1",
  budgetCandidates: 600,
  parameters: { islands: 3 },
  codeDigest: "00",
  grammarDigest: digestOf(task.grammar.fingerprint),
};

let state: Uint8Array;
let line = "";
beforeAll(async () => {
  await search({
    task,
    key: rootKey(1),
    budgetCandidates: 600,
    executor: serialExecutor(task),
    onEpoch: (report) => {
      state = packRunState(report.state);
      line = journalLine(metricsOf(task, report, 1));
    },
  });
});

/** Good bytes with some of them changed, cut or repeated, or bytes of no meaning. */
const damaged = (good: () => Uint8Array): fc.Arbitrary<Uint8Array> =>
  fc.oneof(
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }) },
    {
      weight: 4,
      arbitrary: fc
        .record({
          // Most of the structure of a state lies at its beginning.
          at: fc.oneof(
            fc.double({ min: 0, max: 1, noNaN: true }),
            fc.double({ min: 0, max: 0.02, noNaN: true }),
          ),
          cut: fc.nat(8),
          put: fc.uint8Array({ maxLength: 8 }),
        })
        .map(({ at, cut, put }) => {
          const bytes = good();
          const from = Math.floor(at * bytes.length);
          return Buffer.concat([bytes.subarray(0, from), put, bytes.subarray(from + cut)]);
        }),
    },
  );

describe("a message", () => {
  const plain = fc.letrec<{ value: PlainValue }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 6 },
      fc.constantFrom(null, true, false),
      fc.integer(),
      fc.double().map((number) => (number === 0 ? 0 : number)),
      fc.maxSafeInteger(),
      fc.string({ unit: "grapheme" }),
      fc.uint8Array(),
      fc.array(tie("value"), { maxLength: 20 }),
      // msgpackr gives this one name another one, so that no prototype is set.
      fc.dictionary(
        fc.string({ unit: "grapheme" }).filter((name) => name !== "__proto__"),
        tie("value"),
        {
          noNullPrototype: true,
        },
      ),
    ) as fc.Arbitrary<PlainValue>,
  })).value;
  const asBytes = (value: PlainValue): unknown =>
    value instanceof Uint8Array
      ? [...value]
      : Array.isArray(value)
        ? value.map(asBytes)
        : value !== null && typeof value === "object"
          ? Object.fromEntries(Object.entries(value).map(([k, v]) => [k, asBytes(v)]))
          : value;

  it("is read as it was packed", () => {
    fc.assert(
      fc.property(plain, (value) => {
        expect(asBytes(readMessage(packMessage(value)))).toEqual(asBytes(value));
      }),
    );
  });

  it("of any bytes is a value or null", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => void readMessage(bytes)),
      { numRuns: 5000 },
    );
    fc.assert(
      fc.property(
        plain.map(packMessage).chain((good) => damaged(() => good)),
        (bytes) => void readMessage(bytes),
      ),
      { numRuns: 1000 },
    );
  });

  it("sets no prototype", () => {
    // {"__proto__": {"polluted": 1}}
    const bytes = Uint8Array.of(
      0x81,
      0xa9,
      ...Buffer.from("__proto__"),
      0x81,
      0xa8,
      ...Buffer.from("polluted"),
      1,
    );
    const value = readMessage(bytes) as Record<string, unknown>;
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(value["polluted"]).toBeUndefined();
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });

  it("takes no more memory than a small multiple of its bytes", () => {
    // A list of a million empty records, and one that claims to be longer than it is.
    const count = 1 << 20;
    const many = new Uint8Array(5 + count).fill(0x80);
    many.set([0xdd, 0, 0x10, 0, 0]);
    expect(readMessage(many)).toBeNull();
    expect(readMessage(Uint8Array.of(0xdd, 0xff, 0xff, 0xff, 0xff, 0xc0))).toBeNull();
    expect(readMessage(Uint8Array.of(0xc6, 0xff, 0xff, 0xff, 0xff, 0xc0))).toBeNull();
    // Lists within lists.
    expect(readMessage(new Uint8Array(1000).fill(0x91))).toBeNull();
  });
});

describe("a state", () => {
  it("of any bytes is a state or what is wrong in words", () => {
    let read = 0;
    fc.assert(
      fc.property(
        damaged(() => state),
        (bytes) => {
          const outcome = readRunState(bytes);
          if (typeof outcome === "string") expect(outcome).toMatch(/ must /);
          else read++;
        },
      ),
      { numRuns: 1000, examples: [[state]] },
    );
    expect(read).toBeGreaterThan(0);
  });
});

describe("a journal", () => {
  it("of any bytes has only lines that were written", () => {
    const good = Buffer.from(line.repeat(3));
    fc.assert(
      fc.property(
        damaged(() => good),
        (bytes) => {
          const { entries, lines } = readJournal(bytes);
          for (const entry of entries) expect(journalLine(entry)).toBe(line);
          expect(lines).toBe(bytes.filter((byte) => byte === 10).length);
        },
      ),
      { numRuns: 500 },
    );
  });

  it("takes no more memory than a small multiple of its bytes", () => {
    const { entries, damagedLines } = readJournal(new Uint8Array(1 << 20).fill(10));
    expect([entries.length, damagedLines]).toEqual([0, 1 << 20]);
  });
});

describe("run.json and description.json", () => {
  const texts = (good: string): fc.Arbitrary<string> =>
    damaged(() => Buffer.from(good)).map((bytes) => new TextDecoder().decode(bytes));

  it("of any text are what was written or nothing", () => {
    const good = configText(config);
    fc.assert(
      fc.property(texts(good), (text) => {
        const read = readConfig(text);
        if (read !== null && !("format" in read)) expect(read).toEqual(config);
      }),
      { numRuns: 500 },
    );
    const description = descriptionText(task) as string;
    const whole = readDescription(description, config);
    expect(whole).toMatchObject({ caseCount: task.caseCount, axes: task.axes, isScaled: task.isScaled });
    fc.assert(
      fc.property(texts(description), (text) => {
        const read = readDescription(text, config);
        if (read !== null) expect(read).toEqual(whole);
      }),
      { numRuns: 500 },
    );
  });

  it("are nothing where their checksum is right and the rest is not", () => {
    const { description } = JSON.parse(descriptionText(task) as string) as {
      description: Record<string, unknown> & { axes: readonly object[]; cells: number };
    };
    const resealed = (changes: Record<string, unknown>): string => {
      const changed = { ...description, ...changes };
      return JSON.stringify({ checksum: digestOf(JSON.stringify(changed)), description: changed });
    };
    expect(readDescription(resealed({}), config)).not.toBeNull();
    for (const changes of [
      { cells: description.cells + 1 },
      { cells: 1e9 },
      { axes: [] },
      { axes: description.axes.map((axis) => ({ ...axis, bins: 0 })) },
      { axes: description.axes.map((axis) => ({ ...axis, from: 1e308, to: -1e308 })) },
      { target: "1" },
      { offset: null },
      { cases: -1 },
      { grammar: "{}" },
      { more: 1 },
    ])
      expect(readDescription(resealed(changes), config)).toBeNull();
    expect(readDescription(resealed({}), { ...config, grammarDigest: "11" })).toBeNull();
  });
});

describe("a store", () => {
  it("whose last states are all damaged is not read for ever", async () => {
    const folder = join(root, "many");
    makeFolder(folder);
    const disk = folderDisk(folder);
    await RunStore.create(disk, config);
    let reads = 0;
    const counted = {
      ...disk,
      list: () => Array.from({ length: 5000 }, (_, n) => `state-${String(n).padStart(12, "0")}.bin`),
      read: (name: string, maximumBytes: number) => {
        reads++;
        return name.startsWith("state-") ? seal(packMessage({ nothing: 1 })) : disk.read(name, maximumBytes);
      },
    };
    expect(RunStore.open(counted, { readOnly: true }).state).toBeNull();
    expect(reads).toBeLessThan(100);
  });
});

describe("printable", () => {
  it("leaves nothing that a terminal obeys, and JSON the JSON that it was", () => {
    const character = fc.oneof(
      fc.integer({ min: 0, max: 0x2100 }).map((code) => String.fromCharCode(code)),
      fc.string({ unit: "grapheme", maxLength: 1 }),
    );
    fc.assert(
      fc.property(
        fc.array(character).map((parts) => parts.join("")),
        (text) => {
          expect(printable(text)).not.toMatch(/\p{Cc}|\p{Bidi_Control}|[\u2028\u2029]/u);
          expect(JSON.parse(printable(JSON.stringify({ [text]: text })))).toEqual({ [text]: text });
        },
      ),
    );
    expect(printable("a\u001b[2J\n→ ü")).toBe("a\\u001b[2J\\u000a→ ü");
  });
});
