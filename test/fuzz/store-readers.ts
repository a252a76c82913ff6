import { checkProgram, printProgram } from "../../dsl/index.ts";
import { Archive } from "../../src/archive/archive.ts";
import { emptyCounters } from "../../src/counters.ts";
import { digestOf } from "../../src/digest.ts";
import { type EpochMetrics, journalLine, readJournal } from "../../src/journal.ts";
import { addPacked } from "../../src/packed-elites.ts";
import { packMessage, readMessage } from "../../src/plain-message.ts";
import { rootKey } from "../../src/random-stream.ts";
import { configText, FORMAT_VERSION, readConfig, type RunConfig } from "../../src/run-config.ts";
import { descriptionText, readDescription } from "../../src/run-description.ts";
import { checkRunState, packRunState, readRunState } from "../../src/run-state-bytes.ts";
import { type RunState, search } from "../../src/search.ts";
import { serialExecutor } from "../../workers/index.ts";
import { cubic, doubled, fraction, taskOf } from "../src/small-tasks.ts";
import { type Reader, refuse, require } from "./reader.ts";

// What a run's folder holds. Checksums are put right after the damage: they keep out accidents, not people.

const small = { islands: 2, epochCandidates: 4, initialCandidates: 4, cacheEntries: 4 } as const;
const tasks = [
  taskOf(cubic, { ...small, cache: "lossy" }),
  taskOf(doubled, small),
  taskOf(fraction, { ...small, skeletonEntries: 4 }),
] as const;

const statesOf = async (task: (typeof tasks)[number]): Promise<Uint8Array[]> => {
  const states: Uint8Array[] = [];
  await search({
    task,
    key: rootKey(1),
    budgetCandidates: 24,
    executor: serialExecutor(task),
    onEpoch: ({ state }) => {
      states.push(Uint8Array.from(packRunState(state)));
    },
  });
  return states;
};

/** A state that was read and can come from the task can be shown, stored and gone on from. */
function checkState(task: (typeof tasks)[number], state: RunState): void {
  const archive = new Archive(task.space);
  for (const { elites } of state.islands) addPacked(archive, elites);
  for (const elites of state.migrants.flat()) addPacked(archive, elites);
  for (let n = 0; n < archive.count; n++) printProgram(task.grammar, archive.nth(n).program);
  const again = readRunState(packRunState(state));
  require(typeof again !== "string" && checkRunState(task, again).length === 0, "it is not read back");
}

const corpora = await Promise.all(tasks.map(statesOf));
const states = tasks.map(
  (task, k): Reader => ({
    name: `states of ${task.name}`,
    corpus: corpora[k] as Uint8Array[],
    read: (input: Uint8Array) => {
      const state = readRunState(input);
      if (typeof state === "string") return refuse(state);
      const problems = checkRunState(task, state);
      if (problems.length > 0) return refuse(problems);
      checkState(task, state);
    },
  }),
);

const metricsOf = (epoch: number): EpochMetrics => ({
  epoch,
  counters: { ...emptyCounters(), candidates: epoch * 2 ** 40 },
  coverage: 0.1,
  qdScore: epoch / 3,
  hypervolume: epoch / 7,
  bestFitness: epoch === 0 ? Number.NEGATIVE_INFINITY : 1 / 3,
  bestProgram: '(+ x "é\n")',
  bestSize: 3,
  digest: "ab",
  islandDigests: ["aa", "bb"],
  rollingDigest: "cd",
  seconds: 1.5,
  stop: epoch === 1 ? "budget" : null,
});

const CHECKSUM_CHARACTERS = 16;
const journals: Reader = {
  name: "journals",
  corpus: [0, 1].map((count) =>
    Array.from({ length: count + 1 }, (_, epoch) =>
      journalLine(metricsOf(epoch)).slice(CHECKSUM_CHARACTERS + 1),
    ).join(""),
  ),
  read: (input: string) => {
    const lines = input.split("\n").map((text) => `${digestOf(text).slice(0, CHECKSUM_CHARACTERS)} ${text}`);
    const journal = readJournal(new TextEncoder().encode(lines.join("\n")));
    require(journal.entries.every(
      ({ epoch }, k, all) => k === 0 || epoch > (all[k - 1] as EpochMetrics).epoch,
    ), "epochs do not ascend");
    // Lone surrogates change on their way through bytes; then the line counts as damaged.
    const written = journal.entries.map(journalLine).join("");
    const again = readJournal(new TextEncoder().encode(written));
    require(again.damagedLines === 0 &&
      again.entries.map(journalLine).join("") === written, "it is not read back");
    if (journal.entries.length === 0) refuse("no line can be read");
  },
};

const config: RunConfig = {
  experiment: "cubic",
  question: "…",
  seed: "1",
  budgetCandidates: 2000,
  parameters: { islands: 3, topology: "all", earlyAbort: true },
  codeDigest: "00",
  grammarDigest: "11",
};
const configurations: Reader = {
  name: "configurations of runs",
  corpus: [
    JSON.stringify(config),
    JSON.stringify({ ...config, origin: { run: "cubic-1", epochs: 4, rollingDigest: "ab" } }),
    configText(config),
  ],
  read: (input: string) => {
    const read =
      readConfig(`{"format":${FORMAT_VERSION},"checksum":"${checksumOf(input)}","config":${input}}`) ??
      readConfig(input);
    if (read === null || "format" in read) return refuse("no configuration");
    require(/^[\w.-]+$/.test(`${read.experiment}${read.codeDigest}`), "a name leads out of the folder");
    require(({} as { a?: unknown }).a === undefined, "a prototype has changed");
    require(JSON.stringify(readConfig(configText(read))) === JSON.stringify(read), "it is not read back");
  },
};

/** The checksum that makes a text, if it is JSON, a sound configuration. */
function checksumOf(text: string): string {
  try {
    return digestOf(JSON.stringify(JSON.parse(text)));
  } catch {
    return "";
  }
}

const messages: Reader = {
  name: "messages",
  corpus: [
    packMessage({ config: "…", metrics: null, state: Uint8Array.of(1, 2, 3) }),
    packMessage([{ a: [1.5, -1, 2 ** 40, true], b: { c: "é", d: Uint8Array.of() } }, "x".repeat(40)]),
    packMessage(Array.from({ length: 20 }, (_, k) => ({ ["name".repeat(k + 1)]: k }))),
  ],
  read: (input: Uint8Array) => {
    const message = readMessage(input);
    require(({} as { a?: unknown }).a === undefined, "a prototype has changed");
    if (message === null) refuse("no message");
  },
};

/** Descriptions are sealed again after the damage, for the grammar that they then hold. */
const descriptions: Reader = {
  name: "descriptions of runs",
  corpus: tasks.map((task) =>
    JSON.stringify((JSON.parse(descriptionText(task) as string) as { description: object }).description),
  ),
  read: (input: string) => {
    const read = readDescription(`{"checksum":"${checksumOf(input)}","description":${input}}`, {
      ...config,
      grammarDigest: grammarDigestOf(input),
    });
    if (read === null) return refuse("no description");
    const { productions } = read.grammar;
    for (const { id, children } of productions) {
      const program = { tokens: Int32Array.of(id), constants: new Float64Array(0) };
      if (children.length === 0 && checkProgram(read.grammar, program).length === 0)
        require(printProgram(read.grammar, program).length > 0, "a program has no text");
    }
    require(read.space.cellCount <= 1e6 && read.axes.length > 0, "the map is out of bounds");
  },
};

/** The digest of the grammar in a description, if there is one. */
function grammarDigestOf(text: string): string {
  try {
    const { grammar } = JSON.parse(text) as { grammar: string };
    return digestOf((JSON.parse(grammar) as { fingerprint: string }).fingerprint);
  } catch {
    return "";
  }
}

/** What reads the files of a run's folder. */
export const storeReaders: readonly Reader[] = [...states, journals, configurations, messages, descriptions];
