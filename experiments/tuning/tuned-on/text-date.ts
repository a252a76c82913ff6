import { textTask } from "../task-kinds.ts";

export default textTask("text-date", [
  ["2024-03-17 meeting", "17.03.2024"],
  ["1999-12-31 party", "31.12.1999"],
  ["2010-01-05 dentist", "05.01.2010"],
]);
