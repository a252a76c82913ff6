import { circuitTask } from "../task-kinds.ts";

export default circuitTask("circuit-parity", (inputs) => inputs.filter(Boolean).length % 2 === 0);
