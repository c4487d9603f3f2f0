/** How named records lie in a SQLite file: long ones deflated, each with a checksum of all that it is. */
import { crc32, deflateRawSync, inflateRawSync } from "node:zlib";

/** Records that are longer are deflated: a configuration comes to an eighth of its text. */
export const LONG = 1024;
/** What the seal of a record that is deflated has besides. */
const DEFLATED = 2 ** 32;
/** Of those that are longer than that a part in their middle is tried first: files that are compressed do not become shorter. */
const TRIED_FROM = 1 << 14;
const TRIED = 1 << 12;
/** Different ones that are held to find those that are alike. */
const ALIKE = 16;

/** As it lies in the file. */
export interface Packed {
  readonly bytes: Uint8Array;
  readonly deflated: boolean;
}

export function packed(bytes: Uint8Array): Packed {
  if (bytes.length <= LONG || !shrinks(bytes)) return { bytes, deflated: false };
  const deflated = deflateRawSync(bytes, { level: 1 });
  return deflated.length < bytes.length ? { bytes: deflated, deflated: true } : { bytes, deflated: false };
}

/** Whether long bytes are worth deflating. */
export function shrinks(bytes: Uint8Array): boolean {
  if (bytes.length < TRIED_FROM) return true;
  const from = bytes.length >> 1;
  return deflateRawSync(bytes.subarray(from, from + TRIED), { level: 1 }).length < TRIED * 0.95;
}

/** What begins every seal of a store: one of another store is none of this. */
export function seedOf(store: bigint): number {
  return crc32(new Uint8Array(BigInt64Array.of(store).buffer));
}

/** The seal of a record: of whose it is, its name, whether it is deflated, and its bytes. */
export function sealOf(seed: number, meter: string, key: string, { bytes, deflated }: Packed): number {
  const sum = crc32(bytes, crc32(`${meter}\0${key}\0${deflated ? 1 : 0}\0`, seed));
  return deflated ? DEFLATED + sum : sum;
}

/** A record as it was read, whatever came of it. */
export interface Row {
  readonly meter: unknown;
  readonly key: unknown;
  readonly bytes: unknown;
  readonly sum: unknown;
}

/** Undefined of what is not what was sealed. */
export function sealed(seed: number, { meter, key, bytes, sum }: Row): Packed | undefined {
  if (typeof meter !== "string" || typeof key !== "string") return undefined;
  if (!(bytes instanceof Uint8Array) || typeof sum !== "number") return undefined;
  const found = { bytes, deflated: sum >= DEFLATED };
  return sealOf(seed, meter, key, found) === sum ? found : undefined;
}

/** Unpacks records; those that follow on each other and are alike (the configuration of meters of a kind) are the very same bytes. */
export class Unpacker {
  readonly #last = new Map<number, { readonly bytes: Uint8Array; readonly whole: Uint8Array }>();

  take({ bytes, deflated }: Packed): Uint8Array {
    if (!deflated) return bytes;
    const sum = crc32(bytes);
    const before = this.#last.get(sum);
    if (before !== undefined && Buffer.compare(before.bytes, bytes) === 0) return before.whole;
    const whole = new Uint8Array(inflateRawSync(bytes));
    if (this.#last.size >= ALIKE) this.#last.clear();
    this.#last.set(sum, { bytes, whole });
    return whole;
  }
}
