/** What is told of an event before it is placed and explained. */
import type { Crossing } from "./event-watch.ts";
import type { ExaminedEvent } from "./examination.ts";
import { transientClass } from "./transient-class.ts";
import type { TransientShape } from "./transient-shape.ts";

export type Told = Pick<
  ExaminedEvent,
  | "kind"
  | "at"
  | "seconds"
  | "channels"
  | "byChannel"
  | "settledVolts"
  | "within"
  | "sinceBefore"
  | "cut"
  | "ring"
  | "ieee1159"
>;

/** Of a crossing of RMS; `within` is the dip that an interruption lies in. */
export function toldOf(crossing: Crossing, voltages: readonly string[], within?: Crossing): Told {
  const { kind, at, end, crossed, extreme, sinceBefore, cut } = crossing;
  return {
    kind,
    at,
    seconds: end - at,
    channels: voltages.filter((_, k) => crossed[k] === 1),
    byChannel: voltages.flatMap((name, k) => (Number.isNaN(extreme[k]!) ? [] : [{ name, volts: extreme[k]! }])),
    sinceBefore,
    ...(within === undefined ? {} : { within: { at: within.at, seconds: within.end - within.at } }),
    ...(cut === undefined ? {} : { cut }),
  };
}

/** `level` and `peak` (that of the declared voltage) in volts. */
export function transientTold(shape: TransientShape, level: number, peak: number): Told {
  const { at, seconds, byChannel, hz, noHz } = shape;
  return {
    kind: "transient",
    at,
    seconds,
    channels: byChannel.flatMap(({ name, volts }) => (volts > level ? [name] : [])),
    byChannel,
    sinceBefore: false,
    ring: { ...(hz === undefined ? {} : { hz }), ...(noHz === undefined ? {} : { reason: noHz }) },
    ieee1159: transientClass(shape, Math.max(...byChannel.map(({ volts }) => volts)) / peak),
  };
}
