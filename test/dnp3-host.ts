/** A meter for DNP3 that is nothing but its points, and a master's line to its outstation. */
import { VirtualClock } from "#clock/virtual-clock.ts";
import type { Broadcast, DnpRights, MasterLine } from "#protocol/dnp3/link/master-line.ts";
import {
  pointFlags,
  type CounterImage,
  type DnpHost,
  type FrozenCounters,
  type OutstationSettings,
  type PointImage,
  type Told,
} from "#protocol/dnp3/outstation/host.ts";
import { outstation, type Outstation } from "#protocol/dnp3/outstation/outstation.ts";
import { fromHex } from "./dnp3-exchanges.ts";

/** As Appendix A of the JEMStar II's manual has them, with class 0 whole. */
export const usualSettings: OutstationSettings = {
  address: 1,
  selfAddress: false,
  link: { confirm: "never", timeoutMs: 1000, retries: 3, interCharacterMs: 1000 },
  inactivityMs: 120_000,
  application: { confirmTimeoutMs: 1000, maxFragment: 2048 },
  needTimeMs: 3_600_000,
  globalTimeSet: true,
  class0: "both",
  variations: { binary: 1, output: 2, counter: 5, frozen: 9, analog: 3 },
  events: {
    frozen: { class: 1, variation: 5 },
    scanMs: 5000,
    most: { freezes: 500, others: 100 },
  },
};

export function counters(values: readonly number[]): CounterImage {
  return {
    values32: Float64Array.from(values),
    values16: Float64Array.from(values, (value) => value % 65_536),
    flags: new Uint8Array(values.length).fill(pointFlags.online),
  };
}

export interface FixturePoints {
  readonly binaries: readonly boolean[];
  readonly outputs: readonly boolean[];
  readonly counters: readonly number[];
  readonly analogs: readonly number[];
}

/** Those of the outstation of ../shared/vectors/dnp3.txt. */
export const vectorPoints: FixturePoints = {
  binaries: [true, false, false, true, false, false, true, false, false, true],
  outputs: [true, false, true, false, true, false],
  counters: [1_000_000, 1_000_001, 1_000_002],
  analogs: [236_439, -5, 2000, 3000],
};

function binaryFlags(states: readonly boolean[]): Uint8Array {
  return Uint8Array.from(states, (on) => pointFlags.online | (on ? pointFlags.state : 0));
}

export class FixtureHost implements DnpHost {
  epoch = 1;
  settings: OutstationSettings;
  isAnswering = true;
  utc = Date.UTC(2026, 0, 1);
  synchronised = true;
  /** What becomes of the next order. */
  told: Told = "done";
  readonly frozen: FrozenCounters[] = [];
  /** Freezes that are no longer kept. */
  firstFreeze = 0;
  readonly times: number[] = [];
  readonly marks = new Map<string, number>();
  since = 0;
  /** Pages of freezes that were asked for. */
  pages = 0;
  #image: PointImage;

  constructor(settings: Partial<OutstationSettings> = {}, points: FixturePoints = vectorPoints) {
    this.settings = { ...usualSettings, ...settings };
    this.#image = {
      binaries: binaryFlags(points.binaries),
      outputs: binaryFlags(points.outputs),
      counters: counters(points.counters),
      frozen: counters(points.counters.map(() => 0)),
      analogs: {
        values32: Float64Array.from(points.analogs),
        values16: Float64Array.from(points.analogs),
        values: Float64Array.from(points.analogs),
        flags: new Uint8Array(points.analogs.length).fill(pointFlags.online),
      },
    };
  }

  answers(): boolean {
    return this.isAnswering;
  }

  image(): PointImage {
    return this.#image;
  }

  readonly #watching = new Set<() => void>();

  changed(run: () => void): () => void {
    this.#watching.add(run);
    return () => this.#watching.delete(run);
  }

  /** The meter has measured. */
  cycle(): void {
    for (const run of this.#watching) run();
  }

  show(image: Partial<PointImage>): void {
    this.#image = { ...this.#image, ...image };
  }

  setBinary(index: number, on: boolean): void {
    const binaries = Uint8Array.from(this.#image.binaries);
    binaries[index] = pointFlags.online | (on ? pointFlags.state : 0);
    this.show({ binaries });
  }

  setCounters(values: readonly number[]): void {
    this.show({ counters: counters(values) });
  }

  setAnalog(index: number, value: number, flags: number = pointFlags.online): void {
    const { analogs } = this.#image;
    this.show({
      analogs: {
        values32: analogs.values32.with(index, value),
        values16: analogs.values16.with(index, value),
        values: analogs.values.with(index, value),
        flags: analogs.flags.with(index, flags),
      },
    });
  }

  readonly freezes = ((host: FixtureHost) => ({
    get first() {
      return host.firstFreeze;
    },
    get next() {
      return host.frozen.length;
    },
    page(from: number, most: number) {
      host.pages++;
      const start = Math.max(from, host.firstFreeze);
      return host.frozen.slice(start, start + most);
    },
    seek: (utc: number) => host.frozen.findIndex((freeze) => freeze.utc >= utc),
  }))(this);

  now(): { readonly utc: number; readonly synchronised: boolean } {
    return { utc: this.utc, synchronised: this.synchronised };
  }

  freeze(clear: boolean): Told {
    if (this.told !== "done") return this.told;
    const frozen = this.#image.counters;
    this.frozen.push({ utc: this.utc, synchronised: this.synchronised, counters: frozen });
    this.show({ frozen });
    if (clear) this.setCounters([...frozen.flags].map(() => 0));
    return "done";
  }

  setTime(utc: number): Told {
    if (this.told === "done") this.times.push(utc);
    return this.told;
  }

  mark(reader: string, next?: number): number | undefined {
    if (next !== undefined) this.marks.set(reader, next);
    return this.marks.get(reader);
  }
}

/** A line that keeps what is sent. */
export class FixtureLine implements MasterLine {
  readonly master: number;
  readonly peer: string;
  readonly place: string;
  readonly near = true;
  rights: DnpRights = "write";
  delayMs = 0;
  waiting = 0;
  readonly sent: Uint8Array[] = [];

  constructor(master = 100, place = "127.0.0.1") {
    this.master = master;
    this.place = place;
    this.peer = `${place}:50214`;
  }

  send(fragment: Uint8Array): void {
    this.sent.push(fragment);
  }
}

function hex(octets: Uint8Array): string {
  return Buffer.from(octets).toString("hex");
}

/** How often the meter measures. */
const CYCLE_MS = 250;

/** An outstation and its masters, on a clock that stands still. */
export class Bench {
  readonly clock = new VirtualClock();
  readonly host: FixtureHost;
  readonly station: Outstation;
  readonly line = new FixtureLine();

  constructor(host: FixtureHost = new FixtureHost()) {
    this.host = host;
    host.since = host.freezes.next;
    this.station = outstation(host, { clock: this.clock, port: "lan1" });
    this.#cycle();
  }

  #cycle(): void {
    this.clock.after(CYCLE_MS, () => {
      this.host.cycle();
      this.#cycle();
    });
  }

  /** What comes back of a fragment; fragments are written without spaces. */
  ask(fragment: string, line: FixtureLine = this.line, broadcast?: Broadcast): string[] {
    const before = line.sent.length;
    this.station.take(fromHex(fragment), line, broadcast);
    return line.sent.slice(before).map(hex);
  }

  /** What is sent while time goes by. */
  wait(ms: number, line: FixtureLine = this.line): string[] {
    const before = line.sent.length;
    this.clock.advance(ms);
    return line.sent.slice(before).map(hex);
  }
}
