/**
 * Data sets that reports are made of, watched: which members have changed with the meter's next image, and why that triggers. Whoever
 * reports one has the same watch, and its members are encoded once for all.
 */
import { BerWriter } from "#wire/ber.ts";
import { isSameValue, type LeafValue } from "#protocol/iec61850/model/value.ts";
import type { NamedSet } from "./data-sets.ts";
import type { IedHost, IedImage } from "./host.ts";
import { bitsOfTriggers, triggerBits } from "./report-bits.ts";

/** Members of a data set as MMS has them: member k is octets [starts[k], starts[k + 1]); good until something else is written there. */
export interface MemberOctets {
  readonly bytes: Uint8Array;
  readonly starts: Uint32Array;
}

export interface Watcher {
  /** Members have changed: `watch.reasons` says why. */
  changed(): void;
}

export class SetWatch {
  readonly set: NamedSet;
  /** Of each member, what its last change triggers (bits of triggerBits); 0 where it has not changed. */
  readonly reasons: Uint8Array;
  readonly watchers = new Set<Watcher>();
  #image: IedImage;
  /** Leaves that trigger: their numbers, which member each is of, and what each triggers. */
  readonly #leaves: Uint32Array;
  readonly #members: Uint32Array;
  readonly #bits: Uint8Array;
  /** Times beside leaves that trigger by being updated: their numbers, and which member each is of. */
  readonly #times: Uint32Array;
  readonly #timeMembers: Uint32Array;
  readonly #out = new BerWriter(1024);
  #encoded: IedImage | undefined;
  readonly #octets: { bytes: Uint8Array; readonly starts: Uint32Array };

  constructor(set: NamedSet, image: IedImage) {
    this.set = set;
    this.#image = image;
    const { members } = set;
    this.reasons = new Uint8Array(members.length);
    this.#octets = { bytes: new Uint8Array(0), starts: new Uint32Array(members.length + 1) };
    const triggering: [leaf: number, member: number, bits: number][] = [];
    const times: [leaf: number, member: number][] = [];
    members.forEach((member, k) => {
      const { leaves } = member;
      for (const { leaf, triggers } of leaves) {
        const bits = bitsOfTriggers(triggers);
        if (bits !== 0) triggering.push([leaf.index, k, bits]);
      }
      // What is updated to the value that it had has another time beside it: a frozen counter.
      if (leaves.some(({ triggers }) => triggers.dataUpdate === true))
        for (const { leaf } of leaves) if (leaf.type === "Timestamp") times.push([leaf.index, k]);
    });
    this.#leaves = Uint32Array.from(triggering, ([leaf]) => leaf);
    this.#members = Uint32Array.from(triggering, ([, member]) => member);
    this.#bits = Uint8Array.from(triggering, ([, , bits]) => bits);
    this.#times = Uint32Array.from(times, ([leaf]) => leaf);
    this.#timeMembers = Uint32Array.from(times, ([, member]) => member);
  }

  /** Tells the watchers what has changed since the image before. */
  look(image: IedImage): void {
    if (image === this.#image || !this.#compare(this.#image.values, image.values)) {
      this.#image = image;
      return;
    }
    this.#image = image;
    for (const watcher of this.watchers) watcher.changed();
  }

  /** All members as they are in the last image. */
  octets(): MemberOctets {
    const octets = this.#octets;
    if (this.#encoded === this.#image) return octets;
    const { values } = this.#image;
    const { members } = this.set;
    const out = this.#out.reset();
    const { starts } = octets;
    for (let k = members.length - 1; k >= 0; k--) {
      members[k]?.write(out, values);
      starts[k] = out.written;
    }
    const total = out.written;
    for (let k = 0; k < members.length; k++) starts[k] = total - (starts[k] ?? 0);
    starts[members.length] = total;
    octets.bytes = out.view();
    this.#encoded = this.#image;
    return octets;
  }

  #compare(before: readonly LeafValue[], now: readonly LeafValue[]): boolean {
    const { reasons } = this;
    reasons.fill(0);
    let any = 0;
    for (let k = 0; k < this.#leaves.length; k++) {
      const leaf = this.#leaves[k] ?? 0;
      if (before[leaf] === now[leaf] || isSameValue(before[leaf], now[leaf])) continue;
      const bits = this.#bits[k] ?? 0;
      const member = this.#members[k] ?? 0;
      reasons[member] = (reasons[member] ?? 0) | bits;
      any |= bits;
    }
    for (let k = 0; k < this.#times.length; k++) {
      const leaf = this.#times[k] ?? 0;
      if (before[leaf] === now[leaf] || isSameValue(before[leaf], now[leaf])) continue;
      const member = this.#timeMembers[k] ?? 0;
      reasons[member] = (reasons[member] ?? 0) | triggerBits.dataUpdate;
      any |= triggerBits.dataUpdate;
    }
    return any !== 0;
  }
}

export class Watches {
  readonly #host: IedHost;
  readonly #epoch: number;
  readonly #watches = new Map<NamedSet, SetWatch>();
  readonly #stop: () => void;

  constructor(host: IedHost) {
    this.#host = host;
    this.#epoch = host.epoch;
    this.#stop = host.changed(() => this.look());
  }

  /** Watches a data set from now on. */
  join(set: NamedSet, watcher: Watcher): SetWatch {
    this.look();
    const watch = this.#watches.get(set) ?? new SetWatch(set, this.#host.image());
    this.#watches.set(set, watch);
    watch.watchers.add(watcher);
    return watch;
  }

  leave(watch: SetWatch, watcher: Watcher): void {
    watch.watchers.delete(watcher);
    if (watch.watchers.size === 0) this.#watches.delete(watch.set);
  }

  /** The meter says that its values may be others: without power it says nothing. */
  look(): void {
    // Values of another model are not those of these leaves; whoever watches the other one finds what is another.
    if (this.#watches.size === 0 || this.#host.epoch !== this.#epoch) return;
    const image = this.#host.image();
    for (const watch of this.#watches.values()) watch.look(image);
  }

  close(): void {
    this.#stop();
    this.#watches.clear();
  }
}
