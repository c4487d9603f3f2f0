/** Opens a port of Ethernet, wherever it is. */
import { openBridge } from "./ethernet-bridge.ts";
import { memoryPort } from "./ethernet-memory.ts";
import type { EthernetPlace, EthernetPort } from "./ethernet.ts";
import { openPacketSocket } from "./packet-socket.ts";

/** Rejects with a message that says why it cannot be had, and what to do about it. */
export async function openEthernet(place: EthernetPlace): Promise<EthernetPort> {
  switch (place.kind) {
    case "memory":
      return memoryPort(place.name);
    case "bridge":
      return openBridge(place);
    default:
      return openPacketSocket(place.name);
  }
}
