/** What peers were refused, so rationed that none of them can flood whoever listens. */

/** Refusals between two heartbeats that are told one by one. */
const TOLD = 5;

export class Refusals {
  told: (why: string) => void = () => {};
  #count = 0;

  add(meter: string, why: string): void {
    this.#count++;
    if (this.#count <= TOLD) this.told(`${meter}: refused a ${why}`);
  }

  beat(): void {
    if (this.#count > TOLD) this.told(`and ${this.#count - TOLD} more writes were refused`);
    this.#count = 0;
  }
}
