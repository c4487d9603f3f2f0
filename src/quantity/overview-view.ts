/** What a site's HTTP API says of all its meters at a glance. */
import type { TimeView } from "./meter-api.ts";

/**
 * What a meter is like, the worst first: it measures nothing, or nothing new; it has alarms; something of it wants looking after; it
 * measures; what it shows is for its own users, which whoever asks is not.
 */
export const glanceStates = ["silent", "alarm", "attention", "measuring", "closed"] as const;
export type GlanceState = (typeof glanceStates)[number];

export interface MeterGlance {
  readonly name: string;
  readonly model: string;
  readonly title: string;
  readonly state: GlanceState;
  /** Why it is so, in words; empty of what measures. */
  readonly words: string;
  /** How many alarms there are. */
  readonly alarms: number;
  /** Active power of all phases, primary, import less export; null where it is not known. */
  readonly watts: number | null;
  /** When it knew last what it measures; null where it never has. */
  readonly last: TimeView | null;
}

export const glanceOrders = ["file", "name", "model", "state", "watts", "alarms", "last"] as const;
/** "file": as in the site file. */
export type GlanceOrder = (typeof glanceOrders)[number];

export interface OverviewView {
  readonly utc: number;
  readonly trouble?: string | undefined;
  readonly behind?: string | undefined;
  /** Of all meters. */
  readonly total: number;
  /** Of those whose name, model or title has what was searched for. */
  readonly counts: Readonly<Record<GlanceState, number>>;
  /** How many have what was searched for, and are in the state that was asked for. */
  readonly found: number;
  /** The first of `meters` among those. */
  readonly from: number;
  readonly meters: readonly MeterGlance[];
}
