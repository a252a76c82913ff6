import { circuitTask } from "../task-kinds.ts";

export default circuitTask("circuit-two-of-five", (inputs) => inputs.filter(Boolean).length === 2);
