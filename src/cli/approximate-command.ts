import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { approximation, type ApproximationQuestion } from "../index.ts";
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
  const { name, approximates } = approximation(args.question);
  const folder = await mkdtemp(join(tmpdir(), "illume-approximate-"));
  const experiment = join(folder, "approximation.ts");
  try {
    await writeFile(experiment, sourceOf({ ...(approximates ?? args.question), name }));
    return await runCommand({ ...args, experiment });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The experiment's source, as a person would write it. */
const sourceOf = (question: ApproximationQuestion): string =>
  `import { approximation } from "illume";\n\nexport default approximation(${JSON.stringify(question, null, 2)});\n`;
