/**
 * The primary station of a data link (IEEE 1815, clause 9.2.5): sends fragments, without confirmation in one write, with it frame by frame,
 * each when the other side has acknowledged the one before.
 */
import type { Cancel, Clock } from "#clock/clock.ts";
import { bits, primary, secondary } from "./control.ts";
import { HEADER, headerBytes } from "./frame.ts";
import { fragmentBytes, MOST_SEGMENT, segmentBytes, segmentsOf, transportBits, type Part } from "./segments.ts";

/** Data link confirmation (Appendix A of the JEMStar II's manual, DNP Slave). */
export interface ConfirmSettings {
  readonly confirm: "never" | "multi-frame" | "always";
  /** How long an acknowledgement is waited for once a frame has gone. */
  readonly timeoutMs: number;
  /** How often a frame that is not acknowledged is sent again, 0 to 255. */
  readonly retries: number;
}

export interface PrimaryOptions {
  /** Where frames go to, and where they come from. */
  readonly destination: number;
  readonly source: number;
  /** Frames of a master have the bit DIR. */
  readonly isMaster: boolean;
  readonly settings: () => ConfirmSettings;
  readonly clock: Clock;
  readonly send: (bytes: Uint8Array) => void;
  /** Milliseconds from `send` until so many octets have gone; none unless said. */
  readonly sendMs?: ((octets: number) => number) | undefined;
  /** A fragment has been given up: the other side does not acknowledge it. */
  readonly failed?: (() => void) | undefined;
}

/** What is waited for: the acknowledgement of a reset, or of a segment, or that the other side has room again. */
type Awaited = "reset" | "segment" | "room";

export class Primary {
  readonly #options: PrimaryOptions;
  /** Of the next segment. */
  #sequence = 0;
  /** The frame count bit of the next counted frame; undefined while the other side's link states have to be reset. */
  #fcb: number | undefined;
  #awaited: Awaited | undefined;
  /** Of the fragment under way. */
  #fragment: Uint8Array | undefined;
  #from = 0;
  /** The fragment that takes its place when the frame under way is settled. */
  #next: Uint8Array | undefined;
  /** How often the frame under way may be sent again. */
  #left = 0;
  /** The segment under way has been refused. */
  #refused = false;
  /** The other side has said that it has no room for more. */
  #isFull = false;
  #timer: Cancel = () => {};

  constructor(options: PrimaryOptions) {
    this.#options = options;
  }

  /** Whether acknowledgements of a fragment are waited for. */
  get isBusy(): boolean {
    return this.#awaited !== undefined;
  }

  /** The fragment must stay as it is. One that is under way gives way to it. */
  send(fragment: Uint8Array): void {
    if (this.#awaited === "segment") {
      // Whether the frame under way has come decides how the next one is counted.
      this.#next = fragment;
      return;
    }
    this.#fragment = fragment;
    this.#from = 0;
    if (this.#awaited === undefined) this.#begin();
  }

  /** Asks whether the other side is there; what it answers is told by whoever takes its frames. */
  requestLinkStatus(): void {
    this.#options.send(headerBytes(this.#header(primary.requestLinkStatus)));
  }

  /** An answer of the other side's secondary station. */
  heard(control: number): void {
    switch (control & bits.function) {
      case secondary.ack:
        return this.#acknowledged((control & bits.dfc) !== 0);
      case secondary.linkStatus:
        if (this.#awaited !== "room") return;
        this.#isFull = (control & bits.dfc) !== 0;
        this.#settle();
        if (!this.#isFull) this.#renew();
        return this.#segment();
      case secondary.nack:
        // It has started anew, and has forgotten that the link states were reset.
        if (this.#awaited !== "segment") return;
        this.#settle();
        if (this.#left === 0) return this.#giveUp();
        this.#left--;
        this.#refused = true;
        return this.#reset();
      case secondary.notSupported:
        if (this.#awaited === undefined) return;
        this.#settle();
        return this.#giveUp();
      default:
    }
  }

  end(): void {
    this.#settle();
    this.#fragment = this.#next = undefined;
  }

  #begin(): void {
    const fragment = this.#fragment;
    if (fragment === undefined) return;
    const { confirm, retries } = this.#options.settings();
    const isConfirmed = confirm === "always" || (confirm === "multi-frame" && segmentsOf(fragment.length) > 1);
    if (!isConfirmed) {
      this.#fragment = undefined;
      const bytes = fragmentBytes(this.#header(primary.unconfirmedUserData), fragment, this.#sequence);
      this.#sequence = (this.#sequence + segmentsOf(fragment.length)) & transportBits.sequence;
      return this.#options.send(bytes);
    }
    this.#left = retries;
    this.#refused = false;
    if (this.#fcb === undefined) this.#reset();
    else this.#segment();
  }

  #reset(): void {
    this.#fcb = undefined;
    this.#await("reset", () => headerBytes(this.#header(primary.resetLinkStates)));
  }

  #segment(): void {
    const fragment = this.#fragment;
    if (fragment === undefined) return;
    if (this.#isFull) return this.#waitForRoom();
    const from = this.#from;
    const part: Part = { from, to: Math.min(from + MOST_SEGMENT, fragment.length), sequence: this.#sequence };
    const header = this.#header(primary.confirmedUserData | bits.fcv | (this.#fcb ?? 0));
    this.#await("segment", () => segmentBytes(header, fragment, part));
  }

  /** Sends a frame, and again when nothing comes. A link owns what it is given: each time the frame is made anew. */
  #await(awaited: Awaited, frame: () => Uint8Array): void {
    this.#awaited = awaited;
    const { clock, settings, send, sendMs } = this.#options;
    const bytes = frame();
    const waitMs = settings().timeoutMs + (sendMs?.(bytes.length) ?? 0);
    this.#timer = clock.after(waitMs, () => {
      if (this.#left > 0) {
        this.#left--;
        return this.#await(awaited, frame);
      }
      this.#settle();
      this.#giveUp();
    });
    // Over a null modem the answer is here before it returns.
    send(bytes);
  }

  /** Asks after a while whether there is room again, as often as a frame would be sent again. */
  #waitForRoom(): void {
    if (this.#left === 0) return this.#giveUp();
    this.#left--;
    this.#awaited = "room";
    const { clock, settings, sendMs } = this.#options;
    const { timeoutMs } = settings();
    this.#timer = clock.after(timeoutMs, () => {
      this.#timer = clock.after(timeoutMs + (sendMs?.(HEADER) ?? 0), () => {
        this.#settle();
        this.#waitForRoom();
      });
      this.requestLinkStatus();
    });
  }

  #acknowledged(isFull: boolean): void {
    const awaited = this.#awaited;
    if (awaited === undefined || awaited === "room") return;
    this.#isFull = isFull;
    this.#settle();
    if (awaited === "reset") {
      this.#fcb = bits.fcb;
      this.#renew();
      return this.#segment();
    }
    this.#fcb = (this.#fcb ?? 0) ^ bits.fcb;
    this.#sequence = (this.#sequence + 1) & transportBits.sequence;
    this.#from += MOST_SEGMENT;
    const isDone = this.#from >= (this.#fragment?.length ?? 0);
    if (isDone || this.#next !== undefined) return this.#follow();
    this.#refused = false;
    this.#renew();
    this.#segment();
  }

  /** A segment that has been refused has no more retries than it had. */
  #renew(): void {
    if (!this.#refused) this.#left = this.#options.settings().retries;
  }

  #settle(): void {
    this.#timer();
    this.#awaited = undefined;
  }

  #giveUp(): void {
    this.#fcb = undefined;
    this.#isFull = false;
    this.#options.failed?.();
    this.#follow();
  }

  /** The fragment that has waited, if one has. */
  #follow(): void {
    this.#fragment = this.#next;
    this.#next = undefined;
    this.#from = 0;
    this.#begin();
  }

  #header(control: number) {
    const { destination, source, isMaster } = this.#options;
    return { control: control | bits.prm | (isMaster ? bits.dir : 0), destination, source };
  }
}
