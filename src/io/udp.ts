/** One question over UDP and its answer. */
import { createSocket } from "node:dgram";
import { isIPv6 } from "node:net";
import type { Clock } from "#clock/clock.ts";

export interface UdpPeer {
  readonly host: string;
  readonly port: number;
}

/** Sends a datagram and waits for one from the same peer; rejects when none comes in time, or the peer refuses. */
export function askUdp(
  { host, port }: UdpPeer,
  bytes: Uint8Array,
  { clock, timeoutMs }: { readonly clock: Clock; readonly timeoutMs: number },
): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const socket = createSocket(isIPv6(host) ? "udp6" : "udp4");
    const end = (finish: () => void): void => {
      cancel();
      socket.removeAllListeners();
      // What comes late, and errors of closing, are nobody's any more.
      socket.on("error", () => {});
      socket.close();
      finish();
    };
    const cancel = clock.after(timeoutMs, () =>
      end(() => reject(new Error(`${host}:${port} did not answer within ${timeoutMs} ms`))),
    );
    socket.on("error", (error) => end(() => reject(error)));
    socket.on("message", (answer) => end(() => resolve(answer)));
    // A connected socket takes datagrams of its peer only. A name that nobody knows is an error of the socket, not of a callback.
    socket.once("connect", () => socket.send(bytes));
    socket.connect(port, host);
  });
}
