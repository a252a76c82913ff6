import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { illume, settings, temporaryFolder, told } from "../cli/program.ts";

const fixture = (name: string): string =>
  fileURLToPath(new URL(`../cli/fixtures/${name}.ts`, import.meta.url));

/** What each fitness does on all that doubles, and what that counts as. */
const hostile = [
  { name: "throws", does: "throws", reason: "threw" },
  { name: "not-a-number", does: "gives NaN", reason: "notANumber" },
  { name: "minus-infinity", does: "gives −Infinity", reason: "notANumber" },
  { name: "returns-text", does: "gives a huge string", reason: "notANumber" },
  { name: "promises", does: "gives a promise, which fails", reason: "notANumber" },
  { name: "builds-text", does: "makes a string too long", reason: "threw" },
  { name: "asks-too-much", does: "asks for more memory than there is", reason: "threw" },
  { name: "hangs", does: "never ends", reason: "timedOut", parameters: { evaluationTimeoutMs: 150 } },
  { name: "exits", does: "ends its process", reason: "crashed" },
  { name: "devours", does: "fills the heap", reason: "crashed", parameters: { workerMemoryMb: 64 } },
  { name: "pushes", does: "grows one array", reason: "crashed", parameters: { workerMemoryMb: 64 } },
  { name: "hoards", does: "takes 10 GB", reason: "crashed", parameters: { workerMemoryMb: 64 } },
  { name: "throws-later", does: "throws when nobody listens any more", reason: null },
] as const;

interface Listed {
  readonly island: number;
  readonly epoch: number;
  readonly candidate: number;
  readonly reason: string;
  readonly program: string;
}

interface Replayed {
  readonly reproduced: boolean;
  readonly quarantine: readonly (Listed & { readonly isStored: boolean; readonly isReproduced: boolean })[];
}

// (x − x)/(x − x) and the like are no numbers under any of these fitnesses.
const isDoubling = ({ program }: Listed): boolean => !program.includes("/");

describe.each(hostile)("a fitness that $does", ({ name, reason, ...more }) => {
  const folder = temporaryFolder();
  const run = ["run", fixture(name), "--islands", "2", "--budget", "2000"];
  const set = settings({
    epochCandidates: 250,
    evaluationTimeoutMs: 20_000,
    ...("parameters" in more ? more.parameters : {}),
  });

  it("does not keep the run from its budget, and what it does so on is listed", async () => {
    const result = await told([...run, ...set, "--workers", "2"], folder);
    expect(result).toMatchObject({ stop: "budget", epochs: 4, candidates: 2000 });
    expect(result.best.fitness).toBeGreaterThan(6);
    for (const kind of ["threw", "timedOut", "crashed"] as const)
      expect(result.failures[kind]).toBe(kind === reason ? 2 : 0);
    const listed = await told<Listed[]>(["show", result.run, "--quarantine"], folder);
    expect(listed.length).toBe(result.quarantine);
    expect(listed.filter(isDoubling)).toEqual(
      reason === null
        ? []
        : [0, 1].map((island) => expect.objectContaining({ island, epoch: 0, reason, program: "(+ x x)" })),
    );
    // With another number of workers the same again, and the same list.
    expect(await told(["verify", result.run, "--workers", "1"], folder)).toMatchObject({
      verified: true,
      digest: result.digest,
      quarantine: result.quarantine,
    });
    // Each listed failure happens again when its job is replayed.
    for (const island of [0, 1]) {
      const replayed = await told<Replayed>(
        ["replay", result.run, "--epoch", "0", "--island", String(island)],
        folder,
      );
      expect(replayed.reproduced).toBe(true);
      expect(replayed.quarantine.filter(isDoubling)).toEqual(
        reason === null
          ? []
          : [expect.objectContaining({ reason, program: "(+ x x)", isStored: true, isReproduced: true })],
      );
    }
  });
});

describe("a fitness that does it all", () => {
  const folder = temporaryFolder();
  const run = ["run", fixture("everything"), "--islands", "2", "--budget", "1000"];
  const set = settings({ epochCandidates: 250, evaluationTimeoutMs: 1000, workerMemoryMb: 64 });

  it("gives the same archive and the same list to a run that is stopped and goes on with another number of workers", async () => {
    const whole = await told([...run, ...set, "--runs", "one", "--workers", "2"], folder);
    const stopped = await told([...run, ...set, "--runs", "two", "--minutes", "0.0001"], folder);
    expect(stopped).toMatchObject({ stop: "time", epochs: 1 });
    expect(await told(["resume", stopped.run, "--runs", "two", "--workers", "1"], folder)).toMatchObject({
      digest: whole.digest,
      quarantine: whole.quarantine,
      stop: "budget",
    });
    const again = await illume(["show", whole.run, "--runs", "two", "--quarantine"], folder);
    expect(again).toEqual(await illume(["show", whole.run, "--runs", "one", "--quarantine"], folder));
    expect(again.stdout).toMatch(/^ +0 +0 +\d+ {2}timedOut +\(\+ x x\)$/m);
    const listed = await told<Listed[]>(["show", whole.run, "--runs", "one", "--quarantine"], folder);
    expect(new Set(listed.map((entry) => entry.reason))).toEqual(
      new Set(["threw", "timedOut", "crashed", "notANumber"]),
    );
    for (const job of new Set(listed.map(({ island, epoch }) => `${epoch} ${island}`))) {
      const [epoch = "", island = ""] = job.split(" ");
      const replay = ["replay", whole.run, "--runs", "one", "--epoch", epoch, "--island", island];
      const replayed = await told<Replayed>(replay, folder);
      expect(replayed.reproduced).toBe(true);
      expect(replayed.quarantine.map(({ candidate, reason }) => ({ candidate, reason }))).toEqual(
        listed
          .filter((entry) => `${entry.epoch} ${entry.island}` === job)
          .map(({ candidate, reason }) => ({ candidate, reason })),
      );
    }
  });
});

describe("a fitness that keeps a little of every evaluation", () => {
  const folder = temporaryFolder();

  it("gets new workers again and again, blames no program, and ends", async () => {
    const run = ["run", fixture("leaks"), "--islands", "2", "--budget", "800", "--workers", "2"];
    const set = settings({ epochCandidates: 400, cache: "off", workerMemoryMb: 64 });
    const result = await told([...run, ...set], folder);
    expect(result).toMatchObject({ stop: "budget", candidates: 800 });
    expect(result.failures).toMatchObject({ threw: 0, timedOut: 0, crashed: 0 });
  });
});
