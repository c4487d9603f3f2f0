/**
 * DNP3 as a row of the table: over TCP, TLS, UDP and serial lines. Outstations share a place by their link addresses; all listeners of one
 * port of a meter are one outstation.
 */
import type { Clock } from "#clock/clock.ts";
import { isLoopback } from "#io/address.ts";
import { serveDnp, type DnpLine, type DnpStation } from "#protocol/dnp3/link/serve.ts";
import type { DnpHost } from "#protocol/dnp3/outstation/host.ts";
import { outstation, type Outstation, type OutstationOptions } from "#protocol/dnp3/outstation/outstation.ts";
import { dnp3Transports } from "#protocol/dnp3/transports.ts";
import { roleOf } from "#protocol/modbus/roles.ts";
import { roles } from "./modbus.ts";
import { rightsOf } from "./role-rights.ts";
import { notApart, notSpoken, type Protocol, type Served, type Server, type Station } from "./protocol.ts";
import { ShownPorts } from "./shown-ports.ts";

interface Dnp3Keys {
  readonly roles?: Readonly<Record<string, "read" | "write">> | undefined;
}

/** Makes the outstation of a port. */
type Make = (host: DnpHost, options: OutstationOptions) => Outstation;

/** An outstation, and the meter that it shows. */
interface Shown {
  readonly host: DnpHost;
  readonly server: Outstation;
  /** Places at which it stands. */
  places: number;
}

/** Outstations by meter and port: a meter's bindings are the same ones for as long as it is there. */
class Known extends ShownPorts<Shown> {
  readonly #make: Make;

  constructor(make: Make) {
    super();
    this.#make = make;
  }

  /** Throws StationRefused where the meter does not speak DNP3. */
  of(station: Station<Dnp3Keys>, clock: Clock): Shown {
    const { device, port } = station;
    return this.at(station, () => {
      const host = device.bindings.dnp3?.({ port });
      if (host === undefined) throw notSpoken(station, "dnp3", "DNP3");
      return { host, server: this.#make(host, { clock, port, masters: device.room("dnp3", port) }), places: 0 };
    });
  }
}

/** Whom nobody could tell apart: throws StationRefused of the second. */
function mustDiffer(all: readonly { readonly station: Station<Dnp3Keys>; readonly shown: Shown }[]): void {
  const found = new Map<number, string>();
  for (const { station, shown } of all) {
    const { address } = shown.host.settings;
    const { name } = station.device;
    const other = found.get(address);
    if (other !== undefined) throw notApart(station, "dnp3", other, `link address ${address}`);
    found.set(address, name);
  }
}

/** The row, with what makes outstations. */
export function dnp3With(make: Make): Protocol<Dnp3Keys> {
  const known = new Known(make);
  return {
    name: "dnp3",
    title: "DNP3",
    transports: dnp3Transports,
    keys: ({ over }) => (over === "tls" ? { roles } : {}),
    keysElsewhere: ({ over }) => ({
      address:
        over === "serial"
          ? "the link address is the port's, in the meter's configuration: communications.port3.address of its first serial line, port4 of its second"
          : "the link address is the meter's, in its configuration: communications.ethernet1.dnp3.address",
    }),
    station: (_keys, own) => ({ word: "address", number: own }),
    url: ({ over }, station) => {
      const address = station?.number ?? 1;
      return over === "serial" ? { path: "", query: [`address=${address}`] } : { path: `/${address}`, query: [] };
    },
    serve: (served) => serve(served, known),
  };
}

/** A meter behind a place, and how links meet it. */
interface Behind {
  readonly station: Station<Dnp3Keys>;
  readonly shown: Shown;
  readonly dnp: DnpStation;
}

function behindOf(station: Station<Dnp3Keys>, shown: Shown, served: Served<Dnp3Keys>): Behind {
  const { device, port, answers } = station;
  const { host, server } = shown;
  const line = {
    answerDelayMs: () => device.answerDelayMs?.(port) ?? 0,
    connected: () => served.connected(station),
    left: () => served.left(station),
  };
  return {
    station,
    shown,
    dnp: {
      server,
      settings: () => host.settings,
      answers: () => answers?.() !== false && host.answers(),
      ...(served.transport.over === "serial" ? line : {}),
    },
  };
}

function serve(served: Served<Dnp3Keys>, known: Known): Server {
  const { transport, clock, misunderstood } = served;
  const isLine = transport.over === "serial";
  const [{ keys }] = served.stations;
  const lines = new Set<DnpLine>();
  let now: readonly Behind[] = [];
  /** Throws an Error where one does not speak it, or cannot be told from another; what it returns puts them behind the place. */
  const change = (stations: Served["stations"]): (() => void) => {
    const next = (stations as Served<Dnp3Keys>["stations"]).map(
      (station) => now.find((one) => one.station === station) ?? behindOf(station, known.of(station, clock), served),
    );
    mustDiffer(next);
    return () => {
      const before = now;
      now = next;
      for (const one of next) if (!before.includes(one)) one.shown.places++;
      for (const line of lines) line.behind(next.map(({ dnp }) => dnp));
      for (const one of before) if (!next.includes(one)) known.leave(one.station, one.shown);
    };
  };
  change(served.stations)();
  return {
    take(link, line) {
      const dnp = serveDnp(
        link,
        now.map((one) => one.dnp),
        clock,
        {
          near: !isLine && isLoopback(link.peer.replace(/:\d+$/, "")),
          rights: rightsOf(link.certificate === undefined ? undefined : roleOf(link.certificate), keys.roles),
          baud: isLine ? line?.baud : undefined,
          datagrams: transport.over === "udp",
          misunderstood,
        },
      );
      lines.add(dnp);
      link.closed(() => lines.delete(dnp));
    },
    change,
    end() {
      for (const { station, shown } of now) known.leave(station, shown);
      now = [];
    },
  };
}

export const dnp3 = dnp3With(outstation);
