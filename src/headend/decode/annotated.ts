/** What bytes say, field by field: where each begins, how long it is, what it is called and what it means. */
import { Reader, WireError } from "#wire/cursor.ts";

export interface Annotated {
  /** Its first byte in the message. */
  readonly at: number;
  readonly length: number;
  readonly name: string;
  readonly text?: string | undefined;
  /** Bytes of its own, made of those of the message (a plain text, what blocks are put together to): its positions are in these. */
  readonly bytes?: Uint8Array;
  /** What is wrong here is in the text. */
  readonly isProblem?: true;
  readonly inside?: readonly Annotated[];
}

/** Reads bytes from their beginning to their end and keeps what each field was. */
export class Walk {
  readonly from: Reader;
  readonly #offset: number;
  #fields: Annotated[] = [];

  /** `offset` is the first byte's place in the message. */
  constructor(bytes: Uint8Array, offset = 0) {
    this.from = new Reader(bytes);
    this.#offset = offset;
  }

  /** Of the byte that is read next, in the message. */
  get at(): number {
    return this.#offset + this.from.at;
  }

  get fields(): readonly Annotated[] {
    return this.#fields;
  }

  /** One field: `say` has its value in words. */
  field<T>(name: string, read: (from: Reader) => T, say: (value: T) => string = String): T {
    const { at } = this;
    const value = read(this.from);
    this.#fields.push({ at, length: this.at - at, name, text: say(value) });
    return value;
  }

  /** Fields that belong together. What was read of them is kept when reading ends among them. */
  group<T>(name: string, walk: () => T, say?: (value: T) => string): T {
    const { at } = this;
    const outside = this.#fields;
    const inside: Annotated[] = [];
    this.#fields = inside;
    let text: string | undefined;
    try {
      const value = walk();
      text = say?.(value);
      return value;
    } finally {
      this.#fields = outside;
      outside.push({ at, length: this.at - at, name, text, inside });
    }
  }

  /** The next `count` bytes, as somebody else annotates them. */
  within(
    name: string,
    count: number,
    annotate: (bytes: Uint8Array, offset: number) => readonly Annotated[],
    text?: string,
  ): void {
    const { at } = this;
    const bytes = this.from.bytes(count);
    this.#fields.push({ at, length: count, name, text, inside: annotate(bytes, at) });
  }

  add(...fields: readonly Annotated[]): void {
    this.#fields.push(...fields);
  }

  problem(name: string, text: string, at = this.at, length = 0): void {
    this.#fields.push({ at, length, name, text, isProblem: true });
  }
}

/** All that bytes say by `walk`, and where they stop to make sense, or go on behind it. */
export function annotatedBy(bytes: Uint8Array, offset: number, walk: (walk: Walk) => void): readonly Annotated[] {
  const reading = new Walk(bytes, offset);
  try {
    walk(reading);
    const { left } = reading.from;
    if (left > 0) reading.problem("more", `${left} bytes behind what is complete`, reading.at, left);
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    // What it says of the place is of this part of the message.
    const why = error.message.replace(/ \(at byte \d+\)$/, "");
    const at = Math.min(error.at, bytes.length);
    reading.problem("not understood", why, offset + at, bytes.length - at);
  }
  return reading.fields;
}

/** Whether anything in it is a problem. */
export function hasProblem({ isProblem, inside = [] }: Annotated): boolean {
  return isProblem === true || inside.some(hasProblem);
}

/** Bytes that are not in the message as they are, with what they say. */
export function apart(name: string, note: string, bytes: Uint8Array, inside: readonly Annotated[]): Annotated {
  return {
    at: 0,
    length: bytes.length,
    name,
    text: `${bytes.length} bytes, counted from 0 again; ${note}`,
    inside,
    bytes,
  };
}
