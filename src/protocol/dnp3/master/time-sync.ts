/** Gives an outstation the time (IEEE 1815 clause 10.3): over lines on which a message takes its time, and over a LAN. */
import type { Clock } from "#clock/clock.ts";
import { functions } from "#protocol/dnp3/application/functions.ts";
import { refusals } from "#protocol/dnp3/application/indication-words.ts";
import type { Association } from "./association.ts";
import { DnpError } from "./failing.ts";
import { command } from "./outstation.ts";
import { Points } from "./points.ts";
import { single } from "./requests.ts";

/** Time and date, and that of the last recorded time. */
const [TIME, RECORDED] = [1, 3];
const TIMES = 50;

/** "direct" measures how long a message takes; "lan" lets the outstation mark when one came, and says afterwards when that was. */
export type Procedure = "direct" | "lan";

export interface Synchronised {
  /** What a message takes one way, milliseconds; undefined where the outstation does not measure it, and none was allowed for. */
  readonly delayMs: number | undefined;
}

/** `utc` says what time it is, milliseconds. */
export async function synchronise(
  association: Association,
  procedure: Procedure,
  clock: Clock,
  utc: () => number = () => clock.utc(),
): Promise<Synchronised> {
  if (procedure === "lan") {
    const at = utc();
    await command(association, functions.recordCurrentTime);
    await command(association, functions.write, single(TIMES, RECORDED, { time: Math.round(at) }));
    return { delayMs: 0 };
  }
  const delayMs = await oneWay(association);
  const time = Math.round(utc() + (delayMs ?? 0));
  await command(association, functions.write, single(TIMES, TIME, { time }));
  return { delayMs };
}

/** Half of what is left of the round trip when the outstation's own time is taken off. */
async function oneWay(association: Association): Promise<number | undefined> {
  const points = new Points();
  const { iin, tookMs } = await association.ask({ code: functions.delayMeasure, take: points.take });
  // Some have no delay measurement; the time is theirs to take all the same.
  if ((iin & refusals) !== 0) return undefined;
  const { delayMs } = points;
  if (delayMs === undefined)
    throw new DnpError(`${association.peer} answered a delay measurement without a delay`, "nonsense");
  return Math.max(0, (tookMs - delayMs) / 2);
}
