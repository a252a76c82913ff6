import { commentText } from "../expression-text.ts";
import { valueText } from "../export-javascript.ts";
import type { Value } from "../value.ts";
import { type Fixture, reasonOf } from "./fixtures.ts";

const importLine = (names: string, module: string): string =>
  `import ${names} from ${JSON.stringify(module)};`;

/** A test for plain `node --test` of an exported TypeScript or JavaScript module that lies beside it. */
export function javascriptConformance(
  to: "typescript" | "javascript",
  {
    name,
    file,
    testFile,
    fixtures,
  }: { name: string; file: string; testFile: string; fixtures: readonly Fixture[] },
): string {
  const rows = fixtures.map(({ inputs, outcome }) => {
    const reason = reasonOf(outcome);
    const expected =
      reason === null ? `value: ${valueText(outcome as Value)}` : `trap: ${JSON.stringify(reason)}`;
    return `  { inputs: ${valueText(inputs)}, ${expected} },`;
  });
  return `// Holds ${commentText(file)} against what Illume computes: ${fixtures.length} inputs, to the last bit.
// Run: node --test ${commentText(testFile)}
${importLine("assert", "node:assert/strict")}
${importLine("test", "node:test")}

${to === "typescript" ? typescriptLoad(file, name) : importLine(`{ ${name} as program }`, `./${file}`)}

const fixtures = [
${rows.join("\n")}
];

test(${JSON.stringify(`${name} gives what Illume computes`)}, () => {
  for (const { inputs, value, trap } of fixtures) {
    const run = () => program(...inputs);
    if (trap !== undefined) assert.throws(run, { message: \`trap: \${trap}\` });
    else assert.deepStrictEqual({ inputs, value: run() }, { inputs, value });
  }
});
`;
}

/** Older versions of Node read no TypeScript: esbuild, which comes with Illume, makes JavaScript of it. */
const typescriptLoad = (
  file: string,
  name: string,
): string => `// Node reads TypeScript from version 22.18 on; before, esbuild, which comes with Illume, must be there.
const load = async (url) => {
  try {
    return await import(url);
  } catch (error) {
    if (error.code !== "ERR_UNKNOWN_FILE_EXTENSION") throw error;
    const { readFile } = await import(${JSON.stringify("node:fs/promises")});
    const { transform } = await import(${JSON.stringify("esbuild")}).catch(() => {
      throw new Error(\`Node \${process.version} reads no TypeScript: take 22.18 or later, or install esbuild\`);
    });
    const { code } = await transform(await readFile(url, "utf8"), { loader: "ts" });
    return import(\`data:text/javascript,\${encodeURIComponent(code)}\`);
  }
};
const { ${name}: program } = await load(new URL(${JSON.stringify(file)}, import.meta.url));`;
