/** What peers were refused, so rationed that none of them can flood whoever listens. */
import { limits } from "#quantity/limits.ts";

export class Refusals {
  told: (why: string) => void = () => {};
  #count = 0;

  add(meter: string, why: string): void {
    this.#count++;
    if (this.#count <= limits.people.refusalsTold) this.told(`${meter}: refused a ${why}`);
  }

  beat(): void {
    const more = this.#count - limits.people.refusalsTold;
    if (more > 0) this.told(more === 1 ? "and 1 more was refused" : `and ${more} more were refused`);
    this.#count = 0;
  }
}
