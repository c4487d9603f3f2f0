/** What carries GOOSE, as site files, URLs and documents name it: Ethernet (IEC 61850-8-1), and UDP (R-GOOSE). */
import { GOOSE_TYPE } from "./goose-frame.ts";

/** Seconds of silence after which a publisher loses its place: a place is nothing but the address it sends from. */
const IDLE = 120;

export const gooseTransports = [
  { name: "ethernet", over: "ethernet", etherType: GOOSE_TYPE, scheme: "goose", form: "goose://interface" },
  {
    name: "udp",
    over: "udp",
    port: 1102,
    peers: 256,
    idle: IDLE,
    groups: true,
    scheme: "goose+udp",
    form: "goose+udp://host:port",
  },
] as const;

/** Where routable GOOSE goes unless somebody says otherwise (IEC TR 61850-90-5, as all of OSI's transport). */
export const ROUTABLE_PORT = 102;
