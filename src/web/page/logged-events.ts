/** Voltage events of a meter's own log, as marks of a trend: where the site sends no half cycles, the page sees none by itself. */
import type { LiveEntryView } from "#quantity/meter-api.ts";
import type { LogKind } from "#quantity/log.ts";

const kinds: ReadonlySet<LogKind> = new Set(["sagSwell", "interruption"]);
/** Events that are kept: each reading brings but the newest entries of all logs. */
const KEPT = 200;

export class LoggedEvents {
  /** Milliseconds of local time at which they began, by number of the entry. */
  readonly #at = new Map<string, number>();

  get marks(): readonly { readonly at: number }[] {
    return [...this.#at.values()].map((at) => ({ at }));
  }

  /** Takes entries that came with a reading; `wall` is the meter's wall clock less UTC. */
  add(entries: readonly Pick<LiveEntryView, "kind" | "sequence" | "utc" | "details">[], wall: number): void {
    for (const { kind, sequence, utc, details } of entries) {
      if (!kinds.has(kind)) continue;
      // An entry is written when its event has ended.
      const { milliseconds = 0 } = details;
      this.#at.set(`${kind} ${sequence}`, Date.parse(utc) - Number(milliseconds) + wall);
    }
    for (const oldest of [...this.#at.keys()].slice(0, -KEPT)) this.#at.delete(oldest);
  }
}
