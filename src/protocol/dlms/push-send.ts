/** Brings a notification to a head-end over TCP or UDP. Nothing is answered to it: that the peer took it is all there is to know. */
import type { Clock } from "#clock/clock.ts";
import type { Link } from "#io/link.ts";
import { connectTcp } from "#io/tcp.ts";
import { connectUdp } from "#io/udp-listener.ts";
import { limits } from "#quantity/limits.ts";
import { LONGEST } from "./hdlc/frame.ts";
import { framedPush, wrappedPush } from "./push-frame.ts";

export const pushTransports = ["tcp", "udp", "hdlc-over-tcp"] as const;

export interface PushDestination {
  readonly transport: (typeof pushTransports)[number];
  readonly host: string;
  readonly port: number;
  /** Service access points: of whom it is for, and of the logical device that it is from. */
  readonly client: number;
  readonly server: number;
}

/** Bytes of HDLC's addresses, checks and LLC around an APDU. */
const AROUND = 12;
/** What a datagram can carry, of IPv4. */
const LONGEST_DATAGRAM = 65_507 - 8;

/** Rejects with what went wrong in words. */
export async function sendPush(to: PushDestination, apdu: Uint8Array, clock: Clock): Promise<void> {
  const { transport, host, port } = to;
  const most = { tcp: 0xffff, udp: LONGEST_DATAGRAM, "hdlc-over-tcp": LONGEST - AROUND }[transport];
  if (apdu.length > most) throw new Error(`a notification of ${apdu.length} bytes: ${transport} carries ${most}`);
  const link = await (transport === "udp" ? connectUdp(host, port) : connectTcp(host, port, limits.dlms.pushStepMs));
  try {
    // What a peer says is read, and is nothing: unread it would take what was sent with it when the connection is closed.
    link.receive(() => {});
    link.send(transport === "hdlc-over-tcp" ? framedPush(to, apdu) : wrappedPush(to, apdu));
    await taken(link, clock);
  } finally {
    link.close();
  }
}

/** Settles when everything that was sent has been taken; rejects when it is not in time. */
function taken(link: Link, clock: Clock): Promise<void> {
  const until = clock.elapsed() + limits.dlms.pushStepMs;
  return new Promise((resolve, reject) => {
    let ended: Error | undefined;
    link.closed(
      (fault) => (ended = new Error(`${link.peer} closed the connection${fault ? `: ${fault.message}` : ""}`)),
    );
    const look = (): void => {
      if (link.waiting === 0) resolve();
      else if (ended !== undefined) reject(ended);
      else if (clock.elapsed() >= until)
        reject(new Error(`${link.peer} took nothing within ${limits.dlms.pushStepMs} ms`));
      else clock.after(limits.dlms.pushTakenMs, look);
    };
    look();
  });
}
