import { createRequire } from "node:module";
import { join } from "node:path";
import type * as piscina from "piscina";
import {
  type EvolutionExecutor,
  type EvolutionResult,
  type Example,
  type Grammar,
  grammarOutline,
  type GrammarSource,
  packageFolder,
  serialEvolution,
} from "../src/index.ts";
import { type EvolutionMessage, type EvolutionStart, PROTOCOL_VERSION } from "./protocol.ts";

/** Epochs that run in this thread before threads start: short searches are over by then, and each thread takes 0.1 s to start. */
const FIRST_EPOCHS = 4;
const HEAP_LIMIT_MB = 2048;

const require = createRequire(import.meta.url);

/** Workers run the built code, also where this is TypeScript under test. */
const workerFile = join(packageFolder, "dist/workers/evolution-worker.js");

/**
 * Runs epochs of evolution on worker threads, the first few in this one.
 * @param source the file that the grammar is of
 * @param workers number of threads, at least 1
 * @param firstEpochs epochs that run before threads start
 */
export function threadsEvolution(
  source: GrammarSource,
  grammar: Grammar,
  examples: readonly Example[],
  workers: number,
  firstEpochs = FIRST_EPOCHS,
): EvolutionExecutor {
  const serial = serialEvolution(grammar, examples);
  let epochs = 0;
  let pool: piscina.Piscina | null = null;
  const openPool = (): piscina.Piscina => {
    const { Piscina }: typeof piscina = require("piscina");
    const start: EvolutionStart = {
      protocol: PROTOCOL_VERSION,
      source,
      outline: grammarOutline(grammar),
      examples: examples.map(({ inputs, output }) => ({ inputs, output })),
    };
    const opened = new Piscina({
      filename: workerFile,
      minThreads: workers,
      maxThreads: workers,
      atomics: "disabled",
      workerData: start,
      resourceLimits: { maxOldGenerationSizeMb: HEAP_LIMIT_MB },
    });
    // A worker that dies while idle must not take the process with it.
    opened.on("error", () => {});
    return opened;
  };
  return {
    run: async (job) => {
      if (epochs++ < firstEpochs) return serial.run(job);
      pool ??= openPool();
      const message: EvolutionMessage = { job };
      return (await pool.run(message)) as EvolutionResult;
    },
    close: async () => {
      await pool?.destroy();
      pool = null;
    },
  };
}
