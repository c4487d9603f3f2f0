/** What was not assessed, and why. */
import type { NotAssessed } from "#analysis/assessment.ts";
import { list, paragraph, type Content } from "./markup.ts";

export function absentList(absent: readonly NotAssessed[]): Content {
  if (absent.length === 0) return [];
  // "orders 36 to 50 of V.a", "... of V.b": what is said of each channel is said once.
  const groups = new Map<string, { readonly what: string; readonly reason: string; readonly channels: string[] }>();
  for (const { what, reason } of absent) {
    const [, before = what, channel] = /^(.*) of ([VA]\.\w+)$/.exec(what) ?? [];
    const key = `${before}\n${reason}`;
    const group = groups.get(key) ?? { what: before, reason, channels: [] };
    if (channel !== undefined) group.channels.push(channel);
    groups.set(key, group);
  }
  const items = [...groups.values()].map(({ what, reason, channels }) => {
    const of = channels.length === 0 ? "" : ` of ${channels.join(", ")}`;
    return `${what}${of}: ${reason}`;
  });
  return [paragraph("Not assessed:"), list(items)];
}
