/** Bound on what an error lists. */
const MAXIMUM_PROBLEMS = 100;

/**
 * The caller is wrong: bad configuration, experiment, data or arguments. All problems at once, each as
 * `<where> must be <rule>; got <value>. <what to do>`. The command line prints them and exits with code 2. Of very many
 * the first are kept.
 */
export class InputError extends Error {
  readonly problems: readonly string[];
  constructor(problems: string | readonly string[]) {
    const given = typeof problems === "string" ? [problems] : problems;
    const all =
      given.length <= MAXIMUM_PROBLEMS
        ? given
        : [...given.slice(0, MAXIMUM_PROBLEMS), `and ${given.length - MAXIMUM_PROBLEMS} more.`];
    super(all.join("\n"));
    this.name = "InputError";
    this.problems = all;
  }
}

/** A text that a person gave as messages show it: its beginning, if it is long. */
export const excerpt = (text: string): string => (text.length > 100 ? `${text.slice(0, 100)}…` : text);
