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
  "Implications failed:": "Missing dependent arguments:",
  "Argument: %s, Given: %s, Choices: %s": "--%s, given as %s, must be one of %s",
  "Arguments %s and %s are mutually exclusive": "--%s and --%s exclude one another",
};

/** What is wrong with the options as such: one without a value, or given more than once where one value counts. */
export function wrongOption(argv: Readonly<Record<string, unknown>>): string | null {
  for (const [name, value] of Object.entries(argv)) {
    if (name === "_" || name === "$0") continue;
    if (Array.isArray(value) && name !== "set")
      return `--${name} must be given once; got ${value.join(", ")}`;
    if (value === "") return `--${name} must have a value`;
    if (Number.isNaN(value)) return `--${name} must be a number`;
  }
  return null;
}
