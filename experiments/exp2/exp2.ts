import { approximation } from "illume";

export default approximation({
  name: "exp2",
  target: "2^x",
  from: 0,
  to: 1,
  error: "relative",
});
