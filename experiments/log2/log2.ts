import { approximation } from "illume";

export default approximation({
  name: "log2",
  target: "log2(x)",
  from: 1,
  to: 2,
  error: "absolute",
});
