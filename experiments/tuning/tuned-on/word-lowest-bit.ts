import { wordTask } from "../task-kinds.ts";

export default wordTask("word-lowest-bit", (x) => (x ^ (x - 1n)) & (x >> 1n));
