/** A JEMStar II as one IED, which all its ports share: its model by the configuration of the moment, and its image. */
import type { Ied } from "#protocol/iec61850/model/ied.ts";
import type { IedTime } from "#protocol/iec61850/model/value.ts";
import type { IedImage, ServerSettings } from "#protocol/iec61850/server/host.ts";
import type { InputChange } from "#quantity/input-change.ts";
import type { ShelvedFile } from "#quantity/file-shelf.ts";
import type { MeterSurface } from "#quantity/meter-surface.ts";
import type { Iec61850Configuration } from "./configuration.ts";
import { deadbandOf, type ModelFacts } from "./model-facts.ts";
import { jemstarIed } from "./model.ts";
import { watchedTriggers, type ConfiguredTrigger } from "./status-rows.ts";
import { deadbandsOf, IedValues } from "./values.ts";

export interface MeterIedMeans {
  /** Of the configuration of the moment. */
  readonly facts: () => ModelFacts;
  /** Files of what it recorded; another list where they are others. */
  readonly recorded: () => readonly ShelvedFile[];
  /** UTC by the meter's clock as it is, not as it was at the last calculation cycle: milliseconds. */
  readonly utc: () => number;
  /** Runs with each change of an input, when it happens. */
  readonly inputs: (run: (change: InputChange) => void) => () => void;
}

/** What it looks at of a configuration. */
interface ConfiguredIed {
  readonly iec61850: Iec61850Configuration;
  readonly primary: { readonly pt: number; readonly ct: number };
  readonly triggers: readonly ConfiguredTrigger[];
  readonly timekeeping: { readonly sync: string; readonly toleranceMs: number };
}

/** Octets of the longest PDU (8-1), answers under way of one association, data sets of clients and members of each (Appendix E). */
const MOST_PDU = 65_000;
const OUTSTANDING = 5;
const DATA_SETS = { most: 8, members: 50 } as const;

/** What is before it is of a clock that began in 1970, when its battery had failed, and that nobody has set since: 2000-01-01. */
const UNSET = 946_684_800_000;

interface Made {
  readonly epoch: number;
  readonly key: string;
  readonly ied: Ied;
  readonly settings: ServerSettings;
  readonly values: IedValues;
  readonly deadbands: ReadonlyMap<number, string>;
}

/** What all ports of a meter share: one model, one image. */
export class MeterIed {
  readonly #surface: MeterSurface;
  readonly #means: MeterIedMeans;
  readonly #listeners = new Set<() => void>();
  #made: Made | undefined;
  #models = 0;
  #isStale = true;
  #listens = false;

  constructor(surface: MeterSurface, means: MeterIedMeans) {
    this.#surface = surface;
    this.#means = means;
  }

  get #file(): ConfiguredIed {
    return this.#surface.configuration() as ConfiguredIed;
  }

  /** Grows with another model, whatever else of a configuration is another. */
  get models(): number {
    void this.made;
    return this.#models;
  }

  get made(): Made {
    const { epoch } = this.#surface;
    if (this.#made?.epoch === epoch) return this.#made;
    const file = this.#file;
    const facts = this.#means.facts();
    const key = keyOf(facts, file);
    this.#isStale = true;
    if (this.#made?.key === key) return (this.#made = { ...this.#made, epoch });
    this.#models++;
    return (this.#made = this.#make(facts, { epoch, key }));
  }

  #make(facts: ModelFacts, { epoch, key }: Pick<Made, "epoch" | "key">): Made {
    const ied = jemstarIed(facts);
    const { primary, triggers } = this.#file;
    const { buffer, control } = facts.settings;
    const values = new IedValues({
      surface: this.#surface,
      ied,
      facts,
      pt: primary.pt,
      ct: primary.ct,
      triggers: watchedTriggers(triggers),
      recorded: this.#means.recorded,
      settings: () => this.#file.iec61850,
      timeOf: (at) => this.timeOf(at),
    });
    return {
      epoch,
      key,
      ied,
      values,
      deadbands: new Map(deadbandsOf(ied).map(({ of, index }) => [index, of])),
      settings: {
        maxPdu: MOST_PDU,
        outstanding: OUTSTANDING,
        buffer: { entries: buffer.entries, octets: buffer.kilobytes * 1024 },
        dataSets: DATA_SETS,
        identity: { vendor: ied.manufacturer, model: ied.type, revision: facts.identity.firmware },
        selectMs: control.selectSeconds * 1000,
      },
    };
  }

  /** With what the clock is worth: kept by a time server within its tolerance, or by nothing that knows UTC. */
  timeOf({ utc, synchronised }: { readonly utc: number; readonly synchronised: boolean }): IedTime {
    const { sync, toleranceMs } = this.#file.timekeeping;
    const isServed = sync === "ntp" && synchronised;
    return {
      utc,
      leapSecondsKnown: isServed,
      clockFailure: utc < UNSET,
      notSynchronised: !isServed,
      accuracyBits: isServed ? Math.max(0, Math.floor(Math.log2(1000 / toleranceMs))) : undefined,
    };
  }

  now(): IedTime {
    return this.timeOf({ utc: this.#means.utc(), synchronised: this.#surface.now().synchronised });
  }

  image(): IedImage {
    this.#listen();
    const { values } = this.made;
    if (!this.#isStale) return values.shown;
    this.#isStale = false;
    return values.look();
  }

  changed(run: () => void): () => void {
    this.#listen();
    const own = (): void => run();
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  /** Of a meter that nobody asks nothing is made. */
  #listen(): void {
    if (this.#listens) return;
    this.#listens = true;
    this.#surface.on("cycle", () => {
      this.made.values.cycle();
      this.tell();
    });
    this.#means.inputs((change) => this.#moved(change));
  }

  /** An image with nothing else in it than the change of one input: several of one cycle are seen each by itself, in their order. */
  #moved(change: InputChange): void {
    const { values } = this.made;
    const isStale = this.#isStale;
    this.#isStale = false;
    values.input(change);
    for (const run of this.#listeners) run();
    this.#isStale ||= isStale;
  }

  /** What it shows may be another now. */
  tell(): void {
    this.#isStale = true;
    for (const run of this.#listeners) run();
  }

  /** A configuration in which a data object has another dead band, and nothing else is another. */
  withDeadband(of: string, db: number): string {
    const file = this.#file;
    const { iec61850 } = file;
    if (deadbandOf(iec61850, of) === db) return JSON.stringify(file);
    const others = iec61850.deadbands.filter((one) => one.of !== of);
    return JSON.stringify({ ...file, iec61850: { ...iec61850, deadbands: [...others, { of, db }] } });
  }
}

/** What another model, or another way to serve it, follows from. */
function keyOf({ settings, measures, ...facts }: ModelFacts, { primary, triggers }: ConfiguredIed): string {
  const { deadband: _deadband, deadbands: _deadbands, ...rest } = settings;
  return JSON.stringify([rest, [...measures], facts, primary.pt, primary.ct, triggers]);
}
