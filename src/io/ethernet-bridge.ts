/**
 * Ethernet in datagrams, one a frame: what has the right to raw sockets (socat, a tap, another container) bridges it to an interface, or
 * two sites are bridged to each other.
 */
import { createSocket } from "node:dgram";
import { isIPv4, isIPv6 } from "node:net";
import { EthernetReceivers } from "./ethernet-receivers.ts";
import { untagged } from "./ethernet-frame.ts";
import { listenTrouble } from "./listen-trouble.ts";
import type { EthernetPlace, EthernetPort } from "./ethernet.ts";

/** "127.0.0.1:17001", "[::1]:17001". */
function hostAndPort(text: string): { readonly host: string; readonly port: number } {
  const [, host = "", port = ""] = /^(\[[^\]]+\]|[^:]+):(\d{1,5})$/.exec(text) ?? [];
  if (host === "" || Number(port) > 65_535) throw new Error(`${text} is no address and port, like 127.0.0.1:17001`);
  return { host: host.replace(/^\[|\]$/g, ""), port: Number(port) };
}

/** A bridge has no address of Ethernet: one of its own, locally administered, that is the same at each start. */
function addressOf(host: string, port: number): Uint8Array {
  const [third = 0, fourth = 0] = isIPv4(host) ? host.split(".").slice(2).map(Number) : [];
  return Uint8Array.of(0x02, 0x50, third, fourth, port >> 8, port & 0xff);
}

export function openBridge({ listen, send }: Extract<EthernetPlace, { kind: "bridge" }>): Promise<EthernetPort> {
  const here = hostAndPort(listen);
  const there = hostAndPort(send);
  return new Promise((resolve, reject) => {
    const socket = createSocket(isIPv6(here.host) ? "udp6" : "udp4");
    const receivers = new EthernetReceivers();
    const onClosed: (() => void)[] = [];
    let open = true;
    socket.once("error", (error: NodeJS.ErrnoException) => {
      socket.close();
      const why = listenTrouble({ ...here, over: "udp" }, error);
      reject(new Error(`cannot listen on ${why}`, { cause: error }));
    });
    socket.bind({ address: here.host, port: here.port }, () => {
      socket.removeAllListeners("error");
      // Nobody may be there yet at the other end.
      socket.on("error", () => {});
      socket.on("message", (bytes) => {
        const frame = untagged(bytes);
        if (frame !== undefined) receivers.hand(frame);
      });
      const { port } = socket.address();
      resolve({
        name: `udp:${here.host.includes(":") ? `[${here.host}]` : here.host}:${port}`,
        address: addressOf(here.host, port),
        lost: 0,
        send(bytes) {
          if (open) socket.send(bytes, there.port, there.host, () => {});
        },
        receive: (etherType, destination, run) => receivers.add(etherType, destination, run),
        closed: (run) => void onClosed.push(run),
        close() {
          if (!open) return;
          open = false;
          socket.close();
          for (const run of onClosed) run();
        },
      });
    });
  });
}
