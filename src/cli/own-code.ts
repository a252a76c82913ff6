import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { linkSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Bundle, bundleName, homeFolder, writeNewFile } from "../index.ts";

const KEY_BYTES = 32;
const keyFile = (): string => join(homeFolder(), "key");

/** The person's secret key. Whoever has it can write code that this person's Illume runs without asking. */
function readKey(): Uint8Array {
  const key = readFileSync(keyFile());
  if (key.length !== KEY_BYTES) throw new Error(`${keyFile()} must have ${KEY_BYTES} bytes; remove it`);
  return key;
}

function makeKey(): void {
  mkdirSync(homeFolder(), { recursive: true, mode: 0o700 });
  const draft = `${keyFile()}.${process.pid}.new`;
  writeNewFile(draft, randomBytes(KEY_BYTES), { mode: 0o600 });
  try {
    // Unlike a rename, a link leaves the key that another process has made in the meantime.
    linkSync(draft, keyFile());
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

const sealWith = (key: Uint8Array, code: string): string =>
  createHmac("sha256", key).update("illume code 1\n").update(code).digest("hex");

/**
 * What says that code is this person's: HMAC-SHA256 (RFC 2104) of it under the person's key, which is made on demand.
 * @throws Error if the key cannot be read or made
 */
export function sealOf(code: string): string {
  try {
    return sealWith(readKey(), code);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    makeKey();
    return sealWith(readKey(), code);
  }
}

/** Whether code is this person's, as its seal says. */
export function isOwn(code: string, seal: string): boolean {
  try {
    const wanted = Buffer.from(sealWith(readKey(), code));
    const got = Buffer.from(seal.trim());
    return got.length === wanted.length && timingSafeEqual(got, wanted);
  } catch {
    return false;
  }
}

let folder: string | null = null;

/**
 * Path of a copy of code that nobody else can change, from which this process and its workers load it; it goes when
 * the process ends.
 */
export function privateCopy(bundle: Bundle): string {
  if (folder === null) {
    const made = mkdtempSync(join(tmpdir(), "illume-code-"));
    process.once("exit", () => rmSync(made, { recursive: true, force: true }));
    folder = made;
  }
  const path = join(folder, bundleName(bundle.digest));
  writeFileSync(path, bundle.code);
  return path;
}
