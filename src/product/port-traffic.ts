/** What goes on at a port in a protocol, as far as the state of the port has to know it. */
import type { TrafficSink } from "./product.ts";

/** For so long what was not understood is told, unless something is understood before. */
const REMEMBERED_MS = 120_000;

export class PortTraffic implements TrafficSink {
  /** Real time: peers come and go by it, however fast the site's clock goes. */
  readonly #elapsed: () => number;
  #failed = false;
  #sessions = 0;
  #heardAt: number | undefined;
  #misunderstoodAt: number | undefined;
  #talkedAt: number | undefined;

  constructor(elapsed: () => number) {
    this.#elapsed = elapsed;
  }

  opened(): void {
    this.#failed = false;
  }

  failed(): void {
    this.#failed = true;
    this.#heardAt = undefined;
    this.#misunderstoodAt = undefined;
  }

  connected(): void {
    this.#sessions++;
    this.#heardAt = this.#elapsed();
  }

  left(): void {
    this.#sessions--;
    if (this.#sessions === 0) this.#heardAt = undefined;
  }

  heard(): void {
    this.#heardAt = this.#talkedAt = this.#elapsed();
    this.#misunderstoodAt = undefined;
  }

  misunderstood(): void {
    this.#misunderstoodAt = this.#elapsed();
  }

  /** Whether its line is gone. */
  get isFailed(): boolean {
    return this.#failed;
  }

  /** Peers that are connected; none on a serial line. */
  get sessions(): number {
    return this.#sessions;
  }

  /** Since anybody connected or was heard, milliseconds; undefined where nobody was, or all have gone. */
  get silentMs(): number | undefined {
    return this.#heardAt === undefined ? undefined : this.#elapsed() - this.#heardAt;
  }

  /** Since bytes came last, whoever sent them and whether or not he has gone, milliseconds; undefined where none ever did. */
  get quietMs(): number | undefined {
    return this.#talkedAt === undefined ? undefined : this.#elapsed() - this.#talkedAt;
  }

  /** Whether what came last was not understood, not long ago. */
  get unrecognised(): boolean {
    return this.#misunderstoodAt !== undefined && this.#elapsed() - this.#misunderstoodAt < REMEMBERED_MS;
  }
}
