/**
 * Requests that were given up, and what comes of them yet: over TCP the transaction tells, on a line unit, function and length do. Whoever
 * answers late is waited for longer from then on.
 */
import { joined } from "#io/byte-run.ts";
import { decodeResponse, mismatch, type Request, type Response } from "./pdu.ts";
import { goodFrame, MAX_FRAME, responseLength } from "./rtu.ts";

/** An answer to a request that had been given up. */
export interface LateAnswer {
  readonly unit: number;
  readonly response: Response;
  /** Milliseconds after the request. */
  readonly afterMs: number;
}

/** So many times what a late answer has taken, the next may take, and never more than this, milliseconds. */
const MARGIN = 1.5;
const MOST_MS = 10_000;

/** How long the next answer is waited for of who took so long, milliseconds. */
export function patienceAfter(afterMs: number): number {
  return Math.min(MOST_MS, MARGIN * afterMs);
}

/** Requests that are kept, and for how long: what comes after a minute answers something else. */
const KEPT = 64;
const KEPT_MS = 60_000;

interface Asked {
  readonly unit: number;
  readonly request: Request;
  /** When, in elapsed time. */
  readonly sent: number;
}

function answerTo({ unit, request }: Asked, from: number, pdu: Uint8Array): Response | undefined {
  const response = from === unit ? decodeResponse(pdu) : undefined;
  return response === undefined || mismatch(request, response) !== undefined ? undefined : response;
}

/** Over TCP. */
export class GivenUpTransactions<One extends Asked> {
  /** The oldest first. */
  readonly #kept = new Map<number, One>();

  add(id: number, one: One): void {
    this.#kept.set(id, one);
    for (const [oldest] of this.#kept) if (this.#kept.size > KEPT) this.#kept.delete(oldest);
  }

  /** The transaction is used anew. */
  forget(id: number): void {
    this.#kept.delete(id);
  }

  /** Takes unit and PDU of an answer that nobody waits for. */
  take(id: number, answer: Uint8Array, now: number): { readonly one: One; readonly late: LateAnswer } | undefined {
    const one = this.#kept.get(id);
    this.#kept.delete(id);
    const response = one && answerTo(one, answer[0] ?? 0, answer.subarray(1));
    if (one === undefined || response === undefined) return undefined;
    return { one, late: { unit: one.unit, response, afterMs: now - one.sent } };
  }
}

/** On a line. */
export class GivenUpOnLine {
  #kept: (Asked & {
    /** When something came that may have been its answer, and was taken for a later one's. */ perhaps?: number;
  })[] = [];
  #bytes: Uint8Array = new Uint8Array(0);

  add({ unit, request, sent }: Asked): void {
    this.#kept = [...this.#kept.slice(1 - KEPT), { unit, request, sent }];
  }

  /** Takes what came, and the PDU that is the answer to what is waited for now, if it was among it; the late answers, each with its frame. */
  hear(
    chunk: Uint8Array,
    now: number,
    found?: Uint8Array,
  ): readonly { readonly late: LateAnswer; readonly frame: Uint8Array }[] {
    this.#kept = this.#kept.filter(({ sent }) => now - sent < KEPT_MS);
    this.#bytes = this.#kept.length === 0 ? new Uint8Array(0) : joined(this.#bytes, chunk);
    const bytes = this.#bytes;
    const heard: { readonly late: LateAnswer; readonly frame: Uint8Array }[] = [];
    let done = Math.max(0, bytes.length - MAX_FRAME);
    for (let from = 0; from < bytes.length;) {
      const length = goodFrame(bytes, from, responseLength);
      if (length > 0) {
        const frame = bytes.subarray(from, from + length);
        const late = this.#match(frame, now, found);
        if (late !== undefined) heard.push({ late, frame: frame.slice() });
        done = Math.max(done, from + length);
      }
      from += Math.max(1, length);
    }
    this.#bytes = bytes.slice(done);
    return heard;
  }

  /**
   * Whether an answer to this may be one to something else that the unit was asked before: so many registers from another address, which nobody on
   * a line can tell. The oldest of those is answered with it; what is asked once more will be answered with its own.
   */
  mayBeOfAnother({ unit, request }: Asked, now: number): boolean {
    const isAlike = (one: Asked & { readonly perhaps?: number }): boolean =>
      one.unit === unit &&
      one.request.kind === "read" &&
      request.kind === "read" &&
      one.request.fn === request.fn &&
      one.request.count === request.count &&
      one.request.first !== request.first &&
      now - (one.perhaps ?? one.sent) < MOST_MS;
    const at = this.#kept.findIndex(isAlike);
    if (at >= 0) this.#kept = this.#kept.toSpliced(at, 1);
    return at >= 0;
  }

  #match(frame: Uint8Array, now: number, found: Uint8Array | undefined): LateAnswer | undefined {
    const pdu = frame.subarray(1, -2);
    const isFound = found !== undefined && pdu.length === found.length && pdu.every((byte, k) => byte === found[k]);
    for (const [k, one] of this.#kept.entries()) {
      const response = answerTo(one, frame[0] ?? 0, pdu);
      if (response === undefined) continue;
      if (isFound) {
        // Asked again, a unit that answers late answers twice: only the second answer tells whose the first was.
        one.perhaps ??= now;
        return undefined;
      }
      this.#kept = this.#kept.toSpliced(k, 1);
      return { unit: one.unit, response, afterMs: (one.perhaps ?? now) - one.sent };
    }
    return undefined;
  }
}
