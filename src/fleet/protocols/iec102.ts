/**
 * IEC 60870-5-102 as a row of the table: frames of FT1.2 on serial lines, and the same over TCP. Several meters share a place; they are told
 * apart by their link addresses.
 */
import { isLoopback } from "#io/address.ts";
import type { Iec102Host, Iec102Settings } from "#protocol/iec102/station/host.ts";
import { serveIec102, type Iec102Station } from "#protocol/iec102/station/line.ts";
import { iec102Transports } from "#protocol/iec102/transports.ts";
import { limits } from "#quantity/limits.ts";
import { z } from "zod";
import {
  notApart,
  notSpoken,
  StationRefused,
  type Protocol,
  type Served,
  type Server,
  type Station,
} from "./protocol.ts";

interface Iec102Keys {
  readonly near?: boolean | undefined;
}

const near = z
  .boolean()
  .default(true)
  .describe("peers on this machine are near, and locked out apart; false where a tunnel ends there");

function hostOf(station: Station<Iec102Keys>): Iec102Host {
  const { device, port } = station;
  const host = device.bindings.iec102?.({ port });
  if (host === undefined) throw notSpoken(station, "iec102", "IEC 60870-5-102");
  return host;
}

/** Whom nobody could tell apart, or not find on the same line. */
function mustDiffer(all: readonly { readonly station: Station<Iec102Keys>; readonly host: Iec102Host }[]): void {
  const found = new Map<number, string>();
  const [first] = all;
  for (const { station, host } of all) {
    const { address, addressOctets } = host.settings;
    const { name } = station.device;
    const same = found.get(address);
    if (same !== undefined) throw notApart(station, "iec102", same, `link address ${address}`);
    if (first !== undefined && addressOctets !== first.host.settings.addressOctets)
      throw new StationRefused(
        station,
        "iec102",
        `${first.station.device.name} and ${name} have link addresses of one octet and of two on one place`,
      );
    found.set(address, name);
  }
}

function serve(served: Served<Iec102Keys>): Server {
  const { transport, clock, misunderstood } = served;
  const isSerial = transport.over === "serial";
  const all = served.stations.map((station) => ({ station, host: hostOf(station) }));
  mustDiffer(all);
  const [{ keys }] = served.stations;
  const stations = all.map(({ station, host }): Iec102Station => {
    const { device, port } = station;
    return {
      host,
      port,
      answers: () => station.answers?.() !== false && host.answers(),
      ...(isSerial
        ? {
            answerDelayMs: () => device.answerDelayMs?.(port) ?? 0,
            connected: () => served.connected(station),
            left: () => served.left(station),
          }
        : {}),
    };
  });
  return {
    take(link) {
      const isNear = !isSerial && keys.near === true && isLoopback(link.peer.replace(/:\d+$/, ""));
      const pauseMs = isSerial ? 0 : limits.peers.frameMs;
      serveIec102(link, stations, clock, { near: isNear, pauseMs, misunderstood });
    },
  };
}

/** What readers do not take for granted. */
function questionsOf({ addressOctets, measuringPoint, password, unit = "kWh" }: Iec102Settings): readonly string[] {
  return [
    ...(addressOctets === 2 ? [] : [`octets=${addressOctets}`]),
    ...(measuringPoint === 1 ? [] : [`point=${measuringPoint}`]),
    ...(unit === "kWh" ? [] : [`unit=${unit}`]),
    ...(password ? [] : ["auth=none"]),
  ];
}

export const iec102: Protocol<Iec102Keys> = {
  name: "iec102",
  title: "IEC 60870-5-102",
  transports: iec102Transports,
  keys: ({ over }) => (over === "serial" ? {} : { near }),
  station: (_keys, own) => ({ word: "address", number: own }),
  url: ({ over }, station, meter) => {
    const settings = meter?.device.bindings.iec102?.({ port: meter.port })?.settings;
    const query = settings === undefined ? [] : questionsOf(settings);
    if (station?.number === undefined) return { path: "", query };
    return over === "serial"
      ? { path: "", query: [`address=${station.number}`, ...query] }
      : { path: `/${station.number}`, query };
  },
  serve,
};
