/**
 * A Modbus client on one link, over TCP or RTU framing: one request at a time in order, each with a time-out. What
 * the unit refuses is a value; what does not come, or makes no sense, rejects with a ClientError.
 */
import type { Cancel, Clock } from "#clock/clock.ts";
import type { Link } from "#io/link.ts";
import { decodeResponse, encodeRequest, Exception, type Request, type Response } from "./pdu.ts";
import { crcHolds, frame, MAX_FRAME, responseLength } from "./rtu.ts";

export class ClientError extends Error {}

/** The names of the exceptions, for people. */
export function exceptionName(code: number): string {
  const found = Object.entries(Exception).find(([, value]) => value === code);
  const words = found?.[0].replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`) ?? "unknown exception";
  return `${words} (0x${code.toString(16).padStart(2, "0")})`;
}

export interface ClientOptions {
  readonly framing: "tcp" | "rtu";
  readonly timeoutMs: number;
}

interface Waiting {
  readonly unit: number;
  readonly request: Uint8Array;
  readonly resolve: (response: Response) => void;
  readonly reject: (error: ClientError) => void;
}

export class ModbusClient {
  readonly #link: Link;
  readonly #clock: Clock;
  readonly #options: ClientOptions;
  readonly #queue: Waiting[] = [];
  #current: Waiting | undefined;
  #transaction = 0;
  #pending = new Uint8Array(0);
  #cancel: Cancel = () => {};

  constructor(link: Link, clock: Clock, options: ClientOptions) {
    this.#link = link;
    this.#clock = clock;
    this.#options = options;
    link.receive((chunk) => this.#receive(chunk));
    link.closed((fault) => {
      const why = fault === undefined ? "the meter closed the connection" : `the connection failed: ${fault.message}`;
      this.#finish(undefined, new ClientError(`${link.peer}: ${why}`));
      for (const waiting of this.#queue.splice(0)) waiting.reject(new ClientError(`${link.peer}: ${why}`));
    });
  }

  request(unit: number, request: Request): Promise<Response> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ unit, request: encodeRequest(request), resolve, reject });
      this.#next();
    });
  }

  close(): void {
    this.#link.close();
  }

  #next(): void {
    if (this.#current !== undefined) return;
    const current = this.#queue.shift();
    if (current === undefined) return;
    this.#current = current;
    this.#pending = new Uint8Array(0);
    const { timeoutMs, framing } = this.#options;
    this.#cancel = this.#clock.after(timeoutMs, () =>
      this.#finish(
        undefined,
        new ClientError(`${this.#link.peer}: unit ${current.unit} did not answer within ${timeoutMs} ms`),
      ),
    );
    if (framing === "rtu") {
      this.#link.send(frame(current.unit, current.request));
      return;
    }
    this.#transaction = (this.#transaction + 1) & 0xffff;
    const id = this.#transaction;
    const length = current.request.length + 1;
    this.#link.send(
      Uint8Array.of(id >> 8, id & 0xff, 0, 0, length >> 8, length & 0xff, current.unit, ...current.request),
    );
  }

  #finish(response: Response | undefined, error?: ClientError): void {
    const current = this.#current;
    if (current === undefined) return;
    this.#cancel();
    this.#current = undefined;
    if (response !== undefined) current.resolve(response);
    else current.reject(error ?? new ClientError(`${this.#link.peer}: the answer makes no sense`));
    this.#next();
  }

  #receive(chunk: Uint8Array): void {
    const joined = new Uint8Array(this.#pending.length + chunk.length);
    joined.set(this.#pending);
    joined.set(chunk, this.#pending.length);
    this.#pending = joined;
    if (this.#options.framing === "tcp") this.#receiveTcp();
    else this.#receiveRtu();
  }

  #receiveTcp(): void {
    while (this.#pending.length >= 8) {
      const bytes = this.#pending;
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      const length = view.getUint16(4);
      if (view.getUint16(2) !== 0 || length < 2 || length > 254) {
        this.#finish(undefined, new ClientError(`${this.#link.peer}: what came is not Modbus/TCP`));
        this.#link.close();
        return;
      }
      if (bytes.length < 6 + length) return;
      this.#pending = bytes.slice(6 + length);
      // An answer to a request that was given up on comes late: its transaction id tells.
      if (view.getUint16(0) !== this.#transaction || this.#current === undefined) continue;
      if (bytes[6] !== this.#current.unit) {
        const asked = this.#current.unit;
        const message = `${this.#link.peer}: asked unit ${asked}, but unit ${bytes[6]} answered`;
        this.#finish(undefined, new ClientError(message));
        continue;
      }
      this.#finish(decodeResponse(bytes.subarray(7, 6 + length)));
    }
  }

  #receiveRtu(): void {
    const bytes = this.#pending;
    const current = this.#current;
    if (current === undefined) return;
    for (let from = 0; from + 4 <= bytes.length; from++) {
      if (bytes[from] !== current.unit) continue;
      const length = responseLength(bytes, from, bytes.length);
      if (length === 0 || (length > 0 && length <= MAX_FRAME && from + length > bytes.length)) return;
      if (length < 0 || length > MAX_FRAME || !crcHolds(bytes, from, length)) continue;
      this.#pending = bytes.slice(from + length);
      this.#finish(decodeResponse(bytes.subarray(from + 1, from + length - 2)));
      return;
    }
  }
}
