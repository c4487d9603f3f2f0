/**
 * MMS (IEC 61850-8-1) as a row of the table: over TCP, and over TLS. A place is one IED's, since nothing in an association tells IEDs apart; all
 * listeners of one port of a meter are one server.
 */
import type { Clock } from "#clock/clock.ts";
import { isLoopback } from "#io/address.ts";
import { acceptAssociations } from "#protocol/iec61850/osi/accept.ts";
import type { IedClient, IedHost } from "#protocol/iec61850/server/host.ts";
import { controls } from "#protocol/iec61850/server/controls.ts";
import { reports } from "#protocol/iec61850/server/reports.ts";
import { gooseControl } from "#protocol/iec61850/server/goose-control.ts";
import { mmsServer, type MmsServer } from "#protocol/iec61850/server/server.ts";
import { mmsTransports } from "#protocol/iec61850/transports.ts";
import { roleOf } from "#protocol/modbus/roles.ts";
import { limits } from "#quantity/limits.ts";
import { z } from "zod";
import { roles } from "./modbus.ts";
import { onlyStation } from "./questions.ts";
import { rightsOf } from "./role-rights.ts";
import { notSpoken, type Protocol, type Served, type Server, type Station } from "./protocol.ts";
import { ShownPorts } from "./shown-ports.ts";

interface MmsKeys {
  readonly near?: boolean | undefined;
  readonly roles?: Readonly<Record<string, "read" | "write">> | undefined;
}

const near = z
  .boolean()
  .default(true)
  .describe("peers on this machine are near, and locked out apart; false where a tunnel ends there");

/** Makes the server of a port. */
type Make = (host: IedHost, clock: Clock) => MmsServer;

/** A meter as a port of it shows it: with the port shut it answers as little as without power. */
class PortHost implements IedHost {
  readonly #host: IedHost;
  readonly #open: () => boolean;

  constructor(host: IedHost, open: () => boolean) {
    this.#host = host;
    this.#open = open;
  }

  get epoch() {
    return this.#host.epoch;
  }

  get ied() {
    return this.#host.ied;
  }

  get settings() {
    return this.#host.settings;
  }

  get files() {
    return this.#host.files;
  }

  get reports() {
    return this.#host.reports;
  }

  answers(): boolean {
    return this.#open() && this.#host.answers();
  }

  image(): ReturnType<IedHost["image"]> {
    return this.#host.image();
  }

  changed(run: () => void): () => void {
    return this.#host.changed(run);
  }

  now(): ReturnType<IedHost["now"]> {
    return this.#host.now();
  }

  controlled(...what: Parameters<NonNullable<IedHost["controlled"]>>): void {
    this.#host.controlled?.(...what);
  }

  admit(client: IedClient): ReturnType<IedHost["admit"]> {
    return this.#host.admit(client);
  }
}

/** A server, and the meter that it shows. */
interface Shown {
  readonly host: IedHost;
  readonly server: MmsServer;
  /** Places at which it stands. */
  places: number;
}

/** Servers by meter and port: a meter's bindings are the same ones for as long as it is there. */
class Known extends ShownPorts<Shown> {
  readonly #make: Make;

  constructor(make: Make) {
    super();
    this.#make = make;
  }

  /** Throws StationRefused where the meter does not speak MMS. */
  of(station: Station<MmsKeys>, clock: Clock): Shown {
    const { device, port, answers } = station;
    return this.at(station, () => {
      const own = device.bindings.iec61850?.({ port });
      if (own === undefined) throw notSpoken(station, "mms", "IEC 61850");
      const host = new PortHost(own, () => answers?.() !== false);
      return { host, server: this.#make(host, clock), places: 0 };
    });
  }
}

/** Why the owner of a certificate may do nothing. */
function roleTrouble(certificate: Uint8Array | undefined, allowed: MmsKeys["roles"] = {}): string {
  const role = certificate === undefined ? undefined : roleOf(certificate);
  const named = Object.keys(allowed).join(", ");
  return `its certificate has ${role === undefined ? "no role" : `the role "${role}"`}; roles of the listener are ${named}`;
}

/** The row, with what makes servers. */
export function mmsWith(make: Make): Protocol<MmsKeys> {
  const known = new Known(make);
  return {
    name: "mms",
    title: "IEC 61850 (MMS)",
    // A connection is no client yet: whoever holds one half-open takes nobody's place.
    transports: mmsTransports.map((one) => ({ ...one, logIns: limits.osi.halfOpen })),
    keys: ({ over }) => (over === "tls" ? { near, roles } : { near }),
    url: (_transport, _station, meter) => {
      const ied = meter?.device.bindings.iec61850?.({ port: meter.port })?.ied;
      return { path: ied === undefined ? "" : `/${ied.name}`, query: [] };
    },
    serve: (served) => serve(served, known),
  };
}

function serve({ stations, clock, misunderstood, refused }: Served<MmsKeys>, known: Known): Server {
  const station = onlyStation(stations, "MMS");
  const { keys } = station;
  const shown = known.of(station, clock);
  const { host, server } = shown;
  shown.places++;
  let isThere = true;
  return {
    take(link) {
      const { peer, certificate } = link;
      const isNear = keys.near === true && isLoopback(peer.replace(/:\d+$/, ""));
      const rights = rightsOf(certificate === undefined ? undefined : roleOf(certificate), keys.roles);
      const line = server.line({ peer, near: isNear, rights }, (why) =>
        refused?.(peer, rights === "none" ? roleTrouble(certificate, keys.roles) : why),
      );
      acceptAssociations(link, {
        clock,
        answers: () => host.answers(),
        async accept(request) {
          const answer = await line.accept(request);
          // Where there is no place left the link has been ended, and with it the association that it would have had.
          if (answer.accepted) link.loggedIn?.();
          return answer;
        },
        user: (association) => line.user(association),
        misunderstood,
      });
    },
    end() {
      if (isThere) known.leave(station, shown);
      isThere = false;
    },
  };
}

export const mms = mmsWith((host, clock) => mmsServer(host, { clock, parts: [reports, controls, gooseControl] }));
