import { circuitTask } from "../task-kinds.ts";

export default circuitTask(
  "circuit-multiplexer",
  ([a, b, c, d, e]) => (a === true ? (b === true ? c : d) : b === true ? e : c !== d) === true,
);
