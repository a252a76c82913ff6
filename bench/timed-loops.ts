import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findCompiler } from "./c-baseline.ts";

import type { TimedLoop } from "../src/cli/timed-loop.ts";

const REPEATS = 4000;

/** Contraction would give other bits. */
const builds: Readonly<Record<string, readonly string[]>> = {
  c: ["-O2", "-fno-tree-vectorize"],
  "c in vectors": ["-O3", "-march=native"],
};

/** Loops in C around function bodies, which compute `value` from `x`, by the build's name; none where there is no compiler. */
export function cLoops(
  bodies: readonly string[],
  xs: Float64Array,
  type: "float" | "double",
): readonly { readonly name: string; readonly loops: readonly TimedLoop[] }[] {
  const compiler = findCompiler();
  if (compiler === undefined) return [];
  const directory = mkdtempSync(join(tmpdir(), "illume-bench-speed-"));
  process.on("exit", () => rmSync(directory, { recursive: true, force: true }));
  return Object.entries(builds).map(([name, flags], build) => ({
    name,
    loops: bodies.map((body, k) => {
      const path = join(directory, `${type}-${build}-${k}`);
      writeFileSync(`${path}.c`, source(body, xs, type));
      const always = ["-std=gnu11", "-ffp-contract=off", "-fno-math-errno"];
      const { status, stderr } = spawnSync(compiler, [...always, ...flags, `${path}.c`, "-o", path, "-lm"], {
        encoding: "utf8",
      });
      if (status !== 0) throw new Error(`${compiler} cannot build ${path}.c: ${stderr}`);
      return () => {
        const [nanoseconds, sum] = spawnSync(path, { encoding: "utf8" }).stdout.split(" ").map(Number);
        return { nanoseconds: nanoseconds as number, sum: sum as number };
      };
    }),
  }));
}

const source = (body: string, xs: Float64Array, type: string): string => `#include <math.h>
#include <stdio.h>
#include <time.h>
static ${type} xs[] = {${Array.from(xs).join(", ")}};
static ${type} out[${xs.length}];
__attribute__((noinline)) static void loop(const ${type} *restrict xs, ${type} *restrict out, int count) {
  for (int i = 0; i < count; i++) {
    const ${type} x = xs[i];
    ${body}
    out[i] = value;
  }
}
static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return 1e9 * time.tv_sec + time.tv_nsec;
}
int main(void) {
  loop(xs, out, ${xs.length});
  const double started = now();
  for (int r = 0; r < ${REPEATS}; r++) {
    loop(xs, out, ${xs.length});
    // Whoever might read the results, for all that the compiler knows.
    __asm__ volatile("" ::"r"(xs), "r"(out) : "memory");
  }
  const double nanoseconds = (now() - started) / (${REPEATS}.0 * ${xs.length});
  double sum = 0;
  for (int i = 0; i < ${xs.length}; i++) sum += out[i];
  printf("%.9g %.17g\\n", nanoseconds, sum);
}
`;
