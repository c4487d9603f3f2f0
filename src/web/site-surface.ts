/** What is followed of the site itself: it has no meter's users, who could be let in or put out. */
import type { Measure } from "#quantity/measure.ts";
import type { SurfaceIdentity } from "#quantity/meter-surface.ts";
import { PlainSurface } from "#quantity/plain-surface.ts";
import type { Stamp } from "#quantity/stamp.ts";

export class SiteSurface extends PlainSurface {
  readonly identity: SurfaceIdentity = {
    name: "",
    model: "",
    title: "",
    manufacturer: "",
    serial: "",
    firmware: "",
    modelNumber: "",
  };
  override readonly measures: readonly Measure[] = [];
  readonly #utc: () => number;

  constructor(utc: () => number) {
    super();
    this.#utc = utc;
  }

  now(): Stamp {
    return { utc: this.#utc(), offsetMinutes: 0, daylightSaving: false, synchronised: true };
  }

  protected value(): undefined {
    return undefined;
  }
}
