import { rm } from "node:fs/promises";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import * as dsl from "../../dsl/index.ts";
import * as illume from "../../src/index.ts";
import {
  bundleExperiment,
  compileTask,
  completeParameters,
  type Judgements,
  judgementKinds,
  loadBundle,
  parseProgram,
  writeBundle,
} from "../../src/index.ts";
import { threadJudge } from "../../workers/index.ts";

const folder = mkdtempSync(join(tmpdir(), "illume-judge-"));
afterAll(() => rm(folder, { recursive: true, force: true }));
const host = { illume, "illume/dsl": dsl };

/** Judges x, x + x, x * x, x + x and x with a fixture of the command line's tests. */
async function judged(fixture: string): Promise<{ kinds: string[]; fitness: number[]; thrown: string[] }> {
  const file = fileURLToPath(new URL(`../cli/fixtures/${fixture}.ts`, import.meta.url));
  const code = await writeBundle(await bundleExperiment(file, host), folder);
  const parameters = completeParameters({ evaluationTimeoutMs: 300 });
  const task = compileTask(await loadBundle(code, host), parameters);
  const programs = ["x", "(+ x x)", "(* x x)", "(+ x x)", "x"].map((text) =>
    parseProgram(task.grammar, text),
  );
  const judge = threadJudge(task, code);
  try {
    const { kinds, values }: Judgements = await judge.judge(programs, Int32Array.of(0, 1, 2, 3, 4), 60_000);
    return {
      kinds: Array.from(kinds, (kind) => judgementKinds[kind] as string),
      fitness: [0, 2, 4].map((i) => values[2 * i] as number),
      thrown: [...judge.thrown.values()],
    };
  } finally {
    await judge.close();
  }
}

describe("a judge in a thread", () => {
  it.each([
    ["exits", "crashed"],
    ["hangs", "timedOut"],
    ["throws", "threw"],
  ])("goes on after a fitness that %s, and the same behaviour is %s again", async (fixture, kind) => {
    const { kinds, fitness, thrown } = await judged(fixture);
    expect(kinds).toEqual(["judged", kind, "judged", kind, "judged"]);
    expect(fitness).toEqual([3, 9, 3]);
    expect(thrown).toEqual(
      kind === "threw" ? Array.from({ length: 2 }, () => "Error: twos are not wanted") : [],
    );
  });
});
