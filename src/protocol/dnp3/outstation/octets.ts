/** A fragment in the making: a buffer as long as a fragment may be. */
import type { Variation } from "./kinds.ts";

/** Octets before the objects of a response: control, function, internal indications. */
export const RESPONSE_HEADER = 4;

/** A fragment has room for this much, whatever is configured: one segment of the transport. */
const LEAST = 249;

export class Octets {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  at = RESPONSE_HEADER;

  constructor(most: number) {
    this.bytes = new Uint8Array(Math.max(LEAST, most));
    this.view = new DataView(this.bytes.buffer);
  }

  get left(): number {
    return this.bytes.length - this.at;
  }

  /** Begins anew, behind the header of a response. */
  begin(): void {
    this.at = RESPONSE_HEADER;
  }

  /** Nothing is behind the header. */
  get isEmpty(): boolean {
    return this.at === RESPONSE_HEADER;
  }

  u8(value: number): void {
    this.view.setUint8(this.at++, value);
  }

  u16(value: number): void {
    this.view.setUint16(this.at, value, true);
    this.at += 2;
  }

  header({ group, variation }: Pick<Variation, "group" | "variation">, qualifier: number): void {
    this.u8(group);
    this.u8(variation);
    this.u8(qualifier);
  }

  /** False, and nothing is written, where there is no room. */
  put(octets: Uint8Array): boolean {
    if (octets.length > this.left) return false;
    this.bytes.set(octets, this.at);
    this.at += octets.length;
    return true;
  }

  /** A copy of it with the header of a response. */
  response(control: number, code: number, iin: number): Uint8Array {
    this.view.setUint8(0, control);
    this.view.setUint8(1, code);
    this.view.setUint16(2, iin, true);
    return this.bytes.slice(0, this.at);
  }
}
