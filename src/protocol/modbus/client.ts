/**
 * A Modbus client on one link, over TCP or RTU framing: requests go out in order, each with a time-out; one at a time, or on
 * TCP as many at once as the other side takes. What the unit refuses is a value; what does not come, or is no answer to
 * what was asked, rejects with a ClientError.
 */
import type { Cancel, Clock } from "#clock/clock.ts";
import type { Link } from "#io/link.ts";
import { decodeResponse, encodeRequest, Exception, fn, type Request, type Response } from "./pdu.ts";
import { crcHolds, frame, MAX_FRAME, responseLength } from "./rtu.ts";

/** Why there is no answer: none came, the link ended, what came makes no sense, or somebody else answered. */
export type Failing = "silence" | "closed" | "nonsense" | "other unit";

export class ClientError extends Error {
  readonly reason: Failing;

  constructor(message: string, reason: Failing = "nonsense") {
    super(message);
    this.reason = reason;
  }
}

/** Who takes requests: a client on one link, or a line that outlives links. */
export interface Requester {
  request(unit: number, request: Request): Promise<Response>;
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
  readonly timeoutMs: number;
  /** Requests that may wait for their answers at once; 1 unless said, and always on a serial line. */
  readonly outstanding?: number;
}

interface Waiting {
  readonly unit: number;
  readonly request: Request;
  /** The frame; on TCP its transaction is filled in when it goes out. */
  readonly bytes: Uint8Array;
  readonly resolve: (response: Response) => void;
  readonly reject: (error: ClientError) => void;
  /** When waiting ends, in elapsed time. */
  due: number;
}

/** Transaction, protocol and length, before the unit. */
const MBAP = 6;
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
  /** One timer for all that is under way: the oldest is due first. */
  #watch: Cancel | undefined;
  /** Which unit answered on a line when it was not asked. */
  #stranger: number | undefined;

  constructor(link: Link, clock: Clock, options: ClientOptions) {
    this.#link = link;
    this.#clock = clock;
    this.#options = options;
    this.#outstanding = options.framing === "tcp" ? (options.outstanding ?? 1) : 1;
    const receive = options.framing === "tcp" ? () => this.#receiveTcp() : () => this.#receiveRtu();
    link.receive((chunk) => {
      this.#pending = this.#pending.length === 0 ? chunk : joined(this.#pending, chunk);
      receive();
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

  request(unit: number, request: Request): Promise<Response> {
    return new Promise((resolve, reject) => {
      if (this.ended) return reject(this.#closedError());
      const pdu = encodeRequest(request);
      const bytes = this.#options.framing === "tcp" ? tcpFrame(unit, pdu) : frame(unit, pdu);
      this.#queue.push({ unit, request, bytes, resolve, reject, due: Infinity });
      this.#next();
    });
  }

  close(): void {
    this.#link.close();
  }

  /** Sends what may go out now, in one piece. */
  #next(): void {
    let outgoing: Uint8Array | undefined;
    while (this.#inFlight.size < this.#outstanding) {
      const waiting = this.#queue.shift();
      if (waiting === undefined) break;
      const { bytes } = waiting;
      const id = (this.#transaction = (this.#transaction + 1) & 0xffff);
      waiting.due = this.#clock.elapsed() + this.#options.timeoutMs;
      this.#inFlight.set(id, waiting);
      if (this.#options.framing === "tcp") {
        bytes[0] = id >> 8;
        bytes[1] = id;
      } else {
        this.#pending = nothing;
        this.#stranger = undefined;
      }
      outgoing = outgoing === undefined ? bytes : joined(outgoing, bytes);
    }
    if (outgoing === undefined) return;
    this.#link.send(outgoing);
    this.#watchOldest();
  }

  #watchOldest(): void {
    const [oldest] = this.#inFlight.values();
    if (this.#watch !== undefined || oldest === undefined) return;
    this.#watch = this.#clock.after(oldest.due - this.#clock.elapsed(), () => {
      this.#watch = undefined;
      const now = this.#clock.elapsed();
      for (const [id, waiting] of this.#inFlight) {
        if (waiting.due > now) break;
        this.#fail(id, waiting, this.#silence(waiting.unit));
      }
      this.#watchOldest();
    });
  }

  #silence(unit: number): ClientError {
    if (this.#stranger !== undefined) return this.#otherUnit(unit, this.#stranger);
    const { timeoutMs } = this.#options;
    const message = `unit ${unit} did not answer within ${timeoutMs} ms; is its address ${unit}, and is it powered?`;
    return new ClientError(`${this.#link.peer}: ${message}`, "silence");
  }

  #otherUnit(asked: number, answered: number): ClientError {
    const message = `asked unit ${asked}, but unit ${answered} answered; the gateway maps units wrongly, or two devices share an address`;
    return new ClientError(`${this.#link.peer}: ${message}`, "other unit");
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
    const what = `unit ${waiting.unit}: ${wrong}; another program on the line, or noise?`;
    waiting.reject(new ClientError(`${this.#link.peer}: ${what}`));
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
      if (end > bytes.length) break;
      const id = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
      // An answer to a request that was given up on comes late: its transaction id tells.
      const waiting = this.#inFlight.get(id);
      if (waiting !== undefined) {
        this.#inFlight.delete(id);
        answered.push([waiting, at + MBAP, end]);
      }
      at = end;
    }
    this.#pending = this.ended ? nothing : bytes.subarray(at);
    // The next requests go out first: the line is busy while callers work on these answers.
    if (answered.length > 0) this.#next();
    for (const [waiting, from, to] of answered) {
      const unit = bytes[from] ?? 0;
      if (unit === waiting.unit) this.#finish(waiting, bytes.subarray(from + 1, to));
      else waiting.reject(this.#otherUnit(waiting.unit, unit));
    }
  }

  #notModbus(): void {
    const message = `${this.#link.peer}: what came is not Modbus/TCP; is it RTU over TCP (modbus+rtutcp://)?`;
    const left = [...this.#inFlight.values()];
    this.#inFlight.clear();
    this.#link.close();
    for (const waiting of left) waiting.reject(new ClientError(message));
  }

  #receiveRtu(): void {
    const bytes = this.#pending;
    const [entry] = this.#inFlight;
    // What nobody asked for is not kept, and of noise no more than what a frame could begin in.
    this.#pending = entry === undefined ? nothing : bytes.subarray(-MAX_FRAME);
    if (entry === undefined) return;
    const [id, waiting] = entry;
    for (let from = 0; from + 4 <= bytes.length; from++) {
      const length = responseLength(bytes, from, bytes.length);
      if (bytes[from] !== waiting.unit) {
        // Another unit's answer may be a late one: it is remembered for the case that no other comes.
        if (length > 0 && from + length <= bytes.length && crcHolds(bytes, from, length)) this.#stranger = bytes[from];
        continue;
      }
      if (length === 0 || (length > 0 && length <= MAX_FRAME && from + length > bytes.length)) return;
      if (length < 0 || length > MAX_FRAME || !crcHolds(bytes, from, length)) continue;
      this.#inFlight.delete(id);
      this.#pending = nothing;
      this.#next();
      this.#finish(waiting, bytes.subarray(from + 1, from + length - 2));
      return;
    }
  }
}

function tcpFrame(unit: number, pdu: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(MBAP + 1 + pdu.length);
  bytes[5] = pdu.length + 1;
  bytes[6] = unit;
  bytes.set(pdu, MBAP + 1);
  return bytes;
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(a.length + b.length);
  bytes.set(a);
  bytes.set(b, a.length);
  return bytes;
}

function functionOf(request: Request): number {
  if (request.kind === "read" || request.kind === "write") return request.fn;
  return request.kind === "report server id" ? fn.reportServerId : fn.encapsulated;
}

/** Why a response is none to the request. */
function mismatch(request: Request, response: Response): string | undefined {
  if (response.kind === "exception") {
    return response.fn === functionOf(request) ? undefined : "it refused another function";
  }
  if (request.kind === "read" && response.kind === "registers" && response.fn === request.fn) {
    const { length } = response.values;
    return length === request.count ? undefined : `${length} registers came where ${request.count} were asked for`;
  }
  if (request.kind === "write" && response.kind === "written" && response.fn === request.fn) {
    const echo = request.fn === 0x06 ? request.values[0] : request.values.length;
    if (response.first === request.first && response.echo === echo) return undefined;
    return "it acknowledged another write";
  }
  if (request.kind === "report server id" && response.kind === "server id") return undefined;
  if (request.kind === "device identification" && response.kind === "identification") return undefined;
  return "it answered another function";
}
