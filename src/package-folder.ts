import { createRequire } from "node:module";
import { dirname } from "node:path";

/** The folder of Illume's package: with package.json, experiments/ and dist/. */
export const packageFolder: string = dirname(createRequire(import.meta.url).resolve("illume/package.json"));
