/** yargs' words on a wrong command line, as all other messages here are. Its own files of words are not part of the program. */
export const usageStrings = {
  "Not enough non-option arguments: got %s, need at least %s": {
    one: "the command needs more arguments: got %s, need at least %s",
    other: "the command needs more arguments: got %s, need at least %s",
  },
  "Not enough arguments following: %s": "--%s must have a value",
  "Missing required argument: %s": {
    one: "--%s must be given",
    other: "options must be given: %s",
  },
  "Unknown argument: %s": {
    one: "command, option or argument unknown: %s",
    other: "options or arguments unknown: %s",
  },
  "Did you mean %s?": "command unknown; did you mean %s?",
  "Invalid values:": " ",
  "Implications failed:": " ",
  "Argument: %s, Given: %s, Choices: %s": "--%s, given as %s, must be one of %s",
  "Arguments %s and %s are mutually exclusive": "--%s and --%s exclude one another",
};

/**
 * yargs' message on a wrong command line with what may have been meant.
 * @param options that the command has
 * @param isFile whether a word is the name of a file
 * @param nearestName what was probably meant
 */
export function usageMessage(
  message: string,
  command: string,
  options: readonly string[],
  isFile: (word: string) => boolean,
  nearestName: (name: string, known: readonly string[]) => string | null,
): string {
  const text = message.replaceAll(/\s+/g, " ").trim();
  const [, given, needed] = /^(\S+) -> (\S+)$/.exec(text) ?? [];
  if (given !== undefined) return `--${given} must go with --${needed}.`;
  const [, list] = /arguments? unknown: (.*)$/.exec(text) ?? [];
  if (list === undefined) return text;
  const unknown = list.split(", ");
  if (command === "approximate" && unknown.some(isFile)) return `${text}. ${STAR}`;
  const names = options.filter((name) => name.length > 1);
  const meant = unknown.flatMap((name) => nearestName(name, names) ?? []);
  return meant.length === 0 ? text : `${text}; did you mean ${meant.map((name) => `--${name}`).join(", ")}?`;
}

/** Where names of files stand among operations. */
export const STAR =
  'They are names of files: the shell puts them in the place of a * without quotes. Quote it: --ops "+ - * /".';

/** Options and positions that may be given several times. */
const LISTS: ReadonlySet<string> = new Set(["set", "subjects", "experiments"]);

/** What is wrong with the options as such: one without a value, or given more than once where one value counts. */
export function wrongOption(argv: Readonly<Record<string, unknown>>): string | null {
  for (const [name, value] of Object.entries(argv)) {
    if (name === "_" || name === "$0") continue;
    if (Array.isArray(value) && !LISTS.has(name))
      return `--${name} must be given once; got ${value.join(", ")}`;
    if (value === "") return `--${name} must have a value`;
    if (Number.isNaN(value)) return `--${name} must be a number`;
  }
  return null;
}
