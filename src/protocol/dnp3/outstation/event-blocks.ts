/** Events of an answer: objects of one variation after another stand behind one header, its count is known when the next one begins. */
import { qualifiers } from "#protocol/dnp3/application/object-header.ts";
import type { Variation } from "./kinds.ts";
import type { Octets } from "./octets.ts";
import { writeShown, writeTime, type Shown } from "./shown.ts";

/** What happened at a point. */
export interface PointEvent extends Shown {
  readonly index: number;
  /** The clock was kept by its source then. */
  readonly synchronised: boolean;
}

/** Octets of a common time of occurrence: header, count, time. */
const COMMON_TIME = 10;

export class EventBlocks {
  readonly #octets: Octets;
  #variation: Variation | undefined;
  #wide = false;
  #countAt = 0;
  #count = 0;
  #commonTime = 0;
  #synchronised = false;

  constructor(octets: Octets) {
    this.#octets = octets;
  }

  /** What comes is behind a header of its own. */
  begin(): void {
    this.#variation = undefined;
  }

  /** False, and nothing is written, where there is no room. */
  write(event: PointEvent, variation: Variation, wide: boolean): boolean {
    const octets = this.#octets;
    const goesOn = this.#goesOn(event, variation, wide);
    const object = (wide ? 2 : 1) + variation.size;
    const before = goesOn ? 0 : (wide ? 5 : 4) + (variation.relative ? COMMON_TIME : 0);
    if (octets.left < before + object) return false;
    if (!goesOn) this.#open(event, variation, wide);
    this.#count++;
    if (wide) octets.u16(event.index);
    else octets.u8(event.index);
    octets.at = writeShown(octets.view, octets.at, variation, event, this.#commonTime);
    if (wide) octets.view.setUint16(this.#countAt, this.#count, true);
    else octets.view.setUint8(this.#countAt, this.#count);
    return true;
  }

  #goesOn(event: PointEvent, variation: Variation, wide: boolean): boolean {
    if (this.#variation !== variation || this.#wide !== wide) return false;
    if (!wide && this.#count === 0xff) return false;
    if (!variation.relative) return true;
    const after = event.utc - this.#commonTime;
    return after >= 0 && after <= 0xffff && event.synchronised === this.#synchronised;
  }

  #open(event: PointEvent, variation: Variation, wide: boolean): void {
    const octets = this.#octets;
    if (variation.relative) {
      octets.header({ group: 51, variation: event.synchronised ? 1 : 2 }, qualifiers.count8);
      octets.u8(1);
      octets.at = writeTime(octets.view, octets.at, event.utc);
      this.#commonTime = event.utc;
      this.#synchronised = event.synchronised;
    }
    octets.header(variation, wide ? qualifiers.indices16 : qualifiers.indices8);
    this.#countAt = octets.at;
    if (wide) octets.u16(0);
    else octets.u8(0);
    this.#variation = variation;
    this.#wide = wide;
    this.#count = 0;
  }
}
