/** Somebody who takes a place: how he is sent away. */
export interface Guest {
  readonly dismiss: () => void;
}

/**
 * Room for so many peers at once, on one listener or on several. When one more comes, the one that has been silent longest goes.
 */
export class PeerRoom {
  readonly most: number;
  /** Who was heard last is last. */
  readonly #guests = new Set<Guest>();

  constructor(most: number) {
    this.most = most;
  }

  enter(guest: Guest): void {
    const [silent] = this.#guests;
    if (silent !== undefined && this.#guests.size >= this.most) {
      this.#guests.delete(silent);
      silent.dismiss();
    }
    this.#guests.add(guest);
  }

  heard(guest: Guest): void {
    // One that has been sent away may still be heard; it has no place.
    if (this.#guests.delete(guest)) this.#guests.add(guest);
  }

  leave(guest: Guest): void {
    this.#guests.delete(guest);
  }

  /** Sends everybody away. */
  clear(): void {
    for (const guest of this.#guests) guest.dismiss();
  }
}
