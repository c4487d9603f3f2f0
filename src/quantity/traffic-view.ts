/** What passes between peers and meters, as the site tells it over HTTP. */

export const trafficKinds = ["in", "out", "came", "went"] as const;
/** To the meter, from it, or who has come or gone. */
export type TrafficKind = (typeof trafficKinds)[number];

/** A message, in a line. */
export interface TrafficMessage {
  /** Of all that were made out since the start of the site. */
  readonly number: number;
  /** UTC, with microseconds: when its last byte passed. */
  readonly at: string;
  readonly kind: TrafficKind;
  /** "modbus tcp 127.0.0.1:1502". */
  readonly listener: string;
  readonly protocol: string;
  /** Who stands behind the listener. */
  readonly meters: readonly string[];
  readonly peer: string;
  /** A number for each peer that has come, and each line that is open. */
  readonly connection: number;
  readonly length: number;
  /** What it says, in a line. */
  readonly line: string;
  /** Something is wrong with it, or it is none of the protocol's. */
  readonly wrong: boolean;
  /** Something in it is not shown. */
  readonly hidden: boolean;
}

export interface TrafficView {
  /** Since when all that passes is kept, UTC. */
  readonly since: string;
  /** All up to this number have been looked through. */
  readonly last: number;
  /** How many had to go since then before anybody could read them, and how many before this reader came to them. */
  readonly dropped: number;
  readonly skipped: number;
  /** Oldest first. */
  readonly messages: readonly TrafficMessage[];
}

export interface TrafficField {
  /** Its first byte in the message; of what has `apart`, in what was put together. */
  readonly at: number;
  readonly length: number;
  readonly name: string;
  readonly text?: string;
  readonly wrong?: true;
  readonly hidden?: true;
  /** Bytes that are not in the message as they are: positions in it are in these. In hex, where bytes are shown. */
  readonly apart?: string;
  readonly inside?: readonly TrafficField[];
}

/** One message, opened. */
export interface TrafficDetail {
  readonly message: TrafficMessage;
  /** In hex, where they are to be seen; of a long one the first. */
  readonly bytes?: string;
  /** Which of them are hidden, and say 00: `to` stands behind the last. */
  readonly covered: readonly { readonly from: number; readonly to: number }[];
  readonly fields: readonly TrafficField[];
  /** There are more bytes or fields than are shown. */
  readonly more: boolean;
}
