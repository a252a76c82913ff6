import {
  appendFileSync,
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  truncateSync,
} from "node:fs";
import { digestOf, InputError } from "../index.ts";
import type { TargetScore } from "./tuning-target.ts";

const CHECKSUM_CHARACTERS = 16;
const checksum = (text: string): string => digestOf(text).slice(0, CHECKSUM_CHARACTERS);
const lineOf = (text: string): string => `${checksum(text)} ${text}\n`;

/**
 * The scores of a tuning, a line each, with a checksum: what was known before a kill is known after it. The first line says what is tuned.
 */
export class TuningJournal {
  readonly #path: string;
  readonly #file: number;
  readonly #scores = new Map<string, TargetScore>();

  /**
   * @param identity of all that the scores depend on
   * @throws InputError where the file is that of another tuning, or cannot be written
   */
  constructor(path: string, identity: string) {
    this.#path = path;
    try {
      if (existsSync(path)) this.#read(identity);
      this.#file = openSync(path, "a");
      if (this.#scores.size === 0 && readFileSync(path).length === 0)
        this.#append(JSON.stringify({ identity }));
    } catch (error) {
      if (error instanceof InputError) throw error;
      throw new InputError(`--out must be a folder that can be written; ${(error as Error).message}.`);
    }
  }

  /** What came of a run before. */
  known(run: string): TargetScore | undefined {
    return this.#scores.get(run);
  }

  add(run: string, { score, failure }: TargetScore): void {
    this.#scores.set(run, { score, failure });
    // JSON has no infinities.
    this.#append(JSON.stringify([run, String(score), failure]));
  }

  close(): void {
    fsyncSync(this.#file);
    closeSync(this.#file);
  }

  #append(text: string): void {
    appendFileSync(this.#file, lineOf(text));
  }

  /** Reads what is whole, and cuts off what is not: the last line of a process that was killed. */
  #read(identity: string): void {
    const text = readFileSync(this.#path, "utf8");
    const [head = ""] = text.split("\n", 1);
    if (text !== "" && head.slice(0, CHECKSUM_CHARACTERS) !== checksum(head.slice(CHECKSUM_CHARACTERS + 1)))
      throw new InputError(
        `--out must lead to a new folder, or to that of a tuning; ${this.#path} is none of one.`,
      );
    let end = 0;
    for (let from = 0; from < text.length; ) {
      const to = text.indexOf("\n", from);
      const line = text.slice(from, to < 0 ? text.length : to);
      const body = line.slice(CHECKSUM_CHARACTERS + 1);
      if (to < 0) break;
      if (line.slice(0, CHECKSUM_CHARACTERS) !== checksum(body))
        throw new InputError(
          `${this.#path} must hold the scores of a tuning; a line of it is damaged. Remove it: runs that are stored are not computed again.`,
        );
      const entry = JSON.parse(body) as { readonly identity: string } | [string, string, string];
      if (Array.isArray(entry)) this.#scores.set(entry[0], { score: Number(entry[1]), failure: entry[2] });
      else if (entry.identity !== identity)
        throw new InputError(
          `--out must lead to a new folder, or to that of the same tuning; ${this.#path} is of one with other options.`,
        );
      end = to + 1;
      from = end;
    }
    if (Buffer.byteLength(text) > Buffer.byteLength(text.slice(0, end)))
      truncateSync(this.#path, Buffer.byteLength(text.slice(0, end)));
  }
}
