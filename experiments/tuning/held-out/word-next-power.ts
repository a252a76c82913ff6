import { wordTask } from "../task-kinds.ts";

export default wordTask("word-next-power", (x) => x | (x >> 1n) | (x >> 2n) | (x >> 3n));
