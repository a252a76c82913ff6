import { mkdirSync, readFileSync, statSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { InputError } from "../index.ts";

/** A file that a command writes because somebody asked for it. */
export interface OutputFile {
  readonly path: string;
  readonly text: string;
  /** Whether what the file holds now may go, besides the same text. */
  readonly mayReplace?: (old: string) => boolean;
}

/**
 * Writes files.
 * @param option that named them
 * @param isForced whether files that hold something else may be overwritten
 * @throws InputError where something else would be lost, or a file cannot be written
 */
export async function writeFiles(
  files: readonly OutputFile[],
  option: string,
  isForced: boolean,
): Promise<void> {
  if (!isForced) checkOverwriting(files, option);
  for (const { path, text } of files)
    try {
      await writeFile(path, text);
    } catch (error) {
      throw new InputError(`${option} must be a file that can be written; ${(error as Error).message}.`);
    }
}

/**
 * Makes a folder that files are to be written to, if it is not there.
 * @throws InputError where it cannot be one
 */
export function makeFolder(folder: string, option: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new InputError(`${option} must be a folder that can be written; ${(error as Error).message}.`);
  }
}

function checkOverwriting(files: readonly OutputFile[], option: string): void {
  const problems = files.flatMap(({ path, text, mayReplace }) => {
    const old = textAt(path);
    return old === null || old === text || mayReplace?.(old) === true
      ? []
      : [
          `${option} must not lead to a file that holds something else; ${path} does. Give --force to overwrite it.`,
        ];
  });
  if (problems.length > 0) throw new InputError(problems);
}

/** Null where there is no file that can be read: writing tells what is wrong. */
function textAt(path: string): string | null {
  try {
    return statSync(path).isFile() ? readFileSync(path, "utf8") : null;
  } catch {
    return null;
  }
}
