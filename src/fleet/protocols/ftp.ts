/** FTP as a row of the table: the files of one meter behind one place. */
import { openDataPort } from "#io/data-port.ts";
import { serveFtp } from "#protocol/ftp/conversation.ts";
import { ftpTransports } from "#protocol/ftp/transports.ts";
import { z } from "zod";
import { notSpoken, type Protocol, type Served, type Server } from "./protocol.ts";
import { onlyStation } from "./questions.ts";

interface FtpKeys {
  readonly near: boolean;
  readonly elsewhere: boolean;
}

function serve({ stations, clock, misunderstood }: Served<FtpKeys>): Server {
  const station = onlyStation(stations, "FTP");
  const { device, port, keys } = station;
  const door = device.bindings.ftp?.({ port });
  if (door === undefined) throw notSpoken(station, "ftp", "FTP");
  const host = { ...door, answers: () => station.answers?.() !== false };
  return {
    take(link) {
      // A meter that is silent has no part in the connection, which stays until somebody ends it.
      if (host.answers()) serveFtp(link, host, { clock, ...keys, misunderstood, openData: openDataPort });
    },
  };
}

export const ftp: Protocol<FtpKeys> = {
  name: "ftp",
  title: "FTP",
  isSecretive: true,
  transports: ftpTransports,
  keys: () => ({
    near: z
      .boolean()
      .default(true)
      .describe("factory passwords work for peers on this machine; false where a tunnel ends there"),
    elsewhere: z
      .boolean()
      .default(false)
      .describe("peers elsewhere may log in, too, with passwords that everybody on the way can read"),
  }),
  url: () => ({ path: "", query: [] }),
  serve,
};
