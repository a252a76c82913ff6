import { listTask } from "../task-kinds.ts";

export default listTask("list-even-squares", (xs) =>
  xs.filter((x) => x % 2 === 0).reduce((sum, x) => sum + x * x, 0),
);
