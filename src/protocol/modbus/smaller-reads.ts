/**
 * Devices that answer fewer registers at once than the protocol lets: a read that is refused (02 or 03), or not answered, is made in halves
 * that cut no number, down to a number each, and what was found out of a unit holds from then on. A number that is refused, and whose registers
 * come one by one, is too long for the device: it is not read, for its parts would be of two moments.
 */
import type { Asking } from "./client.ts";
import { again, ClientError, type Failing } from "./failing.ts";
import { Exception, MAX_READ, type Request, type Response } from "./pdu.ts";
import { planReads, type Span } from "./read-plan.ts";

type Read = Extract<Request, { readonly kind: "read" }>;
type Ask = (unit: number, request: Request, asking: Asking) => Promise<Response>;

/** What a device does that cannot answer so much, or a line that spoils long answers. */
const tooMuch: ReadonlySet<number> = new Set([Exception.illegalDataAddress, Exception.illegalDataValue]);
const quiet: ReadonlySet<Failing> = new Set<Failing>(["silence", "part", "checksum", "noise", "echo"]);

/** Registers of the longest number that there is: what is longer is a text, which may be cut. */
const LONGEST_NUMBER = 4;

interface Size {
  /** Registers that it is asked for at once. */
  most: number;
  /** The most that it has answered. */
  answered: number;
  /** It has answered something, if with a refusal. */
  isThere: boolean;
}

export class SmallerReads {
  readonly #ask: Ask;
  readonly #most: number;
  readonly #sizes = new Map<number, Size>();

  /** `most` registers are asked for at once, however many a unit could answer. */
  constructor(ask: Ask, most = MAX_READ) {
    this.#ask = ask;
    this.#most = most;
  }

  /** Reads at once, or in pieces; `asking.values` says where it may be cut. Rejects with what a whole read rejects with. */
  async read(unit: number, request: Read, asking: Asking): Promise<Response> {
    const size = this.#sizeOf(unit);
    const { count } = request;
    const pieces = cut(request, asking.values, size.most);
    if (count > size.most && areParts(pieces, request)) return this.#inPieces(unit, request, asking, pieces);
    if (count > this.#most) throw tooLong(unit, request, `is to be asked for ${registers(this.#most)} at once at most`);
    const made = await this.#tried(unit, request, asking);
    if (!(made instanceof ClientError) && made.kind === "registers") {
      size.answered = Math.max(size.answered, count);
      return made;
    }
    if (asking.values === undefined || count <= size.answered) return orThrow(made);
    const failed = await this.#notTooMuch(unit, request, made, asking);
    if (failed === undefined) {
      const halves = cut(request, asking.values, Math.ceil(count / 2));
      if (areParts(halves, request)) {
        const whole = await this.#inPieces(unit, request, asking, halves);
        if (whole.kind === "registers") size.most = Math.min(size.most, size.answered);
        return whole;
      }
      if (count > 1 && (await this.#comesInParts(unit, request, asking)))
        throw tooLong(unit, request, `answers fewer than ${registers(count)} at once`);
    }
    return orThrow(failed ?? made);
  }

  #sizeOf(unit: number): Size {
    const size = this.#sizes.get(unit) ?? { most: this.#most, answered: 0, isThere: false };
    this.#sizes.set(unit, size);
    return size;
  }

  async #tried(unit: number, request: Read, asking: Asking): Promise<Response | ClientError> {
    try {
      const made = await this.#ask(unit, request, asking);
      this.#sizeOf(unit).isThere = true;
      return made;
    } catch (error) {
      if (error instanceof ClientError && quiet.has(error.reason)) return error;
      throw error;
    }
  }

  /** What a read fails with that is not too long; undefined where it may be. Who has answered nothing yet may be nobody: one register is asked for, once. */
  async #notTooMuch(
    unit: number,
    request: Read,
    made: Response | ClientError,
    asking: Asking,
  ): Promise<Response | ClientError | undefined> {
    if (!(made instanceof ClientError))
      return made.kind === "exception" && tooMuch.has(made.exception) ? undefined : made;
    if (this.#sizeOf(unit).isThere) return undefined;
    if (request.count === 1) return made;
    const one = await this.#tried(unit, { ...request, count: 1 }, { ...asking, retries: 0 });
    return one instanceof ClientError ? again(one, made) : undefined;
  }

  /** Whether a number that does not come as a whole does in parts. */
  async #comesInParts(unit: number, request: Read, asking: Asking): Promise<boolean> {
    for (let most = request.count >> 1; most > 0; most >>= 1) {
      let came = 0;
      for (const part of cut(request, undefined, most)) {
        const made = await this.#tried(unit, { ...request, ...part }, { ...asking, retries: 0 });
        if (made instanceof ClientError || made.kind !== "registers") break;
        came += part.count;
      }
      if (came === request.count) return true;
    }
    return false;
  }

  async #inPieces(unit: number, request: Read, asking: Asking, pieces: readonly Span[]): Promise<Response> {
    const values = new Uint16Array(request.count);
    for (const { first, count } of pieces) {
      const piece = await this.read(unit, { ...request, first, count }, asking);
      if (piece.kind !== "registers") return piece;
      values.set(piece.values, first - request.first);
    }
    return { kind: "registers", fn: request.fn, values };
  }
}

function orThrow(made: Response | ClientError): Response {
  if (made instanceof ClientError) throw made;
  return made;
}

function areParts(pieces: readonly Span[], { count }: Span): boolean {
  return pieces.length > 0 && pieces.every((piece) => piece.count < count);
}

function registers(count: number): string {
  return count === 1 ? "one register" : `${count} registers`;
}

/** By its addresses: its register numbers are the model's. */
function tooLong(unit: number, { first, count }: Span, why: string): ClientError {
  return new ClientError(
    `unit ${unit} ${why}, and the value at addresses ${first} to ${first + count - 1} has ${count}: in parts it would be of two moments, and is not read`,
    "refused",
  );
}

/** What of a value lies in a request; undefined where nothing does, or a part of a number. */
function within(value: Span, request: Span): Span | undefined {
  const first = Math.max(value.first, request.first);
  const end = Math.min(value.first + value.count, request.first + request.count);
  const isWhole = end - first === value.count;
  return end > first && (isWhole || value.count > LONGEST_NUMBER) ? { first, count: end - first } : undefined;
}

/**
 * Reads of at most so many registers that bring the values of one, numbers in one piece however long they are. A text is cut, as is what nobody
 * says the values of.
 */
function cut(request: Span, values: readonly Span[] | undefined, most: number): Span[] {
  const numbers: Span[] = [];
  const pieces: Span[] = [];
  for (const value of values ?? [request]) {
    const own = within(value, request);
    if (own === undefined) continue;
    const { first, count } = own;
    if (count > most && values !== undefined && value.count <= LONGEST_NUMBER) numbers.push(own);
    else for (let at = 0; at < count; at += most) pieces.push({ first: first + at, count: Math.min(most, count - at) });
  }
  return [...planReads(pieces, { most }, [request]), ...numbers].toSorted((a, b) => a.first - b.first);
}
