/** What passes between the peers of a site and its meters, kept for as long as somebody looks at it, and no more of it than there is room for. */
import type { Cancel, Clock } from "#clock/clock.ts";
import type { Ending, Link } from "#io/link.ts";
import type { Tap } from "#io/tap.ts";
import { limits } from "#quantity/limits.ts";

/** A place that traffic passes, as whoever looks at it names it. */
export interface TrafficPlace {
  /** "modbus tcp 127.0.0.1:1502". */
  readonly what: string;
  readonly protocol: string;
  readonly transport: string;
  readonly over: "tcp" | "tls" | "udp" | "ethernet" | "serial" | "optical";
  /** The meters that stand behind it now. */
  readonly meters: readonly string[];
}

/** A peer that has come, or a line that is open. */
export interface TrafficConnection {
  readonly number: number;
  readonly place: TrafficPlace;
  readonly peer: string;
  /** The address of this end, where there is one. */
  readonly local: string | undefined;
}

/** Something that has passed. */
export interface Passed {
  /** Of all that has been kept since the start of the site. */
  readonly number: number;
  /** Milliseconds since 1970, with their fractions. */
  readonly utc: number;
  readonly connection: TrafficConnection;
  readonly kind: "heard" | "said" | "came" | "went";
  /** A copy; empty of what is not to be seen, and of who comes and goes. */
  readonly bytes: Uint8Array;
  readonly length: number;
  /** Bytes that had passed before on this connection, to the meter and from it, since somebody looks. */
  readonly heardBefore: number;
  readonly saidBefore: number;
  /** Of a connection over a network that went: who ended it. */
  readonly ending?: Ending | undefined;
}

/** How far two clocks may drift apart until the finer one is set anew, ms. */
const DRIFT_MS = 2;
const NOTHING = new Uint8Array(0);

class Connection implements TrafficConnection, Tap {
  readonly number: number;
  readonly place: TrafficPlace;
  readonly peer: string;
  readonly local: string | undefined;
  readonly #traffic: Traffic;
  readonly #secretive: boolean;
  /** Of which look the counts are. */
  #look = -1;
  #heard = 0;
  #said = 0;

  constructor(traffic: Traffic, number: number, place: TrafficPlace, link: Link, secretive: boolean) {
    this.#traffic = traffic;
    this.#secretive = secretive;
    this.number = number;
    this.place = place;
    this.peer = link.peer;
    this.local = link.local;
  }

  get on(): boolean {
    return this.#traffic.on;
  }

  heard(bytes: Uint8Array): void {
    this.pass("heard", bytes);
    this.#heard += bytes.length;
  }

  said(bytes: Uint8Array): void {
    this.pass("said", bytes);
    this.#said += bytes.length;
  }

  pass(kind: Passed["kind"], bytes: Uint8Array = NOTHING, ending?: Ending): void {
    const { looks } = this.#traffic;
    if (this.#look !== looks) {
      this.#look = looks;
      this.#heard = 0;
      this.#said = 0;
    }
    const { number, utc } = this.#traffic.moment();
    this.#traffic.keep({
      number,
      utc,
      connection: this,
      kind,
      // A slice of a Buffer would be no copy.
      bytes: this.#secretive || bytes.length === 0 ? NOTHING : new Uint8Array(bytes),
      length: bytes.length,
      heardBefore: this.#heard,
      saidBefore: this.#said,
      ...(ending === undefined ? {} : { ending }),
    });
  }
}

export class Traffic {
  readonly #clock: Clock;
  #connections = 0;
  /** Until when somebody looks, in elapsed milliseconds. */
  #until = -Infinity;
  #ending: Cancel | undefined;
  #passed: (Passed | undefined)[] = [];
  /** How many of those at the front have been dropped. */
  #first = 0;
  #bytes = 0;
  #next = 1;
  #on = false;
  #anchor = { utc: 0, elapsed: 0 };
  /** How many have begun to look at it while nobody did. */
  looks = 0;
  /** Of this look. */
  since: number | undefined;
  /** What had to go to make room. */
  dropped = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether anything is kept. */
  get on(): boolean {
    return this.#on;
  }

  /** Of what passes now, UTC. */
  get now(): number {
    return this.#utc();
  }

  /** The number that comes next. */
  get next(): number {
    return this.#next;
  }

  /** Somebody looks now: for a while from here on all that passes is kept. */
  look(): void {
    this.#until = this.#clock.elapsed() + limits.traffic.lookMs;
    if (!this.#on) {
      this.#on = true;
      this.looks++;
      this.dropped = 0;
      this.#anchorNow();
      this.since = this.#anchor.utc;
    }
    this.#sweep();
  }

  /** Of what is kept, what has this number or a later one; oldest first. */
  *from(number: number): Generator<Passed> {
    const all = this.#passed;
    const oldest = this.#next - (all.length - this.#first);
    for (let k = this.#first + Math.max(0, number - oldest); k < all.length; k++) {
      const one = all[k];
      if (one !== undefined) yield one;
    }
  }

  /** A tap for a link; `secretive` of a protocol of whose bytes none are to be seen. */
  tap(place: TrafficPlace, link: Link, secretive: boolean): Tap {
    const connection = new Connection(this, ++this.#connections, place, link, secretive);
    if (this.#on) connection.pass("came");
    link.closed((_, ending) => {
      if (this.#on) connection.pass("went", NOTHING, ending);
    });
    return connection;
  }

  /** The number and the instant of what passes now. */
  moment(): Pick<Passed, "number" | "utc"> {
    return { number: this.#next++, utc: this.#utc() };
  }

  /** Keeps what has got its moment, for as long as there is room. */
  keep(passed: Passed): void {
    this.#bytes += limits.traffic.messageBytes + passed.bytes.length;
    this.#passed.push(passed);
    while (this.#bytes > limits.traffic.bytes) this.#drop();
    // What was dropped leaves the list now and then, not each by itself.
    if (this.#first > 1024 && this.#first > this.#passed.length / 2) {
      this.#passed = this.#passed.slice(this.#first);
      this.#first = 0;
    }
  }

  #drop(): void {
    const oldest = this.#passed[this.#first];
    if (oldest === undefined) return;
    this.#bytes -= limits.traffic.messageBytes + oldest.bytes.length;
    this.#passed[this.#first] = undefined;
    this.#first++;
    this.dropped++;
  }

  /** Ends the look when nobody has looked for a while. */
  #sweep(): void {
    this.#ending ??= this.#clock.after(limits.traffic.lookMs, () => {
      this.#ending = undefined;
      if (this.#clock.elapsed() < this.#until) this.#sweep();
      else this.close();
    });
  }

  /** Nobody looks any more: what was kept is gone. */
  close(): void {
    this.#ending?.();
    this.#ending = undefined;
    this.#on = false;
    this.#passed = [];
    this.#first = 0;
    this.#bytes = 0;
    this.since = undefined;
  }

  #anchorNow(): void {
    this.#anchor = { utc: this.#clock.utc(), elapsed: this.#clock.elapsed() };
  }

  /** By the clock that people read, as fine as the one that only counts. */
  #utc(): number {
    const fine = this.#anchor.utc + this.#clock.elapsed() - this.#anchor.elapsed;
    if (Math.abs(this.#clock.utc() - fine) <= DRIFT_MS) return fine;
    this.#anchorNow();
    return this.#anchor.utc;
  }
}
