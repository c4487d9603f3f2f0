/** What carries SNMP, as site files and documents name it (RFC 3417, 3). */

/** Seconds for which a manager that has said nothing more keeps its place: there is nothing to remember of it. */
const IDLE = 5;

export const snmpTransports = [
  { name: "udp", over: "udp", port: 1161, peers: 64, idle: IDLE, scheme: "snmp", form: "snmp://host:port" },
] as const;
