import { readFileSync } from "node:fs";
import * as z from "zod";
import { checkSpace, excerpt, InputError, type ParameterSpace } from "../index.ts";

const value = z.union([z.string(), z.number(), z.boolean()]);
const condition = z.strictObject({ parameter: z.string(), values: z.array(value) });
const shared = { default: value, condition: condition.optional() };
const schema = z.record(
  z.string().regex(/^[A-Za-z_][\w.-]*$/),
  z.discriminatedUnion("kind", [
    z.strictObject({
      kind: z.enum(["real", "integer"]),
      from: z.number(),
      to: z.number(),
      scale: z.enum(["linear", "log"]).default("linear"),
      ...shared,
    }),
    z.strictObject({ kind: z.literal("categorical"), values: z.array(value), ...shared }),
  ]),
);

/** Names that commands have for something else. */
const RESERVED = ["seed", "instance"];

/**
 * Reads a space of parameters: `{"alpha": {"kind": "real", "from": 0.001, "to": 1, "scale": "log", "default": 0.1}, …}`.
 * @throws InputError where the file cannot be read, or the space is wrong
 */
export function readTuningSpace(file: string): ParameterSpace {
  let given: unknown;
  try {
    given = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new InputError(`--space must be a JSON file; ${excerpt(file)}: ${(error as Error).message}.`);
  }
  const parsed = schema.safeParse(given);
  if (!parsed.success)
    throw new InputError(
      parsed.error.issues.map(
        (issue) => `${file}, ${excerpt(issue.path.join(".")) || "top level"}: ${excerpt(issue.message)}.`,
      ),
    );
  const reserved = RESERVED.find((name) => name in parsed.data);
  if (reserved !== undefined)
    throw new InputError(`${file} must not have a parameter ${reserved}: runs have one.`);
  const space: ParameterSpace = Object.fromEntries(
    Object.entries(parsed.data).map(([name, { default: usual, condition: only, ...range }]) => [
      name,
      { range, default: usual, ...(only === undefined ? {} : { condition: only }) },
    ]),
  );
  checkSpace(space);
  return space;
}
