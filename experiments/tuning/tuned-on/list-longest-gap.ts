import { listTask } from "../task-kinds.ts";

export default listTask("list-longest-gap", (xs) =>
  xs.length === 0 ? 0 : Math.max(...xs) - Math.min(...xs),
);
