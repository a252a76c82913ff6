import { textTask } from "../task-kinds.ts";

export default textTask("text-name", [
  ["Nancy Freehafer", "Freehafer, N."],
  ["Andrew Cencini", "Cencini, A."],
  ["Jan Kotas", "Kotas, J."],
]);
