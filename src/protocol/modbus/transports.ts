/** What carries Modbus, as site files, URLs and documents name it. */

/** The slowest line that a gateway may have: its longest answer keeps coming for 2.3 s. */
export const SLOWEST_BAUD = 1200;

/** By the names of site files. No usual port lies below 1024, which takes privileges: 502 and 802 stand 1000 higher. */
export const modbusTransports = [
  { name: "tcp", over: "tcp", port: 1502, peers: 512, scheme: "modbus", form: "modbus://host:port/unit" },
  {
    name: "rtu-over-tcp",
    over: "tcp",
    port: 1503,
    peers: 32,
    baud: SLOWEST_BAUD,
    scheme: "modbus+rtutcp",
    form: "modbus+rtutcp://host:port/unit",
  },
  {
    name: "tls",
    over: "tls",
    port: 1802,
    peers: 512,
    scheme: "modbus+tls",
    form: "modbus+tls://host:port/unit?certificate=FILE&key=FILE&authority=FILE",
  },
  {
    name: "rtu",
    over: "serial",
    scheme: "modbus+rtu",
    form: "modbus+rtu:///dev/ttyUSB0?baud=19200&parity=none&unit=1",
  },
] as const;

export type ModbusTransport = (typeof modbusTransports)[number];

/** How a request is framed on a transport. */
export function framingOf({ name }: { readonly name: string }): "tcp" | "rtu" {
  return name === "tcp" || name === "tls" ? "tcp" : "rtu";
}

/** What a URL says of the unit, and what it may be; 1 unless said. On TCP 0 and 255 mean the device itself. */
export function unitIn(
  url: URL,
  { over }: ModbusTransport,
): { readonly given: string; readonly range: [number, number] } {
  if (over === "serial") return { given: url.searchParams.get("unit") ?? "1", range: [1, 247] };
  return { given: url.pathname.replace(/^\//, "") || "1", range: [0, 255] };
}

/** How a URL says the unit: behind the place, or among the questions. */
export function unitFor(
  unit: number,
  { over }: { readonly over: string },
): { readonly path: string; readonly query: string[] } {
  return over === "serial" ? { path: "", query: [`unit=${unit}`] } : { path: `/${unit}`, query: [] };
}
