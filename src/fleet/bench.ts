/**
 * The bench of a meter shop: what a synthetic source gives is changed while its meter goes on measuring. What is set here is the
 * bench's and not the site file's: a start of the site, and a reload that makes the meter anew, forget it.
 */
import type { Clock } from "#clock/clock.ts";
import type { BenchEventView, BenchState, BenchView, ThreeValues } from "#quantity/bench-view.ts";
import { same } from "#quantity/same.ts";
import type { WiringName } from "#quantity/wiring.ts";
import type { Network } from "#waveform/network.ts";
import type { Changeable } from "#waveform/ordered-networks.ts";
import type { SampleSource, Source } from "#waveform/source.ts";
import { SyntheticSamples } from "#waveform/synthetic.ts";
import { MOST_EVENTS, type BenchChange } from "./bench-schema.ts";
import { networkOf, three, usualAngles } from "./sources.ts";
import type { SyntheticEntry, SyntheticEvent } from "./synthetic-schema.ts";

/** Seconds of an event's end that are still its own. */
const EDGE = 0.01;

export interface BenchOf {
  readonly name: string;
  /** The site file, without its folder, and what it says of the source. */
  readonly siteFile: string;
  readonly entry: SyntheticEntry;
  readonly source: Source & Changeable;
  readonly wiring: WiringName;
  readonly clock: Clock;
  /** When the source began, by the clock's two times. */
  readonly began: { readonly utc: number; readonly elapsed: number };
  /** What has gone by until now is measured. */
  readonly catchUp: () => void;
}

type Phased = BenchChange["volts"];

function phased(given: Phased, before: ThreeValues): ThreeValues {
  if (given === undefined) return before;
  if (typeof given === "number" || Array.isArray(given)) return three(given);
  return [given.a ?? before[0], given.b ?? before[1], given.c ?? before[2]];
}

export class Bench {
  readonly #of: BenchOf;
  readonly #file: BenchState;
  #now: BenchState;
  /** What is set, as an entry of a site file says it. */
  #made: SyntheticEntry;
  /** What plays beside the meter, for as long as somebody has it. */
  #players: readonly WeakRef<SyntheticSamples>[] = [];
  /** Ordered here, at seconds of the source. */
  #events: readonly SyntheticEvent[] = [];
  #outageAt: number | undefined;
  #since: number | undefined;

  constructor(of: BenchOf) {
    this.#of = of;
    this.#file = stateOf(of.entry, of.wiring);
    this.#now = this.#file;
    this.#made = of.entry;
  }

  /** What plays the same beside the meter, at so many samples a second, and goes on as it is set here. */
  play(rate: number): SampleSource {
    const source = new SyntheticSamples(this.#network(this.#seconds), { perSecond: rate });
    this.#players = [...this.#players.filter((one) => one.deref() !== undefined), new WeakRef(source)];
    return source;
  }

  /** What is set, of a source that begins when the meter's has gone on for so many seconds. */
  #network(later: number): Network {
    const { wiring, began } = this.#of;
    const events = this.#made.events.map((event) => ({ ...event, at: event.at - later }));
    return networkOf({ ...this.#made, events }, { wiring, start: began.utc + 1000 * later });
  }

  /** Seconds of the source that have gone by. */
  get #seconds(): number {
    const { clock, began } = this.#of;
    return (clock.elapsed() - began.elapsed) / 1000;
  }

  /** What is wrong with a change, in words, when it is not made. It holds from now on. */
  change(change: BenchChange): readonly string[] {
    const t = this.#seconds;
    const kept = change.endEvents === true ? [] : this.#events.filter((one) => !isOver(one, t));
    const events = [...kept, ...(change.events ?? []).map((one) => ({ ...one, at: t + one.at }))];
    if (events.length > MOST_EVENTS)
      return [
        `events: expected at most ${MOST_EVENTS} that last or are to come; found ${events.length} (endEvents ends them)`,
      ];
    const wild = wildIn([...this.#of.entry.events, ...events], change.hz ?? this.#now.hz);
    if (wild !== undefined) return [wild];
    const { harmonics, outage = this.#now.outage } = change;
    const before = this.#now;
    this.#outageAt = outage ? (this.#outageAt ?? t) : undefined;
    this.#set(t, events, {
      hz: change.hz ?? before.hz,
      volts: phased(change.volts, before.volts),
      amps: phased(change.amps, before.amps),
      pf: phased(change.pf, before.pf),
      angles: change.angles === undefined ? before.angles : three(change.angles),
      leading: change.leading ?? before.leading,
      export: change.export ?? before.export,
      harmonics: {
        volts: harmonics?.volts ?? before.harmonics.volts,
        amps: harmonics?.amps ?? before.harmonics.amps,
      },
      noise: change.noise ?? before.noise,
      flicker: change.flicker === undefined ? before.flicker : change.flicker,
      load: change.load === undefined ? before.load : change.load,
      wiring: change.wiring === undefined ? before.wiring : change.wiring,
      outage,
    });
    return [];
  }

  /** All is as the site file has it, from now on. */
  reset(): void {
    this.#outageAt = undefined;
    this.#set(this.#seconds, [], this.#file);
  }

  #set(t: number, events: readonly SyntheticEvent[], next: BenchState): void {
    const { entry, source, clock, catchUp } = this.#of;
    // Until now it was as it was.
    catchUp();
    const outage: SyntheticEvent[] = this.#outageAt === undefined ? [] : [{ kind: "interruption", at: this.#outageAt }];
    const { outage: _, flicker, load, wiring: mistakes, ...values } = next;
    this.#made = {
      ...entry,
      ...values,
      volts: [...next.volts],
      amps: [...next.amps],
      pf: [...next.pf],
      angles: [...next.angles],
      harmonics: { volts: [...next.harmonics.volts], amps: [...next.harmonics.amps] },
      flicker: flicker ?? undefined,
      load: load ?? undefined,
      wiring: (mistakes ?? undefined) as SyntheticEntry["wiring"],
      events: [...entry.events, ...events, ...outage],
    };
    source.change(t, this.#network(0));
    for (const held of this.#players) {
      const player = held.deref();
      // It has played a little further than time has gone: what begins now begins behind that.
      player?.change(player.elapsed, this.#network(t - player.elapsed));
    }
    this.#events = events;
    this.#now = next;
    this.#since = clock.utc();
  }

  get view(): BenchView {
    const { name, siteFile, source, clock, entry } = this.#of;
    const t = this.#seconds;
    const utc = clock.utc();
    const when = (by: BenchEventView["by"]) => (event: SyntheticEvent) => {
      const { at, ...rest } = event;
      return { ...rest, utc: utcText(utc + 1000 * (at - t)), by };
    };
    const lasting = (event: SyntheticEvent): boolean => !isOver(event, t);
    const keys = Object.keys(this.#file) as (keyof BenchState)[];
    const ordered = this.#events.filter(lasting);
    return {
      name,
      utc,
      siteFile,
      waveform: source.kind === "samples",
      since: this.#since === undefined ? null : utcText(this.#since),
      now: this.#now,
      events: [...entry.events.filter(lasting).map(when("file")), ...ordered.map(when("bench"))],
      differs: [
        ...keys.filter((key) => !same(this.#now[key], this.#file[key])).map((key) => ({ key, file: this.#file[key] })),
        ...(ordered.length > 0 ? [{ key: "events" as const, file: entry.events }] : []),
      ],
    };
  }
}

function isOver({ at, for: lasts = Infinity, every, kind }: SyntheticEvent, t: number): boolean {
  const seconds = kind === "transient" && lasts === Infinity ? EDGE : lasts;
  return every === undefined && at + seconds + EDGE < t;
}

/** Times as much that events may make of volts, or amps, all at once. */
const MOST_TIMES = 1000;

/** What is out of all bounds where all events are at once, in words. */
function wildIn(events: readonly SyntheticEvent[], hz: number): string | undefined {
  const times = (key: "volts" | "amps"): number =>
    events.reduce((all, { [key]: factor = 1, kind }) => all * (kind === "transient" ? 1 : Math.max(1, factor)), 1);
  if (Math.max(times("volts"), times("amps")) > MOST_TIMES)
    return `events: expected no more than ${MOST_TIMES} times the volts or amps, were all of them at once`;
  const off = events.reduce((all, { hz: more = 0 }) => all + Math.abs(more), 0);
  const isFar = off > 0 && (hz - off < 40 || hz + off > 70);
  return isFar ? "events: expected a frequency of 40 to 70 Hz, were all of them at once" : undefined;
}

function utcText(utc: number): string {
  return Temporal.Instant.fromEpochMilliseconds(Math.round(utc)).toString({ smallestUnit: "millisecond" });
}

function stateOf(entry: SyntheticEntry, wiring: WiringName): BenchState {
  const { hz, leading, harmonics, noise, flicker = null, load = null, wiring: mistakes = null } = entry;
  return {
    hz,
    volts: three(entry.volts),
    amps: three(entry.amps),
    pf: three(entry.pf),
    angles: entry.angles === undefined ? usualAngles(wiring) : three(entry.angles),
    leading,
    export: entry.export,
    harmonics,
    noise,
    flicker,
    load,
    wiring: mistakes,
    outage: false,
  };
}
