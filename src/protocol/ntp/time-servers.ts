/** Up to three time servers that are asked again and again: what time it is by those that answer. */
import type { Cancel, Clock } from "#clock/clock.ts";
import type { UdpPeer } from "#io/udp.ts";
import { ntpAnswer, ntpRequest, offsetOf } from "./packet.ts";

export interface TimeServersOptions {
  readonly servers: readonly UdpPeer[];
  readonly clock: Clock;
  readonly ask: (
    peer: UdpPeer,
    request: Uint8Array,
    within: { readonly clock: Clock; readonly timeoutMs: number },
  ) => Promise<Uint8Array>;
  /** Eight bytes that nobody can guess. */
  readonly nonce: () => Uint8Array;
  readonly pollSeconds: number;
  /** Told after every round: UTC by the servers at an elapsed time, and the stratum of the one it is of; undefined when they are lost. */
  readonly found: (utc: ((elapsed: number) => number) | undefined, stratum?: number) => void;
}

const TIMEOUT_MS = 2000;
/** Rounds without any answer after which the servers are lost. */
const LOST_AFTER = 3;

export class TimeServers {
  readonly #options: TimeServersOptions;
  #next: Cancel = () => {};
  #stopped = false;
  #missed = 0;

  constructor(options: TimeServersOptions) {
    this.#options = options;
  }

  start(): void {
    void this.#round();
  }

  stop(): void {
    this.#stopped = true;
    this.#next();
  }

  async #round(): Promise<void> {
    const { servers, clock, pollSeconds, found } = this.#options;
    const offsets = await Promise.all(servers.map((server) => this.#ask(server)));
    if (this.#stopped) return;
    const known = offsets.filter((one) => one !== undefined).toSorted((a, b) => a.offset - b.offset);
    // Of two the median is the lower one; of three it outvotes one that is wrong.
    const best = known[Math.floor((known.length - 1) / 2)];
    if (best !== undefined) {
      this.#missed = 0;
      const base = clock.utc() + best.offset - clock.elapsed();
      found((elapsed) => base + elapsed, best.stratum);
    } else if (++this.#missed >= LOST_AFTER) found(undefined);
    this.#next = clock.after(1000 * pollSeconds, () => void this.#round());
  }

  /** How far this machine's clock is behind a server's, and that one's stratum; undefined where none answers sense. */
  async #ask(server: UdpPeer): Promise<{ readonly offset: number; readonly stratum: number } | undefined> {
    const { clock, ask, nonce } = this.#options;
    const mine = nonce();
    const [asked, since] = [clock.utc(), clock.elapsed()];
    try {
      const answer = ntpAnswer(await ask(server, ntpRequest(mine), { clock, timeoutMs: TIMEOUT_MS }), mine);
      // By elapsed time, so that a step of this machine's clock in between does not matter.
      return { offset: offsetOf(answer, asked, asked + clock.elapsed() - since).offset, stratum: answer.stratum };
    } catch {
      // One server's failure is the others' business; the meter says when all of them are lost.
      return undefined;
    }
  }
}
