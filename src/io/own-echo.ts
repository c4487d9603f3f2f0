/**
 * Two-wire adapters hand back what is sent: to a unit its own answer then looks like a request (Modbus functions 05, 06 and 08). This takes it
 * out, each echo once, whatever the protocol. What equals what was asked (the acknowledgement of a write) tells nothing of the adapter: a
 * master may ask the same again. Everything else that comes back does, and so does what does not come back.
 */
import type { Clock } from "#clock/clock.ts";
import { limits } from "#quantity/limits.ts";
import { beginsAt, indexOf, joined } from "./byte-run.ts";
import type { Link } from "./link.ts";
import { transmissionMs } from "./serial.ts";

interface Sent {
  readonly bytes: Uint8Array;
  /** Until when its echo can come, in elapsed time. */
  readonly until: number;
  /** It is what came last: is what comes its echo, or the same asked again? */
  readonly repeats: boolean;
  /** It has been counted as one that did not come back. */
  missed: boolean;
}

/** Messages in a row that have not come back: then the adapter hands nothing back. */
const NOT_HEARD = 3;

/** Bytes that tell a message: fewer are the end of another as often. */
const SURE = 4;

const NOTHING = new Uint8Array(0);

/** A line on which echoes may come. */
export interface EchoingLine {
  readonly baud: number;
  /** Whether what equals an answer is taken for its echo before one has shown that cannot be anything else. */
  readonly likely: boolean;
}

class OwnEcho {
  readonly #link: Link;
  readonly #clock: Clock;
  readonly #baud: number;
  #run: (bytes: Uint8Array) => void = () => {};
  /** What came last. */
  #heard: Uint8Array = NOTHING;
  /** The beginning of an echo, of which more has to come. */
  #held: Uint8Array = NOTHING;
  /** Whose echoes have not come, the oldest first. */
  #sent: Sent[] = [];
  /** Messages in a row that did not come back; they would have to, were there an echo. */
  #missed = 0;

  constructor(link: Link, clock: Clock, { baud, likely }: EchoingLine) {
    this.#link = link;
    this.#clock = clock;
    this.#baud = baud;
    if (!likely) this.#missed = NOT_HEARD;
  }

  send(bytes: Uint8Array): void {
    const now = this.#clock.elapsed();
    for (const one of this.#sent) {
      if (!one.repeats && !one.missed) this.#missed++;
      one.missed = true;
    }
    this.#sent = this.#sent.filter(({ until }) => until > now).slice(-limits.peers.echoes);
    const tail = this.#heard.subarray(-bytes.length);
    const repeats = tail.length === bytes.length && beginsAt(tail, 0, bytes);
    // An adapter that hands nothing back does not hand back this. A few bytes stand in any message.
    if (bytes.length >= SURE && (!repeats || this.#missed < NOT_HEARD)) {
      const until = now + transmissionMs(this.#link.waiting + bytes.length, this.#baud) + limits.peers.echoMs;
      // The link owns what it is given.
      this.#sent.push({ bytes: bytes.slice(), until, repeats, missed: false });
    }
    this.#link.send(bytes);
  }

  receive(run: (bytes: Uint8Array) => void): void {
    this.#run = run;
    this.#link.receive((chunk) => this.#take(this.#held.length === 0 ? chunk : joined(this.#held, chunk)));
  }

  #take(bytes: Uint8Array): void {
    this.#held = NOTHING;
    const now = this.#clock.elapsed();
    for (const [k, { bytes: own, until, repeats }] of this.#sent.entries()) {
      if (until <= now) continue;
      const at = indexOf(bytes, own);
      if (at < 0) continue;
      // What was sent before it and has not come back was lost.
      this.#sent = this.#sent.slice(k + 1);
      if (!repeats) this.#missed = 0;
      if (at > 0) this.#handOn(bytes.slice(0, at));
      if (bytes.length > at + own.length) this.#take(bytes.subarray(at + own.length));
      return;
    }
    const from = this.#tailAt(bytes, now);
    if (from > 0) this.#handOn(bytes.subarray(0, from));
    if (from === bytes.length) return;
    const held = (this.#held = bytes.slice(from));
    const [oldest] = this.#sent;
    // What was no echo after all is handed on late.
    this.#clock.after(Math.max(0, (oldest?.until ?? now) - now), () => {
      if (this.#held !== held) return;
      this.#held = NOTHING;
      this.#handOn(held);
    });
  }

  #handOn(bytes: Uint8Array): void {
    this.#heard = bytes.length >= MOST ? bytes.slice(-MOST) : joined(this.#heard, bytes).slice(-MOST);
    this.#run(bytes);
  }

  /** Where an echo begins of which more has to come; the length where none does. */
  #tailAt(bytes: Uint8Array, now: number): number {
    for (const { bytes: own, until } of this.#sent) {
      if (until <= now) continue;
      for (let from = Math.max(0, bytes.length - own.length + 1); from < bytes.length; from++) {
        if (from > 0 && bytes.length - from < SURE) break;
        if (beginsAt(bytes, from, own)) return from;
      }
    }
    return bytes.length;
  }
}

/** Of what came last, so many bytes are kept: the longest frame that anything answers with its own bytes. */
const MOST = 256;

/** A link on a line, without the echoes of what is sent on it. */
export function withoutOwnEcho(link: Link, clock: Clock, line: EchoingLine): Link {
  const echo = new OwnEcho(link, clock, line);
  return {
    peer: link.peer,
    get waiting() {
      return link.waiting;
    },
    send: (bytes) => echo.send(bytes),
    receive: (run) => echo.receive(run),
    pause: () => link.pause(),
    resume: () => link.resume(),
    closed: (run) => link.closed(run),
    close: () => link.close(),
  };
}
