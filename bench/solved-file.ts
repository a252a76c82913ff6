import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { packageFolder } from "../src/index.ts";

const run = promisify(execFile);

/** What `illume solve` says of a file. */
export interface Told {
  readonly stop: string;
  readonly answer: { readonly program: string; readonly size: number } | null;
  readonly candidates: number;
  readonly firstCpuSeconds: number | null;
  readonly cpuSeconds: number;
}

/** What `illume solve` says of a file in a process of its own; null where the file is refused. */
export async function solvedFile(
  file: string,
  options: readonly string[],
  timeoutMs: number,
): Promise<Told | null> {
  try {
    const program = join(packageFolder, "dist/src/cli/main.js");
    const { stdout } = await run(process.execPath, [program, "solve", file, ...options, "--json"], {
      timeout: timeoutMs,
    });
    return JSON.parse(stdout) as Told;
  } catch (error) {
    const { code, stdout } = error as { code?: number; stdout?: string };
    if (code === 1 && stdout !== undefined) return JSON.parse(stdout) as Told;
    if (code === 2) return null;
    throw error;
  }
}
