/**
 * A merging unit: what a source samples, as a stream of sampled values in real time. The octets of a frame are made once; for each frame
 * its counts, values and qualities are put in. It goes by elapsed time, a stream that says that its clock is synchronised by UTC.
 */
import type { Cancel, Clock } from "#clock/clock.ts";
import type { EvenSamples } from "#waveform/even-samples.ts";
import { AMPS, VOLTS } from "./profiles.ts";
import { quality } from "./quality.ts";
import { svFrame, type SvFrameHead } from "./sv-frame.ts";
import { type AsduFields, SvPdu, writeSvPdu } from "./sv-pdu.ts";

/** It looks so often what is due, milliseconds. */
const TICK_MS = 1;

/** Seconds that it may be behind: what is older is not sent any more. */
const MOST_BEHIND = 0.25;

/** Seconds by which it may be off UTC before it is moved, and before it begins anew; how much of what it is off it makes up at a time. */
const OFF_SECONDS = 0.0005;
const FAR_OFF_SECONDS = 0.05;
const MADE_UP = 0.1;

/** Values of an instant, eight octets each. */
const VALUES = 8;
const VALUE = 8;
const MOST = 0x7fff_ffff;

export interface SvStream extends SvFrameHead, Pick<AsduFields, "svId" | "dataSet" | "revision" | "grandmaster"> {
  /** Samples a second, and instants in a frame. */
  readonly rate: number;
  readonly instants: number;
  /** smpSynch. */
  readonly synchronised: number;
  /** Every value says that it is a test. */
  readonly test: boolean;
  /** Whether frames say how fast it samples, in samples a second. */
  readonly saysRate: boolean;
}

export class SvPublisher {
  readonly counts = { frames: 0, /** Instants that were too late to be sent. */ skipped: 0 };
  readonly #stream: SvStream;
  readonly #samples: EvenSamples;
  readonly #clock: Clock;
  readonly #send: (frame: Uint8Array) => void;
  readonly #template: Uint8Array;
  /** Where in a frame each instant has its count, and its values. */
  readonly #countsAt: readonly number[];
  readonly #valuesAt: readonly number[];
  #cancel: Cancel | undefined;
  /** Elapsed milliseconds at which the instant was that is number 0; what is its count. */
  #start = 0;
  #first = 0;
  /** Instants that were sent, or let go by. */
  #made = 0;
  #judged = 0;

  constructor(stream: SvStream, samples: EvenSamples, clock: Clock, send: (frame: Uint8Array) => void) {
    this.#stream = stream;
    this.#samples = samples;
    this.#clock = clock;
    this.#send = send;
    const { rate, instants, saysRate, svId, dataSet, revision, grandmaster, synchronised } = stream;
    const says = saysRate ? { rate, mode: 1 } : {};
    const asdu = {
      svId,
      dataSet,
      revision,
      grandmaster,
      synchronised,
      ...says,
      count: 0,
      data: new Uint8Array(VALUES * VALUE),
    };
    const pdu = writeSvPdu(Array.from({ length: instants }, () => asdu));
    this.#template = svFrame(stream, pdu);
    const at = this.#template.length - pdu.length;
    const { asdus } = new SvPdu().read(pdu);
    this.#valuesAt = asdus.map(({ dataFrom }) => at + dataFrom);
    this.#countsAt = asdus.map(({ countFrom }) => at + countFrom);
  }

  get isOver(): boolean {
    return this.#samples.ended;
  }

  begin(): void {
    if (this.#cancel !== undefined) return;
    this.#align();
    this.#tick();
  }

  end(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  /** A stream that says that it is synchronised begins its seconds with those of UTC, another one when it begins. */
  #align(): void {
    const { rate, instants } = this.#stream;
    const now = this.#clock.elapsed();
    const part = this.#isTimed ? (this.#clock.utc() % 1000) / 1000 : 0;
    const first = Math.ceil((part * rate) / instants) * instants;
    this.#start = now + 1000 * (first / rate - part);
    this.#first = first % rate;
    this.#made = this.#judged = 0;
  }

  get #isTimed(): boolean {
    return this.#stream.synchronised > 0;
  }

  #tick(): void {
    const { rate, instants } = this.#stream;
    const now = this.#clock.elapsed();
    // A frame goes out when the last of its instants has been.
    const due = Math.floor(((now - this.#start) / 1000) * rate);
    const behind = due - this.#made - MOST_BEHIND * rate;
    if (behind > 0) {
      const skipped = Math.ceil(behind / instants) * instants;
      this.#samples.skip(skipped);
      this.#made += skipped;
      this.counts.skipped += skipped;
    }
    while (this.#made + instants <= due && !this.isOver) this.#frame();
    if (this.isOver) return this.end();
    if (this.#isTimed && this.#made - this.#judged >= rate) this.#judge(now);
    this.#cancel = this.#clock.after(TICK_MS, () => this.#tick());
  }

  /** Elapsed time and UTC are two clocks, of which UTC can be set. */
  #judge(now: number): void {
    const { rate } = this.#stream;
    this.#judged = this.#made;
    const counted = (this.#first / rate + (now - this.#start) / 1000) % 1;
    const off = (((((this.#clock.utc() % 1000) / 1000 - counted) % 1) + 1.5) % 1) - 0.5;
    if (Math.abs(off) > FAR_OFF_SECONDS) this.#align();
    else if (Math.abs(off) > OFF_SECONDS) this.#start -= 1000 * off * MADE_UP;
  }

  #frame(): void {
    const { rate, instants } = this.#stream;
    const bytes = this.#template.slice();
    const view = new DataView(bytes.buffer);
    for (let k = 0; k < instants; k++) {
      this.#samples.next();
      view.setUint16(this.#countsAt[k] ?? 0, (this.#first + this.#made) % rate);
      this.#values(view, this.#valuesAt[k] ?? 0);
      this.#made++;
    }
    this.counts.frames++;
    this.#send(bytes);
  }

  #values(view: DataView, at: number): void {
    const { values, missing } = this.#samples;
    this.#put(view, at, values, { from: 3, unit: AMPS, missing: missing >> 3 });
    this.#put(view, at + 4 * VALUE, values, { from: 0, unit: VOLTS, missing: missing & 7 });
  }

  /** Three values, and their sum as the neutral's: calculated. */
  #put(view: DataView, at: number, values: Float64Array, of: { from: number; unit: number; missing: number }): void {
    const { from, unit, missing } = of;
    const common = this.#stream.test ? quality.test : 0;
    let sum = 0;
    for (let k = 0; k < 3; k++) {
      const value = (values[from + k] ?? 0) / unit;
      sum += value;
      write(view, at + VALUE * k, value, common | ((missing >> k) & 1 ? quality.invalid : 0));
    }
    write(view, at + 3 * VALUE, sum, common | quality.derived | (missing === 0 ? 0 : quality.invalid));
  }
}

function write(view: DataView, at: number, value: number, word: number): void {
  const rounded = Math.round(value);
  const isBeyond = Math.abs(rounded) > MOST;
  view.setInt32(at, isBeyond ? Math.sign(rounded) * MOST : rounded);
  view.setUint32(at + 4, isBeyond ? word | quality.overflow | quality.questionable : word);
}
