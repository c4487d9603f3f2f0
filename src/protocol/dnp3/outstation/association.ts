/**
 * One master, as an outstation knows it: requests and answers in their sequence, fragments that wait for a confirmation, events that wait for
 * the master (IEEE 1815 clauses 4.2, 5.1). It outlives the links by which the master comes.
 */
import type { Cancel } from "#clock/clock.ts";
import { controlBits, wholeFragment } from "#protocol/dnp3/application/fragment.ts";
import { functions, unanswered } from "#protocol/dnp3/application/functions.ts";
import { indications } from "#protocol/dnp3/application/indications.ts";
import { broadcasts, type Broadcast, type MasterLine } from "#protocol/dnp3/link/master-line.ts";
import type { Answer } from "./answer.ts";
import type { DnpProcess } from "./dnp-process.ts";
import { MasterEvents } from "./events.ts";
import type { MasterState } from "./master-state.ts";
import { readPlan } from "./read-request.ts";
import { isForEverybody, served, type Serving } from "./services.ts";
import { Unsolicited, type UnsolicitedTo } from "./unsolicited.ts";

/** Octets that a master has not taken, beyond which nothing more is sent to it. */
const MOST_WAITING = 65_536;

/** A confirmation that is waited for: its sequence number, and whether it is of events. */
interface Awaited {
  readonly sequence: number;
  readonly events: boolean;
}

interface Sent {
  readonly request: Uint8Array;
  /** Undefined of what has no response. */
  response: Uint8Array | undefined;
  /** Fragments of the answer that were sent. */
  fragments: number;
  readonly at: number;
}

export class Association implements MasterState {
  readonly #process: DnpProcess;
  readonly events: MasterEvents;
  readonly unsolicited: Unsolicited | undefined;
  line: MasterLine;
  heardAt = 0;
  restarted = true;
  recordedAt: number | undefined;
  /** A broadcast was received: said in the next response, or until a response that says it is confirmed. */
  #broadcast: "none" | "once" | "until confirmed" = "none";
  #last: Sent | undefined;
  #answer: Answer | undefined;
  #iin = 0;
  /** With its first read its place in the freezes is kept. */
  #begins: boolean;
  #awaited: Awaited | undefined;
  #deferred: Uint8Array | undefined;
  #cancel: Cancel = () => {};
  /** Its line can be spoken on. */
  #isOpen = true;
  #isKept = true;

  constructor(
    process: DnpProcess,
    line: MasterLine,
    { reader, begins }: { readonly reader: string; readonly begins: boolean },
  ) {
    this.#process = process;
    this.#begins = begins;
    this.line = line;
    this.events = new MasterEvents(process.host, reader);
    this.events.look();
    const { unsolicited } = process.settings;
    if (unsolicited !== undefined && unsolicited.master === line.master) {
      this.unsolicited = new Unsolicited(process, unsolicited, this.#unsolicitedTo());
    }
  }

  #unsolicitedTo(): UnsolicitedTo {
    return {
      line: () => (this.#isOpen && this.line.rights !== "none" ? this.line : undefined),
      events: this.events,
      isFree: () => this.#awaited === undefined && this.#answer === undefined,
      hasDeferred: () => this.#deferred !== undefined,
      indications: () => this.#indications(),
      send: (fragment) => this.#send(fragment),
      ready: () => this.#takeDeferred(),
    };
  }

  /** There is a link by which it comes. */
  get isHere(): boolean {
    return this.#isOpen;
  }

  /** The outstation still knows it. */
  get isKept(): boolean {
    return this.#isKept;
  }

  forget(): void {
    this.#isKept = false;
    this.ended();
  }

  /** By which link the master comes now. What went on by another one is over. */
  comesBy(line: MasterLine): void {
    if (this.line === line && this.#isOpen) return;
    this.ended();
    this.line = line;
    this.#isOpen = true;
  }

  /** A link by which it came has ended; it may be on another by now. */
  endedBy(line: MasterLine): void {
    if (this.line === line) this.ended();
  }

  ended(): void {
    this.#isOpen = false;
    this.#abandon();
    this.unsolicited?.abandon();
    this.#last = undefined;
  }

  /** The process begins anew. */
  restart(): void {
    this.restarted = true;
    this.recordedAt = undefined;
    this.unsolicited?.restart();
  }

  request(request: Uint8Array): void {
    if (this.#isRepeated(request)) return;
    this.#abandon();
    const [, code] = request;
    this.#last = { request, response: undefined, fragments: 0, at: this.#process.clock.elapsed() };
    if (code === functions.read && this.unsolicited?.isWaiting === true) this.#deferred = request;
    else this.#execute(request);
    this.unsolicited?.report();
  }

  /** A request that came before is answered as it was, and not done again. */
  #isRepeated(request: Uint8Array): boolean {
    const last = this.#last;
    if (last === undefined || !isSame(last.request, request)) return false;
    const { clock, settings } = this.#process;
    if (clock.elapsed() - last.at > settings.inactivityMs) return false;
    // The master has lost the beginning of a long answer.
    if (last.fragments > 1) return false;
    if (this.#awaited !== undefined) this.#await(this.#awaited);
    if (last.response !== undefined) this.#send(last.response);
    return true;
  }

  #takeDeferred(): void {
    const deferred = this.#deferred;
    this.#deferred = undefined;
    if (deferred !== undefined) this.#execute(deferred);
  }

  #execute(request: Uint8Array): void {
    const [control = 0, code = 0] = request;
    const sequence = control & controlBits.sequence;
    const { rights } = this.line;
    const mayRead = rights !== "none" && code === functions.read;
    if (mayRead) this.#read(request, sequence);
    else {
      const reply = served(this.#serving(rights), request, code);
      if (!unanswered.has(code)) this.#respond(reply.iin, reply.objects, sequence);
      reply.after?.();
    }
  }

  #serving(rights: MasterLine["rights"]): Serving {
    return { process: this.#process, master: this, rights, unsolicited: this.unsolicited };
  }

  /** Everybody was asked: nobody answers, and no fault is indicated. */
  everybody(request: Uint8Array, broadcast: Broadcast): void {
    const [, code = 0] = request;
    this.#broadcast =
      broadcast === broadcasts.confirm ? "until confirmed" : this.#broadcast === "none" ? "once" : this.#broadcast;
    if (this.line.rights !== "write" || !isForEverybody(code)) return;
    served({ ...this.#serving("write"), broadcast: true }, request, code).after?.();
  }

  #read(request: Uint8Array, sequence: number): void {
    const process = this.#process;
    if (this.#begins) this.events.begin();
    this.#begins = false;
    const plan = readPlan(request, {
      image: process.host.image(),
      settings: process.settings,
      utc: () => process.host.now().utc,
      delayMs: this.line.delayMs,
    });
    this.#answer = process.answer(plan, this.events);
    this.#iin = plan.iin;
    this.#sendFragment(controlBits.first | sequence);
  }

  #sendFragment(control: number): void {
    const { octets, blocks } = this.#process;
    const answer = this.#answer;
    if (answer === undefined) return;
    const { last, events } = answer.write(octets, blocks, this.events);
    if (last) this.#answer = undefined;
    const confirm = !last || events || this.#broadcast === "until confirmed";
    const bits = control | (last ? controlBits.last : 0) | (confirm ? controlBits.confirm : 0);
    const response = octets.response(bits, functions.response, this.#indications() | this.#iin);
    this.#respondWith(response, confirm ? { sequence: control & controlBits.sequence, events } : undefined);
  }

  #respond(iin: number, objects: Uint8Array | undefined, sequence: number): void {
    const { octets } = this.#process;
    octets.begin();
    if (objects !== undefined) octets.put(objects);
    const confirm = this.#broadcast === "until confirmed";
    const control = wholeFragment | (confirm ? controlBits.confirm : 0) | sequence;
    const response = octets.response(control, functions.response, this.#indications() | iin);
    this.#respondWith(response, confirm ? { sequence, events: false } : undefined);
  }

  #respondWith(response: Uint8Array, awaited: Awaited | undefined): void {
    if (this.#last !== undefined) {
      this.#last.response = response;
      this.#last.fragments++;
    }
    if (this.#broadcast === "once") this.#broadcast = "none";
    if (awaited !== undefined) this.#await(awaited);
    this.#send(response);
  }

  #indications(): number {
    return (
      this.#process.indications |
      this.events.indications() |
      (this.restarted ? indications.deviceRestart : 0) |
      (this.#broadcast === "none" ? 0 : indications.broadcast)
    );
  }

  #send(fragment: Uint8Array): void {
    if (this.line.waiting <= MOST_WAITING && this.#process.host.answers()) this.line.send(fragment);
  }

  #await(awaited: Awaited): void {
    this.#cancel();
    this.#awaited = awaited;
    const { confirmTimeoutMs } = this.#process.settings.application;
    this.#cancel = this.#process.clock.after(confirmTimeoutMs, () => this.#late());
  }

  /** No confirmation has come: what was reported waits for the next request, which is a new one whatever it says. */
  #late(): void {
    this.#abandon();
    this.#last = undefined;
    this.unsolicited?.report();
  }

  #abandon(): void {
    this.#cancel();
    this.#answer = undefined;
    this.#deferred = undefined;
    const awaited = this.#awaited;
    this.#awaited = undefined;
    if (awaited?.events === true) this.events.release();
  }

  /** Only who was told confirms: neither another connection of the same address, nor who may not read what a confirmation takes away. */
  confirm(from: MasterLine, sequence: number, isUnsolicited: boolean): void {
    if (this.line !== from || !this.#isOpen) return;
    if (from.rights === "none" && (isUnsolicited || this.#awaited?.events === true)) return;
    if (isUnsolicited) {
      this.unsolicited?.confirm(sequence);
      return;
    }
    const awaited = this.#awaited;
    if (awaited?.sequence !== sequence) return;
    this.#cancel();
    this.#awaited = undefined;
    if (awaited.events) this.events.confirm();
    this.#broadcast = "none";
    if (this.#answer === undefined) this.unsolicited?.report();
    else this.#sendFragment((sequence + 1) & controlBits.sequence);
  }
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  if (one.length !== other.length) return false;
  for (let k = 0; k < one.length; k++) if (one[k] !== other[k]) return false;
  return true;
}
