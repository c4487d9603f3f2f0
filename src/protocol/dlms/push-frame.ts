/** What carries a notification: the wrapper (Green Book 7.3.3), or a UI frame of HDLC (8.4.3.4), from a logical device to a client. */
import type { Addresses } from "./apdu/conversation.ts";
import { toClient } from "./hdlc/connection.ts";
import { frameBytes } from "./hdlc/frame.ts";
import { wrapped } from "./wrapper.ts";

export function wrappedPush({ client, server }: Addresses, apdu: Uint8Array): Uint8Array {
  return wrapped({ source: server, destination: client, apdu });
}

export function framedPush({ client, server }: Addresses, apdu: Uint8Array): Uint8Array {
  const information = new Uint8Array(toClient.length + apdu.length);
  information.set(toClient);
  information.set(apdu, toClient.length);
  return frameBytes({
    destination: { upper: client, bytes: 1 },
    source: { upper: server, bytes: 1 },
    control: { kind: "UI", poll: true },
    segmented: false,
    information,
  });
}
