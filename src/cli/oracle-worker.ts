import { parentPort, workerData } from "node:worker_threads";

// A person's function in a thread of its own, which can be ended where it hangs. It gets a list of inputs and answers with what the function gives.

const port = parentPort as NonNullable<typeof parentPort>;
/** What an error says of itself. */
const textOf = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}` : String(error);

try {
  const { default: oracle } = (await import(workerData as string)) as { readonly default?: unknown };
  if (typeof oracle !== "function") throw new Error("it must have a function as its default export");
  port.postMessage({ kind: "loaded" });
  port.on("message", (inputs: readonly unknown[]) => {
    Promise.resolve()
      .then((): unknown => oracle(...inputs))
      .then((value) => port.postMessage({ kind: "value", value }))
      .catch((error: unknown) => port.postMessage({ kind: "failed", problem: textOf(error) }));
  });
} catch (error) {
  port.postMessage({ kind: "failed", problem: textOf(error) });
}
