/**
 * The link layer of who asks a station in unbalanced transmission (IEC 60870-5-2, 5 and 6): status, reset, user data there, polls for user
 * data back. What is not answered is asked again with the same count bit, so that the station does nothing twice.
 */
import type { Cancel, Clock } from "#clock/clock.ts";
import type { Link } from "#io/link.ts";
import { Answer, Ask, frameBytes, type AddressOctets, type Frame } from "./frame.ts";
import { FrameReceiver } from "./receiver.ts";

export interface PrimaryOptions {
  readonly address: number;
  readonly octets: AddressOctets;
  /** Milliseconds in which an answer begins and ends. */
  readonly timeoutMs: number;
  /** So often the same is sent again; twice unless said. */
  readonly retries?: number | undefined;
  /** Milliseconds between two polls of a station that has nothing yet. */
  readonly pauseMs?: number | undefined;
  /** Which class is asked for; 2 unless said, 1 where the station announces it. */
  readonly class?: 1 | 2 | undefined;
}

/** Why a line to a station went no further. */
export class LinkFailure extends Error {
  readonly reason: "silence" | "closed" | "refused";

  constructor(message: string, reason: LinkFailure["reason"]) {
    super(message);
    this.name = "LinkFailure";
    this.reason = reason;
  }
}

const RETRIES = 2;
const PAUSE_MS = 100;

type Answered = Extract<Frame, { kind: "frame" }>;

export class Primary {
  readonly peer: string;
  readonly #link: Link;
  readonly #clock: Clock;
  readonly #options: PrimaryOptions;
  readonly #receiver: FrameReceiver;
  #fcb = false;
  /** The station has announced data of class 1. */
  #announced = false;
  #waiting: ((frame: Frame) => void) | undefined;
  #wake: (() => void) | undefined;
  #ended: LinkFailure | undefined;
  #answered = false;

  constructor(link: Link, clock: Clock, options: PrimaryOptions) {
    this.peer = link.peer;
    this.#link = link;
    this.#clock = clock;
    this.#options = options;
    this.#receiver = new FrameReceiver(() => options.octets);
    link.receive((bytes) => {
      for (const frame of this.#receiver.take(bytes)) if (this.#isMine(frame)) this.#waiting?.(frame);
    });
    link.closed((fault) => {
      this.#ended ??= new LinkFailure(
        `${this.peer} closed the connection${fault ? `: ${fault.message}` : ""}`,
        "closed",
      );
      this.#wake?.();
    });
  }

  /** Whether the station has said anything. */
  get answered(): boolean {
    return this.#answered;
  }

  /** Asks for the link's status and resets it, as sessions begin. */
  async open(): Promise<void> {
    const status = await this.#ask(Ask.status, undefined);
    if (status.kind === "frame" && fnOf(status) !== Answer.status && fnOf(status) !== Answer.ack)
      throw this.#refused("its status", status);
    const reset = await this.#ask(Ask.resetLink, undefined);
    if (!isTaken(reset)) throw this.#refused("a reset of its link", reset);
    this.#fcb = false;
  }

  /** Tells user data; asks again for as long as the station is busy. */
  async send(asdu: Uint8Array): Promise<void> {
    for (let left = this.#options.retries ?? RETRIES; ; left--) {
      const answer = await this.#ask(Ask.send, asdu);
      if (isTaken(answer)) return;
      if (left <= 0) throw this.#refused("user data", answer);
      await this.#pause();
    }
  }

  /** What the station says; undefined of one that has had nothing for `silenceMs`. */
  async poll(silenceMs: number): Promise<Uint8Array | undefined> {
    for (const until = this.#clock.elapsed() + silenceMs; ;) {
      const own = this.#options.class ?? 2;
      const fn = this.#announced || own === 1 ? Ask.class1 : Ask.class2;
      const answer = await this.#ask(fn, undefined);
      if (answer.kind === "frame" && answer.asdu !== undefined) return answer.asdu;
      // A station that serves only class 1, and does not announce it, is not known; one that announces and has nothing is asked by class 2 again.
      this.#announced = false;
      if (this.#clock.elapsed() >= until) return undefined;
      await this.#pause();
    }
  }

  close(): void {
    this.#link.close();
  }

  #isMine(frame: Frame): boolean {
    if (frame.kind === "single") return true;
    return frame.control.from === "secondary" && frame.address === this.#options.address;
  }

  async #ask(fn: number, asdu: Uint8Array | undefined): Promise<Frame> {
    const { address, octets, retries = RETRIES } = this.#options;
    const counts = fn === Ask.send || fn === Ask.class1 || fn === Ask.class2;
    if (counts) this.#fcb = !this.#fcb;
    const control = { from: "primary", fn, fcb: counts ? this.#fcb : undefined } as const;
    for (let left = retries; ; left--) {
      if (this.#ended !== undefined) throw this.#ended;
      // A part of an answer that came late is none of the next.
      this.#receiver.giveUp();
      const answered = this.#answer();
      this.#link.send(frameBytes({ kind: "frame", control, address, asdu }, octets));
      const answer = await answered;
      if (answer !== undefined) {
        this.#answered = true;
        if (answer.kind === "frame" && answer.control.from === "secondary") this.#announced = answer.control.acd;
        // What was late, and not lost, comes twice: the second one is no answer to what is asked next.
        if (left < retries) await this.#answer();
        return answer;
      }
      if (left <= 0 && this.#ended === undefined)
        throw new LinkFailure(`${this.peer}: link address ${address} does not answer`, "silence");
    }
  }

  /** Undefined where none came in time. */
  async #answer(): Promise<Frame | undefined> {
    let cancel: Cancel = () => {};
    try {
      return await new Promise<Frame | undefined>((resolve) => {
        this.#waiting = resolve;
        this.#wake = () => resolve(undefined);
        cancel = this.#clock.after(this.#options.timeoutMs, () => resolve(undefined));
      });
    } finally {
      cancel();
      this.#waiting = this.#wake = undefined;
    }
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#clock.after(this.#options.pauseMs ?? PAUSE_MS, resolve);
      this.#wake = () => {
        cancel();
        resolve();
      };
    });
  }

  #refused(what: string, answer: Frame): LinkFailure {
    const { address } = this.#options;
    const how = answer.kind === "single" ? "E5" : `function ${fnOf(answer)}`;
    return new LinkFailure(`${this.peer}: link address ${address} does not take ${what} (${how})`, "refused");
  }
}

function fnOf({ control }: Answered): number {
  return control.fn;
}

/** Data are taken, too: some stations answer with what they have to say at once. */
function isTaken(answer: Frame): boolean {
  return answer.kind === "single" || fnOf(answer) === Answer.ack;
}
