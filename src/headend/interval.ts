/** How often a meter is read, as people write it: 500ms, 5s, 1m, 1h. */
import { limits } from "#quantity/limits.ts";

const unitsMs = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;

const { leastIntervalMs, mostIntervalMs } = limits.reader;

/** What is expected of one, in words. */
export const INTERVAL = `${leastIntervalMs}ms to ${mostIntervalMs / unitsMs.h}h, like 5s`;

/** Milliseconds; undefined of what is none, or no interval that a meter stands. */
export function intervalMs(text: string): number | undefined {
  const [, number, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text) ?? [];
  const ms = Number(number) * unitsMs[(unit ?? "s") as keyof typeof unitsMs];
  return ms >= leastIntervalMs && ms <= mostIntervalMs ? ms : undefined;
}
