/**
 * Notifications on their way to one destination (Blue Book 4.4.8, Push setup): each leaves once it is on disk what it tells of, is tried again as often
 * as its setup says, and is given up then. A destination that takes nothing holds a few of them; the oldest goes for one more.
 */
import type { Cancel, Clock } from "#clock/clock.ts";
import { limits } from "#quantity/limits.ts";

export interface PushQueueOptions {
  readonly clock: Clock;
  /** Sends one, and rejects with what went wrong. */
  readonly send: (apdu: Uint8Array) => Promise<void>;
  /** Whether anything may leave now: the port works, and its window is open. */
  readonly open: () => boolean;
  /** Runs when what there is to tell is on disk, or could not be brought there. */
  readonly kept: (run: (kept: boolean) => void) => void;
  /** How often a notification is tried again, and after how long. */
  readonly retries: number;
  readonly repetitionMs: number;
  /** Something that people should know: once that it fails, with why, and once that it works again. */
  readonly say: (what: "fails" | "works again", why?: string) => void;
}

interface Waiting {
  readonly apdu: Uint8Array;
  /** Elapsed time. */
  notBefore: number;
  kept: boolean;
  /** It is being waited for. */
  asked: boolean;
  tries: number;
}

export class PushQueue {
  readonly #with: PushQueueOptions;
  #waiting: Waiting[] = [];
  #cancel: Cancel = () => {};
  #busy = false;
  #failing = false;
  #stopped = false;
  /** What was sent, and what was given up or displaced, so far. */
  sent = 0;
  lost = 0;

  constructor(options: PushQueueOptions) {
    this.#with = options;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /** Takes a notification, which leaves after so many milliseconds at the earliest. */
  add(apdu: Uint8Array, delayMs = 0): void {
    if (this.#stopped) return;
    if (this.#waiting.length >= limits.dlms.pushes) {
      // The one that is being sent stays.
      this.#waiting.splice(this.#busy ? 1 : 0, 1);
      this.lost++;
    }
    const one = { apdu, notBefore: this.#with.clock.elapsed() + delayMs, kept: false, asked: false, tries: 0 };
    this.#waiting.push(one);
    this.#keep(one);
    this.#later(delayMs);
  }

  /** One that could not be made: why, in words. */
  lose(why: string): void {
    this.lost++;
    if (!this.#failing) this.#with.say("fails", why);
    this.#failing = true;
  }

  stop(): void {
    this.#stopped = true;
    this.#waiting = [];
    this.#cancel();
  }

  /** Waits until it is on disk; where the store cannot be written, once more at the next look. */
  #keep(one: Waiting): void {
    if (one.asked) return;
    one.asked = true;
    this.#with.kept((kept) => {
      one.asked = false;
      one.kept = kept;
      if (kept) this.#look();
    });
  }

  #later(ms: number = limits.dlms.pushLookMs): void {
    this.#cancel();
    if (this.#stopped || this.#waiting.length === 0) return;
    this.#cancel = this.#with.clock.after(Math.min(ms, limits.dlms.pushLookMs), () => this.#look());
  }

  #look(): void {
    if (this.#busy || this.#stopped) return;
    const [first] = this.#waiting;
    if (first === undefined) return;
    const { clock, open } = this.#with;
    if (!first.kept) this.#keep(first);
    if (!first.kept || first.notBefore > clock.elapsed() || !open()) return this.#later();
    this.#busy = true;
    void this.#send(first);
  }

  async #send(one: Waiting): Promise<void> {
    const { send, say } = this.#with;
    try {
      await send(one.apdu);
      this.sent++;
      this.#drop(one);
      if (this.#failing) say("works again");
      this.#failing = false;
    } catch (error) {
      this.#failed(one, error instanceof Error ? error.message : String(error));
    } finally {
      this.#busy = false;
      this.#later(0);
    }
  }

  #failed(one: Waiting, why: string): void {
    const { clock, retries, repetitionMs, say } = this.#with;
    if (!this.#failing && !this.#stopped) say("fails", why);
    this.#failing = true;
    one.tries++;
    one.notBefore = clock.elapsed() + repetitionMs;
    if (one.tries <= retries) return;
    this.lost++;
    this.#drop(one);
  }

  #drop(one: Waiting): void {
    this.#waiting = this.#waiting.filter((other) => other !== one);
  }
}
