import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as dsl from "../dsl/index.ts";
import * as illume from "../src/index.ts";

/** The quickstart experiment as a task that is never solved, and the code that its workers load. */
export async function endlessQuickstart(): Promise<{ readonly task: illume.Task; readonly code: string }> {
  const host = { illume, "illume/dsl": dsl };
  const bundle = await illume.bundleExperiment(
    fileURLToPath(new URL("../../experiments/quickstart/quickstart.ts", import.meta.url)),
    host,
  );
  const code = await illume.writeBundle(bundle, mkdtempSync(join(tmpdir(), "illume-bench-")));
  const { target: _, ...experiment } = await illume.loadBundle(code, host);
  const parameters = illume.completeParameters(experiment.parameters ?? {});
  return { task: { ...illume.compileTask(experiment, parameters), target: null }, code };
}
