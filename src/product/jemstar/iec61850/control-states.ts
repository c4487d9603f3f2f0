/** What outputs show of being controlled: whether one is selected, and who has operated it last (SPC: stSeld, origin, ctlNum). */
import type { LeafIndex } from "#protocol/iec61850/model/references.ts";
import type { ControlState } from "#protocol/iec61850/server/host.ts";
import type { Draft } from "./draft.ts";

export class ControlStates {
  readonly #leaves: LeafIndex;
  readonly #device: string;
  /** By their paths, "Out_GGIO2.SPCSO5". */
  readonly #states = new Map<string, ControlState>();

  constructor(leaves: LeafIndex, device: string) {
    this.#leaves = leaves;
    this.#device = device;
  }

  /** `reference` has the domain before it. */
  set(reference: string, state: ControlState): void {
    this.#states.set(reference.slice(reference.indexOf("/") + 1), state);
  }

  show(draft: Draft): void {
    for (const [path, { selected, operated }] of this.#states) {
      this.#show(draft, `${path}.stSeld`, selected);
      if (operated === undefined) continue;
      this.#show(draft, `${path}.origin.orCat`, operated.category);
      this.#show(draft, `${path}.origin.orIdent`, operated.identification);
      this.#show(draft, `${path}.ctlNum`, operated.number);
    }
  }

  #show(draft: Draft, path: string, value: boolean | number | Uint8Array): void {
    const place = this.#leaves.find(this.#device, path, "ST");
    if (place !== undefined) draft.set(place.leaf.index, value);
  }
}
