import { formulaTask } from "../task-kinds.ts";

export default formulaTask("formula-pendulum", 1, 5, (x, y) => Math.sqrt(x / y) * (1 + x / (4 * y)));
