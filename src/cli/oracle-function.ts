import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { InputError, packageFolder } from "../index.ts";
import { bundleSource } from "./experiment-source.ts";
import { privateCopy } from "./own-code.ts";

const workerFile = join(packageFolder, "dist/src/cli/oracle-worker.js");
/** Longest that a function may take for an input, or its file to load. */
const TIMEOUT_MS = 10_000;

type Message =
  | { readonly kind: "loaded" }
  | { readonly kind: "value"; readonly value: unknown }
  | { readonly kind: "failed"; readonly problem: string };

/** What a function gave, or what went wrong, to follow "it ". */
export type FunctionOutcome = { readonly value: unknown } | { readonly problem: string };

/** A person's function in a thread of its own. */
export interface OracleFunction {
  readonly call: (inputs: readonly unknown[]) => Promise<FunctionOutcome>;
  readonly close: () => Promise<void>;
}

/**
 * Loads the function that a file of TypeScript or JavaScript has as its default export.
 * @throws InputError where the file does not compile or load, or exports no function
 */
export async function loadFunction(file: string): Promise<OracleFunction> {
  const bundle = await bundleSource(file);
  const worker = new Worker(workerFile, { workerData: privateCopy(bundle), stdout: true });
  // Standard output is for results.
  worker.stdout.pipe(process.stderr);
  let settle: ((message: Message) => void) | null = null;
  const tell = (message: Message): void => settle?.(message);
  worker.on("message", tell);
  worker.on("error", (error) => tell({ kind: "failed", problem: `${error.name}: ${error.message}` }));
  worker.on("exit", () => tell({ kind: "failed", problem: "it ended its process" }));
  const next = (): Promise<Message> =>
    new Promise((resolve) => {
      const timer = setTimeout(() => {
        void worker.terminate();
        tell({ kind: "failed", problem: `it took longer than ${TIMEOUT_MS / 1000} s` });
      }, TIMEOUT_MS);
      settle = (message) => {
        clearTimeout(timer);
        settle = null;
        resolve(message);
      };
    });
  const close = async (): Promise<void> => {
    await worker.terminate();
  };
  const loaded = await next();
  if (loaded.kind === "failed") {
    await close();
    throw new InputError(`--oracle must load; ${file}: ${loaded.problem}.`);
  }
  return {
    call: async (inputs) => {
      const told = next();
      worker.postMessage(inputs);
      const message = await told;
      return message.kind === "value"
        ? { value: message.value }
        : { problem: message.kind === "failed" ? message.problem : "it loaded twice" };
    },
    close,
  };
}
