/** Ethernet in memory: what one port of a name sends, the others of it have before `send` returns. */
import { EthernetReceivers } from "./ethernet-receivers.ts";
import { untagged } from "./ethernet-frame.ts";
import type { EthernetPort } from "./ethernet.ts";

const segments = new Map<string, Set<(bytes: Uint8Array) => void>>();

/** How many there have been: what tells their addresses apart. */
let made = 0;

export function memoryPort(name: string): EthernetPort {
  const segment = segments.get(name) ?? new Set();
  segments.set(name, segment);
  const receivers = new EthernetReceivers();
  const number = ++made;
  const onClosed: (() => void)[] = [];
  const take = (bytes: Uint8Array): void => {
    const frame = untagged(bytes);
    if (frame !== undefined) receivers.hand(frame);
  };
  segment.add(take);
  let open = true;
  return {
    name: `memory:${name}`,
    // Locally administered (IEEE 802, 8.4).
    address: Uint8Array.of(0x02, 0, 0, 0, (number >> 8) & 0xff, number & 0xff),
    lost: 0,
    send(bytes) {
      if (!open) return;
      for (const other of segment) if (other !== take) other(bytes);
    },
    receive: (etherType, destination, run) => receivers.add(etherType, destination, run),
    closed: (run) => void onClosed.push(run),
    close() {
      if (!open) return;
      open = false;
      segment.delete(take);
      if (segment.size === 0) segments.delete(name);
      for (const run of onClosed) run();
    },
  };
}
