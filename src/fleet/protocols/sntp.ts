/** SNTP as a row of the table: the time of one meter, for a site without a time server. */
import { ntpServed, type ServerClock } from "#protocol/ntp/packet.ts";
import { sntpTransports } from "#protocol/ntp/transports.ts";
import type { SntpHost } from "#protocol/ntp/host.ts";
import { z } from "zod";
import { onlyStation, questions } from "./questions.ts";
import { notSpoken, type Protocol, type Served, type Server, type Station } from "./protocol.ts";

interface SntpKeys {
  readonly local: boolean;
}

/** Of a clock that is nobody's but its own: far from any that knows better, as chrony and ntpd have it. */
const LOCAL_STRATUM = 10;
/** 127.127.1.1: a clock of its own. 127.127.1.0: kept by servers, whose addresses may be of IPv6. */
const reference = { local: 0x7f7f0101, servers: 0x7f7f0100 } as const;

function hostOf(station: Station<SntpKeys>): SntpHost {
  const { device, port } = station;
  const host = device.bindings.sntp?.({ port });
  if (host === undefined) throw notSpoken(station, "sntp", "SNTP");
  return host;
}

function clockOf(host: SntpHost, { local }: SntpKeys): ServerClock {
  const { utc, stratum, offMs } = host.now();
  const told = stratum ?? (local ? LOCAL_STRATUM : undefined);
  const from = stratum === undefined ? reference.local : reference.servers;
  return { stratum: told, reference: from, received: utc, sent: utc, offMs };
}

function serve({ stations, clock, misunderstood }: Served<SntpKeys>): Server {
  const station = onlyStation(stations, "SNTP");
  const host = hostOf(station);
  const answered = (request: Uint8Array): Uint8Array | undefined => {
    const answer = ntpServed(request, clockOf(host, station.keys));
    if (answer === undefined) misunderstood();
    return answer;
  };
  return { take: questions(clock, (request) => (station.answers?.() === false ? undefined : answered(request))) };
}

export const sntp: Protocol<SntpKeys> = {
  name: "sntp",
  title: "SNTP",
  transports: sntpTransports,
  tellsNothingKept: true,
  keys: () => ({
    local: z
      .boolean()
      .default(true)
      .describe(
        "the meter's clock is served whoever keeps it; false: while no time server keeps it, who asks is told that it is not set",
      ),
  }),
  url: () => ({ path: "", query: [] }),
  serve,
};
