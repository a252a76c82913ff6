import { formulaTask } from "../task-kinds.ts";

export default formulaTask("formula-lens", 1, 4, (x, y) => (x * y) / (x + y) + x * x);
