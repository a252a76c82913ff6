import { wordTask } from "../task-kinds.ts";

export default wordTask("word-swap-bytes", (x) => ((x << 8n) | (x >> 8n)) ^ 1n);
