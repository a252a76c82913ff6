import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exportProgram, type Grammar, type Program } from "../../dsl/index.ts";

/** Runs a command; null where there is no such command. */
function version(command: string, args: readonly string[]): string | null {
  try {
    return execFileSync(command, args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  } catch {
    return null;
  }
}

/** Why programs of a language cannot be run here; null where they can. */
export const unavailable: Readonly<Record<"c" | "python", string | null>> = {
  c: version("cc", ["--version"]) === null ? "there is no C compiler (cc)" : null,
  python: version("python3", ["--version"]) === null ? "there is no python3" : null,
};

/** C with every warning an error. */
export const ccFlags = "-std=c99 -O1 -ffp-contract=off -Wall -Wextra -pedantic -Werror".split(" ");

/** A folder that is gone once the function has come to its end. */
export function inFolder<T>(work: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), "illume-export-"));
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const bitsOf = (value: number): string => {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  return view.getBigUint64(0).toString(16).padStart(16, "0");
};

const numberOf = (bits: string): number => {
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, BigInt(`0x${bits}`));
  return view.getFloat64(0);
};

/** What exported programs of one grammar give on cases: program × case; booleans as 0 and 1. All run in one process. */
export function nativeOutcomes(
  to: "c" | "python",
  grammar: Grammar,
  programs: readonly Program[],
  cases: readonly (readonly (number | boolean)[])[],
): number[][] {
  const sources = programs.map((program, k) =>
    exportProgram(grammar, program, { to, name: `p${k}`, header: [`program ${k}`] }),
  );
  const lines = inFolder((folder) => {
    const files = sources.map((source, k) => {
      const file = `p${k}.${to === "c" ? "c" : "py"}`;
      writeFileSync(join(folder, file), source);
      return file;
    });
    const inputs = cases.map((values) => values.map((value) => bitsOf(Number(value))));
    const options = { cwd: folder, encoding: "utf8", maxBuffer: 1 << 28 } as const;
    if (to === "python") {
      writeFileSync(join(folder, "main.py"), pythonMain(programs.length, inputs));
      return execFileSync("python3", ["main.py"], options);
    }
    writeFileSync(join(folder, "main.c"), cMain(grammar, programs.length, inputs));
    execFileSync("cc", [...ccFlags, "-o", "main", "main.c", ...files, "-lm"], options);
    return execFileSync(join(folder, "main"), options);
  })
    .trim()
    .split("\n");
  return programs.map((_, k) => cases.map((_case, i) => numberOf(lines[k * cases.length + i] as string)));
}

function cMain(grammar: Grammar, programs: number, inputs: readonly (readonly string[])[]): string {
  const type = (kind: string): string => (kind === "bool" ? "bool" : kind === "float32" ? "float" : "double");
  const { argumentTypes, result } = grammar.signature;
  const parameters = argumentTypes.map((t) => type(t.kind)).join(", ") || "void";
  const names = Array.from({ length: programs }, (_, k) => `p${k}`);
  return `#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
${names.map((name) => `${type(result.kind)} ${name}(${parameters});`).join("\n")}
static double number(uint64_t bits) { double value; memcpy(&value, &bits, 8); return value; }
static const uint64_t inputs[][${Math.max(1, argumentTypes.length)}] = {${inputs.map((values) => `{${values.map((bits) => `0x${bits}u`).join(", ") || "0"}}`).join(",\n")}};
int main(void) {
  ${type(result.kind)} (*programs[])(${parameters}) = {${names.join(", ")}};
  for (int k = 0; k < ${programs}; k++)
    for (int i = 0; i < ${inputs.length}; i++) {
      double value = (double)programs[k](${argumentTypes.map((t, a) => `(${type(t.kind)})number(inputs[i][${a}])`).join(", ")});
      uint64_t bits; memcpy(&bits, &value, 8);
      printf("%016llx\\n", (unsigned long long)bits);
    }
  return 0;
}
`;
}

const pythonMain = (
  programs: number,
  inputs: readonly (readonly string[])[],
): string => `import importlib, struct
number = lambda bits: struct.unpack(">d", bytes.fromhex(bits))[0]
inputs = [[number(bits) for bits in values] for values in ${JSON.stringify(inputs)}]
for k in range(${programs}):
    program = getattr(importlib.import_module(f"p{k}"), f"p{k}")
    for values in inputs:
        print(struct.pack(">d", float(program(*values))).hex())
`;
