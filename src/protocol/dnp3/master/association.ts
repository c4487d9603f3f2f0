/**
 * A master and one outstation at the application layer (IEEE 1815 clauses 4.3 and 5.1): one request at a time, fragments of its answer
 * confirmed when they have been taken, answers that nobody asked for any more let go, unsolicited ones taken at any time.
 */
import type { Cancel, Clock } from "#clock/clock.ts";
import { confirmation, controlBits, wholeFragment } from "#protocol/dnp3/application/fragment.ts";
import { functions } from "#protocol/dnp3/application/functions.ts";
import { refusals } from "#protocol/dnp3/application/indication-words.ts";
import { WireError } from "#wire/cursor.ts";
import { DnpError } from "./failing.ts";
import type { OutstationWay } from "./way.ts";

export interface AssociationSettings {
  /** How long the next fragment of an answer is waited for. */
  readonly timeoutMs: number;
  /** How often it is asked again, in the same words: an outstation does not do it twice. */
  readonly retries: number;
}

/** What an answer has said besides its objects. */
export interface Answer {
  /** Internal indications, IIN1 below IIN2. */
  readonly iin: number;
  /** From when the request had gone to when its answer began, milliseconds. */
  readonly tookMs: number;
}

/** Takes the objects of a fragment from an octet on; throws WireError of what cannot be read, and then nothing of it is confirmed. */
export type TakeObjects = (fragment: Uint8Array, from: number) => void;

export interface Asked {
  readonly code: number;
  /** What stands behind the function. */
  readonly objects?: Uint8Array;
  readonly take?: TakeObjects;
  readonly retries?: number;
}

/** Control, function, internal indications. */
const HEADER = 4;

/** Fragments and octets of one answer: 500 freezes of 300 counters come to 1.95 million octets. */
const MOST_FRAGMENTS = 16_384;
const MOST_OCTETS = 1 << 22;

interface Pending {
  readonly sequence: number;
  readonly take: TakeObjects;
  readonly done: (answer: Answer | DnpError) => void;
  /** The last fragment that was taken: it comes again where its confirmation was lost. */
  last: Uint8Array | undefined;
  fragments: number;
  octets: number;
  goneAt: number;
  tookMs: number;
  refused: number;
}

export class Association {
  readonly #way: OutstationWay;
  readonly #clock: Clock;
  readonly #settings: AssociationSettings;
  /** Of the next request, 0 to 15. */
  #sequence = 0;
  #pending: Pending | undefined;
  #timer: Cancel = () => {};
  #waitOn: () => void = () => {};
  #ended: DnpError | undefined;
  #lastUnsolicited: Uint8Array | undefined;
  #unsolicited: { readonly take: TakeObjects; readonly told: (iin: number) => void } | undefined;

  constructor(way: OutstationWay, clock: Clock, settings: AssociationSettings) {
    this.#way = way;
    this.#clock = clock;
    this.#settings = settings;
    way.receive((fragment) => this.#took(fragment));
    way.failed((why) => this.#failedOnTheWay(why));
  }

  get peer(): string {
    return this.#way.peer;
  }

  /** Names who takes what the outstation says unasked; until then no objects of it are confirmed, and it keeps its events. */
  unsolicited(take: TakeObjects, told: (iin: number) => void = () => {}): void {
    this.#unsolicited = { take, told };
  }

  /** Asks, when what was asked before on the line has ended; rejects with DnpError. */
  ask(asked: Asked): Promise<Answer> {
    return this.#way.turn(() => this.#ask(asked));
  }

  /** Tells what is not answered: functions without a response. */
  tell(code: number, objects: Uint8Array = new Uint8Array(0)): Promise<void> {
    return this.#way.turn(() => {
      this.#send(this.#request(code, objects));
      return Promise.resolve();
    });
  }

  #request(code: number, objects: Uint8Array): Uint8Array {
    const fragment = new Uint8Array(2 + objects.length);
    fragment[0] = wholeFragment | this.#sequence;
    fragment[1] = code;
    fragment.set(objects, 2);
    this.#sequence = (this.#sequence + 1) & controlBits.sequence;
    return fragment;
  }

  #send(fragment: Uint8Array): number {
    if (this.#ended !== undefined) throw this.#ended;
    return this.#way.send(fragment);
  }

  async #ask({ code, objects = new Uint8Array(0), take = nothing, ...own }: Asked): Promise<Answer> {
    const { timeoutMs, retries } = { ...this.#settings, ...own };
    const fragment = this.#request(code, objects);
    const answered = Promise.withResolvers<Answer | DnpError>();
    const pending: Pending = {
      sequence: (fragment[0] ?? 0) & controlBits.sequence,
      take,
      done: answered.resolve,
      last: undefined,
      fragments: 0,
      octets: 0,
      goneAt: this.#clock.elapsed(),
      tookMs: 0,
      refused: 0,
    };
    this.#pending = pending;
    try {
      for (let left = retries; ; left--) {
        pending.goneAt = this.#clock.elapsed();
        const onLineMs = this.#send(fragment);
        pending.goneAt += onLineMs;
        const answer = await this.#within(timeoutMs, onLineMs, answered.promise);
        if (answer instanceof DnpError) throw answer;
        if (answer !== undefined) return answer;
        // What has begun is not asked for again: whoever asks anew gets all of it, and its events once more.
        if (pending.fragments > 0)
          throw this.#failed(
            `began to answer, and nothing came within ${timeoutMs} ms behind fragment ${pending.fragments}`,
            "cut",
          );
        if (left <= 0) {
          const often = retries === 0 ? "" : `, asked ${retries + 1} times`;
          throw this.#failed(`did not answer within ${timeoutMs} ms${often}`, "silent");
        }
      }
    } finally {
      this.#pending = undefined;
      this.#timer();
    }
  }

  /** The answer, or undefined where for `ms` nothing of it has come; each fragment begins the time anew. */
  async #within(
    ms: number,
    onLineMs: number,
    answer: Promise<Answer | DnpError>,
  ): Promise<Answer | DnpError | undefined> {
    const over = Promise.withResolvers<undefined>();
    const wait = (forMs: number): void => {
      this.#timer();
      this.#timer = this.#clock.after(forMs, () => over.resolve(undefined));
    };
    this.#waitOn = () => wait(ms);
    wait(ms + onLineMs);
    return Promise.race([answer, over.promise]);
  }

  #failed(what: string, reason: DnpError["reason"]): DnpError {
    return new DnpError(`${this.peer} ${what}`, reason);
  }

  #failedOnTheWay(why: DnpError): void {
    if (why.reason === "closed") this.#ended = why;
    if (this.#pending !== undefined) this.#settle(this.#pending, why);
  }

  /** What comes behind the end of an answer is nobody's. */
  #settle(pending: Pending, answer: Answer | DnpError): void {
    if (this.#pending === pending) this.#pending = undefined;
    pending.done(answer);
  }

  #took(fragment: Uint8Array): void {
    if (fragment.length < HEADER) return;
    const [head = 0, code] = fragment;
    if (code === functions.unsolicited) return this.#tookUnsolicited(fragment, head);
    if (code !== functions.response || (head & controlBits.unsolicited) !== 0) return;
    const pending = this.#pending;
    if (pending === undefined) return;
    // Its confirmation was lost.
    if (pending.last !== undefined && same(pending.last, fragment)) return this.#confirm(head);
    // What answers an earlier request has come too late.
    const expected = (pending.sequence + pending.fragments) & controlBits.sequence;
    if ((head & controlBits.sequence) !== expected) return;
    if (((head & controlBits.first) !== 0) !== (pending.fragments === 0)) return;
    this.#next(pending, fragment, head);
  }

  #next(pending: Pending, fragment: Uint8Array, head: number): void {
    if (pending.fragments === 0) pending.tookMs = Math.max(0, this.#clock.elapsed() - pending.goneAt);
    pending.last = fragment;
    pending.fragments++;
    pending.octets += fragment.length;
    const { fragments, octets } = pending;
    if (fragments > MOST_FRAGMENTS || octets > MOST_OCTETS)
      return this.#settle(
        pending,
        this.#failed(`answers without an end: ${octets} octets in ${fragments} fragments`, "nonsense"),
      );
    try {
      pending.take(fragment, HEADER);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      return this.#settle(pending, this.#failed(`answered what cannot be read: ${error.message}`, "nonsense"));
    }
    const iin = (fragment[2] ?? 0) | ((fragment[3] ?? 0) << 8);
    pending.refused |= iin & refusals;
    this.#confirm(head);
    if ((head & controlBits.last) === 0) return this.#waitOn();
    this.#settle(pending, { iin: iin | pending.refused, tookMs: pending.tookMs });
  }

  #tookUnsolicited(fragment: Uint8Array, head: number): void {
    if ((head & controlBits.unsolicited) === 0) return;
    // An empty one says that the outstation has begun; until it is confirmed it answers no reads (IEEE 1815 clause 5.1.1.1.2).
    if (this.#unsolicited === undefined) return fragment.length === HEADER ? this.#confirm(head) : undefined;
    if (this.#lastUnsolicited !== undefined && same(this.#lastUnsolicited, fragment)) return this.#confirm(head);
    try {
      this.#unsolicited.take(fragment, HEADER);
    } catch (error) {
      // Unconfirmed it comes again, and nothing of it is lost.
      if (error instanceof WireError) return;
      throw error;
    }
    this.#lastUnsolicited = fragment;
    this.#confirm(head);
    this.#unsolicited.told((fragment[2] ?? 0) | ((fragment[3] ?? 0) << 8));
  }

  /** Where it is asked for: with the sequence number of what is confirmed. */
  #confirm(head: number): void {
    if ((head & controlBits.confirm) === 0 || this.#ended !== undefined) return;
    this.#way.send(confirmation(head & controlBits.sequence, (head & controlBits.unsolicited) !== 0));
  }
}

function nothing(): void {}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((octet, k) => octet === b[k]);
}
