import { circuitTask } from "../task-kinds.ts";

export default circuitTask("circuit-majority", (inputs) => inputs.filter(Boolean).length >= 3);
