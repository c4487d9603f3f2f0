/**
 * A value that comes in pieces, as blocks cut it: of an array each member as soon as it is whole, so that a profile or a list of any
 * length passes through little memory.
 */
import { Reader, WireError } from "#wire/cursor.ts";
import { tags, type Data } from "#protocol/dlms/data/data.ts";
import { decodeData, readData, type Manner } from "#protocol/dlms/data/decode.ts";
import { readLength } from "#protocol/dlms/data/length.ts";
import { DlmsError } from "./failing.ts";
import type { Manners } from "./manners.ts";

/** What one member of an array may take, and a value that is no array, bytes. */
const LONGEST_MEMBER = 1 << 16;
const LONGEST_VALUE = 1 << 24;

/** A float or a time, and more than the lengths before them. */
const MORE = 16;

export class Elements {
  readonly #manners: Manners;
  #pending: Uint8Array = new Uint8Array(0);
  /** Members of the array that are still to come; undefined until it is known to be one. */
  #left: number | undefined;
  #isArray: boolean | undefined;
  /** It is tried again when so many bytes are there. */
  #enough = 0;

  constructor(manners: Manners) {
    this.#manners = manners;
  }

  /** Members that are whole with these bytes. Throws WireError of what is no data, DlmsError of what is too long. */
  push(bytes: Uint8Array): readonly Data[] {
    this.#pending = joined(this.#pending, bytes);
    this.#isArray ??= this.#pending.length === 0 ? undefined : this.#pending[0] === tags.array;
    if (this.#isArray !== true) {
      if (this.#pending.length > LONGEST_VALUE) throw tooLong(LONGEST_VALUE);
      return [];
    }
    if (this.#pending.length < this.#enough) return [];
    return this.#members();
  }

  /** What is left when all has come: the value where it is no array. Throws WireError where something is missing, or too much. */
  end(): readonly Data[] {
    if (this.#isArray !== true) return [this.#manners.read((manner) => decodeData(this.#pending, manner))];
    const rest = this.#members(true);
    const { length } = this.#pending;
    if (this.#left === undefined || this.#left > 0) {
      // Says what is wrong where it stands; of bytes that end too early, that they do.
      if (length > 0) this.#manners.read((manner) => readData(new Reader(this.#pending), manner));
      throw new WireError(`the array ends ${this.#left ?? "some"} members too early`, length);
    }
    if (length > 0) throw new WireError(`${length} bytes behind the array`, 0);
    return rest;
  }

  /** Whether it is an array; undefined until something has come. */
  get isArray(): boolean | undefined {
    return this.#isArray;
  }

  #members(isAll = false): readonly Data[] {
    const from = new Reader(this.#pending);
    const found: Data[] = [];
    let { at } = from;
    try {
      if (this.#left === undefined) {
        from.skip(1);
        this.#left = readLength(from);
        ({ at } = from);
      }
      while (this.#left > 0) {
        const begin = at;
        const read = (manner: Manner): Data => {
          from.at = begin;
          return readData(from, manner);
        };
        found.push(this.#manners.read(read, () => isAll || from.left > MORE));
        this.#left--;
        ({ at } = from);
      }
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      // The next bytes may complete it: what can never be whole shows when it is too long, or at the end.
    }
    this.#pending = this.#pending.subarray(at);
    if (this.#pending.length > LONGEST_MEMBER) throw tooLong(LONGEST_MEMBER);
    // A member that grows over many blocks is not read anew with each of them.
    this.#enough = found.length > 0 ? 0 : 2 * this.#pending.length;
    return found;
  }
}

function tooLong(most: number): DlmsError {
  return new DlmsError(`the meter sends one value of more than ${most} bytes`, "too long");
}

/** What is left of the first is copied; members that were read are views on what was there before. */
function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  if (first.length === 0) return second;
  const all = new Uint8Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
}
