/**
 * The files of a JEMStar II: what its triggers leave and its measurement log, written as PQDIF while the meter runs, and kept in its store. An
 * observation is of the day in which it was handed out; records of the log are of that in which they end.
 */
import type { LocalTime } from "#clock/local-time.ts";
import { timeOf, type Observation as PqdifObservation } from "#format/pqdif/pqdif.ts";
import type { Steps } from "#io/turn.ts";
import type { Observation, TakeObservation } from "#quantity/observation.ts";
import type { ProfileRecord } from "#quantity/profile.ts";
import type { Series } from "#quantity/series.ts";
import type { Stamp } from "#quantity/stamp.ts";
import type { LogGroupSettings } from "#revenue/settings/measurement-log.ts";
import type { MeterStore } from "#store/store.ts";
import { DailyFiles } from "./daily-files.ts";
import { eventObservation, type MadeObservation } from "./event-observation.ts";
import { instantOfUtc, pqdifName, recordingName, typeNumber, type FileInstant } from "./file-names.ts";
import { FileQueue, type ToWrite } from "./file-queue.ts";
import { FilesState } from "./files-state.ts";
import { KeptFiles, takesOf, type KeptRecording, type Room } from "./kept-files.ts";
import type { RecordingPlace } from "./capture-channels.ts";
import { logObservation } from "./log-observation.ts";
import { LogReader, type LogRange } from "./log-reader.ts";
import type { MeterFacts } from "./meter-facts.ts";
import { dayOf } from "./periods.ts";
import type { PqdifSettings } from "./pqdif-settings.ts";
import { recordingComtrade } from "./recording-comtrade.ts";
import { eventWords } from "./event-words.ts";
import { MeterShelf, type Shelf } from "./shelf.ts";

export interface LoggedGroup {
  readonly settings: LogGroupSettings;
  readonly series: Series<ProfileRecord>;
}

export interface MeterFilesOptions {
  readonly store: MeterStore;
  /** The meter's name. */
  readonly station: string;
  readonly now: () => Stamp;
  readonly zone: () => LocalTime;
  /** These are of the configuration of the moment. */
  readonly settings: () => PqdifSettings;
  readonly facts: () => MeterFacts;
  readonly groups: () => readonly LoggedGroup[];
  readonly log: (
    kind: "event" | "diagnostic",
    what: string,
    details: Readonly<Record<string, string | number>>,
  ) => void;
}

/** An observation that is to be a file, or a part of one. */
interface Made extends MadeObservation {
  /** The first instant that it is about. */
  readonly instant: FileInstant;
  /** What happened, in words. */
  readonly what?: string;
  /** The group of the measurement log. */
  readonly group?: number;
  /** The day of which it is a part; undefined of a file of its own. */
  readonly day: number | undefined;
  /** What else changes with it. */
  readonly kept?: () => void;
}

/** Bytes of an observation of the measurement log, about: what is longer is several. */
const MOST_OF_LOG = 400_000;

export class MeterFiles {
  /** What others see of it. */
  shelf: Shelf;
  /** Told whenever there is a new file, or one less. */
  changed: () => void = () => {};
  readonly #options: MeterFilesOptions;
  readonly #state: FilesState;
  readonly #kept: KeptFiles;
  readonly #queue: FileQueue;
  readonly #daily: DailyFiles;
  #readers: readonly LogReader[] = [];
  /** Grows when the measurement log is erased: what is written of the one before says nothing of this one. */
  #generation = 0;
  /** What was lost, or could not be written, and has not been said. */
  #lost: string[] = [];
  readonly #out = new Map<Room, number>();

  constructor(options: MeterFilesOptions) {
    const { store, station, now, zone, settings, facts } = options;
    this.#options = options;
    this.#state = new FilesState(store);
    const failed = (why: string): void => void this.#lost.push(why);
    const kept = new KeptFiles({
      store,
      lost: failed,
      out: (room, files) => void this.#out.set(room, (this.#out.get(room) ?? 0) + files),
      changed: () => {
        shelf.changed();
        this.changed();
      },
    });
    const shelf = new MeterShelf(kept, station);
    this.shelf = shelf;
    this.#kept = kept;
    const collects = (): boolean => settings().mode === "multiple";
    this.#daily = new DailyFiles({ kept, serial: () => facts().serial, now, zone, collects, failed });
    this.#queue = new FileQueue({ failed, rest: () => this.#daily.put(() => this.#queue.isStopped) });
    this.configured(false);
  }

  /** Until all is written that waits. */
  get idle(): Promise<void> {
    return this.#queue.idle;
  }

  /** Takes what a trigger has left: it is written when the loop comes to it. */
  readonly take: TakeObservation = (observation) => {
    const { event, captures, utc } = observation;
    if (event === undefined && captures.length === 0) return;
    const { now, facts, settings } = this.#options;
    const at = now().utc;
    const context = { facts: facts(), contents: settings(), number: this.#state.number(), now: at };
    const day = this.#dayAt(at);
    const what = eventWords(observation, context.facts);
    const toWrite = (one: Made): Steps<ToWrite> => this.#toWrite(one);
    this.#queue.add({
      weight: weightOf(observation),
      *begin() {
        const made = yield* eventObservation(observation, context);
        return made === undefined ? undefined : yield* toWrite({ ...made, what, instant: instantOfUtc(utc), day });
      },
    });
  };

  /** The day of which what is handed out now is a part; undefined where each observation is a file. */
  #dayAt(utc: number): number | undefined {
    const { settings, zone } = this.#options;
    return settings().mode === "multiple" ? dayOf(utc, zone()).begin : undefined;
  }

  *#toWrite({ observation, types, recordings, instant: wanted, group, day, what, kept }: Made): Steps<ToWrite> {
    const { now, facts, station } = this.#options;
    const { serial } = facts();
    const nameAt = (instant: FileInstant): string => pqdifName(serial, instant, typeNumber(types), group);
    const recordingAt = (instant: FileInstant, { kind }: RecordingPlace): string =>
      recordingName(serial, instant, kind);
    let instant = wanted;
    // No two files of one name: what is of the same microsecond is of the next one that is free.
    while (
      [nameAt(instant), ...recordings.map((one) => recordingAt(instant, one))].some((name) => this.#kept.has(name))
    )
      instant++;
    const name = nameAt(instant);
    const at = now();
    const alone: KeptRecording[] = [];
    for (const one of recordings) {
      const size = recordingComtrade(observation, one, station)?.length ?? 0;
      alone.push({ ...one, name: recordingAt(instant, one), observation: 0, size });
      yield;
    }
    return {
      content: { container: { fileName: name, created: timeOf(at.utc) }, observations: [observation] },
      keep: (bytes) => {
        const values = new Map(recordings.map((one) => [one.kind, valuesOf(observation, one)] as const));
        const takes = takesOf(bytes.length, values);
        const kind = day === undefined ? "file" : "part";
        this.#kept.add(
          { kind, name, what, at, ...(day === undefined ? {} : { day }), takes, recordings: alone },
          bytes,
        );
        kept?.();
      },
    };
  }

  // ── the measurement log ─────────────────────────────────────────────────────────────────────────────────────────

  /** Another configuration is in force, with which the measurement log begins anew or goes on. */
  configured(isLogErased: boolean): void {
    const { settings, groups } = this.#options;
    const { measurementLog } = settings();
    const before = this.#readers;
    if (isLogErased) this.#generation++;
    const all = groups();
    for (let group = 1; group <= Math.max(before.length, all.length); group++) {
      if (measurementLog === "off" || group > all.length) this.#state.setNext(group, undefined);
    }
    if (measurementLog === "off") {
      this.#readers = [];
      return;
    }
    this.#readers = all.map(({ series }, k) => {
      const group = k + 1;
      const going = before[k]?.next ?? this.#state.next(group);
      // What was recorded before somebody asked for it in files is not in any.
      const next = isLogErased ? series.first : (going ?? series.next);
      if (going === undefined || isLogErased) this.#state.setNext(group, next);
      return new LogReader(series, measurementLog, next > series.next ? series.first : next);
    });
  }

  /** The measurement log is about to be erased: what is not in files goes there as far as it has come. */
  endLog(): void {
    const { now, zone } = this.#options;
    this.#readers.forEach((reader, k) => {
      for (const range of [...reader.look(now().utc, zone()), ...reader.end()]) this.#plan(k, range);
    });
  }

  #plan(k: number, { from, to, period }: LogRange): void {
    const { now, facts, groups } = this.#options;
    const group = k + 1;
    const logged = groups()[k];
    if (logged === undefined) return;
    const { settings, series } = logged;
    const size = 12 + 4 * settings.channels.length;
    const atOnce = Math.max(1, Math.floor(MOST_OF_LOG / size));
    const generation = this.#generation;
    const toWrite = (one: Made): Steps<ToWrite> => this.#toWrite(one);
    const at = now().utc;
    // Of a period that goes on still it is of the day that goes on.
    const day = this.#dayAt(Math.min(period.end, at) - 1);
    for (let begin = from; begin < to; begin += atOnce) {
      const end = Math.min(begin + atOnce, to);
      const records = series.page(begin, end - begin);
      const context = { group, settings, facts: facts(), number: this.#state.number(), now: at };
      const kept = (): void => {
        if (generation === this.#generation) this.#state.setNext(group, end);
      };
      this.#queue.add({
        weight: 4 * size * records.length,
        *begin() {
          const observation = logObservation(records, context);
          yield;
          if (observation === undefined) {
            kept();
            return undefined;
          }
          const instant = instantOfUtc(period.begin);
          return yield* toWrite({ observation, types: ["measurementLog"], recordings: [], instant, group, day, kept });
        },
      });
    }
  }

  // ── what goes on ────────────────────────────────────────────────────────────────────────────────────────────────

  /** Looks at what has gone by: records of the measurement log, days that are over, what is to be said. */
  look(): void {
    const { now, zone, log } = this.#options;
    const { utc } = now();
    this.#readers.forEach((reader, k) => {
      for (const range of reader.look(utc, zone())) this.#plan(k, range);
    });
    if (this.#daily.isDue) this.#queue.start();
    for (const what of this.#lost.splice(0)) log("diagnostic", "PQDIF storage error", { what });
    if (this.#out.size > 0) this.#sayOut(dayOf(utc, zone()).begin);
  }

  /** That files went for newer ones is said once a day. */
  #sayOut(day: number): void {
    if (this.#state.saidOut === day) return;
    this.#options.log("event", "oldest power quality files removed", Object.fromEntries(this.#out));
    this.#out.clear();
    this.#state.saidOut = day;
  }

  /** An orderly end: all that waits is written. */
  stop(): void {
    this.#queue.stop();
  }

  /** It goes on, or begins. */
  start(): void {
    this.#queue.resume();
  }

  /** A cold start: there are no files any more. */
  erase(): void {
    this.#queue.forget();
    this.#kept.clear();
  }
}

/** Bytes that it holds. */
function weightOf({ captures }: Observation): number {
  return captures.reduce((sum, { times, channels }) => sum + 8 * times.length * (1 + channels.length), 1000);
}

/** Values of a recording in an observation, its times among them. */
function valuesOf({ channels }: PqdifObservation, { from, count }: RecordingPlace): number {
  const series = channels.slice(from, from + count).flatMap((one) => one.series);
  return series.reduce((sum, { values, share }) => sum + (share === undefined ? values.length : 0), 0);
}
