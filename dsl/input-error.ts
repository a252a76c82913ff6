/**
 * The caller is wrong: bad configuration, experiment, data or arguments. All problems at once, each as
 * `<where> must be <rule>; got <value>. <what to do>`. The command line prints them and exits with code 2.
 */
export class InputError extends Error {
  readonly problems: readonly string[];
  constructor(problems: string | readonly string[]) {
    const all = typeof problems === "string" ? [problems] : problems;
    super(all.join("\n"));
    this.name = "InputError";
    this.problems = all;
  }
}
