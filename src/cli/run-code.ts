import { join } from "node:path";
import * as illume from "../index.ts";
import { bundleSource, shippedExperimentNames } from "./experiment-source.ts";
import { isOwn, sealOf } from "./own-code.ts";
import { printable } from "./printable.ts";

const { InputError } = illume;

/** Which code of a stored run may be executed, if none of it is known to be this person's. */
export interface CodeChoice {
  /** The source of the run's experiment: a shipped experiment's name or a file. */
  readonly experiment: string | undefined;
  /** The code in the run's folder, whoever wrote it. */
  readonly trust: boolean;
}

/** A run whose code is asked for. */
interface CodeOwner {
  readonly folder: string;
  readonly config: illume.RunConfig;
}

const DESCRIPTION = "description.json";
const MAXIMUM_SEAL_BYTES = 1000;
const sealName = (digest: string): string => `experiment-${digest}.seal`;
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Writes what lies in a run's folder beside its store: code, its seal, and the description. */
export function keepCode(folder: string, bundle: illume.Bundle, task: illume.Task): void {
  const disk = illume.folderDisk(folder);
  const put = (name: string, text: string, maximumBytes: number): void => {
    const bytes = Buffer.from(text);
    if (!bytes.equals(disk.read(name, maximumBytes) ?? new Uint8Array(0))) disk.replace(name, bytes, true);
  };
  put(illume.bundleName(bundle.digest), bundle.code, illume.MAXIMUM_CODE_BYTES);
  const description = illume.descriptionText(task);
  if (description !== null) put(DESCRIPTION, description, illume.MAXIMUM_DESCRIPTION_BYTES);
  const seal = sealFor(bundle);
  if (seal !== null) put(sealName(bundle.digest), `${seal}\n`, MAXIMUM_SEAL_BYTES);
}

/** What a run says of itself without its code, or what is wrong with that. */
export function descriptionOf({ folder, config }: CodeOwner): illume.RunDescription | string {
  const bytes = illume.folderDisk(folder).read(DESCRIPTION, illume.MAXIMUM_DESCRIPTION_BYTES);
  const description = bytes === null ? null : illume.readDescription(decoder.decode(bytes), config);
  return (
    description ??
    `run ${folder} must hold a ${DESCRIPTION} to be shown without its code; it is ${bytes === null ? "missing" : "damaged"}.`
  );
}

/** Marks code that is trusted as this person's, where the run's folder can be written. */
function keepSeal(folder: string, bundle: illume.Bundle): void {
  const seal = sealFor(bundle);
  try {
    if (seal !== null) illume.folderDisk(folder).replace(sealName(bundle.digest), Buffer.from(`${seal}\n`));
  } catch {
    // It is asked for again next time.
  }
}

let hasSaidUnsealed = false;

/** A seal for code; null, with a word on standard error, where this person's key cannot be read or made. */
function sealFor(bundle: illume.Bundle): string | null {
  try {
    return sealOf(bundle.code);
  } catch (error) {
    if (!hasSaidUnsealed)
      process.stderr.write(
        `illume: code of runs cannot be marked as yours, since ${illume.homeFolder()} cannot be used: ${printable((error as Error).message)}. Other commands will ask for --experiment FILE or --trust.\n`,
      );
    hasSaidUnsealed = true;
    return null;
  }
}

/**
 * The code of a run that may be executed: that of the source that is given, that of the folder if it bears this
 * person's seal, a shipped experiment's own, and that of the folder if it is trusted.
 * @returns the code, or what the run must hold and does not
 */
export async function codeOf(run: CodeOwner, choice: CodeChoice): Promise<illume.Bundle | string> {
  const { folder, config } = run;
  const digest = config.codeDigest;
  if (choice.experiment !== undefined) {
    const bundle = await bundleSource(choice.experiment);
    if (bundle.digest === digest) return bundle;
    throw new InputError(
      `--experiment must be what run ${folder} was started with, by this version of Illume; ${choice.experiment} has code of digest ${bundle.digest}, the run's is ${digest}.`,
    );
  }
  const disk = illume.folderDisk(folder);
  const path = join(folder, illume.bundleName(digest));
  const bytes = disk.read(illume.bundleName(digest), illume.MAXIMUM_CODE_BYTES);
  const code = bytes === null ? null : decoder.decode(bytes);
  const isWhole = code !== null && illume.digestOf(code) === digest;
  if (isWhole) {
    const seal = disk.read(sealName(digest), MAXIMUM_SEAL_BYTES);
    if (seal !== null && isOwn(code, decoder.decode(seal))) return { code, digest };
  }
  if (shippedExperimentNames().includes(config.experiment)) {
    const bundle = await bundleSource(config.experiment);
    if (bundle.digest === digest) return bundle;
  }
  if (code === null) return `its code ${path}; it is missing. Give its source: --experiment FILE`;
  if (!isWhole)
    return `the code that it was started with; ${path} has changed. Give its source: --experiment FILE`;
  if (choice.trust) {
    keepSeal(folder, { code, digest });
    return { code, digest };
  }
  return `code that is known to be yours; ${path} may be somebody else's and is not executed. Give its source: --experiment FILE; or read it, then: --trust`;
}
