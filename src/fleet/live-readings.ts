/** Readings that a program pushes into a meter whose source is live. */
import { Contact } from "#remote/contact.ts";
import { checkedBy } from "#product/schema-problems.ts";
import type { SourceView } from "#quantity/meter-api.ts";
import { LiveSource, type LiveReading } from "#waveform/live.ts";
import { isChangeable } from "#waveform/ordered-networks.ts";
import type { Source } from "#waveform/source.ts";
import { z } from "zod";

/** One for all phases, or one for each, between -most and most: a slip of a program must not fill an accumulator. */
function phased(most: number, least = -most) {
  const one = z.number().min(least).max(most);
  return z.union([one, z.array(one).min(1).max(3)]);
}

const MOST_VOLTS = 2e6;
const MOST_AMPS = 2e6;

/** What a reading may say; `pushReading` says what is wrong between its keys. */
export const reading = z.strictObject({
  hz: z.union([z.number().min(40).max(70), z.array(z.number().min(40).max(70)).min(1).max(3)]).optional(),
  volts: phased(MOST_VOLTS, 0),
  lineVolts: z.array(z.number().min(0).max(MOST_VOLTS)).length(3).optional(),
  amps: phased(MOST_AMPS, 0),
  watts: phased(MOST_VOLTS * MOST_AMPS).optional(),
  vars: phased(MOST_VOLTS * MOST_AMPS).optional(),
  pf: phased(1).optional(),
});

/** Seconds without a reading after which a source that gave none before counts as silent: three calculation cycles of the slowest meter. */
const SILENT_SECONDS = 4.5;
/** How many times as long as usual a reading may take. */
const SILENT_TIMES = 3;

/** Whether a source still says anything. */
export function sourceView(source: Source): SourceView {
  const { ended } = source;
  if (source instanceof Contact) return { ended, read: { age: source.age ?? null, every: source.everyMs / 1000 } };
  if (!(source instanceof LiveSource)) return { ended, ...(isChangeable(source) ? { bench: true } : {}) };
  const { age, usual = 0, stale } = source;
  const silent = age === undefined || age > Math.max(SILENT_SECONDS, SILENT_TIMES * usual);
  return { ended, pushed: { age: age ?? null, silent, stale } };
}

/** Takes a reading pushed in by a program; what is wrong with it, key by key, when it is refused. */
export function pushReading(
  {
    source,
    surface,
  }: {
    readonly source: Source;
    readonly surface: { readonly identity: { name: string; model: string }; catchUp(): void };
  },
  body: unknown,
): readonly string[] {
  if (!(source instanceof LiveSource))
    return [`${surface.identity.name} (${surface.identity.model}) does not take readings: its source is not live`];
  const { value: given, problems } = checkedBy(reading, body, "the body");
  if (problems !== undefined) return problems;
  const list = (value: number | number[] | undefined): number[] | undefined =>
    typeof value === "number" ? [value, value, value] : value;
  const { hz, lineVolts, volts, amps, watts, vars, pf } = given;
  const pushed: LiveReading = {
    // One line has one frequency, whichever phase it was measured on.
    hz: typeof hz === "number" ? hz : hz?.[0],
    lineVolts,
    volts: list(volts) ?? [],
    amps: list(amps) ?? [],
    watts: list(watts),
    vars: list(vars),
    pf: list(pf),
  };
  const lengths = [pushed.amps, pushed.watts, pushed.vars, pushed.pf].filter((one) => one !== undefined);
  if (lengths.some((one) => one.length !== pushed.volts.length)) return ["expected as many values of each as of volts"];
  // Until now it was as the one before had it.
  surface.catchUp();
  source.push(pushed);
  return [];
}
