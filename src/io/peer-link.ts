import type { Cancel, Clock } from "#clock/clock.ts";
import { limits } from "#quantity/limits.ts";
import { joined } from "./byte-run.ts";
import type { Link } from "./link.ts";
import type { PeerCounts } from "./peer-counts.ts";
import { noTap, type Tap } from "./tap.ts";
import type { Bursting, Turns } from "./turns.ts";

export interface PeerLinkOptions {
  readonly turns: Turns;
  readonly clock: Clock;
  readonly counts: PeerCounts;
  /** A lasting link is a line: nobody could open it again, so what is too much for it is lost instead. */
  readonly lasting: boolean;
  /** What comes in one piece, a datagram, is handed on as it is; not unless said. */
  readonly whole?: boolean;
  /** Whoever brings it does so in turns already: what comes is handed on as it comes, however much; not unless said. */
  readonly paced?: boolean;
  /** Sees what passes; nobody does unless said. */
  readonly tap?: Tap;
}

const NOTHING = new Uint8Array(0);

/**
 * The link of a listener's peer, kept within bounds. What comes in bursts is handed on in slices, each peer's in its turn, and not while more answers
 * wait than the peer takes. A peer that takes none of them is dropped.
 */
export class PeerLink implements Link, Bursting {
  readonly peer: string;
  readonly local?: string;
  readonly certificate?: Uint8Array;
  readonly loggedIn?: () => boolean;
  readonly #link: Link;
  readonly #turns: Turns;
  readonly #clock: Clock;
  readonly #counts: PeerCounts;
  readonly #lasting: boolean;
  readonly #most: number;
  readonly #atOnce: number;
  readonly #paced: boolean;
  readonly #tap: Tap;
  /** What answers go through first. */
  #before: Link = this;
  #run: (bytes: Uint8Array) => void = () => {};
  /** Of a burst, what has not been handed on. */
  #rest: Uint8Array = NOTHING;
  /** Bytes sent, ever. */
  #sent = 0;
  #unread: Cancel | undefined;
  #paused = false;
  #open = true;

  constructor(link: Link, options: PeerLinkOptions) {
    const { turns, clock, counts, lasting, whole = false, paced = false, tap = noTap } = options;
    this.peer = link.peer;
    if (link.local !== undefined) this.local = link.local;
    if (link.certificate !== undefined) this.certificate = link.certificate;
    if (link.loggedIn !== undefined) this.loggedIn = link.loggedIn;
    this.#link = link;
    this.#turns = turns;
    this.#clock = clock;
    this.#counts = counts;
    this.#lasting = lasting;
    this.#most = whole ? Infinity : limits.peers.slice;
    this.#paced = paced;
    this.#tap = tap;
    this.#atOnce = paced ? Infinity : limits.peers.atOnce;
    link.closed(() => this.#end());
  }

  /** Names the link that answers are given to and that hands them to this one: what waits there counts, too. */
  heed(before: Link): void {
    this.#before = before;
  }

  get waiting(): number {
    return this.#link.waiting;
  }

  get isBlocked(): boolean {
    return this.#paused || this.#before.waiting > limits.peers.answers;
  }

  get held(): number {
    return this.#rest.length + limits.peers.readAhead + this.#before.waiting;
  }

  send(bytes: Uint8Array): void {
    if (!this.#open) return;
    if (this.#lasting && this.#link.waiting + bytes.length > limits.peers.unread) {
      this.#counts.unread++;
      return;
    }
    this.#sent += bytes.length;
    if (this.#tap.on && !this.#paced) this.#tap.said(bytes);
    this.#link.send(bytes);
    // A port of Ethernet writes its address into what it sends.
    if (this.#tap.on && this.#paced) this.#tap.said(bytes);
    const { waiting } = this.#link;
    if (waiting === 0 || this.#lasting) return;
    if (waiting > limits.peers.unread) this.dismiss();
    else if (this.#unread === undefined) this.#watch();
  }

  receive(run: (bytes: Uint8Array) => void): void {
    this.#run = run;
    this.#link.receive((bytes) => {
      if (this.#tap.on) this.#tap.heard(bytes);
      if (bytes.length <= this.#atOnce && this.#rest.length === 0 && !this.isBlocked) run(bytes);
      else this.#burst(bytes);
    });
  }

  pause(): void {
    this.#paused = true;
    this.#link.pause();
  }

  resume(): void {
    this.#paused = false;
    if (this.#rest.length === 0) this.#link.resume();
  }

  closed(run: (fault?: Error) => void): void {
    this.#link.closed(run);
  }

  /** Who has sent another datagram meanwhile is not let go for the one before: what it says is heard first. */
  close(): void {
    if (this.#most === Infinity && this.#rest.length > 0) return;
    this.#link.close();
  }

  slice(): "done" | "more" | "blocked" {
    if (this.isBlocked) return "blocked";
    const slice = this.#rest.subarray(0, this.#most);
    this.#rest = this.#rest.subarray(slice.length);
    this.#run(slice);
    if (this.#rest.length > 0) return "more";
    this.#rest = NOTHING;
    if (!this.#paused) this.#link.resume();
    // What waited before the link may be here already.
    return this.#rest.length > 0 ? "more" : "done";
  }

  dismiss(): void {
    this.#counts.unread++;
    this.#link.close();
  }

  #burst(bytes: Uint8Array): void {
    if (!this.#open) return;
    this.#link.pause();
    this.#rest = this.#rest.length === 0 ? bytes : joined(this.#rest, bytes);
    this.#turns.enter(this);
  }

  /** Looks after a while whether the peer has taken anything of what waits for it. */
  #watch(): void {
    const taken = this.#sent - this.#link.waiting;
    this.#unread = this.#clock.after(limits.peers.unreadMs, () => {
      this.#unread = undefined;
      if (this.#link.waiting === 0) return;
      if (this.#sent - this.#link.waiting > taken) this.#watch();
      else this.dismiss();
    });
  }

  #end(): void {
    this.#open = false;
    this.#rest = NOTHING;
    this.#unread?.();
    this.#turns.leave(this);
  }
}
