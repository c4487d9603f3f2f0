/**
 * All numbers of a meter as a record: how format 1 kept them at every commit, and how those of a meter lie that is not of the site
 * any more. A checksum, the layout and its length, and the numbers.
 */
import { crc32 } from "node:zlib";
import { countOf, placesOf, type StoredNumbers } from "./store.ts";

export const MEMORY = "memory";

/** Throws an Error when it is not as it was written. */
export function numbersOf(bytes: Uint8Array): StoredNumbers {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 8 || view.getUint32(0) !== crc32(bytes.subarray(4))) throw new Error("wrong checksum");
  const size = view.getUint32(4);
  const places = placesOf(new TextDecoder().decode(bytes.subarray(8, 8 + size)));
  const values = Float64Array.from({ length: countOf(places) }, (_, k) => view.getFloat64(8 + size + 8 * k));
  return { places, values };
}

export function recordOf({ places, values }: StoredNumbers): Uint8Array {
  const layout = Object.fromEntries([...places].map(([name, { count }]) => [name, count]));
  const head = new TextEncoder().encode(JSON.stringify(layout));
  const bytes = new Uint8Array(8 + head.length + 8 * values.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(4, head.length);
  bytes.set(head, 8);
  values.forEach((value, k) => view.setFloat64(8 + head.length + 8 * k, value));
  view.setUint32(0, crc32(bytes.subarray(4)));
  return bytes;
}
