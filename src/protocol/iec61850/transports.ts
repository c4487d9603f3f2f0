/** What carries IEC 61850, as site files, URLs and documents name it: MMS (IEC 61850-8-1), GOOSE, sampled values (IEC 61850-9-2). */

/** By the names of site files. 102, where meters listen, is below 1024: nobody has it unless he says so. */
export const mmsTransports = [
  { name: "tcp", over: "tcp", port: 1102, peers: 1, scheme: "mms", form: "mms://host:port/IED" },
  {
    name: "tls",
    over: "tls",
    port: 3782,
    peers: 1,
    // IEC 62351-3 asks every peer for 1.2. libiec61850 up to 1.6.1 ends an association over 1.3 with the first ticket that a server sends.
    newestTls: "1.2",
    scheme: "mms+tls",
    form: "mms+tls://host:port/IED?certificate=FILE&key=FILE&authority=FILE",
  },
] as const;

/** Where a reader asks unless the URL says it (RFC 1006; IEC 62351-4). */
export const mmsPorts = { tcp: 102, tls: 3782 } as const;

export type MmsTransport = (typeof mmsTransports)[number];
