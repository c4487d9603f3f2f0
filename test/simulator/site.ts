/** The site of a run and its lives: what its file says, and a process that loads it on a disk, runs and ends. */
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Hono } from "hono";
import { VirtualClock } from "#clock/virtual-clock.ts";
import { loadSite } from "#fleet/load-site.ts";
import { textOf } from "#fleet/notice.ts";
import type { Site } from "#fleet/site.ts";
import { SqliteStore } from "#store/sqlite-store.ts";
import { webSide } from "#web/server.ts";
import { Cables } from "./cables.ts";
import type { Chance } from "./chance.ts";
import type { Ending, SimulatedDisk } from "./disk.ts";

/** Where its listeners are; one of them carries all meters. */
export const places = { tcp: "127.0.0.1:1502", tls: "127.0.0.1:8802", serial: "/dev/ttyS0" } as const;

/** What each meter measures, W on all phases together; that of the live one is what is pushed into it. */
export const watts = { jem: 600_000, feeder: 60_000, circuit: 45_000 } as const;

export const units = { jem: 1, feeder: 2, live: 3, circuit: 4 } as const;
export type MeterName = keyof typeof units;

/** On the secondary side it is 200 V and 5 A a phase. */
const configuration = `
primary: { pt: 10, ct: 20 }
registers:
  normal:
    - { id: 1, label: Wh delivered, type: consumption, measure: { quantity: Wh }, units: units, selfRead: true }
    - { id: 2, label: Wh by rate A, type: consumption, measure: { quantity: Wh }, units: units }
    - { id: 3, label: W peak, type: peakDemand, measure: { quantity: W } }
profiles:
  - { minutes: 1, channels: [{ measure: { quantity: Wh }, km: 10 }] }
timekeeping:
  utcOffsetMinutes: -300
  daylightSaving:
    { start: { month: 3, week: 2, weekday: 0, hour: 2 }, end: { month: 11, week: 1, weekday: 0, hour: 2 } }
selfRead: { every: hour }
resetLockoutMinutes: 0
modbus: { counters: [{ register: 1 }, { register: 2 }], allowRegisterPresets: true }
`;

function siteFile(meters: readonly MeterName[]): string {
  const all: Readonly<Record<MeterName, string>> = {
    jem: `
  - name: jem
    model: ametek-jemstar-ii
    modelNumber: JSII-09I6020-1B/2A-DIO-DLP
    configuration: jem.yaml
    transformers: { pt: 10, ct: 20 }
    source: { synthetic: { volts: 2000, amps: 100, steps: true } }
    listen: [{ modbus: tcp, port: 1502, unit: 1 }]`,
    feeder: `
  - name: feeder
    model: leviton-s4100
    options: { logging: true }
    source: { synthetic: { volts: 250, amps: 80, steps: true } }
    settings: { ctPrimary: 1000, systemVoltage: 480, demandSubInterval: 10 }
    listen: [{ modbus: tcp, port: 1502, unit: 2 }, { modbus: rtu, device: ${places.serial}, unit: 2 }]`,
    live: `
  - name: live
    model: leviton-s4100
    source: { live: { stale: 60 } }
    settings: { ctPrimary: 1000, systemVoltage: 480 }
    listen: [{ modbus: tcp, port: 1502, unit: 3 }]`,
    circuit: `
  - name: circuit
    model: powerlogic-cm4000
    source: { synthetic: { volts: 250, amps: 60, steps: true } }
    settings: { ctPrimary: 1000 }
    listen:
      - { modbus: tcp, port: 1502, unit: 4 }
      - { modbus: tls, port: 8802, unit: 4, certificate: none.pem, key: none.pem, authority: none.pem }`,
  };
  return `web: { port: 8080 }\nmeters:${meters.map((name) => all[name]).join("")}\n`;
}

/** The files of a site in a folder. */
export function writeSite(folder: string, meters: readonly MeterName[]): string {
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, "jem.yaml"), configuration);
  const file = path.join(folder, "site.yaml");
  writeFileSync(file, siteFile(meters));
  return file;
}

/** Somebody has spoilt the revenue meter's configuration file; `writeSite` makes it good again. */
export function spoilSite(file: string): void {
  writeFileSync(path.join(path.dirname(file), "jem.yaml"), "registers: 5\n");
}

/** One life of the site. */
export class Process {
  readonly clock: VirtualClock;
  readonly cables = new Cables();
  readonly site: Site;
  readonly web: Hono;
  /** Undefined while it is opened. */
  readonly store: SqliteStore | undefined;
  /** What it told whoever started it. */
  readonly told: string[] = [];
  /** UTC at which it ended, and whether it could keep nothing then. */
  endedAt: number | undefined;
  #troubled: string | undefined;
  readonly #disk: SimulatedDisk;

  /** Throws what a start says that cannot be. */
  constructor(file: string, disk: SimulatedDisk, { utc, chance }: { readonly utc: number; readonly chance: Chance }) {
    this.clock = new VirtualClock(utc);
    this.#disk = disk;
    const mounted = disk.mount(() => {
      this.endedAt = this.clock.utc();
      this.#troubled = this.store?.trouble;
    });
    const store = new SqliteStore(disk.folder, "aside", {
      disk: mounted,
      mark: () => new DataView(chance.bytes(8).buffer).getBigInt64(0),
    });
    this.store = store;
    const { clock, cables } = this;
    this.site = loadSite(file, { clock, real: clock, store, carriers: cables.carriers });
    this.site.onNotice((notice) => this.told.push(textOf(notice)));
    this.web = webSide(this.site).app;
  }

  get ended(): boolean {
    return this.endedAt !== undefined;
  }

  /** Why it can keep nothing, in words, as it says itself. */
  get trouble(): string | undefined {
    return this.ended ? this.#troubled : this.site.trouble;
  }

  end(how: Ending): void {
    this.#disk.end(how);
  }

  /** Lets go of what a process that has ended still holds in this one. */
  bury(): void {
    try {
      this.site.store.close();
    } catch {
      // It has ended: its disk is gone.
    }
  }
}
