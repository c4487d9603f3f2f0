/** Rows of load profiles over DLMS: what flowed in each interval, and what happened in it, by the manual's table of statuses. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { FileError } from "#product/file-error.ts";
import { parseRevenueFile } from "#product/jemstar/configuration-file.ts";
import { profileRows } from "#product/jemstar/dlms/profile-codes.ts";
import { statusOf } from "#product/jemstar/dlms/profile-status.ts";
import { deviceOf } from "#product/jemstar/product.ts";
import { measureName, parseMeasure } from "#quantity/measure-name.ts";
import { profileEvents, profileStatus, type ProfileEvent, type ProfileRecord } from "#quantity/profile.ts";
import { parseModelNumber } from "#revenue/settings/model-number.ts";
import { jemStar } from "./authority-rig.ts";
import { DLMS_MODEL, dlmsMeter } from "./dlms-meter.ts";

const LP1 = "1.0.99.1.0.255";
const W = 118 * 4 * 0.8 + 121 * 5 * 0.6 + 124 * 6;
const channels = (...all: string[]): string => all.map((one) => `{ measure: { ${one} }, km: 100 }`).join(", ");
const profile = (rest: string, ...all: string[]): string =>
  `profiles: [{ ${rest}, channels: [${channels(...(all.length === 0 ? ["quantity: Wh, direction: delivered"] : all))}] }]`;

test("a row is its end, what happened, and a value for each channel, unrounded", (t) => {
  const meter = dlmsMeter(t, {
    configuration: profile(
      "minutes: 5, data: engineering",
      "quantity: Wh, direction: delivered",
      "quantity: V, phase: b",
      "quantity: W, phase: a",
    ),
  });
  meter.run(10);
  const rows = meter.rows(LP1);
  assert.deepEqual(
    rows.map(({ at, deviation, status }) => [at, deviation, status]),
    [
      ["2026-01-01 00:05:00", 0, 1],
      ["2026-01-01 00:10:00", 0, 1],
    ],
  );
  assert.deepEqual(rows[0]?.values, [Math.fround(W / 12), 121, Math.fround(118 * 4 * 0.8)]);
  // Class 3, one code a channel, behind the clock and the operating status.
  const columns = ["000809060000010000FF", "000109060000600A01FF", "000309060100011DFF", "0003090601003"];
  const objects = meter.get(LP1, 3);
  assert.ok(
    objects.startsWith(`0105020412${columns[0]}0F02120000020412${columns[1]}0F02120000020412000309060100011D00FF`),
  );
  assert.ok(objects.endsWith("02041200030906010015 1B00FF0F02120000".replace(" ", "")));
  assert.equal(meter.get(LP1, 4), "060000012C");
  assert.equal(meter.get("0.0.96.10.1.255", 2), "0600000001");
});

test("of a profile in counts rows are counts of Km", (t) => {
  const meter = dlmsMeter(t, { configuration: profile("minutes: 30, data: counts") });
  meter.run(60);
  const half = W / 2 / 100;
  assert.deepEqual(
    meter.rows(LP1).map(({ values }) => values),
    [[Math.floor(half)], [Math.floor(2 * half) - Math.floor(half)]],
  );
});

test("days, weeks and months have their capture periods; a month has none in seconds", (t) => {
  for (const [minutes, hex] of [
    ["60", "0600000E10"],
    ["day", "0600015180"],
    ["week", "0600093A80"],
    ["month", "0600000000"],
  ] as const)
    assert.equal(dlmsMeter(t, { configuration: profile(`minutes: ${minutes}`) }).get(LP1, 4), hex, minutes);
});

test("the second group is at the manual's name and at that of OBIS", (t) => {
  const meter = dlmsMeter(t, {
    configuration: `profiles: [{ minutes: 15, channels: [${channels("quantity: Wh")}] }, { minutes: 10, data: engineering, channels: [${channels("quantity: Hz")}] }]`,
  });
  meter.run(20);
  assert.deepEqual(
    meter.rows("1.0.98.1.0.255").map(({ values }) => values),
    [[60], [60]],
  );
  assert.deepEqual(meter.rows("1.0.99.2.0.255"), meter.rows("1.0.98.1.0.255"));
  assert.ok(meter.get("1.0.98.1.0.255", 3).includes("000109060000600A02FF"));
  assert.equal(meter.get("1.0.0.8.5.255", 2), "0600000006");
});

interface Part {
  readonly ratio: number;
  readonly minutes: number;
}

test("what happens to a meter is in its rows by the manual's numbers", (t) => {
  const meter = dlmsMeter(t, { configuration: profile("minutes: 15, data: engineering") });
  const happen = (command: object, minutes = 1): void => {
    assert.equal(meter.tell(command), "done", JSON.stringify(command));
    meter.run(minutes);
  };
  meter.run(16);
  happen({ command: "freeze" });
  happen({ command: "billingReset" });
  happen({ command: "preset", register: 2, value: 5 });
  happen({ command: "setTime", utc: "2026-01-01T00:40:30Z" });
  happen({ command: "enterTestMode" });
  happen({ command: "calibrate", watts: 1.001, vars: 1 });
  happen({ command: "leaveTestMode" });
  const [one, other] = [1, 1.0001].map((ratio) => ({ ratio, minutes: 0 })) as [Part, Part];
  // What is not of registers and profiles ends no interval; a correction does.
  meter.configure((file) => (file.identification.strings[0] = "another"));
  meter.run(1);
  meter.configure((file) => (file.correction = { pt: [other, one, one], ct: [one, one, one] }));
  meter.run(1);
  happen({ command: "auxiliary", live: true });
  const statuses = meter.rows(LP1).map(({ status }) => status);
  // A quarter of an hour is over between the last two.
  assert.deepEqual(statuses.slice(0, 9), [1, 128, 256, 512, 8, 32, 1024, 1, 64], JSON.stringify(meter.rows(LP1)));
});

test("a billing reset at midnight is one event, and a day ends with its interval", (t) => {
  const meter = dlmsMeter(t, {
    utc: Date.UTC(2026, 0, 1, 23, 30),
    configuration: `${profile("minutes: 15")}\ntimekeeping: { billingReset: { every: month, day: 2 } }`,
  });
  meter.run(60);
  assert.deepEqual(
    meter.rows(LP1).map(({ at, status }) => [at.slice(8, 16), status]),
    [
      ["01 23:45", 1],
      ["02 00:00", 258],
      ["02 00:15", 1],
      ["02 00:30", 1],
    ],
  );
  const plain = dlmsMeter(t, { utc: Date.UTC(2026, 0, 1, 23, 40), configuration: profile("minutes: 15") });
  plain.run(60);
  assert.deepEqual(
    plain.rows(LP1).map(({ status }) => status),
    [1, 3, 1, 1],
  );
  // By the example a normal interval is 0.
  const example = dlmsMeter(t, {
    utc: Date.UTC(2026, 0, 1, 23, 40),
    configuration: `${profile("minutes: 15")}\ndlms: { profileStatus: { normal: 0 } }`,
  });
  example.run(60);
  assert.deepEqual(
    example.rows(LP1).map(({ status }) => status),
    [0, 2, 0, 0],
  );
});

const saving =
  "daylightSaving: { start: { month: 3, week: 5, weekday: 0, hour: 2 }, end: { month: 10, week: 5, weekday: 0, hour: 3 } }";

test("the days on which clocks change have 23 and 25 hours, each row with its own deviation", (t) => {
  const configuration = `${profile("minutes: 60")}\ntimekeeping: { utcOffsetMinutes: 60, ${saving} }`;
  const spring = dlmsMeter(t, { utc: Date.UTC(2026, 2, 28, 23), configuration });
  spring.run(5 * 60);
  assert.deepEqual(
    spring.rows(LP1).map(({ at, deviation, clock, status }) => [at.slice(11, 16), deviation, clock, status]),
    [
      ["01:00", -60, 0, 1],
      // It is 3 o'clock then: the interval tells itself how long it was.
      ["02:00", -60, 0, 16],
      ["04:00", -120, 128, 1],
      ["05:00", -120, 128, 1],
      ["06:00", -120, 128, 1],
    ],
  );
  const autumn = dlmsMeter(t, { utc: Date.UTC(2026, 9, 24, 22), configuration });
  autumn.run(5 * 60);
  assert.deepEqual(
    autumn.rows(LP1).map(({ at, deviation, clock, status }) => [at.slice(11, 16), deviation, clock, status]),
    [
      ["01:00", -120, 128, 1],
      ["02:00", -120, 128, 1],
      ["03:00", -120, 128, 16],
      ["03:00", -60, 0, 1],
      ["04:00", -60, 0, 1],
    ],
  );
  // The hour that comes other, by its two deviations.
  const clock = "0204 12 0008 0906 0000010000FF 0F02 12 0000";
  const at = (deviation: string): string => `090C 07EA0A19 FF 03000000 ${deviation} FF`;
  const rows = (deviation: string) =>
    autumn.rows(LP1, { selector: 1, parameters: `0204 ${clock} ${at(deviation)} ${at(deviation)} 0100` });
  assert.deepEqual(
    rows("FF88").map(({ status }) => status),
    [16],
  );
  assert.deepEqual(
    rows("FFC4").map(({ status }) => status),
    [1],
  );
});

test("an outage ends the interval, and the next row is of what came after it", (t) => {
  const meter = dlmsMeter(t, {
    configuration: profile("minutes: 15, data: engineering"),
  });
  meter.run(7);
  assert.equal(meter.tell({ command: "powerDown" }), "done");
  meter.run(16);
  assert.equal(meter.tell({ command: "powerUp" }), "done");
  meter.run(15);
  const rows = meter.rows(LP1);
  assert.deepEqual(
    rows.map(({ at, status, values }) => [at.slice(11), status, values]),
    [
      ["00:07:00", 4, [Math.fround((W * 7) / 60)]],
      ["00:30:00", 1, [Math.fround((W * 7) / 60)]],
    ],
  );
});

test("of an interval in which nothing was known an average is nothing", (t) => {
  const record: ProfileRecord = {
    sequence: 0,
    type: "normal",
    start: { utc: 0, offsetMinutes: 0, daylightSaving: false, synchronised: true },
    end: { utc: 900_000, offsetMinutes: 0, daylightSaving: false, synchronised: true },
    until: { utc: 900_000, offsetMinutes: 0, daylightSaving: false, synchronised: true },
    status: profileStatus.noInputs,
    values: [undefined],
  };
  assert.equal(statusOf(record, 1), 1);
  const meter = dlmsMeter(t, { configuration: profile("minutes: 15, data: engineering", "quantity: V, phase: a") });
  const [own] = meter.device.surface.profiles;
  assert.ok(own !== undefined);
  Object.defineProperty(own, "page", { value: () => [record] });
  Object.defineProperty(own, "next", { value: 1 });
  const [row] = meter.rows(LP1);
  assert.deepEqual(row?.values, [undefined]);
  // Its clock had never been set: invalid.
  assert.deepEqual([row?.at, row?.clock], ["1970-01-01 00:15:00", 1]);
});

/** "Buffer Object Status", by what the house calls it. */
const table: Readonly<Record<ProfileEvent, readonly [plain: number, midnight: number]>> = {
  normal: [1, 3],
  midnight: [3, 3],
  powerFail: [4, 6],
  timeSet: [8, 10],
  daylightSaving: [16, 18],
  testMode: [32, 34],
  configuration: [64, 66],
  freeze: [128, 130],
  billingReset: [256, 258],
  preset: [512, 514],
  recalibration: [1024, 1026],
  diagnostic: [2048, 2050],
};

test("every event has the manual's number, and two more at midnight", () => {
  const stamp = (utc: number) => ({ utc, offsetMinutes: 60, daylightSaving: false, synchronised: true });
  const midnight = Date.UTC(2026, 4, 4, 23);
  for (const type of profileEvents) {
    const at = (utc: number, status = 0): number =>
      statusOf({ sequence: 0, type, start: stamp(utc - 1), end: stamp(utc), until: stamp(utc), status, values: [] }, 1);
    assert.deepEqual([at(midnight - 60_000), at(midnight)], table[type], type);
    if (type === "midnight") assert.equal(at(midnight, profileStatus.partial), 2, "an interval that the day cut");
  }
});

test("every measure of Table 2 is recorded: by sixteens, each of their channels has a value", (t) => {
  const rows = profileRows.flatMap(([, , , code, name]) => {
    const measure = parseMeasure(name);
    return measure === undefined ? [] : [{ code, measure }];
  });
  assert.equal(rows.length, profileRows.length);
  for (let from = 0; from < rows.length; from += 32) {
    const parts = [rows.slice(from, from + 16), rows.slice(from + 16, from + 32)].filter((part) => part.length > 0);
    const configuration = JSON.stringify({
      io: Array.from({ length: 8 }, () => ({ mode: "inputPulseCounter" })),
      profiles: parts.map((part) => ({
        minutes: 10,
        data: "engineering",
        channels: part.map(({ measure }) => ({ measure, km: 1 })),
      })),
    });
    const meter = dlmsMeter(t, { configuration });
    meter.run(10);
    for (const [p, part] of parts.entries()) {
      const [row] = meter.rows(p === 0 ? LP1 : "1.0.98.1.0.255");
      assert.equal(row?.values.length, part.length);
      for (const [k, { measure }] of part.entries()) {
        const value: number | undefined = row?.values[k];
        assert.ok(value !== undefined, measureName(measure));
        const known = arithmetic[measureName(measure)];
        if (known !== undefined)
          assert.ok(
            Math.abs(value - known) < 1e-5 * Math.abs(known) + 1e-4,
            `${measureName(measure)}: ${value}, expected ${known}`,
          );
      }
    }
  }
});

/** Ten minutes of 118 V 4 A 0.8, 121 V 5 A 0.6, 124 V 6 A 1, each lagging, 120 degrees apart. */
const hours = 1 / 6;
const lineSquare = (x: number, y: number): number => x * x + y * y + x * y;
/** 4 A at -36.87 degrees, 5 A at -173.13, 6 A at 120. */
const neutralSquare = (() => {
  const currents = [
    [4, -Math.acos(0.8)],
    [5, (-2 * Math.PI) / 3 - Math.acos(0.6)],
    [6, (2 * Math.PI) / 3],
  ] as const;
  const part = (of: (angle: number) => number): number => currents.reduce((all, [a, angle]) => all + a * of(angle), 0);
  return part(Math.cos) ** 2 + part(Math.sin) ** 2;
})();
const arithmetic: Readonly<Record<string, number>> = {
  "Wh.import": W * hours,
  "Wh.a.import": 377.6 * hours,
  "Wh.export": 0,
  "Wh.net": W * hours,
  "Wh.absolute": W * hours,
  "varh.b.import": 484 * hours,
  "varh.a.q1": 283.2 * hours,
  "varh.q4": 0,
  "VAh.import.arithmetic": (472 + 605 + 744) * hours,
  "VAh.a.import": 472 * hours,
  "VAh.import": Math.hypot(W, 283.2 + 484) * hours,
  "W.b.import": 363,
  "W.absolute": W,
  "var.c": 0,
  "VA.net.arithmetic": 1821,
  "V.ab": Math.sqrt(lineSquare(118, 121)),
  "V.ln": 121,
  "A.sum": 15,
  "Ah.c": 6 * hours,
  "Ah.sum": 15 * hours,
  "Qh.a.import": (377.6 / 2 + (283.2 * Math.sqrt(3)) / 2) * hours,
  "A2h.b": 25 * hours,
  "A2h.sum": (16 + 25 + 36) * hours,
  A2h: ((16 + 25 + 36) / 3) * hours,
  "V2h.a": 118 ** 2 * hours,
  "A2.sum": 77,
  "A2.n": neutralSquare,
  "V2.ln": (118 ** 2 + 121 ** 2 + 124 ** 2) / 3,
  "V2.ab": lineSquare(118, 121),
  "V2.bc": lineSquare(121, 124),
  "V2.ca": lineSquare(124, 118),
  "V2.ll": (lineSquare(118, 121) + lineSquare(121, 124) + lineSquare(124, 118)) / 3,
  "PF.a.import.arithmetic.leadlag": 0.8,
  "PF.b.leadlag": 0.6,
  "PF.arithmetic.leadlag": W / 1821,
  Hz: 60,
};

test("a profile with a measure that Table 2 has not is refused where DLMS is set up, by its channel", () => {
  const ordered = parseModelNumber(DLMS_MODEL);
  const other = profile("minutes: 15", "quantity: Wh", "quantity: THD.V");
  const on = "communications: { ethernet1: { dlms: { use: enabled } } }";
  const problem = /profiles\[0\]\.channels\[1\]\.measure: THD\.V is not in Table 2 of DLMS/;
  const read = (text: string): string => {
    try {
      parseRevenueFile("jem.yaml", text, ordered);
      return "";
    } catch (error) {
      return error instanceof FileError ? error.message : String(error);
    }
  };
  assert.match(read(`${other}\n${on}`), problem);
  assert.match(read(`${other}\ncommunications: { port3: { protocol: dlms } }`), problem);
  assert.match(
    read(`${profile("minutes: 15", "quantity: Wh, compensated: true", "quantity: THD.V")}\n${on}`),
    /Wh\.import\.compensated/,
  );
  assert.equal(read(other), "");
  assert.equal(read(on), "");
});

test("what a listener of the site makes DLMS of is told at the start, and left out of the rows", (t) => {
  const configuration = profile(
    "minutes: 5, data: engineering",
    "quantity: V, phase: a",
    "quantity: THD.V",
    "quantity: V, phase: c",
  );
  const meter = dlmsMeter(t, { configuration });
  meter.run(5);
  assert.deepEqual(meter.rows(LP1)[0]?.values, [118, 124]);
  const noticesOf = (listen: string): readonly string[] =>
    deviceOf(
      jemStar(t, {
        modelNumber: DLMS_MODEL,
        configuration: `${configuration}\nusers: [{ name: boss, privileges: [configureUsers] }]`,
        listen,
      }).jem,
    ).notices;
  const notices = noticesOf("{ dlms: tcp, port: 0 }");
  assert.ok(
    notices.some((one) => /THD\.V is not in Table 2 of DLMS/.test(one)),
    notices.join("; "),
  );
});

test("a meter that a listener has speak DLMS takes no profile with a measure that Table 2 has not, by its channel", (t) => {
  const rig = (configuration: string) =>
    jemStar(t, { modelNumber: DLMS_MODEL, configuration, listen: "{ dlms: tcp, port: 0 }" });
  const thd = { quantity: "THD.V", phase: "polyphase", direction: "bidirectional", compensated: false } as const;
  const { jem, as } = rig(profile("minutes: 5", "quantity: Wh"));
  const next = structuredClone(jem.file);
  const [channel] = next.profiles[0]?.channels ?? [];
  assert.ok(channel !== undefined);
  next.profiles[0]?.channels.push({ ...channel, measure: thd });
  const text = JSON.stringify(next);
  for (const check of [true, false]) {
    const outcome = jem.authority.obey({ command: "configure", configuration: text, check }, as("admin"));
    assert.ok("refused" in outcome, JSON.stringify(outcome));
    assert.match(outcome.words.join("; "), /profiles\[0\]\.channels\[1\]\.measure: THD\.V is not in Table 2 of DLMS/);
  }
  assert.equal(jem.file.profiles[0]?.channels.length, 1);
  // One that has been there goes on: whoever changes something else is not asked for it.
  const old = rig(profile("minutes: 5", "quantity: THD.V"));
  assert.equal(
    old.configure((file) => {
      file.identification.strings = ["another"];
    }),
    "done",
  );
});

test("a configuration that is applied as it is changes nothing of the rows", (t) => {
  const meter = dlmsMeter(t, { configuration: profile("minutes: 5, events: false") });
  meter.run(11);
  const before = meter.rows(LP1);
  meter.configure(() => {});
  meter.run(4);
  assert.deepEqual(meter.rows(LP1).slice(0, 2), before);
  assert.equal(meter.rows(LP1).length, 3);
});

test("a day among two hundred is found without the others being read", (t) => {
  const meter = dlmsMeter(t, { configuration: profile("minutes: 60") });
  meter.run(200 * 1440);
  const [own] = meter.device.surface.profiles;
  assert.ok(own !== undefined && own.next - own.first >= 4800);
  let [pages, read] = [0, 0];
  const { page } = own;
  Object.defineProperty(own, "page", {
    value: (from: number, most: number) => {
      const found = page(from, most);
      pages++;
      read += found.length;
      return found;
    },
  });
  const clock = "0204 12 0008 0906 0000010000FF 0F02 12 0000";
  const day = "090C 07EA0601 FF FFFFFFFF 8000 FF";
  const rows = meter.rows(LP1, { selector: 1, parameters: `0204 ${clock} ${day} ${day} 0100` });
  assert.deepEqual([rows.length, rows[0]?.at, rows.at(-1)?.at], [24, "2026-06-01 00:00:00", "2026-06-01 23:00:00"]);
  assert.deepEqual([pages, read], [1, 24]);
});

test("beyond the manual each channel is a register with its unit: what it recorded last", (t) => {
  const two = `profiles: [
    { minutes: 5, data: engineering, channels: [${channels("quantity: Wh", "quantity: A2, phase: c", "quantity: THD.V, phase: a")}] },
    { minutes: 5, data: counts, channels: [${channels("quantity: Wh", "quantity: V, phase: b")}] }]`;
  assert.ok(
    !dlmsMeter(t, { configuration: two }).logicalDevice.objects.some(
      ({ logicalName }) => logicalName === "1.0.1.29.0.255",
    ),
  );
  const meter = dlmsMeter(t, { configuration: `${two}\ndlms: { beyond: read }` });
  assert.equal(meter.get("1.0.1.29.0.255", 2), "00");
  meter.run(5);
  const [row] = meter.rows(LP1);
  assert.equal(meter.number("1.0.1.29.0.255"), row?.values[0]);
  assert.equal(meter.number("1.0.177.27.0.255"), 36);
  // Wh are 30, squares of amps have no number: 254 is another unit, 255 none; 56 is percent.
  assert.deepEqual(
    ["1.0.1.29.0.255", "1.0.177.27.0.255", "1.0.32.24.124.255", "1.0.160.27.0.255"].map((name) => meter.get(name, 3)),
    ["02020F00161E", "02020F0016FE", "02020F001638", "02020F0016FF"],
  );
  const names = meter.logicalDevice.objects.map(({ classId, logicalName }) => `${classId} ${logicalName}`);
  assert.equal(new Set(names).size, names.length);
});
