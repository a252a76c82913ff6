import type { Counters } from "../counters.ts";
import type { Task } from "../task.ts";
import { figure, type Finding, percent, secondsText } from "./finding.ts";

const BAD_FALSE_MERGES = 0.05;
const ENOUGH_AUDITS = 50;

/**
 * What the functional equivalence cache brings.
 * @param counters of a short run
 * @param savedMs what a hit saves: milliseconds of the experiment's own judging
 * @param candidateMs worker time that a candidate of the run took, in milliseconds
 */
export function checkCache(task: Task, counters: Counters, savedMs: number, candidateMs: number): Finding {
  const { cache, cacheEntries } = task.parameters;
  const { candidates, cacheHits, audits, falseMerges, cacheEvictions, evaluations } = counters;
  const hitRate = candidates === 0 ? 0 : cacheHits / candidates;
  const figures = {
    cache,
    hitRate,
    audits,
    falseMergeRate: audits === 0 ? null : falseMerges / audits,
    savedMs,
    evictions: cacheEvictions,
  };
  const finding = (verdict: Finding["verdict"], message: string, advice = ""): Finding => ({
    check: "cache",
    verdict,
    message,
    advice,
    figures,
  });
  if (cache === "off") return finding("ok", "off, as asked for");
  if (cache === "exact" && task.measured !== null)
    return finding(
      "ok",
      "left out: the vector machine judges whole batches faster than they could be looked up",
    );
  if (cache === "lossy") {
    const rate = falseMerges / Math.max(1, audits);
    const message = `lossy: ${percent(hitRate)} hits, of which ${audits === 0 ? "none was audited" : `${figure(falseMerges)} of ${figure(audits)} audited were wrong (${percent(rate)})`}`;
    if (falseMerges > 0)
      return finding(
        audits >= ENOUGH_AUDITS && rate > BAD_FALSE_MERGES ? "bad" : "look",
        message,
        `Wrong hits give programs the fitness of others. Raise probeCases (${task.parameters.probeCases}), keep more mantissaBits, or set cache=exact.`,
      );
    if (audits < ENOUGH_AUDITS)
      return finding("look", message, "Too few audits to trust it: raise auditShare for a trial.");
    return finding("ok", message);
  }
  const share = (hitRate * savedMs) / Math.max(1e-9, candidateMs + hitRate * savedMs);
  const message = `${percent(hitRate)} hits, each saves ${secondsText(savedMs / 1000)}: that is some ${percent(share)} of the time it would take without`;
  if (evaluations > 0 && cacheEvictions > evaluations / 2 && share > 0.1)
    return finding(
      "look",
      `${message}; it is full, and forgets what it knew`,
      `Set cacheEntries=${2 * cacheEntries} or more.`,
    );
  return finding("ok", message);
}
