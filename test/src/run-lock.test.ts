import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { lockRun } from "../../src/run-lock.ts";

const root = mkdtempSync(join(tmpdir(), "illume-lock-"));
afterAll(() => rm(root, { recursive: true, force: true }));
const newFolder = (): string => mkdtempSync(join(root, "run-"));

/** What a lock of this process says, with something changed. */
function lockText(changes: Readonly<Record<string, unknown>>): string {
  const folder = newFolder();
  const lock = lockRun(folder);
  const own = JSON.parse(readFileSync(join(folder, "lock"), "utf8")) as Record<string, unknown>;
  lock.release();
  return JSON.stringify({ ...own, ...changes });
}

/** A process that does nothing until it is killed. */
async function sleeper(): Promise<{ readonly pid: number; readonly end: () => Promise<void> }> {
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000); console.log(1)"], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  await once(child.stdout, "data");
  return {
    pid: child.pid as number,
    end: async () => {
      const closed = once(child, "close");
      child.kill("SIGKILL");
      await closed;
    },
  };
}

describe("the lock of a run", () => {
  it("is held by one at a time, and leaves nothing behind", () => {
    const folder = newFolder();
    const lock = lockRun(folder);
    expect(lock.isHeld()).toBe(true);
    expect(() => lockRun(folder)).toThrow(
      `run ${folder} must be carried on by one process at a time; process ${process.pid} has it.`,
    );
    expect(lock.isHeld()).toBe(true);
    lock.release();
    expect(readdirSync(folder)).toEqual([]);
    lockRun(folder).release();
  });

  it("is respected while its process lives, and taken over when it was killed", async () => {
    const folder = newFolder();
    const { pid, end } = await sleeper();
    // Where the system tells when a process was started, that must be right, too.
    const stat = existsSync(`/proc/${pid}/stat`) ? readFileSync(`/proc/${pid}/stat`, "utf8") : "";
    const started = stat.split(") ").at(-1)?.split(" ")[19] ?? "";
    writeFileSync(join(folder, "lock"), lockText({ pid, started }));
    expect(() => lockRun(folder)).toThrow(`process ${pid} has it`);
    await end();
    const lock = lockRun(folder);
    expect(lock.isHeld()).toBe(true);
    lock.release();
  });

  it.runIf(existsSync("/proc/self/stat"))(
    "is taken over from a process whose number another one has now",
    () => {
      const folder = newFolder();
      writeFileSync(join(folder, "lock"), lockText({ started: "1" }));
      lockRun(folder).release();
    },
  );

  it("is taken over from before the machine was started anew", () => {
    const folder = newFolder();
    writeFileSync(join(folder, "lock"), lockText({ boot: "another" }));
    lockRun(folder).release();
  });

  it("is taken over if it is no lock at all", () => {
    for (const text of ["", "?", "null", '{"pid":-1}', '{"pid":"x"}', "[]"]) {
      const folder = newFolder();
      writeFileSync(join(folder, "lock"), text);
      lockRun(folder).release();
      expect(readdirSync(folder)).toEqual([]);
    }
  });

  it("of another machine or container holds as long as it gives a sign of life", () => {
    for (const elsewhere of [{ host: "elsewhere" }, { space: "pid:[7]" }]) {
      const folder = newFolder();
      const path = join(folder, "lock");
      writeFileSync(path, lockText(elsewhere));
      expect(() => lockRun(folder)).toThrow("must be carried on by one process at a time");
      expect(readdirSync(folder)).toEqual(["lock"]);
      const old = new Date(Date.now() - 120_000);
      utimesSync(path, old, old);
      lockRun(folder).release();
      expect(readdirSync(folder)).toEqual([]);
    }
  });

  it("is known to be lost when somebody took it", () => {
    const folder = newFolder();
    const lock = lockRun(folder);
    const other = lockText({ pid: 1 });
    writeFileSync(join(folder, "lock"), other);
    expect(lock.isHeld()).toBe(false);
    lock.release();
    expect(readFileSync(join(folder, "lock"), "utf8")).toBe(other);
  });

  it("cannot be had where nothing can be written", () => {
    expect(() => lockRun(join(root, "nowhere"))).toThrow("must be writable");
  });
});
