import { textTask } from "../task-kinds.ts";

export default textTask(
  "text-mail",
  [
    ["jan.kotas@example.org", "Jan at example"],
    ["anne.lee@school.net", "Anne at school"],
    ["bo.hansen@work.com", "Bo at work"],
  ].map(([given = "", wanted = ""]) => [given, wanted.replace(" at ", "@")] as const),
);
