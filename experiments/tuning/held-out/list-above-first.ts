import { listTask } from "../task-kinds.ts";

export default listTask("list-above-first", (xs) => xs.filter((x) => x > (xs[0] ?? 0)).length);
