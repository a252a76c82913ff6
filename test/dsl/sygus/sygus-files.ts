import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const folder = join(import.meta.dirname, "../../../../shared/data/sygus");

/** Whether the competition's tasks are at hand; they are no part of the repository. */
export const hasSygusFiles = existsSync(folder);

export interface SygusFile {
  readonly kind: string;
  readonly name: string;
  readonly text: string;
}

/** The competition's tasks: strings, bitvectors, clia. */
export const sygusFiles = (): readonly SygusFile[] =>
  !hasSygusFiles
    ? []
    : readdirSync(folder).flatMap((kind) =>
        readdirSync(join(folder, kind))
          .filter((name) => name.endsWith(".sl"))
          .sort()
          .map((name) => ({ kind, name, text: readFileSync(join(folder, kind, name), "utf8") })),
      );
