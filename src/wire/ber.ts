/**
 * BER (X.690) as the upper layers of OSI and MMS use it. Tags are numbers that read like their octets: 0xa0, 0xbf4d. The reader goes
 * from element to element over bytes that stay where they are; the writer works from the end to the beginning, so that every length
 * is known when its tag is written, and uses its buffer again.
 */
import { WireError } from "./cursor.ts";

/** Constructed elements of indefinite length within each other, which have to be searched for their ends. */
const MOST_NESTED = 16;

export class BerReader {
  readonly bytes: Uint8Array;
  /** Where the next element begins, and behind which octet there is none any more. */
  at: number;
  readonly end: number;
  /** Of the element that `next` has found: its tag, and its content, octets [from, to). */
  tag = 0;
  from = 0;
  to = 0;

  constructor(bytes: Uint8Array, at = 0, end = bytes.length) {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
  }

  /** Goes on to the next element; false behind the last one. Throws WireError where it does not end within what it is part of. */
  next(): boolean {
    if (this.at >= this.end) return false;
    const start = this.at;
    this.tag = this.#readTag();
    const octet = this.#octet();
    let length = octet;
    if (octet === 0x80) return this.#indefinite(start);
    if (octet > 0x80) {
      const octets = octet & 0x7f;
      if (octets > 4) throw new WireError("a length of more than four octets", start);
      length = 0;
      for (let k = 0; k < octets; k++) length = length * 256 + this.#octet();
    }
    this.from = this.at;
    this.to = this.at + length;
    if (this.to > this.end) throw new WireError("an element that ends behind what it is part of", start);
    this.at = this.to;
    return true;
  }

  /** The next element, which has to be of a tag. */
  expect(tag: number, what: string): this {
    const start = this.at;
    if (!this.next()) throw new WireError(`expected ${what}, found the end`, start);
    if (this.tag !== tag)
      throw new WireError(`expected ${what}, tag ${tag.toString(16)}, found tag ${this.tag.toString(16)}`, start);
    return this;
  }

  /** Over the elements of the one that was found. */
  inner(): BerReader {
    return new BerReader(this.bytes, this.from, this.to);
  }

  /** The content of the one that was found, as a view. */
  content(): Uint8Array {
    return this.bytes.subarray(this.from, this.to);
  }

  /** A boolean's content. */
  boolean(): boolean {
    if (this.to - this.from !== 1) throw new WireError("a boolean that is not one octet", this.from);
    return this.bytes[this.from] !== 0;
  }

  /** A whole number's content, with a sign, of at most 53 bits. */
  integer(): number {
    const { bytes, from, to } = this;
    if (from === to) throw new WireError("a number of no octets", from);
    let value = (bytes[from]! << 24) >> 24;
    for (let k = from + 1; k < to; k++) value = value * 256 + bytes[k]!;
    if (to - from > 8 || !Number.isSafeInteger(value)) throw new WireError("a number of more than 53 bits", from);
    return value;
  }

  /** The same of one that has no sign, whatever its first bit is: some write it so. */
  unsigned(): number {
    const { bytes, from, to } = this;
    if (from === to) throw new WireError("a number of no octets", from);
    let value = 0;
    for (let k = from; k < to; k++) value = value * 256 + bytes[k]!;
    if (to - from > 9 || !Number.isSafeInteger(value)) throw new WireError("a number of more than 53 bits", from);
    return value;
  }

  /** Text of one octet a character. */
  latin1(): string {
    let text = "";
    for (let k = this.from; k < this.to; k++) text += String.fromCharCode(this.bytes[k]!);
    return text;
  }

  #octet(): number {
    if (this.at >= this.end) throw new WireError("an element that ends within its tag or length", this.at);
    return this.bytes[this.at++]!;
  }

  #readTag(): number {
    const first = this.#octet();
    if ((first & 0x1f) !== 0x1f) return first;
    const second = this.#octet();
    // Nobody has numbers of tags from 128 on.
    if (second >= 0x80) throw new WireError("a tag of more than two octets", this.at - 1);
    return first * 256 + second;
  }

  #indefinite(start: number): boolean {
    if (((this.tag > 0xff ? this.tag >> 8 : this.tag) & 0x20) === 0)
      throw new WireError("a primitive element of indefinite length", start);
    this.from = this.at;
    this.to = endOfContents(this.bytes, this.at, this.end, MOST_NESTED);
    this.at = this.to + 2;
    return true;
  }
}

/** Where the two zero octets stand that end an element of indefinite length. */
function endOfContents(bytes: Uint8Array, from: number, end: number, nested: number): number {
  if (nested === 0) throw new WireError(`more than ${MOST_NESTED} indefinite lengths within each other`, from);
  for (let at = from; at + 1 < end;) {
    if (bytes[at] === 0 && bytes[at + 1] === 0) return at;
    const tagEnd = (bytes[at]! & 0x1f) === 0x1f ? at + 2 : at + 1;
    if (bytes[tagEnd] === 0x80) {
      at = endOfContents(bytes, tagEnd + 1, end, nested - 1) + 2;
      continue;
    }
    const one = new BerReader(bytes, at, end);
    one.next();
    at = one.at;
  }
  throw new WireError("an element of indefinite length without its end", from);
}

const float = new DataView(new ArrayBuffer(8));

/** Writes backwards: the content first, then `wrap` with the mark that was taken before it. */
export class BerWriter {
  #bytes: Uint8Array;
  /** Where what has been written begins. */
  #at: number;

  constructor(capacity = 256) {
    this.#bytes = new Uint8Array(capacity);
    this.#at = capacity;
  }

  /** Octets that have been written: a mark for `wrap`. */
  get written(): number {
    return this.#bytes.length - this.#at;
  }

  reset(): this {
    this.#at = this.#bytes.length;
    return this;
  }

  /** Takes back what was written since the mark. */
  cut(mark: number): this {
    this.#at = this.#bytes.length - mark;
    return this;
  }

  /** What has been written, good until something else is. */
  view(): Uint8Array {
    return this.#bytes.subarray(this.#at);
  }

  /** A copy of it. */
  done(): Uint8Array {
    return this.#bytes.slice(this.#at);
  }

  octet(value: number): this {
    this.#room(1);
    this.#bytes[this.#at] = value;
    return this;
  }

  raw(bytes: Uint8Array): this {
    this.#room(bytes.length);
    this.#bytes.set(bytes, this.#at);
    return this;
  }

  /** Octets [from, to). */
  copy(bytes: Uint8Array, from: number, to: number): this {
    this.#room(to - from);
    for (let k = from, at = this.#at; k < to; k++, at++) this.#bytes[at] = bytes[k]!;
    return this;
  }

  /** Length and tag before what was written since `mark`. */
  wrap(tag: number, mark: number): this {
    const length = this.written - mark;
    if (length < 0x80) this.octet(length);
    else {
      let octets = 0;
      for (let rest = length; rest > 0; rest = Math.floor(rest / 256), octets++) this.octet(rest & 0xff);
      this.octet(0x80 | octets);
    }
    return this.#tag(tag);
  }

  null(tag: number): this {
    return this.octet(0).#tag(tag);
  }

  /** True is 1, as nearly everybody in the field has it; any other octet but 0 would be as good. */
  boolean(tag: number, value: boolean): this {
    return this.octet(value ? 1 : 0).octet(1).#tag(tag);
  }

  /** A whole number with a sign, of at most 53 bits, in as few octets as it takes. */
  integer(tag: number, value: number): this {
    const mark = this.written;
    let rest = value;
    let low: number;
    do {
      low = ((rest % 256) + 256) % 256;
      this.octet(low);
      rest = (rest - low) / 256;
    } while (!(rest === 0 && low < 0x80) && !(rest === -1 && low >= 0x80));
    return this.wrap(tag, mark);
  }

  bigint(tag: number, value: bigint): this {
    if (value >= -0x1f_ffff_ffff_ffffn && value <= 0x1f_ffff_ffff_ffffn) return this.integer(tag, Number(value));
    const mark = this.written;
    let rest = value;
    let low: number;
    do {
      low = Number(BigInt.asUintN(8, rest));
      this.octet(low);
      rest >>= 8n;
    } while (!(rest === 0n && low < 0x80) && !(rest === -1n && low >= 0x80));
    return this.wrap(tag, mark);
  }

  octets(tag: number, value: Uint8Array): this {
    const mark = this.written;
    return this.raw(value).wrap(tag, mark);
  }

  /** Text of one octet a character. */
  latin1(tag: number, text: string): this {
    const { length } = text;
    const mark = this.written;
    this.#room(length);
    for (let k = 0; k < length; k++) this.#bytes[this.#at + k] = text.charCodeAt(k);
    return this.wrap(tag, mark);
  }

  utf8(tag: number, text: string): this {
    return this.octets(tag, new TextEncoder().encode(text));
  }

  /** The first `bits` bits of octets; those behind them are 0. */
  bits(tag: number, octets: Uint8Array, bits: number): this {
    const mark = this.written;
    return this.raw(octets)
      .octet(8 * octets.length - bits)
      .wrap(tag, mark);
  }

  /** `bits` bits at most 32, the first of them the highest of `value`. */
  bitsOf(tag: number, value: number, bits: number): this {
    const octets = Math.ceil(bits / 8);
    const unused = 8 * octets - bits;
    let rest = value * 2 ** unused;
    const mark = this.written;
    for (let k = 0; k < octets; k++, rest = Math.floor(rest / 256)) this.octet(rest % 256);
    return this.octet(unused).wrap(tag, mark);
  }

  /** A floating-point number as MMS has it: the width of its exponent, and IEEE 754. */
  float32(tag: number, value: number): this {
    float.setFloat32(0, value);
    return this.#float(tag, 4, 8);
  }

  float64(tag: number, value: number): this {
    float.setFloat64(0, value);
    return this.#float(tag, 8, 11);
  }

  #float(tag: number, octets: number, exponent: number): this {
    const mark = this.written;
    for (let k = octets - 1; k >= 0; k--) this.octet(float.getUint8(k));
    return this.octet(exponent).wrap(tag, mark);
  }

  #tag(tag: number): this {
    this.octet(tag & 0xff);
    return tag > 0xff ? this.octet(tag >> 8) : this;
  }

  #room(count: number): void {
    if (count > this.#at) {
      const { written } = this;
      const grown = new Uint8Array(Math.max(2 * this.#bytes.length, written + count));
      grown.set(this.view(), grown.length - written);
      this.#bytes = grown;
      this.#at = grown.length - written;
    }
    this.#at -= count;
  }
}
