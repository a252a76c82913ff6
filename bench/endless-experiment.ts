import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as dsl from "../dsl/index.ts";
import * as illume from "../src/index.ts";

/** A shipped experiment as a task that is never solved, and the code that its workers load. */
export async function endlessExperiment(
  name: string,
  parameters: Partial<illume.Parameters> = {},
): Promise<{ readonly task: illume.Task; readonly code: string }> {
  const host = { illume, "illume/dsl": dsl };
  const bundle = await illume.bundleExperiment(
    join(illume.packageFolder, `experiments/${name}/${name}.ts`),
    host,
  );
  const code = await illume.writeBundle(bundle, mkdtempSync(join(tmpdir(), "illume-bench-")));
  const { target: _, ...experiment } = await illume.loadBundle(code, host);
  const complete = illume.completeParameters({ ...experiment.parameters, ...parameters });
  return { task: { ...illume.compileTask(experiment, complete), target: null }, code };
}
