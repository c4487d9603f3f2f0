/**
 * What a buffered report control block has told of its members last: kept beside its events, so that what has become another while the meter
 * was not there, or was not yet an event when it failed, is one when it starts again.
 */
import { BerReader, BerWriter } from "#wire/ber.ts";
import { WireError } from "#wire/cursor.ts";
import { dataTags } from "#protocol/iec61850/mms/data-codec.ts";
import type { SetMember } from "./data-sets.ts";
import type { ReportStore } from "./host.ts";
import { startsOf } from "./report-buffer.ts";
import { bitsOfTriggers } from "./report-bits.ts";
import type { MemberOctets } from "./report-watch.ts";

export class ToldState {
  readonly #store: ReportStore;
  readonly #key: string;
  /** Of settings and data set, as of the buffer. */
  #fingerprint = 0;
  #members: Uint8Array[] = [];
  #isKept = false;

  constructor(store: ReportStore, key: string) {
    this.#store = store;
    this.#key = key;
  }

  /** From now on it lies in the store. */
  keep(): void {
    this.#isKept = true;
    this.#put();
  }

  /** Members are as they are now. */
  begin(fingerprint: number, octets: MemberOctets, length: number): void {
    this.#fingerprint = fingerprint;
    this.#members = Array.from({ length }, (_, k) => octets.bytes.slice(octets.starts[k], octets.starts[k + 1]));
    this.#put();
  }

  /** What was kept; false where nothing was of this fingerprint. */
  restore(fingerprint: number, length: number): boolean {
    const record = this.#store.get(this.#key);
    const kept = record === undefined ? undefined : decodeState(record, fingerprint, length);
    if (kept === undefined) return false;
    this.#isKept = true;
    this.#fingerprint = fingerprint;
    this.#members = kept;
    return true;
  }

  /** Some have been told: those that have a reason. */
  take(reasons: Uint8Array, { bytes, starts }: MemberOctets): void {
    for (let k = 0; k < reasons.length; k++)
      if (reasons[k] !== 0) this.#members[k] = bytes.slice(starts[k], starts[k + 1]);
    this.#put();
  }

  /** Of each member, what its change since then triggers; undefined where none of `events` does. */
  changes(members: readonly SetMember[], { bytes, starts }: MemberOctets, events: number): Uint8Array | undefined {
    const reasons = Uint8Array.from(members, (member, k) => {
      const told = this.#members[k];
      const now = bytes.subarray(starts[k], starts[k + 1]);
      return told === undefined ? 0 : reasonsOf(member, leavesIn(told), leavesIn(now)) & events;
    });
    return reasons.some((reason) => reason !== 0) ? reasons : undefined;
  }

  #put(): void {
    if (!this.#isKept) return;
    const out = new BerWriter(1024);
    for (let k = this.#members.length - 1; k >= 0; k--) out.raw(this.#members[k] ?? NOTHING);
    this.#store.put(this.#key, out.integer(FINGERPRINT, this.#fingerprint).done());
  }
}

const NOTHING: Uint8Array = new Uint8Array(0);
const FINGERPRINT = 0x82;

/** Undefined of what is none of this fingerprint. */
function decodeState(octets: Uint8Array, fingerprint: number, length: number): Uint8Array[] | undefined {
  const reader = new BerReader(octets);
  try {
    if (reader.expect(FINGERPRINT, "a fingerprint").integer() !== fingerprint) return undefined;
  } catch (error) {
    if (error instanceof WireError) return undefined;
    throw error;
  }
  const values = octets.subarray(reader.at);
  const starts = startsOf(new Uint8Array(length).fill(1), values);
  return starts && Array.from({ length }, (_, k) => values.slice(starts[k], starts[k + 1]));
}

function reasonsOf({ leaves }: SetMember, told: readonly Uint8Array[], now: readonly Uint8Array[]): number {
  // A model whose member has other leaves: nothing of what was told is comparable.
  if (told.length !== leaves.length || now.length !== leaves.length) return 0;
  let reasons = 0;
  leaves.forEach(({ triggers }, k) => {
    if (!isSame(told[k] ?? NOTHING, now[k] ?? NOTHING)) reasons |= bitsOfTriggers(triggers);
  });
  return reasons;
}

/** Contents of what is no structure and no array, in their order. */
function leavesIn(octets: Uint8Array): readonly Uint8Array[] {
  const found: Uint8Array[] = [];
  const walk = (reader: BerReader): void => {
    while (reader.next())
      if (reader.tag === dataTags.structure || reader.tag === dataTags.array) walk(reader.inner());
      else found.push(reader.content());
  };
  walk(new BerReader(octets));
  return found;
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((octet, k) => octet === b[k]);
}
