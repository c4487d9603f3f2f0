/** SFTP as a row of the table: the files of one meter behind one place. */
import { serveSftp } from "#io/sftp-server.ts";
import { limits } from "#quantity/limits.ts";
import { z } from "zod";
import { notSpoken, type Protocol, type Served, type Server, type Station } from "./protocol.ts";

interface SftpKeys {
  readonly near: boolean;
}

function hostOf(station: Station<SftpKeys>) {
  const { device, port } = station;
  const host = device.bindings.sftp?.({ port });
  if (host === undefined) throw notSpoken(station, "sftp", "SFTP");
  return host;
}

function serve({ stations, clock, misunderstood }: Served<SftpKeys>): Server {
  const [station, second] = stations;
  if (second !== undefined)
    throw new Error(
      `${station.device.name} and ${second.device.name} are both on one place, where SFTP has room for one`,
    );
  const host = { ...hostOf(station), answers: () => station.answers?.() !== false };
  return {
    take(link) {
      // A meter that is silent has no part in the connection, which stays until somebody ends it.
      if (!host.answers()) return;
      serveSftp(link, host, { clock, near: station.keys.near, trouble: misunderstood });
    },
  };
}

export const sftp: Protocol<SftpKeys> = {
  name: "sftp",
  title: "SFTP",
  isSecretive: true,
  transports: [
    {
      name: "tcp",
      over: "tcp",
      port: 2022,
      peers: 4,
      logIns: limits.ssh.logIns,
      scheme: "sftp",
      form: "sftp://user@host:port",
    },
  ],
  keys: () => ({
    near: z
      .boolean()
      .default(true)
      .describe("factory passwords work for peers on this machine; false where a tunnel ends there"),
  }),
  url: () => ({ path: "", query: [] }),
  serve,
};
