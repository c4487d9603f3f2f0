/**
 * How many wrong passwords an address may send: a few at once, then one in a while. It is the address that waits, never a user, so that
 * nobody can lock another out.
 */
import { networkOf } from "#quantity/network.ts";
import { limits } from "#quantity/limits.ts";

interface Spent {
  wrong: number;
  at: number;
}

export class LogInRation {
  readonly #elapsed: () => number;
  /** By network; who was heard of last is last. */
  readonly #spent = new Map<string, Spent>();

  /** `elapsed` is people's time, in milliseconds. */
  constructor(elapsed: () => number) {
    this.#elapsed = elapsed;
  }

  /** Takes one log-in of an address, as if it were wrong: undefined when it may, else the milliseconds until it may. */
  take(address: string | undefined): number | undefined {
    const { wrongLogIns, wrongLogInMs, wrongAddresses } = limits.web;
    const now = this.#elapsed();
    const key = networkOf(address);
    const before = this.#spent.get(key);
    const earned = before === undefined ? 0 : Math.floor((now - before.at) / wrongLogInMs);
    const wrong = Math.max(0, (before?.wrong ?? 0) - earned);
    // What has been earned in part goes on being earned.
    const at = before === undefined || wrong === 0 ? now : before.at + earned * wrongLogInMs;
    this.#spent.delete(key);
    this.#spent.set(key, { wrong: Math.min(wrong + 1, wrongLogIns), at });
    const [oldest] = this.#spent.keys();
    if (this.#spent.size > wrongAddresses && oldest !== undefined) this.#spent.delete(oldest);
    return wrong < wrongLogIns ? undefined : at + wrongLogInMs - now;
  }

  /** The log-in was right after all. */
  giveBack(address: string | undefined): void {
    const spent = this.#spent.get(networkOf(address));
    if (spent !== undefined) spent.wrong = Math.max(0, spent.wrong - 1);
  }
}
