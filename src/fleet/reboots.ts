/** Meters that reboot: they are made anew, on what they have kept. */
import type { Installed } from "./installed.ts";

/** Milliseconds after which a reboot that went wrong is tried again. */
const AGAIN_MS = 60_000;

export class Reboots {
  /** People's time. */
  readonly #elapsed: () => number;
  #from = 0;

  constructor(elapsed: () => number) {
    this.#elapsed = elapsed;
  }

  isDue(installed: readonly Pick<Installed, "device">[]): boolean {
    return this.#elapsed() >= this.#from && installed.some(({ device }) => device.isSpent === true);
  }

  /** Makes them anew; what could not be done waits. */
  async run<T extends { readonly refused?: string | undefined }>(make: () => Promise<T>): Promise<T> {
    this.#from = this.#elapsed() + AGAIN_MS;
    const made = await make();
    if (made.refused === undefined) this.#from = 0;
    return made;
  }
}
