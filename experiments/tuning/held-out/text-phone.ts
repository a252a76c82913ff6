import { textTask } from "../task-kinds.ts";

export default textTask("text-phone", [
  ["938-242-504", "938.242"],
  ["308-916-545", "308.916"],
  ["623-599-749", "623.599"],
  ["981-424-843", "981.424"],
]);
