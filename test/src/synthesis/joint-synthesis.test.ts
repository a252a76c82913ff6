import { describe, expect, it } from "vitest";
import { interpret, readSygusTask, sameOutcome, type SygusTask } from "../../../dsl/index.ts";
import {
  type EvolutionExecutor,
  JointSynthesis,
  type JointSynthesisOptions,
  serialEvolution,
} from "../../../src/index.ts";
import { unpackPrograms } from "../../../src/synthesis/packed-programs.ts";

const strings = (pairs: readonly (readonly [string, string])[]): SygusTask =>
  readSygusTask(
    `(set-logic SLIA)
(synth-fun f ((name String)) String
 ((Start String (ntString))
  (ntString String (name "" " " "." "-" (str.++ ntString ntString) (str.replace ntString ntString ntString)
   (str.at ntString ntInt) (ite ntBool ntString ntString) (str.substr ntString ntInt ntInt)))
  (ntInt Int (0 1 2 (+ ntInt ntInt) (- ntInt ntInt) (str.len ntString) (str.indexof ntString ntString ntInt)))
  (ntBool Bool (true false (= ntInt ntInt) (str.prefixof ntString ntString) (str.contains ntString ntString)))))
${pairs.map(([a, b]) => `(constraint (= (f ${JSON.stringify(a)}) ${JSON.stringify(b)}))`).join("\n")}
(check-synth)`,
    "test.sl",
  );
// Three replacements, one in another: no part of it gives any of the outputs.
const phones = strings([
  ["938 242-504-1", "938.242.504.1"],
  ["308 916-545-2", "308.916.545.2"],
  ["623 599-749-3", "623.599.749.3"],
]);
const words = readSygusTask(
  `(set-logic BV)
(synth-fun f ((x (_ BitVec 64))) (_ BitVec 64)
 ((Start (_ BitVec 64) (#x0000000000000000 #x0000000000000001 x (bvnot Start) (bvand Start Start) (bvadd Start Start)))))
(constraint (= (f #x0000000000000005) #xfffffffffffffff4))
(constraint (= (f #x0000000000000011) #xffffffffffffffdc))
(constraint (= (f #x00000000000000ff) #xfffffffffffffe00))
(check-synth)`,
  "words.sl",
);

async function searched(
  { grammar, examples }: SygusTask,
  turns: number,
  options: JointSynthesisOptions,
): Promise<{ readonly size: number; readonly digest: string }> {
  const search = new JointSynthesis(grammar, examples ?? [], options);
  for (let turn = 0; turn < turns && !search.isOver; turn++) await search.next();
  const { answer, digest } = search;
  if (answer === null) throw new Error("no answer");
  for (const { inputs, output } of examples ?? [])
    expect(sameOutcome(interpret(grammar, answer.program, inputs), output)).toBe(true);
  return { size: answer.size, digest };
}

describe("enumeration and evolution on one map", () => {
  it("go the same way each time, and another with another seed", async () => {
    const [one, two, other] = await Promise.all([
      searched(phones, 20, {}),
      searched(phones, 20, {}),
      searched(phones, 20, { seed: 2 }),
    ]);
    expect(one).toEqual(two);
    expect(other.digest).not.toBe(one.digest);
  });

  it("go the same way in whatever order epochs end", async () => {
    const serial = serialEvolution(phones.grammar, phones.examples ?? []);
    const waiting: (() => void)[] = [];
    const late: EvolutionExecutor = {
      run: async (job) => {
        // The first island's epoch waits for the last one's.
        if (job.island === 0) await new Promise<void>((resolve) => waiting.push(resolve));
        const result = await serial.run(job);
        if (job.island > 0) for (const resolve of waiting.splice(0)) resolve();
        return result;
      },
      close: () => Promise.resolve(),
    };
    expect(await searched(phones, 20, { executor: late })).toEqual(await searched(phones, 20, {}));
  });

  it("give programs for some of the examples to all islands but the last, which goes its own way", async () => {
    const serial = serialEvolution(phones.grammar, phones.examples ?? []);
    const given: { readonly epoch: number; readonly island: number; readonly parents: number }[] = [];
    const executor: EvolutionExecutor = {
      run: (job) => {
        const { epoch, island, parents } = job;
        given.push({ epoch, island, parents: unpackPrograms(parents).length });
        return serial.run(job);
      },
      close: () => Promise.resolve(),
    };
    await searched(phones, 20, { executor });
    const first = given.filter(({ epoch }) => epoch === 0);
    expect(first.map(({ island }) => island)).toEqual([0, 1]);
    expect(first[0]?.parents).toBeGreaterThan(0);
    expect(first[1]?.parents).toBe(0);
  });

  it("find no larger answers than the enumeration does in as many of its rounds", async () => {
    const alone = await searched(phones, 12, { emitters: "enumeration" });
    expect((await searched(phones, 20, {})).size).toBeLessThanOrEqual(alone.size);
  });
});

describe("evolution alone", () => {
  it("finds a chain whose parts give no output", async () => {
    expect((await searched(phones, 8, { emitters: "evolution" })).size).toBeLessThan(16);
  });

  it("finds programs of words", async () => {
    expect((await searched(words, 8, { emitters: "evolution" })).size).toBeLessThan(8);
  });

  it("comes to an end where nothing is to be found", async () => {
    const none = readSygusTask(
      `(set-logic BV)
(synth-fun f ((x (_ BitVec 4))) (_ BitVec 4) ((S (_ BitVec 4) (x #x0 #x2 (bvadd S S) (bvand S S)))))
(constraint (= (f #x4) #x5))
(check-synth)`,
      "none.sl",
    );
    for (const emitters of ["evolution", "both"] as const) {
      const search = new JointSynthesis(none.grammar, none.examples ?? [], { emitters });
      for (let turn = 0; turn < 300 && !search.isOver; turn++) await search.next();
      expect(search).toMatchObject({ isOver: true, answer: null });
    }
  });
});
