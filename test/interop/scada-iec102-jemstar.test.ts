/**
 * iec870ree of the Python index reads nine months of a JEMStar II: hours over both days of daylight saving, quarters of an hour, days,
 * closures by tariff, events, values of the moment. It lies in a folder of its own, which scada-iec102.txt says how to fill.
 */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { SystemClock } from "#clock/system-clock.ts";
import { listenTcp } from "#io/tcp.ts";
import { serveIec102 } from "#protocol/iec102/station/line.ts";
import { iec102Meter, MADRID, profileOf } from "../iec102-meter.ts";
import { runProgram } from "./programs.ts";

const [python = "", folder = "", script = ""] = [
  "../../.venv/bin/python",
  "../../.venv/iec870ree",
  "iec102-reader.py",
].map((name) => fileURLToPath(new URL(name, import.meta.url)));
const skip = existsSync(python) && existsSync(folder) ? false : "there is no .venv/iec870ree (scada-iec102.txt)";

interface Total {
  readonly address: number;
  readonly total: number;
  readonly quality: number;
  readonly datetime: string;
}

type Periods = readonly (readonly Total[])[];

const register = (id: number, measure: string, tariff = "total"): string =>
  `{ id: ${id}, type: consumption, measure: { ${measure} }, tariff: ${tariff}, units: kilo, digits: 9, selfRead: true }`;
const week = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

/** From February on: 2,880 W and 2,160 var at 120 V and 10 A, times 1,000: 60 by the volts, 50 by the amps. */
const CONFIGURATION = `
primary: { pt: 60, ct: 50 }
${MADRID.replace(/ }$/, ", billingReset: { every: month, day: 1, minute: 0 } }")}
selfRead: { every: billingReset }
profiles: [${profileOf(15)}]
iec102: { companion: ree, manufacturer: 33, measuringPoint: 1 }
communications: { ethernet1: { iec102: { use: enabled, address: 7000 } } }
tou: { seasons: [{ month: 1, day: 1, days: { ${week.map((day) => `${day}: [{ at: "00:00", rate: A }, { at: "08:00", rate: B }]`).join(", ")} } }] }
registers:
  normal: [${register(0, "quantity: Wh")}, ${register(1, "quantity: Wh", "A")}, ${register(2, "quantity: Wh", "B")}, ${register(3, "quantity: varh, direction: q1")}]
  alternate: []
  test: []
`;
const KW = 2.88 * 3000;
const KVAR = 2.16 * 3000;

test("iec870ree reads nine months of a JEMStar II", { skip }, async (t) => {
  const meter = iec102Meter(t, { configuration: CONFIGURATION, utc: Date.UTC(2025, 0, 31, 23), serial: "12-345" });
  const { host } = meter;
  assert.equal(meter.tell({ command: "secret", name: "iec102.password", value: "7" }), "done");
  const until = (utc: number): void => meter.run((utc - meter.clock.utc()) / 60_000);
  until(Date.UTC(2025, 2, 4, 9));
  meter.tell({ command: "powerDown" });
  meter.run(10);
  meter.tell({ command: "powerUp" });
  until(Date.UTC(2025, 9, 26, 23, 20));
  const clock = new SystemClock();
  const listener = await listenTcp({ host: "127.0.0.1", port: 0, maxConnections: 1, clock }, (link) =>
    serveIec102(link, [{ host, port: "ethernet 1" }], clock),
  );
  t.after(() => listener.close());
  const words = [script, folder, "tcp", listener.port, 7000, 1, 7].map(String);
  const { status, out } = await runProgram(python, words, 120_000);
  assert.equal(status, 0, out);
  const found = Object.fromEntries(
    out
      .trim()
      .split("\n")
      .filter((line) => line.startsWith("{"))
      .map((line) => JSON.parse(line) as { what: string; is: unknown })
      .map(({ what, is }) => [what, is] as const),
  );
  assert.deepEqual([found["wrong key"], found["key"]], [[7, 1], [7, 0]]); // prettier-ignore
  assert.deepEqual(found["product"], [33, 12_345]);
  assert.equal(found["time"], "2025-10-27T00:20:00+01:00");
  const of = (what: string): Periods => found[what] as Periods;
  const times = (what: string): readonly (string | undefined)[] => of(what).map(([one]) => one?.datetime);
  // In whole kWh: an hour is 8,640 of active and 6,480 of reactive energy.
  for (const what of ["hours", "spring", "autumn"])
    for (const period of of(what))
      assert.deepEqual(
        period.map(({ total, quality }) => [total, quality]),
        [[KW, 0], [0, 0], [KVAR, 0], [0, 0], [0, 0], [0, 0], [0, 128], [0, 128]], // prettier-ignore
        what,
      );
  assert.deepEqual(
    times("hours"),
    [1, 2, 3].map((hour) => `2025-03-03T0${hour}:00:00+01:00`),
  );
  assert.equal(of("spring").length, 23);
  assert.deepEqual(times("spring").slice(0, 2), ["2025-03-30T01:00:00+01:00", "2025-03-30T03:00:00+02:00"]);
  assert.equal(of("autumn").length, 25);
  assert.deepEqual(times("autumn").slice(1, 3), ["2025-10-26T02:00:00+02:00", "2025-10-26T02:00:00+01:00"]);
  assert.equal(of("quarters").length, 96);
  assert.ok(of("quarters").every(([one]) => one?.total === KW / 4));
  const hours = (day: number, hour: number): number => 24 * (day - 1) + hour;
  const active = (what: string): readonly (number | undefined)[] => of(what).map(([one]) => one?.total);
  assert.deepEqual(
    active("absolute"),
    [1, 2, 3].map((hour) => KW * (hours(29, 0) + hours(3, hour))),
  );
  // The first of March is the end of February's last day; the fifth had ten minutes without power before it.
  assert.deepEqual(
    active("days"),
    [1, 2, 3, 4, 5].map((day) => KW * hours(28 + day, 0) - (day === 5 ? KW / 6 : 0)),
  );
  assert.equal((found["blocks"] as readonly unknown[]).length, 4);
  const closures = (found["closures"] as readonly (readonly Record<string, unknown>[])[]).flat();
  const shown = (one: Record<string, unknown>): readonly unknown[] =>
    ["address", "active_abs", "active_inc", "date_start", "date_end"].map((name) => one[name]);
  const february = ["2025-02-01T00:00:00+01:00", "2025-03-01T00:00:00+01:00"];
  assert.deepEqual(closures.map(shown), [
    [20, KW * 672, KW * 672, ...february],
    [21, KW * 224, KW * 224, ...february],
    [22, KW * 448, KW * 448, ...february],
  ]);
  assert.deepEqual(
    (found["events"] as readonly (readonly Record<string, unknown>[])[]).flat().map((one) => [one["SPA"], one["SPQ"]]),
    [[1, 2]],
  );
  assert.partialDeepStrictEqual(found["moment"], {
    TotalizadoresInstantaneos: { ai_val: true, ae: 0, r2: 0 },
    PotenciaInstantanea: [{ potencia_activa: KW, potencia_reactiva: KVAR, factor_potencia: 0.8 }],
    IVInstantaneos: [{ I: 500, V: 7200, valid: true }],
  });
  assert.deepEqual((found["settings"] as readonly unknown[]).slice(0, 2), [100, [60, 15]]);
  assert.deepEqual(found["set"], [7, 0]);
  assert.ok(Math.abs(meter.device.surface.now().utc - Date.now()) < 60_000);
  assert.equal(found["none"], "IntegrationPeriodNotAvailable");
  assert.equal(found["end"], true);
});
