/** A JEMStar II whose totals are asked for as a station of IEC 60870-5-102 asks: what tests of Appendix F stand on. */
import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { deviceOf, type JemStarDevice } from "#product/jemstar/product.ts";
import type { Iec102Host, Period, StationSession } from "#protocol/iec102/station/host.ts";
import type { Peer } from "#quantity/authority.ts";
import { jemStar, type JemStarRig } from "./authority-rig.ts";

export const peer: Peer = { protocol: "iec102", port: "ethernet 1", near: false };

const channels = [
  "Wh, direction: delivered",
  "Wh, direction: received",
  ...["q1", "q2", "q3", "q4"].map((one) => `varh, direction: ${one}`),
]
  .map((one) => `{ measure: { quantity: ${one} }, km: 1 }`)
  .join(", ");

/** Six energies, in intervals of so many minutes. */
export const profileOf = (minutes: number | string, data = "engineering"): string =>
  `{ minutes: ${minutes}, data: ${data}, channels: [${channels}] }`;

export const MADRID =
  "timekeeping: { utcOffsetMinutes: 60, daylightSaving: { start: { month: 3, week: 5, weekday: 0, hour: 2 }, end: { month: 10, week: 5, weekday: 0, hour: 3 } } }";

export interface Iec102Meter extends JemStarRig {
  readonly device: JemStarDevice;
  readonly host: Iec102Host;
  /** Periods in words: "2026-03-29 03:00 S 1:361 2:0 ...", with the quality where there is any: "1:361/02". */
  periods(record: number, incremental?: boolean, from?: string, to?: string): readonly string[];
  open(key?: number): Promise<StationSession | undefined>;
}

export function wordsOf({ at, totals }: Period): string {
  const { utc, offsetMinutes, daylightSaving } = at.stamp;
  const local = new Date(utc + offsetMinutes * 60_000).toISOString().slice(0, 16).replace("T", " ");
  const values = totals.map(({ object, value, quality }) => {
    const bits = quality === 0 ? "" : `/${quality.toString(16).padStart(2, "0")}`;
    return `${object}:${value ?? "-"}${bits}`;
  });
  return [local, ...(daylightSaving ? ["S"] : []), ...values].join(" ");
}

export function iec102Meter(t: TestContext, options: Parameters<typeof jemStar>[1] = {}): Iec102Meter {
  const rig = jemStar(t, {
    configuration: `{ profiles: [${profileOf(15)}], iec102: { unit: Wh }, ${MADRID} }`,
    ...options,
  });
  const device = deviceOf(rig.jem);
  const host = device.bindings.iec102?.({ port: "ethernet 1" });
  assert.ok(host !== undefined);
  return {
    ...rig,
    device,
    host,
    periods(record, incremental = true, from, to) {
      const utc = (text: string | undefined): number | undefined => (text === undefined ? undefined : Date.parse(text));
      const found = host.totals({ record, incremental, from: utc(from), to: utc(to) });
      assert.ok(found !== undefined, `there is no record address ${record}`);
      return [...found].map(wordsOf);
    },
    open: (key) => host.open(key, peer),
  };
}
