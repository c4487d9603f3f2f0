/**
 * A PDU of sampled values (IEC 61850-9-2, 8.5.2): one or more ASDUs, each the values of one instant. Reading makes nothing: a PDU is read
 * into the same object again, which says where in the octets things are. 15,360 samples a second go through here.
 */
import { BerWriter } from "#wire/ber.ts";
import { WireError } from "#wire/cursor.ts";

const tags = {
  pdu: 0x60,
  number: 0x80,
  security: 0x81,
  list: 0xa2,
  asdu: 0x30,
  svId: 0x80,
  dataSet: 0x81,
  count: 0x82,
  revision: 0x83,
  refreshed: 0x84,
  synchronised: 0x85,
  rate: 0x86,
  data: 0x87,
  mode: 0x88,
  grandmaster: 0x89,
} as const;

/** More than a frame has room for: an ASDU without values takes some 20 octets. */
const MOST_ASDUS = 64;

/** Of what need not stand in an ASDU. */
const ABSENT = -1;

/** One instant, as it lies in the octets of a PDU. What may be absent is undefined. */
export class Asdu {
  bytes: Uint8Array = new Uint8Array(0);
  /** Where the octets of the name, and of the values are. */
  svIdFrom = 0;
  svIdTo = 0;
  dataFrom = 0;
  dataTo = 0;
  /** smpCnt: samples since the second began; and where its octets are. */
  count = 0;
  countFrom = 0;
  /** confRev. */
  revision = 0;
  /** smpSynch: 0 not at all, 1 by a clock of its own area, 2 by one of the whole world; 5 to 254 by a grandmaster of that number. */
  synchronised = 0;
  #dataSetFrom = ABSENT;
  #dataSetTo = ABSENT;
  #refreshed = ABSENT;
  #rate = ABSENT;
  #mode = ABSENT;
  #grandmaster = ABSENT;

  get svId(): string {
    return latin1(this.bytes, this.svIdFrom, this.svIdTo);
  }

  get dataSet(): string | undefined {
    return this.#dataSetFrom === ABSENT ? undefined : latin1(this.bytes, this.#dataSetFrom, this.#dataSetTo);
  }

  /** refrTm: eight octets, when the values were taken. */
  get refreshed(): Uint8Array | undefined {
    return this.#refreshed === ABSENT ? undefined : this.bytes.subarray(this.#refreshed, this.#refreshed + 8);
  }

  /** smpRate: in what `mode` says. */
  get rate(): number | undefined {
    return this.#rate === ABSENT ? undefined : this.#rate;
  }

  /** smpMod: 0 samples a nominal period (also where it is absent), 1 samples a second, 2 seconds a sample. */
  get mode(): number | undefined {
    return this.#mode === ABSENT ? undefined : this.#mode;
  }

  /** gmIdentity: eight octets, which grandmaster its clock follows (IEC 61869-9). */
  get grandmaster(): Uint8Array | undefined {
    return this.#grandmaster === ABSENT ? undefined : this.bytes.subarray(this.#grandmaster, this.#grandmaster + 8);
  }

  get data(): Uint8Array {
    return this.bytes.subarray(this.dataFrom, this.dataTo);
  }

  /** Reads what lies in [from, to). */
  read(bytes: Uint8Array, from: number, to: number, cursor: Cursor): void {
    this.bytes = bytes;
    this.#dataSetFrom = this.#refreshed = this.#rate = this.#mode = this.#grandmaster = ABSENT;
    let needed = 0;
    let least = 0;
    for (let at = from; at < to; at = cursor.to) {
      const tag = cursor.element(bytes, at, to);
      // They stand in this order, each once: what is there twice would count as whichever comes last.
      if (tag <= least) throw new WireError(`a field of tag ${tag.toString(16)} that does not stand here`, at);
      least = tag;
      switch (tag) {
        case tags.svId:
          [this.svIdFrom, this.svIdTo] = [cursor.from, cursor.to];
          needed++;
          break;
        case tags.dataSet:
          [this.#dataSetFrom, this.#dataSetTo] = [cursor.from, cursor.to];
          break;
        case tags.count:
          this.count = cursor.unsigned(bytes);
          this.countFrom = cursor.from;
          needed++;
          break;
        case tags.revision:
          this.revision = cursor.unsigned(bytes);
          needed++;
          break;
        case tags.refreshed:
          this.#refreshed = cursor.octets(8);
          break;
        case tags.synchronised:
          this.synchronised = cursor.unsigned(bytes);
          needed++;
          break;
        case tags.rate:
          this.#rate = cursor.unsigned(bytes);
          break;
        case tags.data:
          [this.dataFrom, this.dataTo] = [cursor.from, cursor.to];
          needed++;
          break;
        case tags.mode:
          this.#mode = cursor.unsigned(bytes);
          break;
        case tags.grandmaster:
          this.#grandmaster = cursor.octets(8);
          break;
        default:
        // Fields of later editions.
      }
    }
    if (needed !== 5) throw new WireError("an ASDU that lacks one of svID, smpCnt, confRev, smpSynch, values", from);
  }
}

/** An element at a time; only definite lengths, as the standard has them. */
class Cursor {
  from = 0;
  to = 0;

  element(bytes: Uint8Array, at: number, end: number): number {
    const tag = bytes[at]!;
    if ((tag & 0x1f) === 0x1f) throw new WireError("a tag of more than one octet", at);
    let from = at + 2;
    let length = from <= end ? bytes[at + 1]! : 0x80;
    if (length >= 0x80) {
      const octets = length & 0x7f;
      if (octets === 0 || octets > 2) throw new WireError("a length that no frame has", at);
      length = 0;
      for (let k = 0; k < octets && from < end; k++) length = length * 256 + bytes[from++]!;
    }
    if (from + length > end) throw new WireError("an element that ends behind what it is part of", at);
    this.from = from;
    this.to = from + length;
    return tag;
  }

  unsigned(bytes: Uint8Array): number {
    const { from, to } = this;
    if (from === to || to - from > 5) throw new WireError(`a number of ${to - from} octets`, from);
    let value = 0;
    for (let k = from; k < to; k++) value = value * 256 + bytes[k]!;
    return value;
  }

  octets(count: number): number {
    if (this.to - this.from !== count) throw new WireError(`expected ${count} octets`, this.from);
    return this.from;
  }
}

function latin1(bytes: Uint8Array, from: number, to: number): string {
  let text = "";
  for (let k = from; k < to; k++) text += String.fromCharCode(bytes[k]!);
  return text;
}

export class SvPdu {
  /** The first `count` of them are those of the PDU that was read last. */
  readonly asdus: Asdu[] = [];
  count = 0;
  readonly #cursor = new Cursor();

  /** Reads the PDU in octets [from, to). Throws WireError of what is none. */
  read(bytes: Uint8Array, from = 0, to = bytes.length): this {
    const cursor = this.#cursor;
    this.count = 0;
    this.#expect(bytes, from, to, tags.pdu);
    // Octets behind it are what fills a frame up.
    const end = cursor.to;
    this.#expect(bytes, cursor.from, end, tags.number);
    const said = cursor.unsigned(bytes);
    if (said < 1 || said > MOST_ASDUS) throw new WireError(`a PDU of ${said} ASDUs`, cursor.from);
    let at = cursor.to;
    if (at < end && bytes[at] === tags.security) {
      cursor.element(bytes, at, end);
      at = cursor.to;
    }
    this.#expect(bytes, at, end, tags.list);
    const last = cursor.to;
    let found = 0;
    for (at = cursor.from; at < last; found++) {
      this.#expect(bytes, at, last, tags.asdu);
      at = cursor.to;
      if (found === said) throw new WireError(`more ASDUs than the ${said} of the PDU`, at);
      (this.asdus[found] ??= new Asdu()).read(bytes, cursor.from, at, cursor);
    }
    if (found !== said) throw new WireError(`${found} ASDUs in a PDU of ${said}`, from);
    this.count = found;
    return this;
  }

  #expect(bytes: Uint8Array, at: number, end: number, tag: number): void {
    const found = at < end ? this.#cursor.element(bytes, at, end) : undefined;
    if (found !== tag)
      throw new WireError(`expected tag ${tag.toString(16)}, found ${found?.toString(16) ?? "the end"}`, at);
  }
}

/** One instant to be written. */
export interface AsduFields {
  readonly svId: string;
  readonly dataSet?: string | undefined;
  readonly count: number;
  readonly revision: number;
  readonly refreshed?: Uint8Array | undefined;
  readonly synchronised: number;
  readonly rate?: number | undefined;
  readonly data: Uint8Array;
  readonly mode?: number | undefined;
  readonly grandmaster?: Uint8Array | undefined;
}

const encoder = new TextEncoder();

/** Numbers have the sizes that the standard fixes: they stand at the same place in every frame of a stream. */
function fixed(value: number, octets: number): Uint8Array {
  return Uint8Array.from({ length: octets }, (_, k) => Math.floor(value / 256 ** (octets - 1 - k)) % 256);
}

/** The PDU of so many instants. */
export function writeSvPdu(asdus: readonly AsduFields[]): Uint8Array {
  const writer = new BerWriter();
  const whole = writer.written;
  const list = writer.written;
  for (const asdu of asdus.toReversed()) {
    const one = writer.written;
    const put = (tag: number, octets: Uint8Array | undefined): void => {
      if (octets !== undefined) writer.octets(tag, octets);
    };
    put(tags.grandmaster, asdu.grandmaster);
    put(tags.mode, asdu.mode === undefined ? undefined : fixed(asdu.mode, 2));
    put(tags.data, asdu.data);
    put(tags.rate, asdu.rate === undefined ? undefined : fixed(asdu.rate, 2));
    put(tags.synchronised, fixed(asdu.synchronised, 1));
    put(tags.refreshed, asdu.refreshed);
    put(tags.revision, fixed(asdu.revision, 4));
    put(tags.count, fixed(asdu.count, 2));
    put(tags.dataSet, asdu.dataSet === undefined ? undefined : encoder.encode(asdu.dataSet));
    put(tags.svId, encoder.encode(asdu.svId));
    writer.wrap(tags.asdu, one);
  }
  writer.wrap(tags.list, list);
  writer.octets(tags.number, fixed(asdus.length, 1));
  writer.wrap(tags.pdu, whole);
  return writer.done();
}
