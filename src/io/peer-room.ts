import { limits } from "#quantity/limits.ts";

/**
 * Places for so many peers at once, on one listener or on several. Who has one keeps it: nobody is put out for others. In a large room one
 * address never takes all: a part of what the others leave stays free, for the next and the one after it.
 */
export class PeerRoom {
  readonly most: number;
  /** Places that one address may have. */
  readonly #each: number;
  readonly #held = new Map<string, number>();
  #taken = 0;

  constructor(most: number, each = most) {
    this.most = most;
    this.#each = each;
  }

  get taken(): number {
    return this.#taken;
  }

  get isFull(): boolean {
    return this.#taken >= this.most;
  }

  /** Whether there is a place for one more of an address. */
  has(address: string): boolean {
    const free = this.most - this.#taken;
    const own = this.#held.get(address) ?? 0;
    if (free <= 0 || own >= this.#each) return false;
    if (this.most < limits.peers.sharedFrom) return true;
    return own + 1 <= limits.peers.addressShare * (own + free);
  }

  enter(address: string): void {
    this.#taken++;
    this.#held.set(address, (this.#held.get(address) ?? 0) + 1);
  }

  leave(address: string): void {
    const own = this.#held.get(address) ?? 0;
    if (own === 0) return;
    this.#taken--;
    if (own === 1) this.#held.delete(address);
    else this.#held.set(address, own - 1);
  }
}
