/**
 * Bounds-checked reading and writing of bytes. Integers are big endian unless `little` is named, as the
 * protocols of meters have them; every read past the end throws a WireError with the byte position.
 */
export class WireError extends Error {
  /** Byte position in the input at which it stopped making sense. */
  readonly at: number;

  constructor(message: string, at: number) {
    super(`${message} (at byte ${at})`);
    this.name = "WireError";
    this.at = at;
  }
}

export class Reader {
  readonly #view: DataView;
  readonly #bytes: Uint8Array;
  at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get length(): number {
    return this.#bytes.length;
  }

  get left(): number {
    return this.#bytes.length - this.at;
  }

  /** `what` is undefined of a run of bytes. */
  #take(count: number, what: string | undefined): number {
    const at = this.at;
    if (count < 0 || count > this.left) {
      throw new WireError(`${what ?? `a run of ${count}`} needs ${count} bytes where ${this.left} are left`, at);
    }
    this.at += count;
    return at;
  }

  u8(): number {
    return this.#bytes[this.#take(1, "a byte")]!;
  }

  u16(little = false): number {
    return this.#view.getUint16(this.#take(2, "a 16-bit value"), little);
  }

  i16(little = false): number {
    return this.#view.getInt16(this.#take(2, "a 16-bit value"), little);
  }

  u32(little = false): number {
    return this.#view.getUint32(this.#take(4, "a 32-bit value"), little);
  }

  i32(little = false): number {
    return this.#view.getInt32(this.#take(4, "a 32-bit value"), little);
  }

  f32(little = false): number {
    return this.#view.getFloat32(this.#take(4, "a 32-bit float"), little);
  }

  f64(little = false): number {
    return this.#view.getFloat64(this.#take(8, "a 64-bit float"), little);
  }

  /** The next `count` bytes, as a view on the input. */
  bytes(count: number): Uint8Array {
    const at = this.#take(count, undefined);
    return this.#bytes.subarray(at, at + count);
  }

  /** The next `count` bytes as text, one character a byte, however many there are. */
  latin1(count: number): string {
    let text = "";
    for (const byte of this.bytes(count)) text += String.fromCharCode(byte);
    return text;
  }

  skip(count: number): void {
    this.#take(count, "what is skipped");
  }
}

/** Writes into a buffer that grows; `done()` is what was written. */
export class Writer {
  #bytes: Uint8Array;
  #view: DataView;
  at = 0;

  constructor(capacity = 64) {
    this.#bytes = new Uint8Array(capacity);
    this.#view = new DataView(this.#bytes.buffer);
  }

  #room(count: number): number {
    const at = this.at;
    this.at += count;
    if (this.at > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(this.at, 2 * this.#bytes.length));
      grown.set(this.#bytes);
      this.#bytes = grown;
      this.#view = new DataView(grown.buffer);
    }
    return at;
  }

  u8(value: number): this {
    const at = this.#room(1);
    this.#view.setUint8(at, value);
    return this;
  }

  u16(value: number, little = false): this {
    const at = this.#room(2);
    this.#view.setUint16(at, value, little);
    return this;
  }

  i16(value: number, little = false): this {
    const at = this.#room(2);
    this.#view.setInt16(at, value, little);
    return this;
  }

  u32(value: number, little = false): this {
    const at = this.#room(4);
    this.#view.setUint32(at, value, little);
    return this;
  }

  i32(value: number, little = false): this {
    const at = this.#room(4);
    this.#view.setInt32(at, value, little);
    return this;
  }

  f32(value: number, little = false): this {
    const at = this.#room(4);
    this.#view.setFloat32(at, value, little);
    return this;
  }

  f64(value: number, little = false): this {
    const at = this.#room(8);
    this.#view.setFloat64(at, value, little);
    return this;
  }

  bytes(bytes: Uint8Array): this {
    const at = this.#room(bytes.length);
    this.#bytes.set(bytes, at);
    return this;
  }

  latin1(text: string): this {
    for (let k = 0; k < text.length; k++) this.u8(text.charCodeAt(k) & 0xff);
    return this;
  }

  done(): Uint8Array {
    return this.#bytes.slice(0, this.at);
  }
}
