/**
 * Reads of one variable, or of one list of them, by name: nearly all there are. Where names lie in the request is found without making
 * anything; what else there can be in a read is found by nobody here.
 */

/** Where the names lie; used again and again. */
export class ReadQuestion {
  invokeId = 0;
  isList = false;
  withSpecification = false;
  /** The specification, as it may have to be repeated: octets [from, to), of which domain and item are some. */
  from = 0;
  to = 0;
  domainFrom = 0;
  domainTo = 0;
  itemFrom = 0;
  itemTo = 0;
  /** End of the content of the element that was found last. */
  #end = 0;

  /** Whether the PDU is a read of this kind: then the fields say of what. */
  find(pdu: Uint8Array): boolean {
    let at = this.#open(pdu, 0, pdu.length, REQUEST);
    if (at < 0) return false;
    const end = this.#end;
    at = this.#open(pdu, at, end, INTEGER);
    if (at < 0 || at === this.#end || this.#end - at > 5) return false;
    this.invokeId = 0;
    for (; at < this.#end; at++) this.invokeId = this.invokeId * 256 + (pdu[at] ?? 0);
    if (this.invokeId > 0xffff_ffff) return false;
    at = this.#open(pdu, at, end, READ);
    if (at < 0 || this.#end !== end) return false;
    this.withSpecification = pdu[at] === WITH_SPECIFICATION && pdu[at + 1] === 1 && pdu[at + 2] !== 0;
    if (pdu[at] === WITH_SPECIFICATION && pdu[at + 1] === 1) at += 3;
    at = this.#open(pdu, at, end, SPECIFICATION);
    if (at < 0 || this.#end !== end) return false;
    this.from = at;
    this.to = end;
    return this.#names(pdu, at, end);
  }

  #names(pdu: Uint8Array, from: number, end: number): boolean {
    this.isList = pdu[from] === LIST;
    let at = this.#open(pdu, from, end, this.isList ? LIST : VARIABLES);
    if (at < 0 || this.#end !== end) return false;
    if (!this.isList) {
      at = this.#open(pdu, at, end, SEQUENCE);
      if (at < 0 || this.#end !== end) return false;
      at = this.#open(pdu, at, end, NAME);
      if (at < 0 || this.#end !== end) return false;
    }
    at = this.#open(pdu, at, end, IN_DOMAIN);
    if (at < 0 || this.#end !== end) return false;
    this.domainFrom = this.#open(pdu, at, end, IDENTIFIER);
    this.domainTo = this.#end;
    if (this.domainFrom < 0) return false;
    this.itemFrom = this.#open(pdu, this.domainTo, end, IDENTIFIER);
    this.itemTo = this.#end;
    return this.itemFrom >= 0 && this.itemTo === end;
  }

  /** Where the content of an element of a tag begins, -1 of another, or of one that does not end before `end`. */
  #open(pdu: Uint8Array, at: number, end: number, tag: number): number {
    if (at + 2 > end || pdu[at] !== tag) return -1;
    let length = pdu[at + 1] ?? 0;
    let from = at + 2;
    if (length > 0x80 && length <= 0x82) {
      const octets = length - 0x80;
      if (from + octets > end) return -1;
      length = 0;
      for (let k = 0; k < octets; k++) length = length * 256 + (pdu[from++] ?? 0);
    } else if (length >= 0x80) return -1;
    this.#end = from + length;
    return this.#end > end ? -1 : from;
  }
}

const REQUEST = 0xa0;
const INTEGER = 0x02;
const READ = 0xa4;
const WITH_SPECIFICATION = 0x80;
const SPECIFICATION = 0xa1;
const VARIABLES = 0xa0;
const LIST = 0xa1;
const SEQUENCE = 0x30;
const NAME = 0xa0;
const IN_DOMAIN = 0xa1;
const IDENTIFIER = 0x1a;
