/**
 * Faults on purpose: what a line does wrong, injected into what one listener sends, whatever its protocol, so that a reader
 * can be tried against it. A protocol that knows more of its messages has further faults and chooses requests by more.
 */
import type { Cancel, Clock } from "#clock/clock.ts";
import { limits } from "#quantity/limits.ts";
import type { Link } from "./link.ts";

export type LinkFault =
  /** The message, and all after it, come so much later. */
  | { readonly kind: "delay"; readonly ms: number }
  /** It does not come; what was asked is carried out. */
  | { readonly kind: "drop" }
  /** Only its first bytes come. */
  | { readonly kind: "truncate"; readonly bytes: number }
  /** It comes byte by byte, so far apart. */
  | { readonly kind: "trickle"; readonly ms: number }
  /** The link is closed instead; what was asked is carried out. */
  | { readonly kind: "close" };

const kinds: ReadonlySet<string> = new Set<LinkFault["kind"]>(["delay", "drop", "truncate", "trickle", "close"]);

/** A fault, and how often it strikes; what is not said is any. */
export interface FaultRule<Fault extends { readonly kind: string } = { readonly kind: string }> {
  readonly fault: Fault;
  /** Every so many of the messages that match: 1 is each of them. */
  readonly every?: number | undefined;
  /** After so many strikes the rule is done. */
  readonly times?: number | undefined;
}

/** Whether a fault is one that any link can have. */
export function isLinkFault(fault: { readonly kind: string } | undefined): fault is LinkFault {
  return fault !== undefined && kinds.has(fault.kind);
}

/** The faults of one listener; they can be changed while it runs. */
export class FaultPlan<Rule extends FaultRule = FaultRule> {
  #rules: { readonly rule: Rule; matched: number; struck: number }[] = [];

  constructor(rules: readonly Rule[] = []) {
    this.set(rules);
  }

  /** Puts these rules in place of those before; their counts begin anew. */
  set(rules: readonly Rule[]): void {
    this.#rules = rules.map((rule) => ({ rule, matched: 0, struck: 0 }));
  }

  add(rules: readonly Rule[]): void {
    for (const rule of rules) this.#rules.push({ rule, matched: 0, struck: 0 });
  }

  /** Whether there is nothing to do: then a listener need not ask. */
  get idle(): boolean {
    return this.#rules.length === 0;
  }

  get rules(): readonly (Rule & { readonly struck: number })[] {
    return this.#rules.map(({ rule, struck }) => ({ ...rule, struck }));
  }

  /** The fault of the first rule that strikes a message; `matches` says which rules are of it, all unless said. */
  strike(matches: (rule: Rule) => boolean = () => true): Rule["fault"] | undefined {
    for (const entry of this.#rules) {
      const { rule } = entry;
      if (entry.struck >= (rule.times ?? Infinity) || !matches(rule)) continue;
      entry.matched++;
      if (entry.matched % (rule.every ?? 1) !== 0) continue;
      entry.struck++;
      return rule.fault;
    }
    return undefined;
  }
}

interface Waiting {
  /** Undefined where the link is closed instead. */
  readonly bytes: Uint8Array | undefined;
  /** How many of its bytes have been sent. */
  sent: number;
  /** Until the next of it goes. */
  waitMs: number;
  /** Between two bytes; 0 sends all at once. */
  readonly stepMs: number;
}

/** A link of a listener with a plan: what is sent goes through it, one message a call, and keeps its order. */
export class FaultyLink<Rule extends FaultRule = FaultRule> implements Link {
  readonly peer: string;
  readonly local?: string;
  readonly certificate?: Uint8Array;
  readonly loggedIn?: () => boolean;
  /** The link itself, for what is to go its usual way. */
  readonly plain: Link;
  readonly plan: FaultPlan<Rule>;
  readonly #clock: Clock;
  readonly #tooMuch: () => void;
  readonly #queue: Waiting[] = [];
  #held = 0;
  #timer: Cancel | undefined;
  #ended = false;

  /**
   * What is held back has a bound (a peer that asks on meanwhile must not make this process keep it all): a message beyond it is lost, and
   * `tooMuch` is told. The link ends then unless that says otherwise: a line, which nobody could open again, goes on.
   */
  constructor(link: Link, plan: FaultPlan<Rule>, clock: Clock, tooMuch: () => void = () => link.close()) {
    this.peer = link.peer;
    if (link.local !== undefined) this.local = link.local;
    if (link.certificate !== undefined) this.certificate = link.certificate;
    if (link.loggedIn !== undefined) this.loggedIn = link.loggedIn;
    this.plain = link;
    this.plan = plan;
    this.#clock = clock;
    this.#tooMuch = tooMuch;
    link.closed(() => this.#end());
  }

  /** Whether messages may go their usual way: no rule is in force, and none of before still holds one back. */
  get idle(): boolean {
    return this.plan.idle && this.#queue.length === 0;
  }

  get waiting(): number {
    return this.#held + this.plain.waiting;
  }

  /** Whether it has been closed, by whomever. */
  get ended(): boolean {
    return this.#ended;
  }

  send(bytes: Uint8Array): void {
    if (this.idle) this.plain.send(bytes);
    else this.deliver(bytes, this.plan.strike());
  }

  receive(run: (bytes: Uint8Array) => void): void {
    this.plain.receive(run);
  }

  pause(): void {
    this.plain.pause();
  }

  resume(): void {
    this.plain.resume();
  }

  closed(run: (fault?: Error) => void): void {
    this.plain.closed(run);
  }

  close(): void {
    this.plain.close();
  }

  /** Sends a message after `gapMs` with a fault that was chosen for it; faults that are not of links are somebody else's. */
  deliver(bytes: Uint8Array, fault: Rule["fault"] | undefined, gapMs = 0): void {
    const of = isLinkFault(fault) ? fault : undefined;
    switch (of?.kind) {
      case "drop":
        return;
      case "close":
        this.#put({ bytes: undefined, sent: 0, waitMs: gapMs, stepMs: 0 });
        return;
      case "delay":
        this.#put({ bytes, sent: 0, waitMs: gapMs + of.ms, stepMs: 0 });
        return;
      case "truncate":
        this.#put({ bytes: bytes.subarray(0, of.bytes), sent: 0, waitMs: gapMs, stepMs: 0 });
        return;
      case "trickle":
        this.#put({ bytes, sent: 0, waitMs: gapMs, stepMs: of.ms });
        return;
      default:
        this.#put({ bytes, sent: 0, waitMs: gapMs, stepMs: 0 });
    }
  }

  #put(message: Waiting): void {
    if (this.#ended) return;
    const size = limits.peers.faultyMessage + (message.bytes?.length ?? 0);
    if (this.#held + size > limits.peers.faulty) {
      this.#tooMuch();
      return;
    }
    this.#held += size;
    this.#queue.push(message);
    if (this.#timer === undefined) this.#next();
  }

  /** Sends what is due. What is sent may bring the next request before `send` returns, and with it this again. */
  #next(): void {
    while (this.#timer === undefined) {
      const [head] = this.#queue;
      if (head === undefined) return;
      if (head.waitMs > 0) {
        const { waitMs } = head;
        head.waitMs = 0;
        this.#timer = this.#clock.after(waitMs, () => {
          this.#timer = undefined;
          this.#next();
        });
        return;
      }
      this.#sendOf(head);
    }
  }

  #sendOf(head: Waiting): void {
    const { bytes, sent, stepMs } = head;
    if (bytes !== undefined && stepMs > 0 && sent + 1 < bytes.length) {
      head.sent++;
      head.waitMs = stepMs;
      this.plain.send(bytes.slice(sent, sent + 1));
      return;
    }
    this.#queue.shift();
    this.#held -= limits.peers.faultyMessage + (bytes?.length ?? 0);
    if (bytes === undefined) this.close();
    else this.plain.send(sent === 0 ? bytes : bytes.slice(sent));
  }

  #end(): void {
    this.#ended = true;
    this.#timer?.();
    this.#timer = undefined;
    this.#queue.length = 0;
    this.#held = 0;
  }
}
