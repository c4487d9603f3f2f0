/** What a carrier of protocols is: its keys in a site file, and how a listener on it is opened. */
import type { Clock } from "#clock/clock.ts";
import type { Link } from "#io/link.ts";
import type { PeerCounts } from "#io/peer-counts.ts";
import type { PeerRoom } from "#io/peer-room.ts";
import type { LineSettings, PortUse } from "#product/product.ts";
import type { z } from "zod";
import type { Line, Transport } from "./protocol.ts";

/** What the meters behind a place say of it. */
export interface Place {
  readonly transport: Transport;
  readonly line: LineSettings;
  /** Peers that they have room for together; undefined where one of them names no limit. */
  readonly room: number | undefined;
  /** What peers take a place in besides: room that the meter's other listeners share. */
  readonly rooms: readonly PeerRoom[];
  /** Folder of the site file. */
  readonly folder: string;
  readonly clock: Clock;
  readonly counts: PeerCounts;
  /** Hears why a place that opens nonetheless cannot be had, and is tried again. */
  readonly missing: (why: string) => void;
  /** Hears which peer was not let in, and why. */
  readonly refused: (peer: string, why: string) => void;
}

export interface Opened {
  /** "127.0.0.1:1502". */
  readonly what: string;
  /** In a URL: what stands behind the scheme, and among its questions. */
  readonly authority: string;
  readonly query: readonly string[];
  close(): Promise<void>;
}

export interface Carrier<Keys = unknown, Way extends Transport = Transport> {
  readonly port: PortUse["port"];
  /** A link of it that has been closed cannot be opened by a peer again. */
  readonly lasting: boolean;
  keys(transport: Way): z.ZodRawShape;
  /** The files that the keys name, as they are now: with others a place is opened anew. */
  marks?(keys: Keys, folder: string): readonly (string | undefined)[];
  /** Who names the same place shares it; undefined takes any that is free. */
  place(keys: Keys, transport: Way): string | undefined;
  /** What is wrong with the files that the keys name, "key: what was expected"; found before anything is opened. */
  problems?(keys: Keys, folder: string): readonly string[];
  /** Rejects with a message that names what cannot be had; `line` is there where it is a serial one. */
  open(keys: Keys, place: Place, accept: (link: Link, line?: Line) => void): Promise<Opened>;
}
