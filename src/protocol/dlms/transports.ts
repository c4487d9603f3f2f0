/** What carries DLMS, as site files, URLs and documents name it (Green Book 7, 8). */

/** By the names of site files. */
export const dlmsTransports = [
  { name: "tcp", over: "tcp", port: 4059, peers: 1, scheme: "dlms", form: "dlms://host:port?client=16&server=1" },
  {
    name: "udp",
    over: "udp",
    port: 4059,
    peers: 1,
    scheme: "dlms+udp",
    form: "dlms+udp://host:port?client=16&server=1",
  },
  {
    name: "hdlc-over-tcp",
    over: "tcp",
    port: 4060,
    peers: 1,
    scheme: "dlms+hdlctcp",
    form: "dlms+hdlctcp://host:port?client=16&server=1&physical=1",
  },
  {
    name: "hdlc",
    over: "serial",
    scheme: "dlms+hdlc",
    form: "dlms+hdlc:///dev/ttyUSB0?baud=9600&client=16&server=1&physical=1",
  },
  {
    name: "optical",
    over: "optical",
    scheme: "dlms+optical",
    form: "dlms+optical:///dev/ttyUSB0?baud=9600&client=16&server=1&physical=1",
  },
] as const;

/** How APDUs are framed on a transport. */
export function framingOf({ name }: { readonly name: string }): "wrapper" | "hdlc" {
  return name === "tcp" || name === "udp" ? "wrapper" : "hdlc";
}

export type DlmsTransport = (typeof dlmsTransports)[number];
