import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as dsl from "../dsl/index.ts";
import * as illume from "../src/index.ts";

/** An approximation's experiment, with other parameters where they are given, and the code that workers load. */
export async function questionCode(
  question: illume.ApproximationQuestion,
  parameters: Readonly<Record<string, unknown>>,
): Promise<{ readonly experiment: illume.Experiment; readonly code: string }> {
  const host = { illume, "illume/dsl": dsl };
  const folder = mkdtempSync(join(tmpdir(), "illume-bench-"));
  const source = join(folder, "approximation.ts");
  writeFileSync(
    source,
    `import { approximation } from "illume";
const experiment = approximation(${JSON.stringify(question)});
export default { ...experiment, parameters: { ...experiment.parameters, ...${JSON.stringify(parameters)} } };
`,
  );
  const code = await illume.writeBundle(await illume.bundleExperiment(source, host), folder);
  return { experiment: await illume.loadBundle(code, host), code };
}
