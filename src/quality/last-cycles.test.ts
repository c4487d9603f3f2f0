/** The last cycles of a plain meter's grid, looked at as a block, against closed forms. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Metered } from "#metrology/metering-fixture.ts";
import { wirings } from "#quantity/wiring.ts";
import { LastCycles } from "./last-cycles.ts";

const RATE = 2520;

/** So many seconds of three phases at `hz`: 230, 225 and 220 V with 6 % of order 5, 10 A lagging by 30 degrees with 20 % of order 3. */
function measured(hz: number, seconds: number): LastCycles {
  const n = Math.round(seconds * RATE);
  const volts = [230, 225, 220];
  const channels = [0, 1, 2, 3, 4, 5].map((c) =>
    Float64Array.from({ length: n }, (_, k) => {
      const theta = 2 * Math.PI * (hz * (k / RATE) - (c % 3) / 3);
      if (c < 3) return Math.SQRT2 * volts[c]! * (Math.sin(theta) + 0.06 * Math.sin(5 * theta));
      return Math.SQRT2 * 10 * (Math.sin(theta - Math.PI / 6) + 0.2 * Math.sin(3 * theta));
    }),
  );
  const m = new Metered({ grid: 64, cyclesKept: 14, floorVolts: 5 });
  m.push(channels, n, RATE);
  while (m.next() > 0);
  return new LastCycles(() => ({ grid: m.grid, wiring: wirings.wye, utc: (at) => 1000 * at }));
}

for (const hz of [50, 49.6, 60]) {
  test(`harmonics, distortion, crest and unbalance of the last cycles at ${hz} Hz`, () => {
    // Whether the last half cycle is the first or the second of its cycle must not matter.
    for (const seconds of [1, 1 + 0.5 / hz]) {
      const view = measured(hz, seconds).view()!;
      assert.equal(view.cycles, hz > 55 ? 12 : 10);
      const of = (name: string) => view.channels.find((channel) => channel.name === name)!;
      const near = (actual: number | null, expected: number, by: number, what: string): void =>
        assert.ok(Math.abs(actual! - expected) <= by, `${what}: ${actual}, expected ${expected}`);
      near(of("V.b").rms, 225 * Math.hypot(1, 0.06), 0.005, "V.b");
      near(of("V.a").fundamental, 230, 0.005, "fundamental");
      near(of("V.a").harmonics[4]!, 6, 0.001, "order 5");
      near(of("V.a").thd, 6, 0.001, "THD of volts");
      near(of("A.c").harmonics[2]!, 20, 0.001, "order 3");
      near(of("A.a").degrees, -30, 0.001, "lag");
      near(of("V.b").degrees, -120, 0.001, "phase b");
      // 0.37 x 2,520 / 60 = 15.5: order 14 is the last whose neighbours are carried, too.
      assert.equal(of("V.a").harmonics[hz > 55 ? 15 : 18], null, "beyond what the rate carries");
      // Of 230, 225, 220 V in phase: V1 = 225, V2 = V0 = |230 + 225 a + 220 a^2| / 3 = 5 / sqrt(3).
      near(view.unbalance.V.negative, (100 * 5) / Math.sqrt(3) / 225, 0.001, "u2");
      near(view.unbalance.V.zero, (100 * 5) / Math.sqrt(3) / 225, 0.001, "u0");
      assert.ok(Date.parse(view.utc!) > 960);
    }
  });
}

test("a channel without samples lacks its harmonics, and no other does", () => {
  const n = 2520;
  const channels = [0, 1, 2, 3, 4, 5].map((c) =>
    Float64Array.from({ length: n }, (_, k) =>
      c === 4 ? NaN : 100 * Math.sin(2 * Math.PI * (60 * (k / RATE) - c / 3)),
    ),
  );
  const m = new Metered({ grid: 64, cyclesKept: 14, floorVolts: 5 });
  m.push(channels, n, RATE);
  while (m.next() > 0);
  const view = new LastCycles(() => ({ grid: m.grid, wiring: wirings.wye, utc: (at) => 1000 * at })).view()!;
  const rms = Object.fromEntries(view.channels.map((one) => [one.name, one.rms]));
  assert.equal(rms["A.b"], null);
  for (const name of ["V.a", "V.bc", "A.a", "A.c"]) assert.ok(Number.isFinite(rms[name]), name);
  assert.match(view.missing.join(), /A\.b: samples are missing/);
});

test("before there are 10 whole cycles nothing is known", () => {
  assert.equal(measured(50, 0.17).view(), undefined);
});

test("whenever it is looked at, a window with a jump of the phase in it has no spectrum, and volts go on", () => {
  for (const degrees of [30, 90, 180, -120]) {
    const n = 2 * RATE;
    const channels = [0, 1, 2, 3, 4, 5].map((c) =>
      Float64Array.from({ length: n }, (_, k) => {
        const turns = 50 * (k / RATE) - (c % 3) / 3 + (k / RATE > 1.0037 ? degrees / 360 : 0);
        return Math.SQRT2 * 230 * Math.sin(2 * Math.PI * turns);
      }),
    );
    const m = new Metered({ grid: 64, cyclesKept: 14, floorVolts: 5 });
    const last = new LastCycles(() => ({ grid: m.grid, wiring: wirings.wye, utc: (at) => 1000 * at }));
    m.push(channels, n, RATE);
    let [seen, absent] = [0, 0];
    while (m.next() > 0) {
      if (m.grid.at < 0.5) continue;
      const view = last.view();
      const volts = Math.sqrt(m.meter.values.v2[0]!);
      assert.ok(volts > 100 && volts < 330, `${degrees} degrees: ${volts} V at ${m.grid.at} s`);
      m.meter.measureSpectra();
      for (const thd of [view?.channels[0]!.thd, m.meter.spectra[0]!.vThd]) {
        if (typeof thd !== "number" || Number.isNaN(thd)) absent++;
        else {
          seen++;
          assert.ok(thd < 0.01, `${degrees} degrees: a THD of ${thd} % at ${m.grid.at} s`);
        }
      }
    }
    // Ten cycles, the two until it is believed, and the half that was made longer or shorter.
    assert.ok(absent > 20 && absent < 40 && seen > 200, `${degrees} degrees: ${absent} absent, ${seen} seen`);
  }
});
