export { threadsEvolution } from "./evolution-threads.ts";
export { threadJudge } from "./judge.ts";
export { type RunThreads, runThreads } from "./runs.ts";
export { serialExecutor } from "./serial.ts";
export { threadsExecutor } from "./threads.ts";
