/** Which of a meter's ports the listeners of a site file are, by the names that peers, logs and the status display have for them. */
import type { PortUse } from "./product.ts";

/**
 * "ethernet 1", which all listeners on Ethernet share; "optical", which a meter has one of; "serial 3", the serial ports in the order of their lines, from `firstSerial`
 * on. Listeners on one line are on one port.
 */
export function portNames(uses: readonly PortUse[], firstSerial = 1): readonly string[] {
  const lines = new Map<unknown, string>();
  return uses.map((use) => {
    if (use.port === "ethernet") return "ethernet 1";
    if (use.port === "optical") return "optical";
    const line = use.place ?? use;
    const name = lines.get(line) ?? `serial ${firstSerial + lines.size}`;
    lines.set(line, name);
    return name;
  });
}
