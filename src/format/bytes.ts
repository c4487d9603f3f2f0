/** Where the bytes of a recording come from, and a window that goes over them. */

export interface ByteSource {
  readonly size: number;
  /** Puts bytes from `at` on into `into`; says how many there were. */
  read(at: number, into: Uint8Array): number;
}

export function bytesInMemory(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    read(at, into) {
      const part = bytes.subarray(at, at + into.length);
      into.set(part);
      return part.length;
    },
  };
}

/** The first bytes of a source, at most `most`. */
export function headOf(source: ByteSource, most: number): Uint8Array {
  const bytes = new Uint8Array(Math.min(most, source.size));
  return bytes.subarray(0, readFully(source, 0, bytes));
}

/** Reads until `into` is full or nothing is left. */
export function readFully(source: ByteSource, at: number, into: Uint8Array): number {
  let done = 0;
  while (done < into.length) {
    const got = source.read(at + done, into.subarray(done));
    if (got <= 0) break;
    done += got;
  }
  return done;
}

/** How many bytes a window holds. */
const WINDOW = 1 << 18;

/** Goes over the bytes of a source from `from` to `to`, once; what has not been taken stays when more is read. */
export class ByteWindow {
  readonly #source: ByteSource;
  readonly #from: number;
  readonly #to: number;
  #buffer: Uint8Array<ArrayBuffer>;
  #view: DataView;
  /** The next byte in `buffer`, and where what has been read ends. */
  at = 0;
  end = 0;
  /** The byte of the source that comes after those in the buffer. */
  #next: number;

  constructor(source: ByteSource, from: number, to: number) {
    this.#source = source;
    this.#from = from;
    this.#to = Math.min(to, source.size);
    this.#next = from;
    this.#buffer = new Uint8Array(Math.max(64, Math.min(WINDOW, this.#to - from)));
    this.#view = new DataView(this.#buffer.buffer);
  }

  get buffer(): Uint8Array {
    return this.#buffer;
  }

  get view(): DataView {
    return this.#view;
  }

  /** The position in the source of the next byte. */
  get place(): number {
    return this.#next - (this.end - this.at);
  }

  get left(): number {
    return this.#to - this.#next + (this.end - this.at);
  }

  /** Whether nothing comes after what is in the buffer. */
  get isLast(): boolean {
    return this.#next >= this.#to;
  }

  /** Reads more; false when nothing is left. A buffer that nothing was taken of grows. */
  more(): boolean {
    if (this.isLast) return false;
    if (this.at > 0) {
      this.#buffer.copyWithin(0, this.at, this.end);
      this.end -= this.at;
      this.at = 0;
    }
    if (this.end === this.#buffer.length) {
      const grown = new Uint8Array(2 * this.#buffer.length);
      grown.set(this.#buffer);
      this.#buffer = grown;
      this.#view = new DataView(grown.buffer);
    }
    const room = Math.min(this.#buffer.length - this.end, this.#to - this.#next);
    const got = readFully(this.#source, this.#next, this.#buffer.subarray(this.end, this.end + room));
    this.end += got;
    // A file that got shorter under way ends where it does.
    this.#next = got < room ? this.#to : this.#next + got;
    return got > 0;
  }

  rewind(): void {
    this.goTo(this.#from);
  }

  /** Goes on with that byte of the source. */
  goTo(place: number): void {
    this.at = 0;
    this.end = 0;
    this.#next = place;
  }
}
