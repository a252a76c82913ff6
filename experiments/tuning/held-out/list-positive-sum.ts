import { listTask } from "../task-kinds.ts";

export default listTask("list-positive-sum", (xs) =>
  xs.filter((x) => x > 0).reduce((sum, x) => sum + 2 * x + 1, 0),
);
