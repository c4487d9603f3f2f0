/** What carries SNTP, as site files and documents name it (RFC 4330). */

/** Seconds for which a client that has said nothing more keeps its place: there is nothing to remember of it. */
const IDLE = 5;

export const sntpTransports = [
  { name: "udp", over: "udp", port: 1123, peers: 256, idle: IDLE, scheme: "ntp", form: "ntp://host:port" },
] as const;
