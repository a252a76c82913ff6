import { realpathSync } from "node:fs";
import { join, resolve } from "node:path";
import {
  checkClaims,
  checkFile,
  type ClaimCheck,
  excerpt,
  type ExportClaims,
  InputError,
  missingClaims,
  readClaims,
  readPlainFile,
} from "../index.ts";
import { printable } from "./printable.ts";
import { claimsOfRun, withoutRun } from "./run-claims.ts";
import type { CodeChoice } from "./run-code.ts";
import { isRun } from "./run-folder.ts";
import { openShownRun, type ShownRun } from "./run-session.ts";
import { version } from "./version.ts";

const MAXIMUM_FILE_BYTES = 4 << 20;

interface VerifyChampionArguments {
  readonly file: string;
  readonly run: string | undefined;
  readonly runs: string;
  readonly code: CodeChoice;
  readonly json: boolean;
}

/**
 * illume verify champion: computes again what an exported file claims, from the file and, where it is there, from its
 * run. Nothing of the file is executed. Exit code 0, or 1 on a difference.
 */
export async function verifyChampionCommand(args: VerifyChampionArguments): Promise<number> {
  const text = textOf(args.file);
  const claims = readClaims(text);
  const run = await runOf(claims, args);
  const isRunKnown = typeof run !== "string";
  const file = checkFile(text, claims, version, isRunKnown ? (run.task?.grammar ?? null) : null);
  const checked = checkClaims(claims, {
    ...file.computed,
    ...(isRunKnown ? claimsOfRun(run, claims) : withoutRun(run, claims)),
  });
  const missing = missingClaims(claims).filter((one) => checked.every(({ claim }) => claim !== one.claim));
  const checks = [...checked, ...missing, file.text];
  if (isRunKnown) await run.close();
  const isVerified = checks.every(({ verdict }) => verdict !== "differs");
  const width = Math.max(...checks.map(({ claim }) => claim.length));
  const lines = args.json
    ? [JSON.stringify({ file: args.file, run: isRunKnown ? run.name : null, verified: isVerified, checks })]
    : [...checks.map((check) => checkLine(check, width)), summaryLine(args.file, checks, isRunKnown)];
  process.stdout.write(`${lines.map(printable).join("\n")}\n`);
  return isVerified ? 0 : 1;
}

function textOf(file: string): string {
  let bytes: Uint8Array | null;
  try {
    bytes = readPlainFile(realpathSync(file), MAXIMUM_FILE_BYTES);
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(`file must be one that can be read; ${(error as Error).message}.`);
  }
  if (bytes === null) throw new InputError(`file must be a plain file; got ${file}.`);
  // A mark of the byte order is a difference, too.
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
}

/** The run that is given, or that the header names; or why there is none. */
async function runOf(
  claims: ExportClaims,
  { run, runs, code }: VerifyChampionArguments,
): Promise<ShownRun | string> {
  if (run !== undefined) return openShownRun(run, runs, code);
  const name = claims.run;
  if (name === undefined) return "the header names no run";
  // A name from somebody else: it must lead nowhere but into the folder of runs.
  if (!/^\w[\w.-]*$/.test(name) || !isRun(join(resolve(runs), name)))
    return `there is no run ${name} in ${runs}; --run or --runs says where it is`;
  try {
    return await openShownRun(join(runs, name), runs, code);
  } catch (error) {
    const isAsked = code.experiment !== undefined || code.trust;
    if (error instanceof InputError && !isAsked) return `run ${name} cannot be opened: ${error.problems[0]}`;
    throw error;
  }
}

function checkLine(check: ClaimCheck, width: number): string {
  const claim = check.claim.padEnd(width);
  // Lines of the text are cut already.
  const shown = (value: string): string => (check.claim === "text" ? value : excerpt(value));
  switch (check.verdict) {
    case "ok":
      return `${claim} ok`;
    case "differs":
      return `${claim} differs (claimed ${shown(check.claimed)}, computed ${shown(check.computed)})`;
    case "not checked":
      return `${claim} not checked (${check.reason})`;
  }
}

function summaryLine(file: string, checks: readonly ClaimCheck[], isRunKnown: boolean): string {
  const count = (wanted: ClaimCheck["verdict"]): number =>
    checks.filter(({ verdict }) => verdict === wanted).length;
  const differing = count("differs");
  const unchecked = checks.filter(({ verdict }) => verdict === "not checked").map(({ claim }) => claim);
  const advice = isRunKnown ? "" : "; their run tells: give it with --run, or its folder with --runs";
  return [
    `${differing === 0 ? "verified" : "not verified"} ${file}: ${count("ok")} of ${checks.length} claims are as computed`,
    ...(differing === 0 ? [] : [`${differing} ${differing === 1 ? "differs" : "differ"}`]),
    ...(unchecked.length === 0 ? [] : [`${unchecked.length} NOT checked (${unchecked.join(", ")})${advice}`]),
  ].join(", ");
}
