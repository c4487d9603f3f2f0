/**
 * Faults on purpose: what a line or a meter does wrong, injected into the answers of one listener, so that a reader can
 * be tried against it. Nothing here runs on a listener without a plan.
 */
import type { Cancel, Clock } from "#clock/clock.ts";
import type { Link } from "#io/link.ts";
import { encodeException, type Exception } from "./pdu.ts";

export type Fault =
  /** The answer, and all after it, come so much later. */
  | { readonly kind: "delay"; readonly ms: number }
  /** There is no answer; the request is carried out. */
  | { readonly kind: "drop" }
  /** This exception instead; the request is not carried out. */
  | { readonly kind: "exception"; readonly code: Exception }
  /** The answer belongs to another transaction (TCP). */
  | { readonly kind: "transaction" }
  /** An answer in good form with only so many registers. */
  | { readonly kind: "registers"; readonly count: number }
  /** Only the first bytes of the answer come. */
  | { readonly kind: "truncate"; readonly bytes: number }
  /** The answer comes byte by byte, so far apart. */
  | { readonly kind: "trickle"; readonly ms: number }
  /** The checksum is wrong (RTU). */
  | { readonly kind: "crc" };

/** A fault, and which requests it strikes; what is not said is any. */
export interface FaultRule {
  readonly fault: Fault;
  readonly unit?: number | undefined;
  readonly function?: number | undefined;
  /** Requests whose first wire address lies from the one to the other. */
  readonly addresses?: readonly [from: number, to: number] | undefined;
  /** Requests for so many registers or bits. */
  readonly count?: number | undefined;
  /** Every so many of the requests that match: 1 is each of them. */
  readonly every?: number | undefined;
  /** After so many strikes the rule is done. */
  readonly times?: number | undefined;
}

/** Functions whose PDU begins with an address. */
const ADDRESSED = new Set([0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x0f, 0x10, 0x16, 0x17]);

/** The faults of one listener; they can be changed while it runs. */
export class FaultPlan {
  #rules: { readonly rule: FaultRule; matched: number; struck: number }[] = [];

  constructor(rules: readonly FaultRule[] = []) {
    this.set(rules);
  }

  /** Puts these rules in place of those before; their counts begin anew. */
  set(rules: readonly FaultRule[]): void {
    this.#rules = rules.map((rule) => ({ rule, matched: 0, struck: 0 }));
  }

  add(rules: readonly FaultRule[]): void {
    for (const rule of rules) this.#rules.push({ rule, matched: 0, struck: 0 });
  }

  /** Whether there is nothing to do: then a listener need not ask. */
  get idle(): boolean {
    return this.#rules.length === 0;
  }

  get rules(): readonly (FaultRule & { readonly struck: number })[] {
    return this.#rules.map(({ rule, struck }) => ({ ...rule, struck }));
  }

  /** The fault for a request to `unit`, by the first rule that strikes. */
  strike(unit: number, pdu: Uint8Array): Fault | undefined {
    const code = pdu[0] ?? 0;
    const first = ((pdu[1] ?? 0) << 8) | (pdu[2] ?? 0);
    for (const entry of this.#rules) {
      const { rule } = entry;
      if (rule.unit !== undefined && rule.unit !== unit) continue;
      if (rule.function !== undefined && rule.function !== code) continue;
      if (rule.addresses !== undefined) {
        const [from, to] = rule.addresses;
        if (!ADDRESSED.has(code) || first < from || first > to) continue;
      }
      if (rule.count !== undefined && (!ADDRESSED.has(code) || rule.count !== (((pdu[3] ?? 0) << 8) | (pdu[4] ?? 0))))
        continue;
      if (entry.struck >= (rule.times ?? Infinity)) continue;
      entry.matched++;
      if (entry.matched % (rule.every ?? 1) !== 0) continue;
      entry.struck++;
      return rule.fault;
    }
    return undefined;
  }
}

/** Sends answers in order, though some of them come late or in pieces. */
class OrderedSender {
  readonly #link: Link;
  readonly #clock: Clock;
  readonly #queue: { readonly bytes: Uint8Array; readonly afterMs: number }[] = [];
  #waiting: Cancel | undefined;

  constructor(link: Link, clock: Clock) {
    this.#link = link;
    this.#clock = clock;
    link.closed(() => this.#waiting?.());
  }

  get idle(): boolean {
    return this.#waiting === undefined && this.#queue.length === 0;
  }

  send(bytes: Uint8Array, afterMs = 0): void {
    this.#queue.push({ bytes, afterMs });
    if (this.#waiting === undefined) this.#next();
  }

  #next(): void {
    for (let head = this.#queue[0]; head !== undefined; head = this.#queue[0]) {
      this.#queue.shift();
      const { bytes, afterMs } = head;
      if (afterMs <= 0) {
        this.#link.send(bytes);
        continue;
      }
      this.#waiting = this.#clock.after(afterMs, () => {
        this.#waiting = undefined;
        this.#link.send(bytes);
        this.#next();
      });
      return;
    }
  }
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
export class FaultyLink {
  readonly #plan: FaultPlan;
  readonly #framing: "tcp" | "rtu";
  readonly #sender: OrderedSender;

  constructor(link: Link, plan: FaultPlan, clock: Clock, framing: "tcp" | "rtu") {
    this.#plan = plan;
    this.#framing = framing;
    this.#sender = new OrderedSender(link, clock);
  }

  /** Whether answers may go their usual way: no rule is in force, and none of before still holds one back. */
  get idle(): boolean {
    return this.#plan.idle && this.#sender.idle;
  }

  /** `gapMs` is the silence that the line wants before each answer. */
  answer(request: FaultyRequest, gapMs = 0): void {
    const fault = this.#plan.strike(request.unit, request.pdu);
    if (fault?.kind === "exception") {
      this.#sender.send(request.frame(encodeException(request.pdu[0] ?? 0, fault.code)), gapMs);
      return;
    }
    const pdu = request.answer();
    if (pdu === undefined || fault?.kind === "drop") return;
    const short =
      fault?.kind === "registers"
        ? Uint8Array.of(pdu[0] ?? 0, 2 * fault.count, ...pdu.subarray(2, 2 + 2 * fault.count))
        : pdu;
    const bytes = request.frame(short);
    switch (fault?.kind) {
      case "delay":
        this.#sender.send(bytes, gapMs + fault.ms);
        break;
      case "transaction":
        if (this.#framing === "tcp") bytes[1] = (bytes[1] ?? 0) ^ 0xff;
        this.#sender.send(bytes, gapMs);
        break;
      case "truncate":
        this.#sender.send(bytes.subarray(0, fault.bytes), gapMs);
        break;
      case "trickle":
        for (let k = 0; k < bytes.length; k++) this.#sender.send(bytes.slice(k, k + 1), k === 0 ? gapMs : fault.ms);
        break;
      case "crc":
        if (this.#framing === "rtu") bytes[bytes.length - 1] = (bytes[bytes.length - 1] ?? 0) ^ 0xff;
        this.#sender.send(bytes, gapMs);
        break;
      default:
        this.#sender.send(bytes, gapMs);
    }
  }
}
