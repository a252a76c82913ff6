import { formulaTask } from "../task-kinds.ts";

export default formulaTask("formula-quartic", -2, 2, (x, y) => x * x * x * (x - 1) + (y * y) / 2 - y);
