import { approximation } from "illume";

export default approximation({
  name: "sin",
  target: "sin(x)",
  from: 0,
  to: Math.PI / 2,
  error: "relative",
});
