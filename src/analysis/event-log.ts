/**
 * The events of a recording: what the watches see, with what was around each. An interruption is told instead of the dip that it lies in;
 * a rapid change in which a dip or a swell falls is none (IEC 61000-4-30, 5.11).
 */
import type { GridHalf } from "#metrology/grid-half.ts";
import { RapidChange } from "#metrology/rapid-change.ts";
import type { Urms } from "#metrology/urms.ts";
import type { WiringName } from "#quantity/wiring.ts";
import type { SampleRun } from "#waveform/source.ts";
import { AFTER, afterOf } from "./event-after.ts";
import { placed, explained } from "./event-verdict.ts";
import { type Crossing, EventWatch } from "./event-watch.ts";
import { GrowingTrace, RmsHistory, WaveRing } from "./event-window.ts";
import type { Declared, EventWave, ExaminedEvent } from "./examination.ts";
import type { EventKeeping, EventLimits } from "./examine-settings.ts";
import { toldOf, type Told, transientTold } from "./told-event.ts";
import { TransientWatch } from "./transient-watch.ts";

export interface EventLogOptions {
  readonly wiring: WiringName;
  readonly declared: Declared;
  readonly voltages: readonly string[];
  readonly limits: EventLimits;
  readonly keeping: EventKeeping;
  /** The inputs that the recording has. */
  readonly mapped: readonly number[];
}

/** The half cycle in which a trace ends belongs to it. */
const HALF_CYCLE = 0.012;

/** An event that is over or under way, and what is gathered of it until the time behind it is over, too. */
interface Pending {
  readonly at: number;
  readonly hz: number;
  readonly isOf: "crossing" | "rapid change" | "transient";
  /** NaN while it goes on. */
  end: number;
  /** Of crossings one, or the interruptions of a dip; empty of one that came to nothing. */
  told: Told[];
  readonly trace: GrowingTrace | undefined;
  wave: EventWave | undefined;
}

export class EventLog {
  readonly events: ExaminedEvent[] = [];
  readonly #options: EventLogOptions;
  readonly #dip: EventWatch;
  readonly #swell: EventWatch;
  readonly #interruption: EventWatch;
  readonly #history: RmsHistory;
  readonly #waves: WaveRing;
  readonly #transients: TransientWatch;
  /** Samples a second. */
  #rate = 0;
  readonly #pending: Pending[] = [];
  /** By watch, what is under way; and interruptions of the dip that is. */
  #ofDip: Pending | undefined;
  #ofSwell: Pending | undefined;
  #ofRapid: Pending | undefined;
  #interruptions: Crossing[] = [];
  #rapid: RapidChange;
  /** Since a rapid change began, or in the second that it is measured against, a dip or a swell was under way. */
  #rapidIsOther = false;
  /** Half cycles since one was. */
  #sinceOther = Infinity;
  #now = NaN;
  #traces = 0;
  #untraced = 0;
  #dropped = 0;

  constructor(options: EventLogOptions, names: readonly string[]) {
    const { wiring, declared, voltages, limits, keeping, mapped } = options;
    this.#options = options;
    const watch = (kind: Crossing["kind"]): EventWatch => new EventWatch(kind, limits, declared.volts, voltages.length);
    this.#dip = watch("dip");
    this.#swell = watch("swell");
    this.#interruption = watch("interruption");
    this.#history = new RmsHistory(names, Math.ceil(2 * 70 * (keeping.before + 0.1)));
    this.#waves = new WaveRing(keeping.waveSeconds, mapped);
    this.#transients = new TransientWatch({ wiring, declared, voltages, part: limits.transient });
    this.#rapid = this.#newRapid();
  }

  #newRapid(): RapidChange {
    const { declared, voltages, limits } = this.#options;
    const threshold = limits.rapidChange * declared.volts;
    const hysteresis = threshold * (1 - limits.rapidHysteresis);
    return new RapidChange({ phases: voltages.length, hz: declared.hz, threshold, hysteresis });
  }

  run(run: SampleRun): void {
    // The ring begins anew with a stretch.
    if (!run.joined) {
      this.#transients.measure(this.#now, this.#waves, true);
      for (const pending of this.#pending) this.#takeWave(pending, true);
    }
    this.#rate = run.rate;
    this.#waves.run(run);
  }

  /** Takes a half cycle with its Urms(1/2). */
  half(half: GridHalf, urms: Urms): void {
    const { joined, at, seconds, hz } = half;
    if (!joined) this.cut("gap");
    this.#now = at + seconds;
    const { rms, begins, ends } = urms;
    this.#history.push(this.#now, rms);
    const dip = this.#dip.take(rms, begins, ends);
    const swell = this.#swell.take(rms, begins, ends);
    const interruption = this.#interruption.take(rms, begins, ends);
    if (interruption !== undefined) this.#interruptions.push(interruption);
    const { hz: nominal } = this.#options.declared;
    const now = Number.isNaN(hz) ? nominal : hz;
    if (this.#dip.active !== undefined) this.#ofDip ??= this.#begin(this.#dip.active.at, now, "crossing");
    if (this.#swell.active !== undefined) this.#ofSwell ??= this.#begin(this.#swell.active.at, now, "crossing");
    this.#transients.edges(this.#dip.active, dip);
    this.#transients.edges(this.#swell.active, swell);
    this.#transients.edges(this.#interruption.active, interruption);
    this.#lookTransient(half);
    if (dip !== undefined) this.#endDip(dip);
    if (swell !== undefined) this.#endSwell(swell);
    this.#lookRapid(rms, begins, now);
    for (const pending of this.#pending) pending.trace?.push(this.#now, rms);
    this.#settle(false);
  }

  /** Of the declared voltage. */
  get #peak(): number {
    return Math.SQRT2 * this.#options.declared.volts;
  }

  #begin(at: number, hz: number, isOf: Pending["isOf"]): Pending {
    const { before, traces } = this.#options.keeping;
    const isTraced = this.#traces < traces;
    // A rapid change or a transient may come to nothing: it is counted when it is told.
    if (isOf === "crossing" && isTraced) this.#traces++;
    const trace = isTraced ? new GrowingTrace(this.#history.names) : undefined;
    const pending: Pending = { at, hz, isOf, end: NaN, told: [], trace, wave: undefined };
    // The half cycle that began it is pushed with the others.
    if (trace !== undefined) this.#history.copy(at - before, this.#now, trace);
    this.#pending.push(pending);
    return pending;
  }

  #lookTransient(half: GridHalf): void {
    const found = this.#transients.half(half, this.#rate);
    if (found === undefined) return;
    const pending = this.#begin(found.at, found.hz, "transient");
    this.#transients.wait(found, (shape) => {
      pending.end = shape === undefined ? this.#now : shape.at + shape.seconds;
      if (shape === undefined) return;
      pending.told = [transientTold(shape, this.#transients.level, this.#peak)];
      if (pending.trace !== undefined) this.#traces++;
    });
  }

  #endDip(dip: Crossing): void {
    const pending = this.#ofDip;
    if (pending === undefined) return;
    pending.end = dip.end;
    const interruptions = this.#interruptions.splice(0);
    const { voltages } = this.#options;
    pending.told =
      interruptions.length === 0 ? [toldOf(dip, voltages)] : interruptions.map((one) => toldOf(one, voltages, dip));
    this.#ofDip = undefined;
  }

  #endSwell(swell: Crossing): void {
    const pending = this.#ofSwell;
    if (pending === undefined) return;
    pending.end = swell.end;
    pending.told = [toldOf(swell, this.#options.voltages)];
    this.#ofSwell = undefined;
  }

  #lookRapid(rms: Float64Array, begins: Float64Array, hz: number): void {
    const count = this.#options.voltages.length;
    let first = Infinity;
    for (let k = 0; k < count; k++) {
      if (Number.isNaN(rms[k]!)) return this.#cutRapid();
      if (begins[k]! < first) first = begins[k]!;
    }
    this.#sinceOther = this.#ofDip !== undefined || this.#ofSwell !== undefined ? 0 : this.#sinceOther + 1;
    if (this.#sinceOther <= 2 * this.#options.declared.hz) this.#rapidIsOther = true;
    else if (!this.#rapid.active) this.#rapidIsOther = false;
    if (!this.#rapid.look(rms, 0)) return;
    if (this.#rapid.active) {
      this.#ofRapid = this.#begin(first, hz, "rapid change");
      return;
    }
    const pending = this.#ofRapid;
    const { ended } = this.#rapid;
    this.#ofRapid = undefined;
    if (pending === undefined || ended === undefined) return;
    // Half cycles as they were, not as they would be at the nominal frequency.
    const lasted = ended.seconds * (this.#options.declared.hz / hz);
    pending.end = pending.at + lasted;
    if (this.#rapidIsOther) return;
    const { voltages, limits, declared } = this.#options;
    const threshold = limits.rapidChange * declared.volts;
    pending.told = [
      {
        kind: "rapid change",
        at: pending.at,
        seconds: lasted,
        channels: voltages.filter((_, k) => ended.largest[k]! > threshold),
        byChannel: voltages.map((name, k) => ({ name, volts: ended.largest[k]! })),
        settledVolts: Math.max(...ended.settled),
        sinceBefore: false,
      },
    ];
    if (pending.trace !== undefined) this.#traces++;
  }

  /** Of a change that was not seen to settle nobody knows what it came to. */
  #cutRapid(): void {
    this.#rapid = this.#newRapid();
    this.#rapidIsOther = false;
    if (this.#ofRapid !== undefined) this.#ofRapid.end = this.#now;
    this.#ofRapid = undefined;
  }

  /** Nothing follows: a gap, or the end. */
  cut(why: "gap" | "end"): void {
    const interruption = this.#interruption.cut(why);
    if (interruption !== undefined) this.#interruptions.push(interruption);
    const dip = this.#dip.cut(why);
    if (dip !== undefined) this.#endDip(dip);
    const swell = this.#swell.cut(why);
    if (swell !== undefined) this.#endSwell(swell);
    this.#interruptions = [];
    this.#cutRapid();
    this.#settle(true);
    this.#history.clear();
  }

  /** Takes samples of events before the ring has lost them, and hands out events around which all is known. */
  #settle(isAll: boolean): void {
    const { before, behind, rmsSeconds } = this.#options.keeping;
    this.#transients.measure(this.#now, this.#waves, isAll);
    this.#transients.tell();
    for (let p = 0; p < this.#pending.length; p++) {
      const pending = this.#pending[p]!;
      const { at, end, trace } = pending;
      const from = at - before;
      this.#takeWave(pending, isAll || this.#now >= end + behind);
      const isOver = isAll || this.#now >= end + Math.max(behind, AFTER);
      if (trace !== undefined && !isOver && this.#now > from + rmsSeconds) trace.isCut = true;
      if (!isOver) continue;
      for (const told of pending.told) this.#keep(pending, told);
      this.#pending.splice(p--, 1);
    }
  }

  /** Takes what there is of samples around an event where no more come, or as many as are kept have come. */
  #takeWave(pending: Pending, isOver: boolean): void {
    const { before, behind, waveSeconds } = this.#options.keeping;
    const { at, end, trace, wave } = pending;
    const most = at - before + waveSeconds;
    if (trace === undefined || wave !== undefined || (!isOver && this.#now < most)) return;
    const to = Number.isNaN(end) ? most : Math.min(most, end + behind);
    pending.wave = this.#waves.cut(at, at - before, to);
  }

  #keep({ hz, end, trace, wave }: Pending, told: Pending["told"][number]): void {
    const { wiring, declared, keeping } = this.#options;
    if (this.events.length >= keeping.events) {
      this.#dropped++;
      return;
    }
    if (trace === undefined) this.#untraced++;
    const isLow = told.kind === "dip" || told.kind === "interruption";
    const [worst] = told.byChannel.toSorted((a, b) => (isLow ? a.volts - b.volts : b.volts - a.volts));
    if (worst === undefined) return;
    const percent = (100 * worst.volts) / (told.kind === "transient" ? this.#peak : declared.volts);
    this.events.push({
      ...told,
      volts: worst.volts,
      percent,
      worst: worst.name,
      ...(told.cut === undefined && !told.sinceBefore ? placed(told.kind, told.seconds, percent, declared.hz) : {}),
      ...(trace === undefined
        ? {}
        : {
            explained: explained(told.kind, wave, wiring, {
              at: (told.within ?? told).at,
              hz,
              after: afterOf(trace.upTo(Infinity), (told.within ?? told).at, end),
            }),
          }),
      ...(trace === undefined ? {} : { trace: trace.upTo(end + keeping.behind + HALF_CYCLE) }),
      ...(wave === undefined ? {} : { wave }),
    });
  }

  get left(): readonly string[] {
    const { events, traces } = this.#options.keeping;
    return [
      ...(this.#dropped === 0 ? [] : [`${this.#dropped} events beyond the first ${events} are not kept`]),
      ...(this.#untraced === 0
        ? []
        : [`of ${this.#untraced} events beyond the first ${traces} there is no trace, and no cause was looked for`]),
    ];
  }
}
