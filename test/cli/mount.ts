import { execFileSync } from "node:child_process";
import { onTestFinished } from "vitest";

/** Mounts a file system in memory on a folder until the test ends; false where that is not allowed. */
export function mount(place: string, options: string): boolean {
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", options, "illume-test", place], { stdio: "ignore" });
  } catch {
    return false;
  }
  onTestFinished(() => void execFileSync("umount", [place]));
  return true;
}
