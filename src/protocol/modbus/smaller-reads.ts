/**
 * Devices that answer fewer registers at once than the protocol lets: a read that is refused (02 or 03), or not answered, is made in halves
 * that cut no value, and what was found out of a unit holds from then on. A single value that is refused is refused.
 */
import type { Asking } from "./client.ts";
import { ClientError, type Failing } from "./failing.ts";
import { Exception, MAX_READ, type Request, type Response } from "./pdu.ts";
import { planReads, type Span } from "./read-plan.ts";

type Read = Extract<Request, { readonly kind: "read" }>;
type Ask = (unit: number, request: Request, asking: Asking) => Promise<Response>;

/** What a device does that cannot answer so much, or a line that spoils long answers. */
const tooMuch: ReadonlySet<number> = new Set([Exception.illegalDataAddress, Exception.illegalDataValue]);
const quiet: ReadonlySet<Failing> = new Set<Failing>(["silence", "checksum", "noise", "echo"]);

/** Registers of the longest number that there is: what is longer is a text. No device answers less. */
const LONGEST_NUMBER = 4;

interface Size {
  /** Registers that it is asked for at once. */
  most: number;
  /** The most that it has answered. */
  answered: number;
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
    if (request.count > size.most) return this.#inPieces(unit, request, asking, size.most);
    const made = await this.#tried(unit, request, asking);
    if (!(made instanceof ClientError) && made.kind === "registers") {
      size.answered = Math.max(size.answered, request.count);
      return made;
    }
    if (
      asking.values !== undefined &&
      request.count > size.answered &&
      (await this.#mayBeTooMuch(unit, request, made, asking))
    ) {
      const half = Math.max(LONGEST_NUMBER, Math.ceil(request.count / 2));
      if (cut(request, asking.values, half).length > 1) {
        const pieces = await this.#inPieces(unit, request, asking, half);
        if (pieces.kind === "registers") size.most = Math.min(size.most, size.answered);
        return pieces;
      }
    }
    if (made instanceof ClientError) throw made;
    return made;
  }

  #sizeOf(unit: number): Size {
    const size = this.#sizes.get(unit) ?? { most: this.#most, answered: 0 };
    this.#sizes.set(unit, size);
    return size;
  }

  async #tried(unit: number, request: Read, asking: Asking): Promise<Response | ClientError> {
    try {
      return await this.#ask(unit, request, asking);
    } catch (error) {
      if (error instanceof ClientError && quiet.has(error.reason)) return error;
      throw error;
    }
  }

  /** Who has answered nothing yet may be nobody: one value is asked for, once. */
  async #mayBeTooMuch(unit: number, request: Read, made: Response | ClientError, asking: Asking): Promise<boolean> {
    if (!(made instanceof ClientError)) return made.kind === "exception" && tooMuch.has(made.exception);
    if (this.#sizeOf(unit).answered > 0) return true;
    const [least] = (asking.values ?? []).filter((one) => within(one, request)).toSorted((a, b) => a.count - b.count);
    const one =
      least &&
      (await this.#tried(unit, { ...request, first: least.first, count: least.count }, { ...asking, retries: 0 }));
    return one !== undefined && !(one instanceof ClientError);
  }

  async #inPieces(unit: number, request: Read, asking: Asking, most: number): Promise<Response> {
    const values = new Uint16Array(request.count);
    for (const { first, count } of cut(request, asking.values, most)) {
      const piece = await this.read(unit, { ...request, first, count }, asking);
      if (piece.kind !== "registers") return piece;
      values.set(piece.values, first - request.first);
    }
    return { kind: "registers", fn: request.fn, values };
  }
}

function within(value: Span, { first, count }: Span): boolean {
  return value.first >= first && value.first + value.count <= first + count;
}

/** Reads of at most so many registers that bring the values of one; a value that is longer (a text) is cut, as is what nobody says the values of. */
function cut(request: Span, values: readonly Span[] | undefined, most: number): Span[] {
  const own = values?.filter((one) => within(one, request)) ?? [request];
  const pieces = own.flatMap(({ first, count }) =>
    Array.from({ length: Math.ceil(count / most) }, (_, k): Span => ({
      first: first + k * most,
      count: Math.min(most, count - k * most),
    })),
  );
  return planReads(pieces, { most }, [request]);
}
