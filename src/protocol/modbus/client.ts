/**
 * A Modbus client on one link, over TCP or RTU framing: requests go out in order, each with a time-out; one at a time, or on
 * TCP as many at once as the other side takes. What the unit refuses is a value; what does not come, or is no answer to
 * what was asked, rejects with a ClientError.
 */
import type { Cancel, Clock } from "#clock/clock.ts";
import { joined } from "#io/byte-run.ts";
import type { Link } from "#io/link.ts";
import { transmissionMs } from "#io/serial.ts";
import { answersAlike, AwaitedAnswer } from "./awaited-answer.ts";
import { ClientError, failure, nothingHeard, type Heard } from "./failing.ts";
import { GivenUpOnLine, GivenUpTransactions, patienceAfter, type LateAnswer } from "./given-up.ts";
import { decodeResponse, encodeRequest, Exception, mismatch, type Request, type Response } from "./pdu.ts";
import type { Span } from "./read-plan.ts";
import { frame, longestAnswer } from "./rtu.ts";
import { askAlike, comesBack, MBAP, partOf, tcpFrame } from "./tcp-frame.ts";
import { SLOWEST_BAUD } from "./transports.ts";
import type { Waiting } from "./waiting.ts";

/** For one request, what is not as for all of them. */
export interface Asking {
  /** As long and no longer, however late the unit has been found to answer. */
  readonly timeoutMs?: number;
  /** How often it is asked again. */
  readonly retries?: number;
  /** The values that a read brings: where it may be cut when the unit answers no more than a part of it. It is not cut unless said. */
  readonly values?: readonly Span[];
}

/** Who takes requests: a client on one link, or a line that outlives links. */
export interface Requester {
  request(unit: number, request: Request, asking?: Asking): Promise<Response>;
  close(): void;
}

/** The names of the exceptions, for people. */
export function exceptionName(code: number): string {
  const found = Object.entries(Exception).find(([, value]) => value === code);
  const words = found?.[0].replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`) ?? "unknown exception";
  return `${words} (0x${code.toString(16).padStart(2, "0")})`;
}

export interface ClientOptions {
  readonly framing: "tcp" | "rtu";
  /**
   * How long an answer may take to begin, milliseconds. The time that request and answer take on a line comes on top; and so does the time
   * that bytes of it keep coming.
   */
  readonly timeoutMs: number;
  /** Of a serial line; what a gateway has behind it is not known. */
  readonly baud?: number | undefined;
  /** Is told of answers that came after all. */
  readonly late?: ((answer: LateAnswer) => void) | undefined;
  /** Requests that may wait for their answers at once; 1 unless said, and always on a serial line. */
  readonly outstanding?: number;
}

const nothing = new Uint8Array(0);

export class ModbusClient implements Requester {
  readonly #link: Link;
  readonly #clock: Clock;
  readonly #options: ClientOptions;
  readonly #outstanding: number;
  #queue: Waiting[] = [];
  /** By transaction, the oldest first; on a line there is one. */
  readonly #inFlight = new Map<number, Waiting>();
  #transaction = 0;
  #pending: Uint8Array = nothing;
  #ended: string | undefined;
  /** One timer for all that is under way, and when it runs out. */
  #watch: Cancel | undefined;
  #watchesAt = Infinity;
  /** The adapter hands back what is sent; undefined as long as nobody knows. */
  #echoes: boolean | undefined;
  readonly #givenUp = new GivenUpTransactions<Waiting>();
  readonly #givenUpOnLine = new GivenUpOnLine();
  /** After how long units were found to answer that had not been waited for so long, milliseconds. */
  readonly #lateMs = new Map<number, number>();

  constructor(link: Link, clock: Clock, options: ClientOptions) {
    this.#link = link;
    this.#clock = clock;
    this.#options = options;
    this.#outstanding = options.framing === "tcp" ? (options.outstanding ?? 1) : 1;
    link.receive((chunk) => {
      if (options.framing === "rtu") return this.#receiveRtu(chunk);
      this.#pending = this.#pending.length === 0 ? chunk : joined(this.#pending, chunk);
      this.#receiveTcp();
      // The link wants its array back.
      this.#pending = this.#pending.slice();
    });
    link.closed((fault) => {
      this.#ended = fault === undefined ? "the meter closed the connection" : `the connection failed: ${fault.message}`;
      this.#watch?.();
      const left = [...this.#inFlight.values(), ...this.#queue];
      this.#inFlight.clear();
      this.#queue = [];
      for (const waiting of left) waiting.reject(this.#closedError());
    });
  }

  /** Whether the link has ended: nothing can be asked any more. */
  get ended(): boolean {
    return this.#ended !== undefined;
  }

  #closedError(): ClientError {
    return new ClientError(`${this.#link.peer}: ${this.#ended ?? "closed"}`, "closed");
  }

  request(unit: number, request: Request, { timeoutMs }: Asking = {}): Promise<Response> {
    return new Promise((resolve, reject) => {
      if (this.ended) return reject(this.#closedError());
      this.#queue.push(this.#waiting(unit, request, { timeoutMs, resolve, reject }));
      this.#next();
    });
  }

  #waiting(
    unit: number,
    request: Request,
    { timeoutMs, resolve, reject }: Pick<Waiting, "timeoutMs" | "resolve" | "reject">,
  ): Waiting {
    const pdu = encodeRequest(request);
    const bytes = this.#options.framing === "tcp" ? tcpFrame(unit, pdu) : frame(unit, pdu);
    return { unit, request, bytes, resolve, reject, timeoutMs, sent: NaN, due: NaN, last: NaN };
  }

  /**
   * What goes out before a request: on a line of which nobody knows whether it echoes, a write whose answer are the same bytes waits for
   * a reading, whose answer are others. What that says does not matter, nor that it may be refused.
   */
  #before({ unit, request, timeoutMs }: Waiting): Waiting | undefined {
    if (this.#options.framing === "tcp" || this.#echoes !== undefined || !answersAlike(request)) return undefined;
    const settle = (): void => {
      this.#echoes ??= false;
    };
    const probe = { kind: "read", fn: 0x03, first: request.first, count: 1 } as const;
    return this.#waiting(unit, probe, { timeoutMs, resolve: settle, reject: settle });
  }

  close(): void {
    this.#link.close();
  }

  /** Sends what may go out now, in one piece. */
  #next(): void {
    let outgoing: Uint8Array | undefined;
    while (this.#inFlight.size < this.#outstanding) {
      const [first] = this.#queue;
      if (first === undefined) break;
      const before = this.#before(first);
      if (before === undefined) this.#queue.shift();
      const waiting = before ?? first;
      const { bytes } = waiting;
      const id = (this.#transaction = (this.#transaction + 1) & 0xffff);
      this.#begin(waiting);
      this.#inFlight.set(id, waiting);
      this.#givenUp.forget(id);
      if (this.#options.framing === "tcp") {
        bytes[0] = id >> 8;
        bytes[1] = id;
      } else
        waiting.answer = new AwaitedAnswer(waiting.unit, waiting.request, {
          sent: bytes,
          echoes: this.#echoes ?? false,
        });
      outgoing = outgoing === undefined ? bytes : joined(outgoing, bytes);
    }
    if (outgoing === undefined) return;
    this.#link.send(outgoing);
    this.#watchDue();
  }

  /** Sets how long it is waited: at 1,200 baud a read of 125 registers takes 0.07 s to ask and 2.3 s to answer, whatever the unit needs. */
  #begin(waiting: Waiting): void {
    const { baud } = this.#options;
    const answer = longestAnswer(waiting.request);
    waiting.sent = this.#clock.elapsed();
    waiting.due = waiting.last = waiting.sent + this.#patienceOf(waiting);
    // What a line takes is known; what an adapter on it, or one behind a gateway, takes shows while bytes come.
    if (baud !== undefined) waiting.due += transmissionMs(waiting.bytes.length + answer, baud);
    waiting.last = Math.max(waiting.due, waiting.last + transmissionMs(answer, SLOWEST_BAUD));
  }

  #patienceOf({ unit, timeoutMs }: Waiting): number {
    return timeoutMs ?? Math.max(this.#options.timeoutMs, patienceAfter(this.#lateMs.get(unit) ?? 0));
  }

  /** Whoever answers late is waited for longer, also where he has been asked already. */
  #learn(late: LateAnswer): void {
    const { unit, afterMs } = late;
    const asked = [...this.#inFlight.values()].filter((waiting) => waiting.unit === unit);
    const before = asked.map((waiting) => this.#patienceOf(waiting));
    this.#lateMs.set(unit, Math.max(afterMs, this.#lateMs.get(unit) ?? 0));
    for (const [k, waiting] of asked.entries()) {
      const more = this.#patienceOf(waiting) - (before[k] ?? 0);
      waiting.due += more;
      waiting.last += more;
    }
    this.#options.late?.(late);
  }

  /** A part of its answer came: the rest may take as long as the first byte could, but for ever nothing is waited for. */
  #goesOn(waiting: Waiting): void {
    waiting.due = Math.max(waiting.due, Math.min(this.#clock.elapsed() + this.#patienceOf(waiting), waiting.last));
  }

  #watchDue(): void {
    let next = Infinity;
    for (const { due } of this.#inFlight.values()) next = Math.min(next, due);
    if (next === Infinity || (this.#watch !== undefined && next >= this.#watchesAt)) return;
    this.#watch?.();
    this.#watchesAt = next;
    this.#watch = this.#clock.after(next - this.#clock.elapsed(), () => {
      this.#watch = undefined;
      const now = this.#clock.elapsed();
      for (const [id, waiting] of this.#inFlight) if (waiting.due <= now) this.#timeUp(id, waiting);
      this.#watchDue();
    });
  }

  #timeUp(id: number, waiting: Waiting): void {
    const { unit, answer } = waiting;
    const found = answer?.late();
    if (found !== undefined) return this.#answered(id, waiting, found);
    if (waiting.isDoubtful === true) {
      this.#givenUpOnLine.add(waiting);
      this.#inFlight.delete(id);
      waiting.isDoubtful = false;
      this.#queue.unshift(waiting);
      return this.#next();
    }
    const waitedMs = Math.round(waiting.due - waiting.sent);
    const heard = answer?.heard() ?? {
      ...nothingHeard,
      echoed: waiting.echoed ?? false,
      part: partOf(this.#pending, id),
    };
    this.#echoes = answer?.echoed ?? this.#echoes;
    if (answer === undefined) this.#givenUp.add(id, waiting);
    // Who has answered, with whatever, answers no more.
    else if (heard.wrong === undefined && heard.damaged === 0) this.#givenUpOnLine.add(waiting);
    const afterMs = this.#lateMs.get(unit) ?? 0;
    const lateMs = afterMs > waitedMs ? afterMs : undefined;
    this.#fail(id, waiting, failure(this.#link.peer, { ...heard, unit, waitedMs, lateMs }));
  }

  #fail(id: number, waiting: Waiting, error: ClientError): void {
    this.#inFlight.delete(id);
    this.#next();
    waiting.reject(error);
  }

  /** Takes an answer's PDU. */
  #finish(waiting: Waiting, pdu: Uint8Array): void {
    const response = decodeResponse(pdu);
    const wrong = response === undefined ? "the answer makes no sense" : mismatch(waiting.request, response);
    if (response !== undefined && wrong === undefined) return waiting.resolve(response);
    waiting.reject(this.#failure(waiting, { wrong }));
  }

  #failure({ unit, sent }: Waiting, heard: Partial<Heard>): ClientError {
    const waitedMs = Math.round(this.#clock.elapsed() - sent);
    return failure(this.#link.peer, { ...nothingHeard, unit, waitedMs, ...heard });
  }

  #receiveTcp(): void {
    const bytes = this.#pending;
    const answered: [waiting: Waiting, from: number, to: number][] = [];
    let at = 0;
    while (bytes.length - at >= MBAP + 2) {
      const length = ((bytes[at + 4] ?? 0) << 8) | (bytes[at + 5] ?? 0);
      if (bytes[at + 2] !== 0 || bytes[at + 3] !== 0 || length < 2 || length > 254) {
        this.#notModbus();
        break;
      }
      const end = at + MBAP + length;
      const id = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
      const waiting = this.#inFlight.get(id);
      if (end > bytes.length) {
        if (waiting !== undefined) this.#goesOn(waiting);
        break;
      }
      // An answer to a request that was given up on comes late: its transaction id tells.
      if (waiting !== undefined && comesBack(waiting, bytes.subarray(at + MBAP, end))) waiting.echoed = true;
      else if (waiting !== undefined) {
        this.#inFlight.delete(id);
        answered.push([waiting, at + MBAP, end]);
      } else {
        const again = this.#tooLate(id, bytes.subarray(at + MBAP, end));
        if (again !== undefined) answered.push([again, at + MBAP, end]);
      }
      at = end;
    }
    this.#pending = this.ended ? nothing : bytes.subarray(at);
    // The next requests go out first: the line is busy while callers work on these answers.
    if (answered.length > 0) this.#next();
    for (const [waiting, from, to] of answered) {
      const unit = bytes[from] ?? 0;
      if (unit === waiting.unit) this.#finish(waiting, bytes.subarray(from + 1, to));
      else waiting.reject(this.#failure(waiting, { strangers: new Map([[unit, 1]]) }));
    }
  }

  /** What nobody waits for any more; who has asked the same again has his answer with it. */
  #tooLate(id: number, answer: Uint8Array): Waiting | undefined {
    const found = this.#givenUp.take(id, answer, this.#clock.elapsed());
    if (found === undefined) return undefined;
    const { one, late } = found;
    this.#learn(late);
    // A write that is asked again may be another's.
    if (one.request.kind === "write") return undefined;
    for (const [other, waiting] of this.#inFlight) {
      const isSame = waiting.unit === one.unit && askAlike(waiting.bytes, one.bytes);
      if (!isSame) continue;
      this.#inFlight.delete(other);
      this.#givenUp.add(other, waiting);
      return waiting;
    }
    return undefined;
  }

  #notModbus(): void {
    const message = `${this.#link.peer}: what came is not Modbus/TCP; is it RTU over TCP (modbus+rtutcp://)?`;
    const left = [...this.#inFlight.values()];
    this.#inFlight.clear();
    this.#link.close();
    for (const waiting of left) waiting.reject(new ClientError(message));
  }

  #receiveRtu(chunk: Uint8Array): void {
    const [entry] = this.#inFlight;
    const answer = entry?.[1].answer;
    const came = answer?.take(chunk);
    const isOther = came !== undefined && entry !== undefined && this.#isOfAnother(entry[1], came);
    const found = isOther ? undefined : came;
    for (const { late, frame: made } of this.#givenUpOnLine.hear(chunk, this.#clock.elapsed(), came)) {
      answer?.passOver(made);
      this.#learn(late);
    }
    // What nobody asked for is not kept.
    if (entry === undefined) return;
    const [id, waiting] = entry;
    if (found !== undefined) return this.#answered(id, waiting, found);
    if ((answer?.arriving ?? 0) > 0) this.#goesOn(waiting);
  }

  /** What may be the answer to something else is passed over, and the same is asked once more when nothing else has come. */
  #isOfAnother(waiting: Waiting, pdu: Uint8Array): boolean {
    const isOther = ((pdu[0] ?? 0) & 0x80) === 0 && this.#givenUpOnLine.mayBeOfAnother(waiting, this.#clock.elapsed());
    if (!isOther) return false;
    waiting.answer?.passOver(frame(waiting.unit, pdu));
    waiting.isDoubtful = true;
    return true;
  }

  /** Takes an answer's PDU from a line. */
  #answered(id: number, waiting: Waiting, pdu: Uint8Array): void {
    this.#echoes = waiting.answer?.echoed ?? this.#echoes;
    this.#inFlight.delete(id);
    this.#next();
    this.#finish(waiting, pdu);
  }
}
