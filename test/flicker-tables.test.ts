/**
 * The flickermeter against the performance tables of IEC 61000-4-15: every row within 1 % of 1, where the standard asks for 8 and 5 %. A few
 * rows of each while somebody works, all of them with `.ci/run --all`.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { FlickerMeter } from "#metrology/flicker-meter.ts";
import type { FlickerLamp, FlickerMains } from "#metrology/flicker-response.ts";
import { FlickerStatistics } from "#quality/flicker-statistics.ts";
import { share } from "./share.ts";

type Rows = Readonly<Record<string, readonly (readonly [hzOrChanges: number, percent: number])[]>>;
interface Tables {
  readonly sine: Rows;
  readonly rectangle: Rows;
  readonly changes: Rows;
}
const tables = JSON.parse(
  readFileSync(new URL("./fixtures/flicker-tables.json", import.meta.url), "utf8"),
) as Tables & { readonly edition1: Tables };

/** A rectangle's edges want so many: at 2,000 a second its own aliases are 3 % of Pinst. */
const RATE = 6400;
const TURN = 2 * Math.PI;
const every = share(9, 3, 1);

interface System {
  readonly lamp: FlickerLamp;
  readonly mains: FlickerMains;
}

function systemOf(key: string): System {
  const [lamp, mains] = key.split("/").map(Number);
  return { lamp: lamp === 230 ? 230 : 120, mains: mains === 50 ? 50 : 60 };
}

/** Volts of a second at a time, whose crest is that of the lamp's voltage; `wave` is of t in seconds. */
function* steps(
  { lamp, mains }: System,
  seconds: number,
  wave: (t: number) => number,
  rate = RATE,
): Generator<FlickerMeter> {
  const meter = new FlickerMeter({ lamp, mains, voltages: [{ plus: 0 }], floorVolts: 10 });
  const volts = new Float64Array(rate);
  for (let second = 0; second < seconds; second++) {
    for (let k = 0; k < rate; k++) volts[k] = lamp * Math.SQRT2 * wave(second + k / rate);
    meter.push({ channels: [volts], count: rate, rate, at: second, joined: second > 0, missing: undefined });
    while (meter.next()) yield meter;
  }
}

/** The largest Pinst of the last `last` seconds. */
function pinstMax(system: System, seconds: number, last: number, wave: (t: number) => number, rate = RATE): number {
  let largest = NaN;
  for (const meter of steps(system, seconds, wave, rate)) {
    if (meter.at > seconds - last && !(meter.pinstMax[0]! <= largest)) largest = meter.pinstMax[0]!;
  }
  return largest;
}

/** Pst of the ten minutes that begin at LEAD seconds. */
const LEAD = 20;
function pst(system: System, wave: (t: number) => number): number {
  const statistics = new FlickerStatistics(1);
  for (const meter of steps(system, LEAD + 601, wave)) statistics.step(meter, (meter.at - LEAD) * 1000);
  const { value, missing } = statistics.short!.voltages[0]!;
  assert.equal(missing, undefined);
  return value!;
}

const rectangle = (turns: number): number => (turns + 1e-9 - Math.floor(turns + 1e-9) < 0.5 ? 1 : -1);
const sine = (turns: number): number => Math.sin(TURN * turns);

function modulated(mains: number, hz: number, percent: number, shape: (turns: number) => number) {
  return (t: number): number => Math.sin(TURN * mains * t) * (1 + (percent / 200) * shape(hz * t));
}

function within(actual: number, expected: number, percent: number, what: string): void {
  assert.ok(Math.abs(actual / expected - 1) <= percent / 100, `${what}: ${actual} for ${expected}`);
}

const shapes = { sine, rectangle } as const;

test("the tables have all 346 rows of edition 2", () => {
  const rows = [tables.sine, tables.rectangle, tables.changes].flatMap((table) => Object.values(table)).flat();
  assert.equal(rows.length, 346);
});

for (const shape of ["sine", "rectangle"] as const) {
  for (const [key, rows] of Object.entries(tables[shape])) {
    test(`Pinst,max is 1 at each row of the ${shape}, lamp and mains ${key}`, () => {
      const system = systemOf(key);
      for (const [k, [hz, percent]] of rows.entries()) {
        if ((k + key.length + system.mains) % every !== 0) continue;
        const [seconds, last] = hz < 2 ? [24, 8] : [14, 4];
        const largest = pinstMax(system, seconds, last, modulated(system.mains, hz, percent, shapes[shape]));
        within(largest, 1, 1, `${hz} Hz, ${percent} %`);
      }
    });
  }
}

for (const [key, rows] of Object.entries(tables.changes)) {
  test(`Pst is 1 at each row of changes a minute, lamp and mains ${key}`, () => {
    const system = systemOf(key);
    for (const [k, [changes, percent]] of rows.entries()) {
      if ((k + system.mains / 10 + (system.lamp === 230 ? 0 : 3)) % every !== 0) continue;
      within(pst(system, modulated(system.mains, changes / 120, percent, rectangle)), 1, 1, `${changes} a minute`);
    }
  });
}

test("edition 1 with amendment 1 is met too, within its 5 %", () => {
  const { edition1 } = tables;
  for (const shape of ["sine", "rectangle"] as const) {
    for (const [key, rows] of Object.entries(edition1[shape])) {
      const system = systemOf(key);
      for (const [k, [hz, percent]] of rows.entries()) {
        if (k % (2 * every) !== 0) continue;
        const largest = pinstMax(system, 24, 8, modulated(system.mains, hz, percent, shapes[shape]));
        within(largest, 1, 5, `${shape} ${key} ${hz} Hz`);
      }
    }
  }
  for (const [key, rows] of Object.entries(edition1.changes)) {
    const system = systemOf(key);
    for (const [k, [changes, percent]] of rows.entries()) {
      if (k % every !== 0) continue;
      within(pst(system, modulated(system.mains, changes / 120, percent, rectangle)), 1, 5, `${key} ${changes}`);
    }
  }
});

test("frequency and voltage that change together: Pinst,max is 1 (Table 3)", () => {
  // Every four seconds, at a zero crossing: the lower frequency has the higher voltage.
  for (const [key, high, low] of [
    ["230/50", 230, 228.812],
    ["120/60", 120, 119.266],
  ] as const) {
    const system = systemOf(key);
    const wave = (t: number): number => {
      const part = Math.floor(t / 4);
      const hz = system.mains + (part % 2 === 0 ? -0.25 : 0.25);
      // Each part of four seconds holds a whole number of cycles: 199 and 201, or 239 and 241.
      return Math.sin(TURN * hz * (t - 4 * part)) * (part % 2 === 0 ? 1 : low / high);
    };
    within(pinstMax(system, 40, 16, wave), 1, 1.5, key);
  }
});

test("a distorted voltage with many zero crossings: Pinst,max is 1 (Table 4)", () => {
  const percents = [
    [3, 5],
    [5, 6],
    [7, 5],
    [9, 1.5],
    [11, 3.5],
    [13, 3],
    [17, 2],
    [19, 1.76],
    [23, 1.41],
    [25, 1.27],
    [29, 1.06],
    [31, 0.97],
  ] as const;
  for (const [key, percent] of [
    ["230/50", 0.25],
    ["120/60", 0.321],
  ] as const) {
    const system = systemOf(key);
    const wave = (t: number): number => {
      let sum = Math.sin(TURN * system.mains * t);
      for (const [h, size] of percents) sum += (size / 100) * Math.sin(TURN * system.mains * h * t + Math.PI);
      return sum * (1 + (percent / 200) * sine(8.8 * t));
    };
    within(pinstMax(system, 14, 4, wave, 12_800), 1, 1, key);
  }
});

test("a harmonic and an interharmonic 10 Hz below it: Pinst,max is 1 up to the ninth and beyond (Table 6)", () => {
  for (const [key, percent, orders] of [
    ["230/50", 3.611, [3, 9, 31]],
    ["120/60", 4.126, [3, 9, 31]],
  ] as const) {
    const system = systemOf(key);
    for (const order of orders) {
      const hz = order * system.mains;
      const wave = (t: number): number =>
        Math.sin(TURN * system.mains * t) +
        (percent / 100) * (Math.sin(TURN * hz * t) + Math.sin(TURN * (hz - 10) * t));
      within(pinstMax(system, 14, 4, wave, 12_800), 1, 1, `${key}, order ${order}`);
    }
  }
});

test("jumps of the phase at 1, 3, 5, 7 and 9 minutes: Pst within 5 % of the standard's (Table 9)", () => {
  const jumps = [
    ["230/50", 30, 0.913],
    ["120/60", 45, 0.681],
    ["230/50", 45, 1.06],
    ["120/60", 30, 0.587],
  ] as const;
  for (const [key, degrees, expected] of jumps.slice(0, share(1, 2, 4))) {
    const system = systemOf(key);
    for (const sign of [1, -1]) {
      // Each at the first rising zero crossing of the minute.
      const begun: { readonly at: number; readonly phase: number }[] = [];
      let phase = 0;
      for (const minute of [1, 3, 5, 7, 9]) {
        const turns = system.mains * 60 * minute + phase;
        const at = 60 * minute + (Math.ceil(turns - 1e-9) - turns) / system.mains;
        phase += (sign * degrees) / 360;
        begun.push({ at, phase });
      }
      const wave = (t: number): number => {
        const now = begun.findLast(({ at }) => t - LEAD >= at - 1e-9)?.phase ?? 0;
        return Math.sin(TURN * (system.mains * (t - LEAD) + now));
      };
      within(pst(system, wave), expected, 5, `${key}, ${sign * degrees} degrees`);
    }
  }
});

test("28 Hz for 12 s of each minute: Pst is 1 (Table 11, as interpretation sheet 1 of 2017 reads it)", () => {
  for (const [key, percent] of [
    ["230/50", 1.418],
    ["120/60", 2.126],
  ] as const) {
    const system = systemOf(key);
    const wave = (t: number): number => {
      const on = (t - LEAD + 60) % 60 < 12;
      return Math.sin(TURN * system.mains * t) * (1 + (on ? (percent / 200) * rectangle(28 * t) : 0));
    };
    within(pst(system, wave), 1, 1, key);
  }
});
