import { wordTask } from "../task-kinds.ts";

export default wordTask("word-gray-code", (x) => (x ^ (x >> 1n)) + 4n);
