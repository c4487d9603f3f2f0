import type { Site } from "#fleet/site.ts";

const LINE_MS = 1000;

/**
 * On a clock of its own the site's time is worth a line, which `show` overwrites as time goes on: once a second of people's time,
 * however fast the site's is. The result ends it.
 */
export function showTime(
  site: Pick<Site, "file" | "utc" | "finished" | "real">,
  show: (line: string) => void,
): () => void {
  if (site.file.clock === undefined) return () => {};
  let cancel = (): void => {};
  const next = (): void => {
    const now = Temporal.Instant.fromEpochMilliseconds(Math.round(site.utc)).toString({ smallestUnit: "second" });
    const time = now.replace("T", " ").replace("Z", " UTC");
    show(`site time ${time}${site.finished ? ", every recording has been played" : ""}`);
    cancel = site.real.after(LINE_MS, next);
  };
  next();
  return () => cancel();
}
