/** Event streams that are open: room for so many, and an end to those that nobody reads. */
import type { Visitor } from "./peer.ts";
import { networkOf } from "#quantity/network.ts";
import { limits } from "#quantity/limits.ts";

export interface Stream {
  /** Looks whether the session that opened it has timed out. */
  readonly look: () => void;
  /** Says that it is alive, to a peer for whom nothing waits. */
  readonly beat: () => void;
  /** Puts its peer out. */
  readonly drop: () => void;
}

/** A stream that has a place. */
export interface Place {
  /** Since when an event waits for its peer, in elapsed milliseconds; undefined while none does. */
  waiting: number | undefined;
  readonly stream: Stream;
}

export class EventStreams {
  readonly #open = new Map<Place, { readonly network: string; readonly near: boolean }>();
  /** Streams that were dropped, and streams that there was no room for. */
  dropped = 0;
  refused = 0;

  get size(): number {
    return this.#open.size;
  }

  /** A place for a stream to an address, near or elsewhere; undefined when there is none. Those elsewhere leave room for those near. */
  enter({ address, near }: Pick<Visitor, "address" | "near">, stream: Stream): Place | undefined {
    const network = networkOf(address);
    const all = [...this.#open.values()];
    const its = all.filter((one) => one.network === network).length;
    const alike = all.filter((one) => one.near === near).length;
    const room = near ? limits.web.streamsNear : limits.web.streams - limits.web.streamsNear;
    if (alike >= room || its >= limits.web.streamsOfAddress) {
      this.refused++;
      return undefined;
    }
    const place: Place = { waiting: undefined, stream };
    this.#open.set(place, { network, near });
    return place;
  }

  leave(place: Place): void {
    this.#open.delete(place);
  }

  /** Lets all look and say that they are alive, and drops those whose peers have read nothing for too long. */
  beat(elapsed: number): void {
    for (const place of this.#open.keys()) {
      place.stream.look();
      if (place.waiting === undefined) place.stream.beat();
      if (place.waiting === undefined || elapsed - place.waiting < limits.web.unreadMs) continue;
      this.leave(place);
      this.dropped++;
      place.stream.drop();
    }
  }
}
