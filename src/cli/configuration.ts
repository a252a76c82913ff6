import { existsSync, readFileSync, statSync } from "node:fs";
import * as z from "zod";
import { excerpt, InputError } from "../../dsl/index.ts";

const schema = z.strictObject({
  seed: z.union([z.string(), z.number()]).optional(),
  budget: z.number().positive().optional(),
  minutes: z.number().positive().optional(),
  workers: z.union([z.literal("auto"), z.number().int().positive()]).optional(),
  executor: z.enum(["threads", "serial"]).optional(),
  runs: z.string().min(1).optional(),
  sharedCache: z.enum(["on", "off", "auto"]).optional(),
  set: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
});

/** Options as a configuration file gives them; the command line goes before it. */
export type Configuration = z.infer<typeof schema>;

export const DEFAULT_FILE = "illume.config.json";
const MAXIMUM_BYTES = 1_000_000;

/**
 * Reads a configuration file: the one named, or illume.config.json if there is one.
 * @throws InputError if it is missing, no JSON, or has an unknown or wrong entry
 */
export function readConfiguration(file: string | undefined): Configuration {
  const path = file ?? DEFAULT_FILE;
  if (!existsSync(path)) {
    if (file === undefined) return {};
    throw new InputError(`--config must be a JSON file; got ${file}, which does not exist.`);
  }
  const status = statSync(path);
  if (!status.isFile() || status.size > MAXIMUM_BYTES)
    throw new InputError(
      `${path} must be a file of at most ${MAXIMUM_BYTES} bytes; got ${status.isFile() ? `${status.size} bytes` : "something else"}.`,
    );
  return configurationFrom(readFileSync(path, "utf8"), path);
}

/**
 * Reads a configuration's text.
 * @param path what it is called in messages
 * @throws InputError if it is no JSON, or has an unknown or wrong entry
 */
export function configurationFrom(text: string, path: string): Configuration {
  let value: unknown;
  try {
    value = JSON.parse(text.startsWith("\uFEFF") ? text.slice(1) : text);
  } catch (error) {
    throw new InputError(`${path} must be JSON; ${(error as Error).message}.`);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new InputError(
    parsed.error.issues.map(
      (issue) => `${path}, ${excerpt(issue.path.join(".")) || "top level"}: ${excerpt(issue.message)}.`,
    ),
  );
}

/** Reads `key=value` settings; numbers and true/false are read as such. */
export function readSettings(settings: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    settings.map((setting) => {
      const at = setting.indexOf("=");
      if (at <= 0) throw new InputError(`--set must be name=value; got ${excerpt(setting)}.`);
      const text = setting.slice(at + 1);
      const number = Number(text);
      const value =
        text.trim() !== "" && !Number.isNaN(number)
          ? number
          : text === "true"
            ? true
            : text === "false"
              ? false
              : text;
      return [setting.slice(0, at), value];
    }),
  );
}
