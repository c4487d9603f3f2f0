/** What carries FTP, as site files and documents name it (RFC 959). */
import { limits } from "#quantity/limits.ts";

/** 21, where meters listen, is below 1024: nobody has it unless he says so. */
export const ftpTransports = [
  {
    name: "tcp",
    over: "tcp",
    port: 2021,
    peers: 4,
    logIns: limits.ftp.logIns,
    greets: true,
    scheme: "ftp",
    form: "ftp://user@host:port",
  },
] as const;
