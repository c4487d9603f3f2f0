/**
 * Diagnostics of a unit: counters, event log and listen-only mode (Modbus Application Protocol V1.1b3, clauses 6.8,
 * 6.9 and 6.10). Counts are 16 bits and stop for nothing but a restart or clearing.
 */
import { Exception } from "./pdu.ts";

/** Sub-functions of function 0x08. */
export const sub = {
  returnQuery: 0,
  restart: 1,
  diagnosticRegister: 2,
  listenOnly: 4,
  clearCounters: 10,
  busMessages: 11,
  busErrors: 12,
  exceptions: 13,
  serverMessages: 14,
  noResponse: 15,
  nak: 16,
  busy: 17,
  overrun: 18,
  clearOverrun: 20,
} as const;

const LOG_LENGTH = 64;

/** Event bytes: bit 7 a receive, bit 6 a send; 0 a restart, 4 entering listen-only mode (clause 6.10). */
const event = { restart: 0x00, listenOnly: 0x04, send: 0x40, receive: 0x80 } as const;

export class Diagnostics {
  #listenOnly = false;
  #busMessages = 0;
  #busErrors = 0;
  #exceptions = 0;
  #serverMessages = 0;
  #noResponse = 0;
  /** Requests that went well, but for those of this kind. */
  #events = 0;
  /** The newest first. */
  readonly #log: number[] = [];

  get listenOnly(): boolean {
    return this.#listenOnly;
  }

  #note(byte: number): void {
    this.#log.unshift(byte);
    if (this.#log.length > LOG_LENGTH) this.#log.pop();
  }

  /** A frame with a wrong checksum went by. */
  error(): void {
    this.#busErrors = (this.#busErrors + 1) & 0xffff;
  }

  /** A request came for this unit. */
  received(): void {
    this.#busMessages = (this.#busMessages + 1) & 0xffff;
    this.#serverMessages = (this.#serverMessages + 1) & 0xffff;
    this.#note(event.receive | (this.#listenOnly ? 0x20 : 0));
  }

  /** Its answer: an exception, all well, or none at all. */
  answered(exception: number, counts: boolean): void {
    if (this.#listenOnly) {
      this.#noResponse = (this.#noResponse + 1) & 0xffff;
      return;
    }
    if (exception !== 0) this.#exceptions = (this.#exceptions + 1) & 0xffff;
    else if (counts) this.#events = (this.#events + 1) & 0xffff;
    const kind = exception === 0 ? 0 : exception <= 3 ? 1 : exception === 4 ? 2 : exception <= 6 ? 4 : 8;
    this.#note(event.send | kind);
  }

  #clear(): void {
    this.#busMessages = this.#busErrors = this.#exceptions = this.#serverMessages = this.#noResponse = this.#events = 0;
  }

  /** Function 0x08: the data of the answer, no answer (undefined), or an exception. */
  diagnose(code: number, data: number): number | undefined | { readonly refuse: Exception } {
    switch (code) {
      case sub.restart:
        if (data !== 0 && data !== 0xff00) return { refuse: Exception.illegalDataValue };
        if (data === 0xff00) this.#log.length = 0;
        this.#clear();
        this.#note(event.restart);
        // A unit that only listens comes back without an answer.
        if (!this.#listenOnly) return data;
        this.#listenOnly = false;
        return undefined;
      case sub.listenOnly:
        if (data !== 0) return { refuse: Exception.illegalDataValue };
        this.#listenOnly = true;
        this.#note(event.listenOnly);
        return undefined;
      default:
        return this.#count(code, data);
    }
  }

  #count(code: number, data: number): number | { readonly refuse: Exception } {
    const counters: Readonly<Record<number, number>> = {
      [sub.diagnosticRegister]: 0,
      [sub.busMessages]: this.#busMessages,
      [sub.busErrors]: this.#busErrors,
      [sub.exceptions]: this.#exceptions,
      [sub.serverMessages]: this.#serverMessages,
      [sub.noResponse]: this.#noResponse,
      [sub.nak]: 0,
      [sub.busy]: 0,
      [sub.overrun]: 0,
    };
    if (code === sub.returnQuery) return data;
    if (data !== 0) return { refuse: Exception.illegalDataValue };
    if (code === sub.clearCounters) this.#clear();
    if (code === sub.clearCounters || code === sub.clearOverrun) return data;
    return counters[code] ?? { refuse: Exception.illegalFunction };
  }

  /** Function 0x0B: status (never busy), then the count of events. */
  eventCounter(): readonly [status: number, events: number] {
    return [0, this.#events];
  }

  /** Function 0x0C: status, events, messages, and the log, the newest first. */
  eventLog(): {
    readonly status: number;
    readonly events: number;
    readonly messages: number;
    readonly log: readonly number[];
  } {
    return { status: 0, events: this.#events, messages: this.#busMessages, log: this.#log };
  }
}
