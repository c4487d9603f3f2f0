/** Faults that only Modbus can have, and which of its requests a rule strikes. */
import type { FaultRule, FaultyLink, LinkFault } from "#io/faulty-link.ts";
import { encodeException, type Exception } from "./pdu.ts";

export type ModbusFault =
  | LinkFault
  /** This exception instead; the request is not carried out. */
  | { readonly kind: "exception"; readonly code: Exception }
  /** The answer belongs to another transaction (TCP). */
  | { readonly kind: "transaction" }
  /** An answer in good form with only so many registers. */
  | { readonly kind: "registers"; readonly count: number }
  /** The checksum is wrong (RTU). */
  | { readonly kind: "crc" };

/** A fault, and which requests it strikes; what is not said is any. */
export interface ModbusFaultRule extends FaultRule<ModbusFault> {
  readonly unit?: number | undefined;
  readonly function?: number | undefined;
  /** Requests whose first wire address lies from the one to the other. */
  readonly addresses?: readonly [from: number, to: number] | undefined;
  /** Requests for so many registers or bits. */
  readonly count?: number | undefined;
}

/** Functions whose PDU begins with an address. */
const ADDRESSED = new Set([0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x0f, 0x10, 0x16, 0x17]);

/** Which rules are of a request to `unit`. */
function of(unit: number, pdu: Uint8Array): (rule: ModbusFaultRule) => boolean {
  const code = pdu[0] ?? 0;
  const addressed = ADDRESSED.has(code);
  const first = ((pdu[1] ?? 0) << 8) | (pdu[2] ?? 0);
  const count = ((pdu[3] ?? 0) << 8) | (pdu[4] ?? 0);
  return (rule) => {
    if (rule.unit !== undefined && rule.unit !== unit) return false;
    if (rule.function !== undefined && rule.function !== code) return false;
    if (rule.count !== undefined && (!addressed || rule.count !== count)) return false;
    if (rule.addresses === undefined) return true;
    const [from, to] = rule.addresses;
    return addressed && first >= from && first <= to;
  };
}

/** A request as it came, and how its answer is made when one is due. */
export interface FaultyRequest {
  readonly unit: number;
  readonly pdu: Uint8Array;
  /** Carries the request out; the answer's PDU, or undefined where none is due. */
  readonly answer: () => Uint8Array | undefined;
  /** Puts a PDU into a frame of this request. */
  readonly frame: (pdu: Uint8Array) => Uint8Array;
}

/** One link of a listener with a plan: every request goes through it. */
export class FaultyAnswers {
  readonly #link: FaultyLink<ModbusFaultRule>;
  readonly #framing: "tcp" | "rtu";

  constructor(link: FaultyLink<ModbusFaultRule>, framing: "tcp" | "rtu") {
    this.#link = link;
    this.#framing = framing;
  }

  /** Whether answers may go their usual way. */
  get idle(): boolean {
    return this.#link.idle;
  }

  /** `gapMs` is the silence that the line wants before each answer. */
  answer(request: FaultyRequest, gapMs = 0): void {
    // What came behind the request at which the link was closed is never read.
    if (this.#link.ended) return;
    const fault = this.#link.plan.strike(of(request.unit, request.pdu));
    if (fault?.kind === "exception") {
      this.#link.deliver(request.frame(encodeException(request.pdu[0] ?? 0, fault.code)), undefined, gapMs);
      return;
    }
    const pdu = request.answer();
    if (pdu !== undefined) this.#link.deliver(this.#spoilt(pdu, fault, request), fault, gapMs);
  }

  /** The frame of an answer, with what Modbus alone can do wrong in it. */
  #spoilt(pdu: Uint8Array, fault: ModbusFault | undefined, { frame }: FaultyRequest): Uint8Array {
    if (fault?.kind === "registers") {
      return frame(Uint8Array.of(pdu[0] ?? 0, 2 * fault.count, ...pdu.subarray(2, 2 + 2 * fault.count)));
    }
    const bytes = frame(pdu);
    const last = bytes.length - 1;
    if (fault?.kind === "transaction" && this.#framing === "tcp") bytes[1] = (bytes[1] ?? 0) ^ 0xff;
    if (fault?.kind === "crc" && this.#framing === "rtu") bytes[last] = (bytes[last] ?? 0) ^ 0xff;
    return bytes;
  }
}
