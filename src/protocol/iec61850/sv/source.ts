/**
 * A stream of sampled values as a meter's input: its samples as they were taken, what was lost missing, a stretch for as long as they follow
 * one another. Time is the stream's: whole seconds from the site's clock, parts of them from smpCnt, where the stream's clock is one of the
 * whole world; else the time at which it comes.
 */
import type { Clock } from "#clock/clock.ts";
import type { SampleRun, SampleSource } from "#waveform/source.ts";
import { quality, validityOf } from "./quality.ts";
import { SampleOrder } from "./sample-order.ts";
import { CHANNELS, SampleRing } from "./sample-ring.ts";
import type { Asdu } from "./sv-pdu.ts";
import { Tellings } from "./tellings.ts";

/** Seconds of samples that wait for the meter: it looks each half second. */
const KEPT_SECONDS = 2;

/** Milliseconds without a frame after which another publisher of the same name is followed. */
const FOLLOWED_MS = 500;

/** The clock of a stream is looked at so often a second, and taken anew where it is off by so many seconds. */
const LOOKS = 20;
const OFF_SECONDS = 0.005;
const ARRIVAL_OFF_SECONDS = 0.05;

/** smpSynch of a stream that nobody has synchronised, and of one whose clock is its area's own. */
const UNSYNCHRONISED = 0;
const LOCAL = 1;

/** Parts of a sample that are the rounding of sums of seconds. */
const A_LITTLE = 1e-3;

/** Octets of a value with its quality. */
const VALUE = 8;

export interface SvSettings {
  readonly svId: string;
  /** Samples a second. */
  readonly rate: number;
  /** Values of an instant; and of va, vb, vc, ia, ib, ic which of them it is, from 0: undefined of what the stream does not have. */
  readonly values: number;
  readonly inputs: readonly (number | undefined)[];
  /** Primary volts and amps of one unit of a value. */
  readonly volts: number;
  readonly amps: number;
  /** What it has to have; any unless said. */
  readonly appId?: number | undefined;
  readonly revision?: number | undefined;
  /** Takes what says that it is a test, and streams that say they are simulations (and only these). */
  readonly test: boolean;
  readonly simulated: boolean;
}

/** A frame that an instant came in. */
export interface Arrived {
  readonly view: DataView;
  readonly appId: number;
  readonly simulated: boolean;
  /** The sender's address as a number. */
  readonly sender: number;
  readonly elapsed: number;
}

/** Where a run may begin: at a number of the ring, at so many seconds of the source. */
interface Piece {
  readonly first: number;
  readonly at: number;
  readonly joined: boolean;
}

/** More beginnings than a stream of any sense has between two looks. */
const MOST_PIECES = 64;

export class SvSource implements SampleSource {
  readonly kind = "samples";
  readonly utc = NaN;
  readonly ended = false;
  readonly settings: SvSettings;
  readonly svId: Uint8Array;
  readonly counts = {
    /** Instants that were taken. */
    taken: 0,
    late: 0,
    duplicates: 0,
    /** From another sender of the same name. */
    foreign: 0,
    /** Of another configuration than the meter's. */
    misfit: 0,
    /** For which there was no room any more. */
    overrun: 0,
  };
  readonly #clock: Clock;
  readonly #order: SampleOrder;
  readonly #ring: SampleRing;
  readonly #tellings: Tellings;
  #pieces: Piece[] = [];
  /** What is in the ring and not read: [read, end). */
  #read = 0;
  #end = 0;
  /** The number in the ring of the first of the stretch. */
  #base = 0;
  #elapsed = 0;
  #readAt: number;
  #begun = false;
  #joined = false;
  #sender: number | undefined;
  #cameAt = -Infinity;
  #doubt = false;
  #why: string | undefined;
  /** Since the clock was looked at last: the least that the stream has been behind its time; when that is judged. */
  #least = Infinity;
  #looks = 0;
  #lookAt = 0;

  constructor(settings: SvSettings, clock: Clock) {
    this.settings = settings;
    this.svId = new TextEncoder().encode(settings.svId);
    this.#clock = clock;
    this.#order = new SampleOrder(settings.rate);
    this.#ring = new SampleRing(KEPT_SECONDS * settings.rate);
    this.#tellings = new Tellings(clock);
    this.#readAt = clock.elapsed();
  }

  /** Names who hears what is odd. */
  onTold(run: (words: string) => void): void {
    this.#tellings.run = run;
  }

  get elapsed(): number {
    return this.#elapsed;
  }

  get order(): SampleOrder["counts"] {
    return this.#order.counts;
  }

  /** Why nothing of what comes is taken, in words. */
  get silence(): string | undefined {
    return this.#why ?? (this.#cameAt === -Infinity ? `nothing has come of ${this.settings.svId}` : undefined);
  }

  takeDoubt(): boolean {
    const doubt = this.#doubt;
    // What has come and is not read is in doubt with what was.
    this.#doubt = doubt && this.#read < this.#end;
    return doubt;
  }

  /** Takes an instant that has come. */
  take(asdu: Asdu, frame: Arrived): void {
    if (!this.#isOurs(asdu, frame)) return;
    const order = this.#order;
    const { gaps, jumps } = order.counts;
    const place = order.place(asdu.count, frame.elapsed);
    if (place === "beyond") {
      this.counts.misfit++;
      const { rate } = this.settings;
      const { otherRate } = order;
      this.#refuse(
        `its counts are of ${otherRate} samples a second${otherRate > rate ? " or more" : ""}, expected ${rate}`,
      );
      return;
    }
    this.#why = undefined;
    if (order.counts.gaps !== gaps) this.#tellings.tell(`samples were lost: ${order.counts.lost} so far`);
    if (order.counts.jumps !== jumps)
      this.#tellings.tell(
        `it began anew, and how much was lost is not known: it had stopped, or its counter was set (${order.counts.jumps} times so far)`,
      );
    this.#cameAt = frame.elapsed;
    if (place === "late") return this.#takeLate(asdu, frame);
    if (place === "first") this.#begin(asdu, frame.elapsed);
    this.#makeRoom(asdu, frame.elapsed);
    const { gap, position } = order;
    if (gap > 0) this.#ring.lose(this.#end, gap);
    const number = this.#base + position;
    this.#write(number, asdu, frame.view);
    this.#end = number + 1;
    if (position >= this.#lookAt) this.#look(asdu, frame.elapsed);
  }

  #isOurs(asdu: Asdu, { appId, simulated, sender, elapsed }: Arrived): boolean {
    const { settings } = this;
    const wrong =
      simulated !== settings.simulated
        ? `it is ${simulated ? "a" : "no"} simulation`
        : settings.appId !== undefined && appId !== settings.appId
          ? `its APPID is ${appId}, expected ${settings.appId}`
          : settings.revision !== undefined && asdu.revision !== settings.revision
            ? `its configuration revision is ${asdu.revision}, expected ${settings.revision}`
            : asdu.dataTo - asdu.dataFrom !== VALUE * settings.values
              ? `its values take ${asdu.dataTo - asdu.dataFrom} octets, expected ${VALUE * settings.values}`
              : asdu.mode === 1 && asdu.rate !== undefined && asdu.rate !== settings.rate
                ? `it has ${asdu.rate} samples a second, expected ${settings.rate}`
                : undefined;
    if (wrong !== undefined) {
      this.counts.misfit++;
      // Beside what is taken it is somebody else's.
      if (elapsed - this.#cameAt > FOLLOWED_MS) this.#refuse(wrong);
      else this.#tellings.tell(wrong);
      return false;
    }
    if (sender === this.#sender) return true;
    if (this.#sender !== undefined) {
      if (elapsed - this.#cameAt <= FOLLOWED_MS) {
        this.counts.foreign++;
        this.#tellings.tell(
          `a second stream of that name comes from ${macOf(sender)}; that of ${macOf(this.#sender)} is followed`,
        );
        return false;
      }
      this.#tellings.tell(`it comes from ${macOf(sender)} now, before from ${macOf(this.#sender)}`);
      this.#order.end();
    }
    this.#sender = sender;
    return true;
  }

  #refuse(why: string): void {
    this.#why = why;
    this.#tellings.tell(why);
  }

  /** What was taken for lost is put where it belongs while the meter has not come there. */
  #takeLate(asdu: Asdu, { view }: Arrived): void {
    const number = this.#base + this.#order.position;
    if (number < this.#read || this.#order.position < 0 || !this.#ring.isLost(number)) {
      this.counts.duplicates++;
      return;
    }
    this.counts.late++;
    this.#order.found();
    this.#write(number, asdu, view);
  }

  #begin(asdu: Asdu, elapsed: number): void {
    this.#base = this.#end;
    this.#pieces.push({ first: this.#end, at: this.#timeOf(asdu, elapsed), joined: false });
    this.#least = Infinity;
    this.#looks = this.#lookAt = 0;
  }

  /** Who does not look at what comes loses it: the oldest is as old as the newest. */
  #makeRoom(asdu: Asdu, elapsed: number): void {
    const { gap } = this.#order;
    if (this.#end + gap - this.#read < this.#ring.size && this.#pieces.length < MOST_PIECES) return;
    this.counts.overrun += this.#end - this.#read;
    this.#pieces = [];
    this.#read = this.#end;
    this.#order.end();
    this.#order.place(asdu.count, elapsed);
    this.#begin(asdu, elapsed);
  }

  #write(number: number, { bytes, dataFrom, synchronised }: Asdu, view: DataView): void {
    const { inputs, volts, amps, test } = this.settings;
    const { channels, missing } = this.#ring;
    const at = this.#ring.open(number);
    const from = dataFrom + bytes.byteOffset - view.byteOffset;
    if (synchronised === UNSYNCHRONISED) this.#doubt = true;
    for (let c = 0; c < CHANNELS; c++) {
      const index = inputs[c];
      let value = 0;
      if (index !== undefined) {
        const word = view.getUint32(from + VALUE * index + 4);
        const validity = word === quality.good ? "good" : validityOf(word);
        if (validity === "invalid" || ((word & quality.test) !== 0 && !test)) missing[at]! |= 1 << c;
        else value = view.getInt32(from + VALUE * index) * (c < 3 ? volts : amps);
        if (validity === "questionable") this.#doubt = true;
      }
      channels[c]![at] = value;
    }
    this.counts.taken++;
  }

  /** Seconds of the source at which an instant was sampled that has come now. */
  #timeOf({ count, synchronised }: Asdu, elapsed: number): number {
    const came = this.#elapsed + (elapsed - this.#readAt) / 1000;
    if (synchronised === UNSYNCHRONISED || synchronised === LOCAL) return came;
    const late = ((((this.#clock.utc() % 1000) / 1000 - count / this.settings.rate) % 1) + 1) % 1;
    // The site's clock may be a little behind the stream's.
    return came - (late > 0.9 ? late - 1 : late);
  }

  /** Whether the time of a stretch still is that of its stream; two clocks are never the same. */
  #look(asdu: Asdu, elapsed: number): void {
    const { rate } = this.settings;
    const { position } = this.#order;
    const last = this.#pieces.at(-1) ?? this.#current;
    const expected = last.at + (this.#base + position - last.first) / rate;
    this.#least = Math.min(this.#least, this.#timeOf(asdu, elapsed) - expected);
    this.#lookAt = position + Math.ceil(rate / LOOKS);
    if (++this.#looks < LOOKS) return;
    const off = asdu.synchronised > LOCAL ? OFF_SECONDS : ARRIVAL_OFF_SECONDS;
    if (Math.abs(this.#least) > off)
      this.#pieces.push({ first: this.#base + position, at: expected + this.#least, joined: true });
    this.#looks = 0;
    this.#least = Infinity;
  }

  /** The piece that is being read. */
  #current: Piece = { first: 0, at: 0, joined: false };

  read(seconds: number): readonly SampleRun[] {
    this.#elapsed += seconds;
    const now = this.#clock.elapsed();
    // What came before anybody looked was timed from when the source was made.
    if (!this.#begun) {
      const early = this.#elapsed - (now - this.#readAt) / 1000;
      this.#pieces = this.#pieces.map((piece) => ({ ...piece, at: piece.at + early }));
    }
    this.#begun = true;
    this.#readAt = now;
    const runs: SampleRun[] = [];
    while (this.#read < this.#end) {
      const [next] = this.#pieces;
      if (next !== undefined && next.first <= this.#read) {
        this.#joined = this.#joined && next.joined;
        this.#current = next;
        this.#pieces.shift();
        continue;
      }
      const until = Math.min(this.#end, next?.first ?? this.#end, this.#due());
      if (until <= this.#read) break;
      runs.push(this.#run(until));
    }
    return runs;
  }

  /** The number of the first sample that was taken later than where the source is: a meter whose minute ends between two looks has it in the next. */
  #due(): number {
    const { first, at } = this.#current;
    return first + Math.ceil((this.#elapsed - at) * this.settings.rate - A_LITTLE);
  }

  /** Up to a number of the ring, or to where that begins again. */
  #run(until: number): SampleRun {
    const { size, channels, missing } = this.#ring;
    const { rate } = this.settings;
    const from = this.#ring.place(this.#read);
    const count = Math.min(until - this.#read, size - from);
    const { first, at } = this.#current;
    const bits = missing.subarray(from, from + count);
    const run = {
      channels: channels.map((channel) => channel.subarray(from, from + count)),
      count,
      rate,
      perCycle: 0,
      at: at + (this.#read - first) / rate,
      joined: this.#joined,
      missing: bits.some((one) => one !== 0) ? bits : undefined,
    };
    this.#read += count;
    this.#joined = true;
    return run;
  }
}

function macOf(address: number): string {
  return (address.toString(16).toUpperCase().padStart(12, "0").match(/../g) ?? []).join("-");
}
