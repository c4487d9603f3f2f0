/** What carries IEC 60870-5-102, as site files, URLs and documents name it: FT1.2 frames on a line, and the same over TCP. */

/** By the names of site files. */
export const iec102Transports = [
  { name: "tcp", over: "tcp", port: 10_102, peers: 1, scheme: "iec102", form: "iec102://host:port/address?point=1" },
  {
    name: "serial",
    over: "serial",
    scheme: "iec102+serial",
    form: "iec102+serial:///dev/ttyUSB0?baud=9600&parity=even&address=1&point=1",
  },
] as const;

export type Iec102Transport = (typeof iec102Transports)[number];
