import { homedir } from "node:os";
import { join, resolve } from "node:path";

/** Where Illume keeps what belongs to a person and not to a run: ILLUME_HOME, or else .illume in the person's home. */
export const homeFolder = (): string => resolve(process.env["ILLUME_HOME"] || join(homedir(), ".illume"));
