/**
 * Unsolicited responses to one master (IEEE 1815 clause 5.1.1.1): an empty one until it is confirmed, then events of the classes that the master
 * enables. They have sequence numbers of their own.
 */
import type { Cancel } from "#clock/clock.ts";
import { controlBits, wholeFragment } from "#protocol/dnp3/application/fragment.ts";
import { functions } from "#protocol/dnp3/application/functions.ts";
import type { MasterLine } from "#protocol/dnp3/link/master-line.ts";
import type { DnpProcess } from "./dnp-process.ts";
import type { MasterEvents } from "./events.ts";
import type { EventClass } from "./host.ts";

export interface UnsolicitedTo {
  /** Undefined while there is no way to the master, or none that may be told anything. */
  line(): MasterLine | undefined;
  readonly events: MasterEvents;
  /** Nothing else is on its way to the master that waits for its confirmation. */
  isFree(): boolean;
  /** A READ waits until nothing unsolicited does. */
  hasDeferred(): boolean;
  indications(): number;
  send(fragment: Uint8Array): void;
  /** What was on its way has been confirmed, or given up. */
  ready(): void;
}

const CONTROL = wholeFragment | controlBits.confirm | controlBits.unsolicited;

export class Unsolicited {
  readonly #process: DnpProcess;
  readonly #settings: { readonly confirmTimeoutMs: number; readonly retries: number };
  readonly #to: UnsolicitedTo;
  readonly #classes = new Set<EventClass>();
  #sequence = 0;
  /** The master has confirmed that the process has begun. */
  #begun = false;
  /** What waits for its confirmation, and how often it has been sent again. */
  #waiting: { readonly fragment: Uint8Array; retries: number } | undefined;
  /** Retries are over: it is tried again when it is looked for events. */
  #given = false;
  #cancel: Cancel = () => {};

  constructor(
    process: DnpProcess,
    settings: { readonly confirmTimeoutMs: number; readonly retries: number },
    to: UnsolicitedTo,
  ) {
    this.#process = process;
    this.#settings = settings;
    this.#to = to;
  }

  get isWaiting(): boolean {
    return this.#waiting !== undefined;
  }

  enable(classes: readonly EventClass[], on: boolean): void {
    for (const one of classes) {
      if (on) this.#classes.add(one);
      else this.#classes.delete(one);
    }
  }

  /** The process has begun anew: all classes are off, and the master is told. */
  restart(): void {
    this.abandon();
    this.#classes.clear();
    this.#begun = false;
    this.#given = false;
  }

  /** Nobody is there to confirm. */
  abandon(): void {
    this.#cancel();
    if (this.#waiting === undefined) return;
    this.#waiting = undefined;
    this.#to.events.release();
  }

  /** It has been looked for events. */
  looked(): void {
    this.#given = false;
    this.report();
  }

  /** Sends what there is to send, if there is, and if nothing waits. */
  report(): void {
    if (this.#to.line() === undefined || !this.#to.isFree() || this.#waiting !== undefined || this.#given) return;
    const { octets, blocks } = this.#process;
    octets.begin();
    if (this.#begun) {
      const requests = [...this.#classes].map((one) => ({
        of: { class: one },
        variation: 0,
        wide: true,
        left: Infinity,
      }));
      this.#to.events.report(blocks, requests, { freezes: Infinity, changes: Infinity });
      if (octets.isEmpty) return;
    }
    const iin = this.#to.indications();
    const fragment = octets.response(CONTROL | this.#sequence, functions.unsolicited, iin);
    this.#waiting = { fragment, retries: 0 };
    this.#send(fragment);
  }

  #send(fragment: Uint8Array): void {
    this.#cancel = this.#process.clock.after(this.#settings.confirmTimeoutMs, () => this.#late());
    this.#to.send(fragment);
  }

  #late(): void {
    const waiting = this.#waiting;
    if (waiting === undefined) return;
    const goesOn = !this.#begun || waiting.retries < this.#settings.retries;
    if (goesOn && !this.#to.hasDeferred()) {
      waiting.retries++;
      this.#send(waiting.fragment);
      return;
    }
    this.#given = !goesOn;
    if (this.#begun) this.#sequence = (this.#sequence + 1) & controlBits.sequence;
    this.abandon();
    this.#to.ready();
  }

  confirm(sequence: number): void {
    if (this.#waiting === undefined || sequence !== this.#sequence) return;
    this.#cancel();
    this.#waiting = undefined;
    this.#sequence = (this.#sequence + 1) & controlBits.sequence;
    if (this.#begun) this.#to.events.confirm();
    this.#begun = true;
    this.#to.ready();
    this.report();
  }
}
