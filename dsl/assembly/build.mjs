// Compiles the interpreter and writes it down as a module that needs no file to be read: ../vector-code.ts.
import { writeFileSync } from "node:fs";
import asc from "assemblyscript/asc";

const { error, stderr, binaries } = await (async () => {
  const binaries = [];
  const result = await asc.main(
    [
      "dsl/assembly/index.ts",
      "--outFile",
      "vector.wasm",
      "-O3",
      "--noAssert",
      "--runtime",
      "stub",
      "--use",
      "abort=",
      "--enable",
      "simd",
    ],
    { writeFile: (_name, contents) => void binaries.push(contents) },
  );
  return { ...result, binaries };
})();
if (error !== null) {
  process.stderr.write(stderr.toString());
  process.exit(1);
}
const text = Buffer.from(binaries[0]).toString("base64");
writeFileSync(
  new URL("../vector-code.ts", import.meta.url),
  `/** The interpreter of dsl/assembly as WebAssembly, base64. Made by the build. */\nexport const vectorCode: string =\n  "${text}";\n`,
);
