/** What peers were refused, so rationed that none of them can flood whoever listens. */
import { limits } from "#quantity/limits.ts";
import type { Notice } from "./notice.ts";

export class Refusals {
  told: (notice: Notice) => void = () => {};
  #count = 0;

  add(notice: Notice): void {
    this.#count++;
    if (this.#count <= limits.people.refusalsTold) this.told(notice);
  }

  beat(): void {
    const more = this.#count - limits.people.refusalsTold;
    const words = more === 1 ? "and 1 more was refused" : `and ${more} more were refused`;
    if (more > 0) this.told({ level: "warn", words });
    this.#count = 0;
  }
}
