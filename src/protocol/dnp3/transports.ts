/** What carries DNP3, as site files, URLs and documents name it (IEEE 1815 clauses 9 and 13). */

/** By the names of site files. */
export const dnp3Transports = [
  { name: "tcp", over: "tcp", port: 20_000, peers: 5, scheme: "dnp3", form: "dnp3://host:port/address?master=100" },
  {
    name: "tls",
    over: "tls",
    port: 19_999,
    peers: 5,
    scheme: "dnp3+tls",
    form: "dnp3+tls://host:port/address?certificate=FILE&key=FILE&authority=FILE",
  },
  {
    name: "udp",
    over: "udp",
    port: 20_000,
    peers: 5,
    scheme: "dnp3+udp",
    form: "dnp3+udp://host:port/address?master=100",
  },
  {
    name: "serial",
    over: "serial",
    scheme: "dnp3+serial",
    form: "dnp3+serial:///dev/ttyUSB0?baud=9600&address=1&master=100",
  },
] as const;

export type Dnp3Transport = (typeof dnp3Transports)[number];
