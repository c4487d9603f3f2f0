/**
 * A row of the table of protocols: all that a site has to know of one. Site files and their schema, listeners, faults,
 * documents and `polyphase models` read it; no other file of a site knows a protocol by name.
 */
import type { Clock } from "#clock/clock.ts";
import type { FaultRule, FaultyLink } from "#io/faulty-link.ts";
import type { Bindings, LineSettings, PortUse } from "#product/product.ts";
import type { z } from "zod";

/** A way on which a protocol travels. */
interface Way {
  /** As site files name it: "tcp", "rtu". */
  readonly name: string;
  /** Of the URLs by which readers name meters, without its colon: "modbus+tls". */
  readonly scheme: string;
  /** Such a URL in words. */
  readonly form: string;
}

/** On Ethernet. */
export interface NetTransport extends Way {
  readonly over: "tcp" | "tls";
  /** Where it listens unless said, from 1024. */
  readonly port: number;
  /** Peers at once where neither the site file nor a manual says. */
  readonly peers: number;
}

/** On a serial port. */
export interface SerialTransport extends Way {
  readonly over: "serial";
}

export type Transport = NetTransport | SerialTransport;

/** A listener as a site file names it. */
export interface ListenEntry<Keys = unknown> extends PortUse {
  /** Who names the same place shares it: "127.0.0.1:1502", "/dev/ttyUSB0"; undefined takes any free port for itself. */
  readonly place: string | undefined;
  /** What stands in the file, by the keys of what carries it and of its protocol. */
  readonly keys: Keys;
  readonly faults: readonly FaultRule[];
}

/** A meter or device, as listeners see it. */
export interface Listening {
  readonly name: string;
  readonly listen: readonly ListenEntry[];
  readonly bindings: Bindings;
  /** What a listener takes from the meter's own settings unless the file says it. */
  readonly line: LineSettings;
  /** Peers that it has room for on one port of a protocol; undefined where its manual names no limit. */
  readonly room: (protocol: string) => number | undefined;
  /** How long a serial frame may take, milliseconds, where that is the meter's own to say. */
  readonly frameTimeoutMs?: (() => number) | undefined;
  /** Whether a protocol answers on a port now; always unless said. */
  readonly answers?: ((port: string, protocol: string) => boolean) | undefined;
}

/** A meter behind a place. */
export interface Station<Keys = unknown> {
  readonly device: Listening;
  readonly port: PortUse["port"];
  readonly keys: Keys;
  /** Asked before a request is handed to the meter: without power, or with its port shut, it does and says nothing. */
  readonly answers: (() => boolean) | undefined;
}

/** A place, and who answers there. */
export interface Served<Keys = unknown> {
  readonly transport: Transport;
  /** In the order of the site file; where they differ in what concerns the place as a whole, the first one's keys count. */
  readonly stations: readonly [Station<Keys>, ...Station<Keys>[]];
  readonly clock: Clock;
}

/** Serves a place. */
export interface Server<Rule extends FaultRule = FaultRule> {
  /** Serves one link; `baud` is that of a serial line. What is sent goes through the listener's faults. */
  take(link: FaultyLink<Rule>, baud: number | undefined): void;
}

/** What is told from others on one place: "unit" 7. */
export interface StationNumber {
  readonly word: string;
  readonly number: number;
}

/** What a protocol's own faults are called in files, and which of its requests a rule can choose. */
export interface FaultWords<Given = unknown, Rule extends FaultRule = FaultRule> {
  /** One key a fault. */
  readonly faults: z.ZodRawShape;
  readonly requests: z.ZodRawShape;
  /** The fault of its own that a rule names; undefined where it names none. */
  faultOf(given: Given): Rule["fault"] | undefined;
  requestsOf(given: Given): Omit<Rule, keyof FaultRule>;
}

export interface Protocol<Keys = unknown, Rule extends FaultRule = FaultRule> {
  /** The key by which site files name it, and the name in `PortUse`, `Bindings` and `Device.room`. */
  readonly name: string;
  /** What people call it. */
  readonly title: string;
  readonly transports: readonly Transport[];
  /** Keys of a listener's entry beside those of what carries it. */
  keys(transport: Transport): z.ZodRawShape;
  readonly faultWords?: FaultWords<unknown, Rule>;
  /** What no schema can say: "key: what was expected". */
  problems?(keys: Keys): readonly string[];
  /** What tells a meter from others on its place; `address` is the meter's own. Undefined where a place has room for one. */
  station?(keys: Keys, address: number): StationNumber;
  /** How a URL names a meter behind its place. */
  url(
    transport: Transport,
    station: StationNumber | undefined,
  ): { readonly path: string; readonly query: readonly string[] };
  /** Throws an Error when one of the meters does not speak it so. */
  serve(served: Served<Keys>): Server<Rule>;
}
