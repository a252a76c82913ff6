import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { InputError } from "../../dsl/index.ts";
import { bundleExperiment } from "../../src/experiment-bundle.ts";

const folder = mkdtempSync(join(tmpdir(), "illume-bundle-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const host = { illume: {}, "illume/dsl": {} };
const write = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

describe("code of an experiment", () => {
  it("is the same whatever its file is called, as long as that is code", async () => {
    const text = "const answer: number = 42;\nexport default { answer };\n";
    const bundles = await Promise.all(
      ["one.ts", "another-one.mts"].map((name) => bundleExperiment(write(name, text), host)),
    );
    expect(bundles[1]).toEqual(bundles[0]);
    for (const [name, why] of [
      [write("notes.md", "# no"), ""],
      [join(folder, "nowhere.ts"), ", which does not exist"],
      [folder, ", which is no file"],
    ])
      await expect(bundleExperiment(name as string, host)).rejects.toThrow(
        `experiment must be a TypeScript or JavaScript file (.ts, .mts, .js, .mjs); got ${name}${why}.`,
      );
  });
});

describe("data that an experiment imports", () => {
  it("becomes strings and values, and never code", async () => {
    write("data.csv", 'a,b\n1,"${process.exit(1)}`\\"');
    write("data.json", '{"__proto__": 1, "values": [1, 2]}');
    write("note.txt", "\uFEFFnote\u2028\0</script>");
    const file = write(
      "data.ts",
      'import csv from "./data.csv";\nimport json from "./data.json";\nimport note from "./note.txt";\nexport default [csv, json.values, note];\n',
    );
    const { code } = await bundleExperiment(file, host);
    const module = (await import(`data:text/javascript,${encodeURIComponent(code)}`)) as { default: unknown };
    expect(module.default).toEqual(['a,b\n1,"${process.exit(1)}`\\"', [1, 2], "note\u2028\0</script>"]);
  });

  it("is refused if it is too large, with its name and size", async () => {
    const large = write("large.csv", "");
    truncateSync(large, 100_000_001);
    const file = write("large.ts", 'import csv from "./large.csv";\nexport default csv;\n');
    const error = await bundleExperiment(file, host).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(InputError);
    expect((error as InputError).problems).toEqual([
      "large.ts, line 1, column 17 must compile; large.csv is too large: data files have at most 100000000 bytes, this one has 100000001.",
    ]);
  });

  it("is refused if it is no JSON or not there", async () => {
    write("bad.json", '{"a": ');
    const bad = write("bad.ts", 'import json from "./bad.json";\nexport default json;\n');
    await expect(bundleExperiment(bad, host)).rejects.toThrow(/^bad.ts, line 1, column \d+ must compile; /);
    const missing = write("missing.ts", 'import csv from "./nowhere.csv";\nexport default csv;\n');
    await expect(bundleExperiment(missing, host)).rejects.toThrow(/must compile; Could not resolve/);
  });
});
