import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { approximation, type ApproximationQuestion, InputError } from "../index.ts";
import { inOptions } from "./approximation-question.ts";
import { type RunArguments, runCommand } from "./run-command.ts";

/** illume approximate: a run of an experiment that is written from the command line, so that it is stored, resumed and verified as any other. */
export async function approximateCommand(
  args: RunArguments & {
    readonly question: ApproximationQuestion;
    readonly seed: string;
    readonly budget: number | undefined;
    readonly parameters: Readonly<Record<string, unknown>>;
  },
): Promise<number> {
  // Defaults are written out, so that the run means the same whatever they become.
  const { name, approximates } = experimentOf(args.question);
  const folder = await mkdtemp(join(tmpdir(), "illume-approximate-"));
  const experiment = join(folder, "approximation.ts");
  try {
    await writeFile(experiment, sourceOf({ ...(approximates ?? args.question), name }));
    return await runCommand({ ...args, experiment });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** @throws InputError in the words of the command line */
function experimentOf(question: ApproximationQuestion): ReturnType<typeof approximation> {
  try {
    return approximation(question);
  } catch (error) {
    if (error instanceof InputError) throw new InputError(error.problems.map(inOptions));
    throw error;
  }
}

/** The experiment's source, as a person would write it. */
const sourceOf = (question: ApproximationQuestion): string =>
  `import { approximation } from "illume";\n\nexport default approximation(${JSON.stringify(question, null, 2)});\n`;
