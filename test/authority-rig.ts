/** A JEMStar in this process, and those who ask something of it: what tests of its authority stand on. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { TestContext } from "node:test";
import { parse } from "yaml";
import { VirtualClock } from "#clock/virtual-clock.ts";
import type { ListenEntry } from "#fleet/protocols/protocol.ts";
import { siteSchema } from "#fleet/site-schema.ts";
import { makeSource } from "#fleet/sources.ts";
import { ametekJemstarIi } from "#model/ametek-jemstar-ii.ts";
import type { RevenueFile } from "#product/jemstar/configuration-schema.ts";
import { JemStar } from "#product/jemstar/jemstar.ts";
import { qualityInstrument } from "#product/jemstar/quality-instrument.ts";
import { isRefused, type Outcome, type Peer, type Session } from "#quantity/authority.ts";
import type { LogKind } from "#quantity/log.ts";
import { MemoryStore, type MeterStore } from "#store/store.ts";
import type { Source } from "#waveform/source.ts";

export const MID = "JSII-09I6020-1B/2A-DIO-NTP-MID-ML";
export const PLAIN = "JSII-09I6020-1B/2A-DIO-NTP-ML";

export const near: Peer = { protocol: "http", port: "site", address: "127.0.0.1", near: true };
export const far: Peer = { protocol: "http", port: "site", address: "192.0.2.7", near: false };
/** Elsewhere, logged in to the site as one of its operators. */
export const operator: Peer = { ...far, operator: true };
/** At the site's own machine, where whoever is not logged in works nothing. */
export const onlooker: Peer = { ...near, operator: false };

export interface JemStarRig {
  readonly jem: JemStar;
  readonly listen: readonly ListenEntry[];
  readonly clock: VirtualClock;
  readonly folder: string;
  /** Lets minutes pass. */
  run(minutes: number): void;
  /** The session of somebody who has been admitted. */
  as(user: string, peer?: Peer): Session;
  /** Tells it something; the refusal, or "done". */
  tell(command: unknown, session?: Session): string;
  /** What applying another configuration comes to. */
  configure(change: (file: RevenueFile) => void, session?: Session): string;
  log(kind: LogKind): readonly string[];
  value(register: number): number;
}

export function told(outcome: Outcome): string {
  return isRefused(outcome) ? outcome.refused : "done";
}

function doubting(source: Source, doubts?: () => boolean): Source {
  return source.kind === "steps" || doubts === undefined ? source : Object.assign(source, { takeDoubt: doubts });
}

export function jemStar(
  t: TestContext,
  options: {
    readonly modelNumber?: string;
    readonly configuration?: string;
    readonly store?: MeterStore;
    readonly folder?: string;
    readonly keyFile?: string;
    readonly utc?: number;
    /** Peers go by the site's clock, too. */
    readonly ownTime?: boolean;
    /** Entries of the site file's `listen`. */
    readonly listen?: string;
    /** What is synthesised, as a site file has it. */
    readonly source?: string;
    /** In samples, and not in steps: with an instrument of power quality, where that is ordered. */
    readonly isSampled?: boolean;
    /** Whether whoever samples has doubts. */
    readonly doubts?: () => boolean;
    readonly serial?: string;
  } = {},
): JemStarRig {
  const { modelNumber = PLAIN, configuration = "", store = new MemoryStore().drawer("jem"), keyFile } = options;
  const folder = options.folder ?? mkdtempSync(path.join(tmpdir(), "jem-"));
  if (options.folder === undefined) t.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(path.join(folder, "jem.yaml"), configuration);
  const { meters } = siteSchema.parse(
    parse(`
meters:
  - name: jem
    model: ametek-jemstar-ii
    modelNumber: ${modelNumber}
    auxiliary: true
    configuration: jem.yaml
    ${options.serial === undefined ? "" : `serial: "${options.serial}"`}
    source: { synthetic: { ${options.source ?? "volts: 120, amps: 10, pf: 0.8"}, steps: ${options.isSampled !== true} } }
    listen: [${options.listen ?? ""}]
`),
  );
  const [entry] = meters;
  if (entry === undefined) throw new Error("a site has a meter");
  const clock = new VirtualClock(options.utc ?? Date.UTC(2026, 0, 1));
  const jem = new JemStar({
    entry,
    model: ametekJemstarIi,
    folder,
    keyFile,
    clock,
    ...(options.ownTime === true ? { real: clock } : {}),
    store,
    ports: entry.listen,
    source: (how) => doubting(makeSource(entry.source, { folder, start: clock.utc(), ...how }), options.doubts),
    refused: () => {},
    ...(options.isSampled === true ? { quality: qualityInstrument } : {}),
  });
  const as = (user: string, peer: Peer = near): Session => jem.authority.sessions.begin(user, peer);
  const tell = (command: unknown, session = as("admin")): string => told(jem.authority.obey(command, session));
  return {
    jem,
    listen: entry.listen,
    clock,
    folder,
    as,
    tell,
    run(minutes) {
      clock.advance(minutes * 60_000);
      jem.catchUp();
    },
    configure(change, session) {
      const file = structuredClone(jem.file);
      change(file);
      return tell({ command: "configure", configuration: JSON.stringify(file) }, session);
    },
    log: (kind) =>
      jem.meter.log
        .of(kind)
        .page(0, Infinity)
        .map(({ what, by }) => `${by}: ${what}`),
    value: (register) => jem.meter.registers.show(register)?.value ?? NaN,
  };
}
