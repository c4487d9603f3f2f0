/** Finds what has changed since it was last looked: points whose events are on. */
import type { EventClass, EventSettings, OutstationSettings, PointImage } from "./host.ts";
import type { ChangeEvent, ChangeKind } from "./event-queue.ts";
import { blank, pointsOf, show, type Shown } from "./shown.ts";

const kinds: readonly ChangeKind[] = ["binary", "counter", "analog"];

/** When it is looked: by the meter's clock, and the number that the next freeze will have. */
interface Now {
  readonly utc: number;
  readonly synchronised: boolean;
  readonly freezes: number;
}

/** What a point showed when an event was last made of it. */
interface Known {
  readonly flags: Uint8Array;
  readonly values: Float64Array;
}

export function looksForChanges({ events }: Pick<OutstationSettings, "events">): boolean {
  return kinds.some((kind) => events[kind] !== undefined);
}

export class Changes {
  readonly #settings: OutstationSettings["events"];
  readonly #known = new Map<ChangeKind, Known>();
  readonly #shown: Shown = blank();
  #image: PointImage;
  #next = 0;

  constructor({ events }: Pick<OutstationSettings, "events">, image: PointImage) {
    this.#settings = events;
    this.#image = image;
    for (const kind of kinds) if (events[kind] !== undefined) this.#learn(kind, image);
  }

  /** Number that the next event will have. */
  get next(): number {
    return this.#next;
  }

  #learn(kind: ChangeKind, image: PointImage): Known {
    const points = pointsOf(image, kind);
    const known = { flags: new Uint8Array(points), values: new Float64Array(points) };
    for (let index = 0; index < points; index++) {
      show(image, kind, index, this.#shown);
      known.flags[index] = this.#shown.flags;
      known.values[index] = this.#shown.value32;
    }
    this.#known.set(kind, known);
    return known;
  }

  /** Events of what is different now. */
  look(image: PointImage, now: Now, found: (event: ChangeEvent) => void): void {
    if (image === this.#image) return;
    this.#image = image;
    for (const kind of kinds) {
      const settings = this.#settings[kind];
      if (settings !== undefined) this.#compare(kind, settings, now, found);
    }
  }

  #compare(
    kind: ChangeKind,
    { class: eventClass }: EventSettings<number>,
    now: Now,
    found: (event: ChangeEvent) => void,
  ): void {
    const known = this.#known.get(kind);
    if (known === undefined || known.flags.length !== pointsOf(this.#image, kind)) {
      this.#learn(kind, this.#image);
      return;
    }
    for (let index = 0; index < known.flags.length; index++) {
      show(this.#image, kind, index, this.#shown);
      if (!this.#differs(kind, index, known)) continue;
      known.flags[index] = this.#shown.flags;
      known.values[index] = this.#shown.value32;
      found({
        ...this.#shown,
        ...now,
        index,
        kind,
        class: eventClass satisfies EventClass,
        number: this.#next++,
      });
    }
  }

  #differs(kind: ChangeKind, index: number, known: Known): boolean {
    const { flags, value32 } = this.#shown;
    if (flags !== known.flags[index]) return true;
    if (kind === "binary") return false;
    const before = known.values[index] ?? NaN;
    if (Number.isNaN(value32) || Number.isNaN(before)) return Number.isNaN(value32) !== Number.isNaN(before);
    const deadband = kind === "analog" ? (this.#settings.analog?.deadbands[index] ?? 0) : 0;
    return Math.abs(value32 - before) > deadband;
  }
}
