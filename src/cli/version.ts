import { readFileSync } from "node:fs";

const packageFile = import.meta.url.endsWith(".ts") ? "../../package.json" : "../../../package.json";

/** Illume's own version. */
export const { version } = JSON.parse(readFileSync(new URL(packageFile, import.meta.url), "utf8")) as {
  readonly version: string;
};
