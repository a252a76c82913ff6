export { serialExecutor } from "./serial.ts";
export { threadsExecutor } from "./threads.ts";
