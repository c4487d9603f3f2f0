/** Null modems for all that a site's listeners name: who is on which place, and how a peer gets there. */
import type { Carrier } from "#fleet/protocols/carrier.ts";
import { carriers, type Carriers } from "#fleet/protocols/carriers.ts";
import type { Link } from "#io/link.ts";
import { nullModem } from "#io/null-modem.ts";

type Accept = Parameters<Carrier["open"]>[2];

/** Baud rate of every serial line. */
const BAUD = 19_200;

export class Cables {
  readonly #listeners = new Map<string, Accept>();
  readonly #links = new Set<Link>();
  /** Of a site file's carriers: their keys are the real ones', what they open is here. */
  readonly carriers: Carriers = {
    tcp: this.#carrier(carriers.tcp),
    tls: this.#carrier(carriers.tls),
    udp: this.#carrier(carriers.udp),
    ethernet: this.#carrier(carriers.ethernet),
    serial: this.#carrier(carriers.serial),
    optical: this.#carrier(carriers.optical),
  };

  #carrier(real: Carrier): Carrier {
    return {
      port: real.port,
      lasting: real.lasting,
      keys: (transport) => real.keys(transport),
      place: (keys, transport) => real.place(keys, transport),
      open: async (keys, { transport }, accept) => {
        const place = real.place(keys, transport) ?? "";
        this.#listeners.set(place, accept);
        return {
          what: place,
          authority: place,
          query: [],
          close: async () => {
            this.#listeners.delete(place);
            for (const link of this.#links) link.close();
          },
        };
      },
    };
  }

  /** A peer's end of a link to a place; undefined where nobody listens. Whoever listens sees the peer by that name. */
  dial(place: string, peer: string): Link | undefined {
    const accept = this.#listeners.get(place);
    if (accept === undefined) return undefined;
    const [here, there] = nullModem();
    this.#links.add(there);
    there.closed(() => this.#links.delete(there));
    accept(named(there, peer), { baud: BAUD });
    return here;
  }

  /** The most bytes that wait for one peer who does not read them. */
  get waiting(): number {
    return Math.max(0, ...[...this.#links].map((link) => link.waiting));
  }
}

function named(link: Link, peer: string): Link {
  return {
    peer,
    get waiting() {
      return link.waiting;
    },
    send: (bytes) => link.send(bytes),
    receive: (run) => link.receive(run),
    pause: () => link.pause(),
    resume: () => link.resume(),
    closed: (run) => link.closed(run),
    close: () => link.close(),
  };
}
