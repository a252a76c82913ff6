import { execFileSync } from "node:child_process";
import { expect, it } from "vitest";
import { shellWord } from "../../src/cli/shell-word.ts";

it.each(["runs/plain-1", "two words", "it's", "$(touch x)", "`id`", "a\\b", '"', "*", "-"])(
  "a name is what a shell gives for its word: %s",
  (name) => {
    expect(execFileSync("sh", ["-c", `printf %s ${shellWord(name)}`], { encoding: "utf8" })).toBe(name);
  },
);
