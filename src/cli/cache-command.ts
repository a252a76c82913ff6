import { CACHE_BYTES, type CacheListing, CacheStore, InputError, count } from "../index.ts";
import { duration } from "./progress.ts";

const MEGABYTE = 1 << 20;

/** illume cache: shows, reduces or empties the cache that runs share. Exit code 0. */
export function cacheCommand(args: {
  /** Megabytes to keep. */
  readonly trim: number | "default" | undefined;
  readonly clear: boolean;
  readonly json: boolean;
}): number {
  const store = new CacheStore();
  const keepBytes = typeof args.trim === "number" ? args.trim * MEGABYTE : CACHE_BYTES;
  if (!(keepBytes >= 0))
    throw new InputError(`--trim must be a number of MB of at least 0; got ${args.trim}.`);
  if (args.clear) store.clear();
  if (args.trim !== undefined) store.trim(keepBytes, Date.now());
  const keys = store.list();
  const bytes = keys.reduce((sum, key) => sum + key.bytes, 0);
  if (args.json)
    process.stdout.write(
      `${JSON.stringify({ folder: store.folder, limitBytes: CACHE_BYTES, bytes, keys })}\n`,
    );
  else process.stdout.write(`${lines(store.folder, bytes, keys).join("\n")}\n`);
  return 0;
}

function lines(folder: string, bytes: number, keys: readonly CacheListing[]): string[] {
  const total = `${megabytes(bytes)} of ${megabytes(CACHE_BYTES)} in ${folder}`;
  if (keys.length === 0) return [total];
  const nowMs = Date.now();
  const width = Math.max(10, ...keys.map((key) => (key.experiment ?? "?").length));
  return [
    `${"experiment".padEnd(width)}  key       evaluations  on disk    last written`,
    ...keys.map((key) =>
      [
        (key.experiment ?? "?").padEnd(width),
        key.key.slice(0, 8),
        count(key.entries).padStart(11),
        megabytes(key.bytes).padEnd(9),
        key.newestMs === null ? "never" : `${duration((nowMs - key.newestMs) / 1000)} ago`,
      ].join("  "),
    ),
    ...keys.flatMap((key) => [
      ...key.damaged.map((path) => `damaged, not used: ${path}`),
      ...(key.contradictions === 0
        ? []
        : [
            `${key.experiment ?? key.key}: ${count(key.contradictions)} behaviours have two evaluations, which are not used; its fitness does not give the same every time`,
          ]),
    ]),
    total,
  ];
}

const megabytes = (bytes: number): string => `${(bytes / MEGABYTE).toFixed(2)} MB`;
