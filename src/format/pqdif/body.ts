/**
 * The body of a record: a collection, whose elements hold their value themselves or say where in the body it is (pqdif_ph.h, "Record body
 * structure"). Everything is padded to four bytes.
 */
import { damaged, widths, type Collection, type Element, type Leaf } from "./element.ts";
import { guidAt, putGuid } from "./guid.ts";
import { MAX_DEPTH, MAX_OVERLAP } from "./limits.ts";

/** Tag, kind of element, type, whether the value is here, a byte of padding; then the value, or where it is and its size. */
const ENTRY = 28;
const kinds = { collection: 1, scalar: 2, vector: 3 } as const;

/** Values of up to so many bytes are where others have the link. */
const EMBEDDED = 8;

/** Who counts elements, and hears what is wrong: at a byte of the body, what was expected there. */
export interface BodyReader {
  warn(at: number, what: string): void;
  /** Elements that are about to be read; throws when there have been too many. */
  count(elements: number, at: number): void;
}

class Body {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #reader: BodyReader;
  /** Where collections have been: nothing leads to one twice, so that a body takes no longer to read than it is long. */
  readonly #visited = new Set<number>();
  /** Bytes of all leaves. */
  #held = 0;

  constructor(bytes: Uint8Array, reader: BodyReader) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#reader = reader;
  }

  collection(tag: string, at: number, depth: number): Collection | undefined {
    const { length } = this.#bytes;
    if (at < 0 || at + 4 > length) {
      return this.#refuse(at, `a collection is said to be there, but the body has ${length} bytes`);
    }
    if (this.#visited.has(at)) return this.#refuse(at, "the collection there has been read: a link leads back to it");
    if (depth > MAX_DEPTH) return this.#refuse(at, `collections are more than ${MAX_DEPTH} deep`);
    this.#visited.add(at);
    const count = this.#view.getInt32(at, true);
    const room = Math.floor((length - at - 4) / ENTRY);
    if (count < 0 || count > room) {
      return this.#refuse(
        at,
        `expected a number of elements from 0 to ${room}, for which there is room, found ${count}`,
      );
    }
    this.#reader.count(count, at);
    const elements: Element[] = [];
    for (let k = 0; k < count; k++) {
      const entry = at + 4 + k * ENTRY;
      elements.push(this.#element(entry, depth) ?? damaged(guidAt(this.#bytes, entry), entry));
    }
    return { kind: "collection", tag, elements, at };
  }

  #refuse(at: number, what: string): undefined {
    this.#reader.warn(at, what);
    return undefined;
  }

  #element(at: number, depth: number): Element | undefined {
    const tag = guidAt(this.#bytes, at);
    const kind = this.#bytes[at + 16]!;
    const type = this.#bytes[at + 17]!;
    const isEmbedded = this.#bytes[at + 18] !== 0;
    const [link, size] = isEmbedded
      ? [at + 20, EMBEDDED]
      : [this.#view.getInt32(at + 20, true), this.#view.getInt32(at + 24, true)];
    if (kind === kinds.collection) return this.collection(tag, link, depth + 1);
    if (kind !== kinds.scalar && kind !== kinds.vector) {
      return this.#refuse(at, `expected an element of kind 1, 2 or 3, found ${kind}`);
    }
    if (link < 0 || link > this.#bytes.length) {
      return this.#refuse(at, `its value is said to be at ${link}, but the body has ${this.#bytes.length} bytes`);
    }
    const end = isEmbedded ? at + ENTRY : this.#bytes.length;
    return kind === kinds.scalar
      ? this.#scalar({ tag, type, at }, link, size, end)
      : this.#vector({ tag, type, at }, link, size, end);
  }

  #scalar(of: { tag: string; type: number; at: number }, link: number, size: number, end: number): Leaf | undefined {
    // Of a type that nobody knows there is as much as the file says.
    const width = widths[of.type] ?? Math.max(0, size);
    if (link + width > end)
      return this.#refuse(of.at, `its value of ${width} bytes does not fit, ${end - link} are left`);
    return this.#leaf({ kind: "scalar", ...of, count: 1, bytes: this.#bytes.subarray(link, link + width) });
  }

  #vector(of: { tag: string; type: number; at: number }, link: number, size: number, end: number): Leaf | undefined {
    if (link + 4 > end)
      return this.#refuse(of.at, `expected the number of values of a vector, ${end - link} bytes are left`);
    const count = this.#view.getInt32(link, true);
    const known = widths[of.type];
    const length = known === undefined ? size - 4 : count * known;
    if (count < 0 || length < 0 || link + 4 + length > end) {
      return this.#refuse(of.at, `its ${count} values need ${length} bytes, ${end - link - 4} are left`);
    }
    return this.#leaf({ kind: "vector", ...of, count, bytes: this.#bytes.subarray(link + 4, link + 4 + length) });
  }

  #leaf(leaf: Leaf & { readonly at: number }): Leaf | undefined {
    this.#held += leaf.bytes.length;
    if (this.#held <= MAX_OVERLAP * this.#bytes.length) return leaf;
    return this.#refuse(leaf.at, `values overlap: those before it have ${MAX_OVERLAP} times the bytes of the body`);
  }
}

/** The collection that a body is. What cannot be read of it is told, and is a damaged element. */
export function decodeBody(tag: string, bytes: Uint8Array, reader: BodyReader): Collection {
  return new Body(bytes, reader).collection(tag, 0, 0) ?? damaged(tag, 0);
}

const padded = (length: number): number => (length + 3) & ~3;

/** Bytes that an element takes beside its entry in the collection that it is in. */
function blockSize(element: Element): number {
  if (element.kind === "collection") return bodySize(element.elements);
  if (element.kind === "vector") return padded(4 + element.bytes.length);
  return element.bytes.length <= EMBEDDED ? 0 : padded(element.bytes.length);
}

/** Bytes of the body of a record that has these elements, before it is compressed. */
export function bodySize(elements: readonly Element[]): number {
  return elements.reduce((sum, element) => sum + blockSize(element), 4 + ENTRY * elements.length);
}

export function encodeBody(elements: readonly Element[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(bodySize(elements));
  put(elements, bytes, new DataView(bytes.buffer), 0);
  return bytes;
}

/** Writes a collection at `at`, what its elements have beside it; says where it ends. */
function put(elements: readonly Element[], bytes: Uint8Array, view: DataView, at: number): number {
  view.setInt32(at, elements.length, true);
  let free = at + 4 + ENTRY * elements.length;
  elements.forEach((element, k) => {
    const entry = at + 4 + k * ENTRY;
    putGuid(element.tag, bytes, entry);
    bytes[entry + 16] = kinds[element.kind];
    if (element.kind === "scalar" && element.bytes.length <= EMBEDDED) {
      bytes[entry + 17] = element.type;
      bytes[entry + 18] = 1;
      bytes.set(element.bytes, entry + 20);
      return;
    }
    view.setInt32(entry + 20, free, true);
    const from = free;
    if (element.kind === "collection") {
      free = put(element.elements, bytes, view, free);
    } else {
      bytes[entry + 17] = element.type;
      if (element.kind === "vector") {
        view.setInt32(free, element.count, true);
        free += 4;
      }
      bytes.set(element.bytes, free);
      free = padded(free + element.bytes.length);
    }
    view.setInt32(entry + 24, free - from, true);
  });
  return free;
}
