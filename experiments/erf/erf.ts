import { approximation } from "illume";

export default approximation({
  name: "erf",
  target: "erf(x)",
  from: 0,
  to: 2,
  error: "relative",
});
