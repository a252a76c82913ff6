import type { Selector } from "./selector.ts";

/** Any filled cell alike (Mouret and Clune 2015, who found bias towards better cells no help). */
export const uniformSelector: Selector = {
  name: "uniform",
  needsErrors: false,
  select: (archive, stream) => archive.nth(stream.below(archive.count)),
};
