/** A process that does nothing but look how late its timers come: what of a figure is the machine's, not the site's. */
import { monitorEventLoopDelay } from "node:perf_hooks";

const RESOLUTION_MS = 1;
const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
delay.enable();
/** How late, milliseconds: what is measured has the pause between two looks in it. */
const late = (ns: number): number => Math.max(0, ns / 1e6 - RESOLUTION_MS);

/** What was so late since it was last asked. */
export interface Stall {
  readonly p999: number;
  readonly worst: number;
}

process.on("message", () => {
  process.send?.({ p999: late(delay.percentile(99.9)), worst: late(delay.max) } satisfies Stall);
  delay.reset();
});
