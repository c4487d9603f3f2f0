/**
 * Ethernet as what carries a protocol: an interface of the machine, or a bridge over UDP. A port is a link that lasts, on which a frame is a
 * message. Where it cannot be had the site runs without it, says so, and tries again.
 */
import type { Cancel } from "#clock/clock.ts";
import { openEthernet } from "#io/ethernet-open.ts";
import type { EthernetPlace, EthernetPort } from "#io/ethernet.ts";
import type { Link } from "#io/link.ts";
import { limits } from "#quantity/limits.ts";
import { z } from "zod";
import type { Carrier } from "./carrier.ts";
import type { EthernetTransport } from "./protocol.ts";

/** After so long a port that cannot be had is tried again. */
const RETRY_MS = 2000;

const address = z
  .string()
  .regex(/^(\[[0-9A-Fa-f:.]+\]|[^:\s[\]]+):\d{1,5}$/, "expected an address and a port, like 127.0.0.1:17001");

export const ethernetKeys = {
  interface: z.string().min(1).max(15).optional().describe("of the machine, like eth0; takes the right to raw sockets"),
  bridge: z
    .strictObject({
      listen: address.describe("where frames come as datagrams"),
      send: address.describe("where they go"),
    })
    .optional()
    .describe("a bridge over UDP instead, a frame a datagram"),
};

export type EthernetKeys = z.output<z.ZodObject<typeof ethernetKeys>>;

/** "eth0", "udp 127.0.0.1:17001": a place of the keys. */
function nameOf({ interface: name, bridge }: EthernetKeys): string {
  return name ?? `udp ${bridge?.listen}`;
}

function placeOf({ interface: name, bridge }: EthernetKeys): EthernetPlace {
  return bridge === undefined || name !== undefined
    ? { kind: "interface", name: name ?? "" }
    : { kind: "bridge", ...bridge };
}

/**
 * A port as a link for the frames of one EtherType. A frame is whoever receives it's for as long as the call lasts. Whoever sends leaves its address to
 * the port.
 */
function linkOf(port: EthernetPort, etherType: number): Link {
  const state = { paused: false, held: 0, run: undefined as ((bytes: Uint8Array) => void) | undefined };
  const early: Uint8Array[] = [];
  const handOn = (): void => {
    while (state.run !== undefined && !state.paused) {
      const bytes = early.shift();
      if (bytes === undefined) return;
      state.held -= bytes.length;
      state.run(bytes);
    }
  };
  port.receive(etherType, undefined, ({ bytes }) => {
    if (state.run !== undefined && !state.paused && early.length === 0) return state.run(bytes);
    // What is too much for one that is busy is lost, as on the way to it.
    if (state.held + bytes.length > limits.peers.readAhead) return;
    early.push(bytes.slice());
    state.held += bytes.length;
    handOn();
  });
  return {
    peer: port.name,
    waiting: 0,
    send(bytes) {
      bytes.set(port.address, 6);
      port.send(bytes);
    },
    receive(run) {
      state.run = run;
      handOn();
    },
    pause: () => void (state.paused = true),
    resume() {
      state.paused = false;
      handOn();
    },
    closed: (run) => port.closed(run),
    close: () => port.close(),
  };
}

export const ethernet: Carrier<EthernetKeys, EthernetTransport> = {
  port: "ethernet",
  lasting: true,
  keys: () => ethernetKeys,
  // Each EtherType of an interface is a place of its own.
  place: (keys, { etherType }) => `${nameOf(keys)} ${etherType.toString(16)}`,
  problems({ interface: name, bridge }) {
    return (name === undefined) === (bridge === undefined) ? ["interface: expected one of interface, bridge"] : [];
  },
  async open(keys, { transport, clock, counts, missing }, accept) {
    const { etherType } = transport as EthernetTransport;
    let open: EthernetPort | undefined;
    let closing = false;
    let again: Cancel = () => {};
    const tryAgain = (why: string): void => {
      missing(`${why}; it is tried again every ${RETRY_MS / 1000} s`);
      again = clock.after(RETRY_MS, () => void take());
    };
    const take = async (): Promise<void> => {
      let port: EthernetPort;
      try {
        port = await openEthernet(placeOf(keys));
      } catch (error) {
        if (!closing) tryAgain(error instanceof Error ? error.message : String(error));
        return;
      }
      if (closing) {
        port.close();
        return;
      }
      open = port;
      counts.taken++;
      port.closed((fault) => {
        open = undefined;
        if (!closing) tryAgain(fault?.message ?? `${port.name} was closed`);
      });
      accept(linkOf(port, etherType));
    };
    await take();
    const name = nameOf(keys);
    return {
      what: name,
      authority: keys.interface ?? keys.bridge?.listen ?? "",
      query: [],
      close: async () => {
        closing = true;
        again();
        open?.close();
      },
    };
  },
};
