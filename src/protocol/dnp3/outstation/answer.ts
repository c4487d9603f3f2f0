/** An answer to a READ, in as many fragments as it takes: events first, then points. */
import type { OutstationSettings, PointImage } from "./host.ts";
import type { EventBlocks } from "./event-blocks.ts";
import type { EventBound, MasterEvents } from "./events.ts";
import { class0Kinds } from "./kinds.ts";
import { Octets, RESPONSE_HEADER } from "./octets.ts";
import type { ReadPlan } from "./read-request.ts";
import { wholeOf, writePieces, type Showing, type StaticPiece } from "./static-pieces.ts";

/** Class 0 as octets of fragments, which are kept while the points show the same. */
export class Class0 {
  readonly #settings: OutstationSettings;
  readonly #octets: Octets;
  #image: PointImage | undefined;
  #fragments: readonly Uint8Array[] = [];

  constructor(settings: OutstationSettings) {
    this.#settings = settings;
    this.#octets = new Octets(settings.application.maxFragment);
  }

  pieces(image: PointImage): readonly StaticPiece[] {
    return wholeOf(image, class0Kinds(this.#settings));
  }

  /** Objects of the fragments, one after another. */
  fragments(image: PointImage): readonly Uint8Array[] {
    if (image === this.#image) return this.#fragments;
    const octets = this.#octets;
    const pieces = this.pieces(image);
    const place = { piece: 0, done: 0 };
    const fragments: Uint8Array[] = [];
    for (let isWhole = false; !isWhole;) {
      octets.begin();
      isWhole = writePieces(octets, { image, variations: this.#settings.variations }, pieces, place);
      fragments.push(octets.bytes.slice(RESPONSE_HEADER, octets.at));
    }
    this.#image = image;
    this.#fragments = fragments;
    return fragments;
  }
}

export class Answer {
  readonly #plan: ReadPlan;
  readonly #bound: EventBound;
  readonly #showing: Showing;
  readonly #class0: Class0;
  #pieces: readonly StaticPiece[];
  /** Class 0 at hand, fragment by fragment; it is not when events went before it in its first one. */
  #kept: readonly Uint8Array[] | undefined;
  #keptAt = 0;
  #eventsLeft: boolean;
  readonly #place = { piece: 0, done: 0 };

  constructor(plan: ReadPlan, bound: EventBound, showing: Showing, class0: Class0) {
    this.#plan = plan;
    this.#bound = bound;
    this.#showing = showing;
    this.#class0 = class0;
    this.#pieces = plan.statics === "class 0" ? [] : plan.statics;
    this.#kept = plan.statics === "class 0" ? class0.fragments(showing.image) : undefined;
    this.#eventsLeft = plan.events.length > 0;
  }

  /** Writes the next fragment. What it reports of events stays reported until it is confirmed or released. */
  write(
    octets: Octets,
    blocks: EventBlocks,
    events: MasterEvents,
  ): { readonly last: boolean; readonly events: boolean } {
    octets.begin();
    let hasEvents = false;
    if (this.#eventsLeft) {
      this.#eventsLeft = events.report(blocks, this.#plan.events, this.#bound) === "full";
      hasEvents = !octets.isEmpty;
      if (this.#eventsLeft) return { last: false, events: hasEvents };
    }
    if (this.#kept !== undefined && hasEvents) {
      this.#kept = undefined;
      this.#pieces = this.#class0.pieces(this.#showing.image);
    }
    if (this.#kept === undefined) {
      return { last: writePieces(octets, this.#showing, this.#pieces, this.#place), events: hasEvents };
    }
    const fragment = this.#kept[this.#keptAt++];
    if (fragment !== undefined) octets.put(fragment);
    return { last: this.#keptAt >= this.#kept.length, events: false };
  }
}
