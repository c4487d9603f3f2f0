/** A link as a stream of Node, for libraries that work on sockets. Whoever writes faster than the peer reads, waits. */
import { Duplex } from "node:stream";
import type { Cancel, Clock } from "#clock/clock.ts";
import { limits } from "#quantity/limits.ts";
import type { Link } from "./link.ts";

export class LinkStream extends Duplex {
  readonly #link: Link;
  readonly #clock: Clock;
  #look: Cancel = () => {};

  constructor(link: Link, clock: Clock) {
    super({ autoDestroy: true, emitClose: true });
    this.#link = link;
    this.#clock = clock;
    link.closed((fault) => {
      this.#look();
      this.destroy(fault);
    });
    link.receive((bytes) => {
      if (!this.destroyed && !this.push(Buffer.from(bytes))) link.pause();
    });
  }

  override _read(): void {
    this.#link.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error) => void): void {
    this.#link.send(Uint8Array.from(chunk));
    this.#whenTaken(limits.peers.answers, done);
  }

  /** Links do not tell when there is room again. A peer that takes nothing is let go by whoever listens. */
  #whenTaken(most: number, done: () => void): void {
    if (this.destroyed || this.#link.waiting <= most) return done();
    this.#look = this.#clock.after(limits.peers.lookMs, () => this.#whenTaken(most, done));
  }

  override _final(done: () => void): void {
    this.#whenTaken(0, () => {
      done();
      this.#link.close();
    });
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#look();
    this.#link.close();
    done(error);
  }
}
