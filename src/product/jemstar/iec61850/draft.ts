/** The next values of an IED: those of the image before, and a copy of them from the first that is another. */
import { isSameValue, type LeafValue } from "#protocol/iec61850/model/value.ts";

export class Draft {
  #values: readonly LeafValue[];
  #own: LeafValue[] | undefined;

  constructor(before: readonly LeafValue[]) {
    this.#values = before;
  }

  get(index: number): LeafValue {
    return this.#values[index];
  }

  /** False where it is that already. */
  set(index: number, value: LeafValue): boolean {
    if (isSameValue(this.#values[index], value)) return false;
    this.#own ??= this.#values.slice();
    this.#own[index] = value;
    this.#values = this.#own;
    return true;
  }

  /** The array of before where nothing is another. */
  get values(): readonly LeafValue[] {
    return this.#values;
  }
}
