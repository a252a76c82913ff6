import { approximation } from "illume";

export default approximation({
  name: "airy",
  target: "airy(-7*x)",
  from: 0,
  to: 1,
  error: "absolute",
});
