/** Values in BER, kept while they are good: as long as the meter's image is the same object, the same question has the same answer. */
import { limits } from "#quantity/limits.ts";
import type { IedImage } from "./host.ts";

export class EncodedValues {
  #image: IedImage | undefined;
  readonly #kept = new Map<object, Uint8Array>();
  #octets = 0;

  /** What was kept of a variable, or of a data set, in this image. */
  get(of: object, image: IedImage): Uint8Array | undefined {
    return image === this.#image ? this.#kept.get(of) : undefined;
  }

  /** Keeps octets that nobody changes. */
  keep(of: object, image: IedImage, octets: Uint8Array): void {
    if (image !== this.#image || this.#octets + octets.length > limits.mms.keptOctets) {
      this.#kept.clear();
      this.#octets = 0;
      this.#image = image;
    }
    this.#octets += octets.length;
    this.#kept.set(of, octets);
  }
}
