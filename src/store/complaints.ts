/** What was found damaged in a store, or had to be put aside: once each, in words. */
import { limits } from "#quantity/limits.ts";

interface Complaint {
  readonly text: string;
  /** Whose it is; undefined where it may be anybody's. */
  readonly meter: string | undefined;
}

export class Complaints {
  readonly #all: Complaint[] = [];
  readonly #texts = new Set<string>();
  #more = 0;
  #heard: ((text: string) => void) | undefined;

  /** `meter` is whose it is, where it is known. */
  add(text: string, meter?: string): void {
    if (this.#texts.has(text)) return;
    if (this.#texts.size >= limits.store.complaints) {
      this.#more++;
      return;
    }
    this.#texts.add(text);
    this.#all.push({ text, meter });
    this.#heard?.(text);
  }

  get all(): readonly string[] {
    const texts = this.#all.map(({ text, meter }) => (meter === undefined ? text : `${meter}: ${text}`));
    return this.#more === 0 ? texts : [...texts, `and ${this.#more} more things were found damaged in the store`];
  }

  /** Those that concern a meter. */
  of(meter: string): readonly string[] {
    return this.#all.filter((one) => one.meter === undefined || one.meter === meter).map(({ text }) => text);
  }

  get count(): number {
    return this.#all.length;
  }

  /** Who hears those that come from here on. */
  listen(heard: (text: string) => void): void {
    this.#heard = heard;
  }
}
