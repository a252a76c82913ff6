import { spawn } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { decodeSegment, encodeSegment } from "../../src/cache-segment.ts";
import { CacheStore } from "../../src/cache-store.ts";
import { type Ended, onlyRun, settings, start, temporaryFolder } from "./program.ts";

const fixture = fileURLToPath(new URL("fixtures/judges.ts", import.meta.url));
const run = ["run", fixture, "--islands", "2", "--budget", "4000", ...settings({ epochCandidates: 250 })];

interface Result {
  readonly run: string;
  readonly digest: string;
  readonly epochs: number;
  readonly evaluations: number;
  readonly sharedHits: number;
}

interface Listed {
  readonly folder: string;
  readonly bytes: number;
  readonly keys: readonly {
    readonly key: string;
    readonly experiment: string;
    readonly entries: number;
    readonly damaged: readonly string[];
  }[];
}

/** A person with a home of their own. */
function person(): {
  readonly folder: string;
  readonly home: string;
  readonly illume: (...args: readonly string[]) => Promise<Ended>;
  readonly told: <T = Result>(...args: readonly string[]) => Promise<T>;
} {
  const folder = temporaryFolder();
  const home = join(folder, "home");
  const illume = (...args: readonly string[]): Promise<Ended> => start(args, folder, home).ended;
  return {
    folder,
    home,
    illume,
    told: async <T>(...args: readonly string[]) => {
      const { code, stdout, stderr } = await illume(...args, "--json");
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      return JSON.parse(stdout) as T;
    },
  };
}

describe("the shared cache", () => {
  const { folder, home, illume, told } = person();
  const store = new CacheStore(join(home, "cache"));
  let without: Result;

  it("answers a run in another folder, on threads and in one, with the same digest", async () => {
    without = await told(...run, "--runs", "without", "--shared-cache", "off");
    expect(store.list()).toEqual([]);
    const first = await told(...run, "--runs", "first", "--workers", "2");
    expect(first).toMatchObject({ digest: without.digest, evaluations: without.evaluations, sharedHits: 0 });
    expect(store.list()).toMatchObject([{ experiment: "judges", damaged: [], contradictions: 0 }]);
    const again = await told(...run, "--runs", "again", "--workers", "2");
    expect(again.digest).toBe(without.digest);
    expect(again.evaluations).toBeLessThan(first.evaluations / 4);
    expect(again.evaluations + again.sharedHits).toBe(first.evaluations);
    const serial = await illume(...run, "--runs", "serial", "--executor", "serial");
    expect(serial.stdout).toContain(`digest       ${without.digest}\n`);
    expect(serial.stdout).toMatch(/^evaluations .*, [\d,]+ known from other runs$/m);
  });

  it("keeps what a stopped run had learned, and does not show in the run that goes on", async () => {
    const home = join(folder, "killed-home");
    const runs = join(folder, "killed");
    const running = start([...run, "--runs", runs], folder, home);
    await running.says(/^epoch 1 /m);
    running.process.kill("SIGINT");
    expect(await running.ended).toMatchObject({ code: 130 });
    const store = new CacheStore(join(home, "cache"));
    expect(store.list()).toMatchObject([{ experiment: "judges", damaged: [] }]);
    const again = start(["resume", onlyRun(runs) as string, "--runs", runs], folder, home);
    await again.says(/^epoch \d/m);
    again.process.kill("SIGKILL");
    await again.ended;
    const { stdout } = await start(["resume", onlyRun(runs) as string, "--runs", runs], folder, home).ended;
    expect(stdout).toContain(`digest       ${without.digest}\n`);
    expect(store.list()).toMatchObject([{ experiment: "judges", damaged: [], contradictions: 0 }]);
  });

  it("is never read by verify, which finds out a cache that lies", async () => {
    const [{ key } = { key: "" }] = store.list();
    const place = join(store.folder, key);
    for (const name of readdirSync(place).filter((each) => each.endsWith(".seg"))) {
      const segment = decodeSegment(name, key, readFileSync(join(place, name)));
      if (segment === null) throw new Error(`${name} is damaged`);
      const lie = encodeSegment(key, 2, { ...segment, values: segment.values.map((v) => v / 2) });
      writeFileSync(join(place, lie.name), lie.bytes);
      writeFileSync(join(place, name), "gone");
    }
    expect(await told("verify", without.run, "--runs", "without")).toMatchObject({ verified: true });
    const misled = await told(...run, "--runs", "misled");
    expect(misled.sharedHits).toBeGreaterThan(100);
    expect(misled.digest).not.toBe(without.digest);
    expect(await illume("verify", misled.run, "--runs", "misled")).toMatchObject({ code: 1 });
  });

  it("is used where it is asked for, and says why where it cannot be", async () => {
    const learned = (): boolean => store.list().some(({ experiment }) => experiment === "lists");
    writeFileSync(join(folder, "config.json"), '{"sharedCache":"on"}');
    for (const [options, learns] of [
      [["--runs", "auto"], false],
      [["--runs", "on", "--config", "config.json"], true],
    ] as const) {
      await told("run", "lists", "--budget", "500", ...options);
      expect(learned()).toBe(learns);
    }
    const measured = await illume("run", "parity", "--budget", "500", "--shared-cache", "on");
    expect(measured).toMatchObject({ code: 0 });
    expect(measured.stderr).toContain(
      "no shared cache: the vector machine judges these programs by the batch",
    );
  });

  it("costs nothing but itself where the home cannot be written", async () => {
    const blocked = join(folder, "a-file");
    writeFileSync(blocked, "");
    const { code, stdout, stderr } = await start([...run, "--runs", "blocked"], folder, blocked).ended;
    expect(code).toBe(0);
    expect(stdout).toContain(`digest       ${without.digest}\n`);
    expect(stderr.match(/no shared cache/g)).toHaveLength(1);
  });
});

describe("illume cache", () => {
  const { home, illume, told } = person();
  const store = new CacheStore(join(home, "cache"));
  const key = "00".repeat(16);
  const one = { signatures: Int32Array.of(1, 2, 3, 4), values: Float64Array.of(5) };

  it("lists, trims and clears", async () => {
    store.write(key, 1, one, { experiment: "judges" });
    const damaged = join(store.folder, key, `${"0".repeat(32)}.seg`);
    writeFileSync(damaged, "no segment");
    const shown = await illume("cache");
    expect(shown).toMatchObject({ code: 0, stderr: "" });
    expect(shown.stdout).toMatch(/^judges +[0-9a-f]{8} +1 +0\.\d\d MB +\d+ \w+ ago$/m);
    expect(shown.stdout).toContain(`damaged, not used: ${damaged}\n`);
    expect((await told<Listed>("cache", "--trim")).keys).toMatchObject([
      { experiment: "judges", entries: 1, damaged: [] },
    ]);
    expect((await told<Listed>("cache", "--trim", "0")).keys).toEqual([]);
    store.write(key, 1, one, {});
    expect(await told<Listed>("cache", "--clear")).toMatchObject({
      folder: store.folder,
      bytes: 0,
      keys: [],
    });
    expect(readdirSync(store.folder)).toEqual([]);
  });

  it("says what is wrong with its options", async () => {
    for (const [args, message] of [
      [["--trim", "-1"], "--trim must be a number of MB of at least 0; got -1."],
      [["--trim", "x"], "--trim must be a number"],
      [["--trim", "1", "--clear"], "exclude one another"],
    ] as const) {
      const { code, stderr } = await illume("cache", ...args);
      expect(code).toBe(2);
      expect(stderr).toContain(message);
    }
    expect(await illume(...run, "--shared-cache", "maybe")).toMatchObject({ code: 2 });
  });
});

describe("processes that write at the same time", () => {
  const folder = temporaryFolder();
  const SEGMENTS = 60;
  const ENTRIES = 20;
  const built = new URL("../../dist/src/index.js", import.meta.url).href;
  const key = "00".repeat(16);
  /** Writes segments of entries (process, n): half of each are those of the segment before. */
  const program = (writer: number): string => `
    const { CacheStore } = await import(${JSON.stringify(built)});
    const store = new CacheStore(${JSON.stringify(folder)});
    for (let segment = 0; segment < ${SEGMENTS}; segment++) {
      const numbers = Array.from({ length: ${ENTRIES} }, (_, i) => segment * ${ENTRIES / 2} + i);
      store.write(${JSON.stringify(key)}, 1, {
        signatures: Int32Array.from(numbers.flatMap((n) => [Math.imul(n, 0x9e3779b1), ${writer}, n, 1])),
        values: Float64Array.from(numbers, (n) => n + ${writer} / 10),
      }, {});
    }`;

  it("lose nothing, though each merges what all have written", async () => {
    const writers = [1, 2, 3];
    const codes = await Promise.all(
      writers.map(
        (writer) =>
          new Promise((resolve) => {
            spawn(process.execPath, ["--input-type=module", "-e", program(writer)], { stdio: "inherit" }).on(
              "close",
              resolve,
            );
          }),
      ),
    );
    expect(codes).toEqual([0, 0, 0]);
    const store = new CacheStore(folder);
    const table = store.read(key, 1);
    const value = new Float64Array(1);
    const each = ((SEGMENTS + 1) * ENTRIES) / 2;
    for (const writer of writers)
      for (let n = 0; n < each; n++) {
        expect(table.read(Int32Array.of(Math.imul(n, 0x9e3779b1), writer, n, 1), value)).toBe(true);
        expect(value[0]).toBe(n + writer / 10);
      }
    expect(table.count).toBe(writers.length * each);
    expect(store.list()).toMatchObject([{ damaged: [], contradictions: 0 }]);
    expect(readdirSync(join(folder, key)).length).toBeLessThanOrEqual(20);
  });
});
