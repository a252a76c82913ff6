import { formulaTask } from "../task-kinds.ts";

export default formulaTask("formula-hypotenuse", 0.5, 3, (x, y) => Math.sqrt(x * x + y * y) - x * y);
