/** What each port of a revenue meter takes: ports that were ordered, speeds and parities that protocols have, addresses. */
import type { Ordered } from "#revenue/settings/model-number.ts";
import type { RevenueFile } from "./configuration-schema.ts";
import { portsOf, type OrderedPort } from "./factory.ts";

type Communications = RevenueFile["communications"];

const keys: readonly OrderedPort[] = ["port3", "port4", "modem", "ethernet1", "ethernet2"];
const options: Readonly<Record<OrderedPort, string>> = {
  port3: "option 1B",
  port4: "option 1B",
  modem: "option 3A",
  ethernet1: "option 2A or 2B",
  ethernet2: "option 2B",
};

/** Speeds that a protocol has of those that its port has (Modbus: Appendix H; IEC 60870-5-102: Appendix F). */
const speeds: Readonly<Partial<Record<string, readonly number[]>>> = {
  modbus: [1200, 2400, 9600, 19_200, 38_400],
  iec102: [300, 1200, 2400, 9600, 19_200],
};

/** IEC 60870-5-102 has frames of format FT1.2, whose bytes have even parity; all others are 8 bits without. */
const parities: Readonly<Partial<Record<string, readonly string[]>>> = { iec102: ["even", "none"] };

/** Addresses that stations have: Modbus units, DNP outstations, HDLC physical devices of two bytes, link addresses of one or two. */
const addresses: Readonly<Record<string, readonly [from: number, to: number]>> = {
  binary: [1, 255],
  modbus: [1, 247],
  dnp3: [0, 65_519],
  dlms: [1, 16_381],
  iec102: [0, 65_519],
};

export function checkPorts(communications: Communications, { communication }: Ordered): string[] {
  const problems: string[] = [];
  const ordered = portsOf(communication);
  const expect = (at: string, choices: readonly (number | string)[] | undefined, found: number | string): void => {
    if (choices?.includes(found) === false) problems.push(`${at}: expected ${choices.join(", ")}, found ${found}`);
  };
  const address = (at: string, protocol: string, found: number): void => {
    const [from, to] = addresses[protocol] ?? [0, Infinity];
    if (found < from || found > to) problems.push(`${at}.address: ${protocol} has ${from} to ${to}, found ${found}`);
  };
  for (const port of keys) {
    if (communications[port] !== undefined && !ordered.includes(port))
      problems.push(`communications.${port}: this port is ${options[port]}, which was not ordered`);
  }
  const { optical, port3, port4, modem, ethernet1, ethernet2, dns } = communications;
  for (const [name, port] of Object.entries({ optical, port3, port4, modem })) {
    if (port === undefined) continue;
    const at = `communications.${name}`;
    expect(`${at}.baud`, speeds[port.protocol], port.baud);
    address(at, port.protocol, port.address);
    if (!("parity" in port)) continue;
    expect(`${at}.parity`, parities[port.protocol] ?? ["none"], port.parity);
    if (port.terminator && port.mode !== "RS-485") problems.push(`${at}.terminator: only of an RS-485 line`);
  }
  for (const [name, port] of Object.entries({ ethernet1, ethernet2 })) {
    if (port === undefined) continue;
    const services = { modbus: port.modbus, dnp3: port.dnp3, dlms: port.dlms, iec102: port.iec102 };
    for (const [protocol, service] of Object.entries(services))
      address(`communications.${name}.${protocol}`, protocol, service.address);
    const ports = Object.entries({ ...services, iec61850: port.iec61850 }).map(
      ([protocol, one]) => [protocol, one.port] as const,
    );
    for (const [place, [protocol, number]] of ports.entries()) {
      const [other] = ports.find(([, one]) => one === number) ?? [];
      if (ports.findIndex(([, one]) => one === number) < place)
        problems.push(`communications.${name}.${protocol}.port: ${other} has port ${number} already`);
    }
  }
  if (
    ethernet1 !== undefined &&
    ethernet2 !== undefined &&
    !ethernet1.dhcp &&
    !ethernet2.dhcp &&
    ethernet1.ip === ethernet2.ip
  )
    problems.push(`communications.ethernet2.ip: ethernet1 has ${ethernet1.ip} already`);
  if (dns.source === "static" && dns.servers.length === 0)
    problems.push("communications.dns.servers: static names one at least");
  return problems;
}
