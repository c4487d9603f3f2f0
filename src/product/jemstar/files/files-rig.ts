/** Files of a meter that is none: its clock, its settings and its log are what a test says. For the tests of this room. */
import { LocalTime, type DaylightSaving } from "#clock/local-time.ts";
import { readPqdif, type Pqdif } from "#format/pqdif/pqdif.ts";
import type { ProfileRecord } from "#quantity/profile.ts";
import type { Series } from "#quantity/series.ts";
import type { Stamp } from "#quantity/stamp.ts";
import { MemoryStore, type MeterStore } from "#store/store.ts";
import { facts } from "./captured-fixture.ts";
import { MeterFiles, type LoggedGroup } from "./meter-files.ts";
import type { PqdifSettings } from "./pqdif-settings.ts";

/** Records of a log that a test adds; those before `first` were overwritten. */
export class Records implements Series<ProfileRecord> {
  readonly all: ProfileRecord[] = [];
  first = 0;

  get next(): number {
    return this.all.length;
  }

  page(from: number, most: number): readonly ProfileRecord[] {
    const begin = Math.max(from, this.first);
    return this.all.slice(begin, from + most);
  }

  seek(utc: number): number {
    const found = this.all.findIndex(({ end }) => end.utc >= utc);
    return found < 0 ? this.next : found;
  }

  add(start: number, end: number, values: readonly (number | undefined)[], status = 0): void {
    const sequence = this.next;
    this.all.push({
      sequence,
      type: "normal",
      start: stampOf(start),
      end: stampOf(end),
      until: stampOf(end),
      status,
      values,
    });
  }
}

export function stampOf(utc: number): Stamp {
  return { utc, offsetMinutes: 0, daylightSaving: false, synchronised: true };
}

export const volts: LoggedGroup["settings"] = {
  interval: 10,
  channels: (["minimum", "maximum", "average"] as const).map((method) => ({
    measure: { quantity: "V", phase: "a", direction: "bidirectional", compensated: false },
    method,
    side: "primary",
    units: "units",
  })),
};

export interface Rig {
  utc: number;
  settings: PqdifSettings;
  readonly store: MeterStore;
  readonly series: Records;
  readonly said: (readonly [what: string, details: Readonly<Record<string, string | number>>])[];
  files: MeterFiles;
  /** How often somebody asked for the time zone: what is of a day costs that. */
  readonly zones: number;
  /** The time comes to an instant, and all that is due then is written. */
  at(utc: number): Promise<void>;
  /** Another process with the same store: the one before has stopped, or was killed. */
  again(how: "stopped" | "killed"): void;
  names(folder?: string): readonly string[];
  open(name: string): Promise<Pqdif>;
}

export function filesRig({
  utc = 0,
  zone = [0],
  store = new MemoryStore().drawer("m"),
  series = new Records(),
  group = volts,
  ...more
}: Partial<PqdifSettings> & {
  readonly utc?: number;
  readonly zone?: readonly [offsetMinutes: number, saving?: DaylightSaving];
  readonly store?: MeterStore;
  readonly series?: Records;
  readonly group?: LoggedGroup["settings"];
} = {}): Rig {
  const local = new LocalTime(...zone);
  let zones = 0;
  const said: Rig["said"] = [];
  const make = (): MeterFiles =>
    new MeterFiles({
      store,
      station: "m",
      now: () => stampOf(rig.utc),
      zone: () => (zones++, local),
      settings: () => rig.settings,
      facts: () => facts,
      groups: () => [{ settings: group, series }],
      log: (_kind, what, details) => void said.push([what, details]),
    });
  const settings: PqdifSettings = {
    mode: "single",
    sagSwell: true,
    interruption: true,
    rapidVoltageChange: true,
    measurementLog: "off",
    ...more,
  };
  const rig: Omit<Rig, "files"> & { files?: MeterFiles } = {
    utc,
    settings,
    store,
    series,
    said,
    async at(instant) {
      rig.utc = instant;
      rig.files?.look();
      await rig.files?.idle;
    },
    again(how) {
      if (how === "stopped") rig.files?.stop();
      rig.files = make();
    },
    get zones() {
      return zones;
    },
    names: (folder = "") =>
      (rig.files?.shelf.list() ?? [])
        .map(({ name }) => name)
        .filter((name) => (folder === "" ? !name.includes("/") : name.startsWith(`${folder}/`))),
    async open(name) {
      return readPqdif(name, rig.files?.shelf.read(name) ?? new Uint8Array(0));
    },
  };
  rig.files = make();
  return rig as Rig;
}
