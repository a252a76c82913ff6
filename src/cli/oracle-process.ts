import { spawn } from "node:child_process";

/** Longest that an oracle may take for an input, and most that it may print. */
const TIMEOUT_MS = 10_000;
const MOST_OUTPUT = 1_000_000;

/** What became of a program: what it printed, or what went wrong, to follow "it ". */
export type ProcessOutcome =
  | { readonly printed: string }
  | { readonly problem: string; readonly isMissing?: true };

/**
 * Runs a program to its end, with a line on its standard input.
 * @param words the program and its arguments
 */
export function printedBy(
  words: readonly string[],
  line: string,
  timeoutMs: number = TIMEOUT_MS,
): Promise<ProcessOutcome> {
  return new Promise((resolve) => {
    const [command, ...args] = words as [string, ...string[]];
    // In a process group of its own, so that what it starts ends with it.
    const hasGroup = process.platform !== "win32";
    const child = spawn(command, args, { stdio: ["pipe", "pipe", "pipe"], detached: hasGroup });
    let printed = "";
    let said = "";
    let problem: string | null = null;
    const stop = (why: string): void => {
      problem ??= why;
      try {
        if (hasGroup && child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
        else child.kill("SIGKILL");
      } catch {
        // It has ended.
      }
    };
    const timer = setTimeout(() => stop(`took longer than ${timeoutMs / 1000} s`), timeoutMs);
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      printed += text;
      if (printed.length > MOST_OUTPUT) stop(`printed more than ${MOST_OUTPUT} characters`);
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      if (said.length < MOST_OUTPUT) said += text;
    });
    // It need not read what it is given.
    child.stdin.on("error", () => undefined);
    child.on("error", (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      const isMissing = error.code === "ENOENT" || error.code === "EACCES";
      resolve({ problem: `could not be started; ${error.message}`, ...(isMissing ? { isMissing } : {}) });
    });
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      const last = said.trim().split("\n").at(-1) ?? "";
      if (problem !== null) resolve({ problem });
      else if (code === 0) resolve({ printed });
      else
        resolve({
          problem: `ended with ${code === null ? `the signal ${signal}` : `exit code ${code}`}${last === "" ? "" : `, saying ${last}`}`,
        });
    });
    child.stdin.end(`${line}\n`);
  });
}
