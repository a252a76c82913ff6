import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  resolve: {
    // The tests read the sources; exact matches, so that "illume" does not swallow "illume/dsl".
    alias: [
      { find: /^illume$/, replacement: here("src/index.ts") },
      { find: /^illume\/dsl$/, replacement: here("dsl/index.ts") },
      { find: /^illume\/workers$/, replacement: here("workers/index.ts") },
    ],
  },
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/long/**"],
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 60_000,
    coverage: { provider: "v8", include: ["dsl/**/*.ts", "src/**/*.ts", "workers/**/*.ts"] },
  },
});
