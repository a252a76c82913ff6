import { excerpt, InputError } from "../dsl/index.ts";

/**
 * What an exported file says of itself, in the order in which it is written. A new kind of claim is one line here; it
 * stands where its key stands, in files that make it.
 */
const claimRules = {
  question: "optional",
  program: "required",
  "program digest": "required",
  operations: "required",
  fitness: "optional",
  measured: "optional",
  target: "optional",
  domain: "optional",
  error: "optional",
  "largest error": "optional",
  "largest error as run": "optional",
  language: "required",
  arguments: "required",
  result: "required",
  experiment: "optional",
  seed: "optional",
  run: "optional",
  "archive digest": "optional",
  cell: "optional",
  birth: "optional",
  code: "required",
  function: "required",
  illume: "required",
} as const;

export type ClaimKey = keyof typeof claimRules;
type RequiredKey = { [K in ClaimKey]: (typeof claimRules)[K] extends "required" ? K : never }[ClaimKey];

/** Key → what is claimed, as a text of one line. */
export type ExportClaims = { readonly [K in RequiredKey]: string } & { readonly [K in ClaimKey]?: string };

export const claimKeys = Object.keys(claimRules) as readonly ClaimKey[];

const INTRODUCTION = "Found by Illume. What is claimed here can be checked: illume verify champion FILE";

/** A text as one line that nothing obeys: what is no character to be seen is written as JSON writes it. */
export const claimText = (text: string): string =>
  text.replaceAll(
    /[\p{Cc}\p{Bidi_Control}\p{Surrogate}\u2028\u2029]/gu,
    (character) => `\\u${(character.codePointAt(0) as number).toString(16).padStart(4, "0")}`,
  );

/** Claims as lines of a comment. */
export const headerLines = (claims: ExportClaims): string[] => [
  INTRODUCTION,
  "",
  ...claimKeys.flatMap((key) => {
    const value = claims[key];
    return value === undefined ? [] : [`${key}: ${claimText(value)}`];
  }),
];

/** What the lines of a file's first comment begin with, by its first line. */
const commentMarks: readonly (readonly [opening: RegExp, mark: string])[] = [
  [/^\/\*\*?$/, " *"],
  [/^# /, "#"],
  [/^% /, "%"],
];

const MAXIMUM_HEADER_LINES = 100;

/**
 * Reads the claims in the first comment of an exported file, whoever wrote it.
 * @throws InputError listing what is wrong with the header
 */
export function readClaims(text: string): ExportClaims {
  const lines = text.split("\n", MAXIMUM_HEADER_LINES).map((line) => line.replace(/\r$/, ""));
  const mark = commentMarks.find(([opening]) => opening.test(lines[0] as string))?.[1];
  const comment = lines
    .slice(mark === " *" ? 1 : 0)
    .map((line) => (mark !== undefined && line.startsWith(mark) ? line.slice(mark.length) : "\0"))
    .map((line) => line.replace(/^ /, ""));
  if (comment[0] !== INTRODUCTION)
    throw new InputError(
      "file must begin with the header that illume export writes; it has none. Export the program again.",
    );
  const claims: Partial<Record<ClaimKey, string>> = {};
  const problems: string[] = [];
  const [, , ...rest] = comment;
  for (const line of rest) {
    // A slash is what is left of a comment's end.
    if (line === "" || line === "/" || line.startsWith("\0")) break;
    const [, key = "", value = ""] = /^([a-z -]+): (.*)$/.exec(line) ?? [];
    if (!Object.hasOwn(claimRules, key))
      problems.push(`header must have no line but those of illume export; got ${excerpt(line)}.`);
    else if (claims[key as ClaimKey] !== undefined)
      problems.push(`header must have ${key} once; got it twice.`);
    // What would have ended the comment is written otherwise.
    else claims[key as ClaimKey] = mark === " *" ? value.replaceAll("*\\/", "*/") : value;
  }
  for (const key of claimKeys)
    if (claimRules[key] === "required" && claims[key] === undefined)
      problems.push(`header must have a line "${key}: …"; it is missing.`);
  if (problems.length > 0) throw new InputError(problems);
  return claims as ExportClaims;
}
