/** What people do at the front panel, and what hardware senses: ratios, calibration, supplies, diagnostics, users. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { later, modbus, site, type Profile, type Registers, reached } from "./revenue-running.ts";

interface Log {
  readonly entries: readonly {
    readonly at: string;
    readonly what: string;
    readonly by: string;
    readonly details: Record<string, unknown>;
  }[];
}
interface View extends Registers {
  readonly powered: boolean;
  readonly supply: string;
  readonly systemBits: number;
  readonly failures: readonly string[];
  readonly nameplate: Record<string, unknown>;
  readonly timeSource: string;
}
interface Configuration {
  readonly primary: { readonly pt: number; readonly ct: number };
  readonly triggers: readonly { readonly id: number; readonly alarm: number; readonly reset: number }[];
  readonly profiles: readonly { readonly channels: readonly { readonly km: number }[] }[];
  readonly io: readonly { readonly ke: number }[];
  readonly losses?: unknown;
  readonly users: readonly { readonly name: string }[];
}

const withLosses = `
primary: { pt: 10, ct: 20 }
losses: { delivered: { copperW: 1 }, received: { copperW: 1 } }
registers:
  normal:
    - { id: 1, label: Wh, type: consumption, measure: { quantity: Wh }, units: units }
    - { id: 2, label: compensated, type: consumption, measure: { quantity: Wh, compensated: true }, units: units }
    - { id: 3, label: total, type: consumption, measure: { quantity: totalization, channel: 1 }, units: units }
profiles: [{ minutes: 1, channels: [{ measure: { quantity: Wh }, km: 10 }] }]
io: [{ mode: inputPulseCounter }, { mode: none }, { mode: none }, { mode: none }, { mode: none }, { mode: none }, { mode: none }, { mode: none }]
totalization: [{ enabled: false, inputs: [{ channel: 1, weight: 1000 }] }]
`;

/** What other ratios begin anew, as the answer says it. */
const told = {
  ok: true,
  consequences: [
    "display registers, freezes and self reads begin at zero",
    "load profiles are erased",
    "levels of triggers are rescaled to the same primary values",
    "losses are compensated no more",
  ],
};

test("other ratios at the front panel: Km and Ke stay primary, levels are rescaled, registers begin at zero, losses go", async (t) => {
  const { get, command } = await site(t, {
    configuration: `${withLosses}triggers: [{ id: 1, measure: { quantity: V }, phase: any, operator: "<", alarm: 108, reset: 110 }]\n`,
  });
  await later(500);
  const before = await get<Configuration>("/configuration");
  assert.deepEqual(await command({ command: "ratios", pt: 20, ct: 20 }), told);
  const after = await get<Configuration>("/configuration");
  assert.deepEqual(after.primary, { ...before.primary, pt: 20 });
  assert.deepEqual([after.profiles[0]!.channels[0]!.km, after.io[0]!.ke], [10, before.io[0]!.ke]);
  // 108 V at the terminals of 10:1 were 1080 V; of 20:1 they are 54 V.
  assert.deepEqual([after.triggers[0]!.alarm, after.triggers[0]!.reset], [54, 55]);
  assert.equal(after.losses, undefined);
  const { registers } = await get<Registers>("/registers/normal");
  assert.ok(registers[0]!.value < 100_000, "erased");
  const { records } = await get<Profile>("/profiles/1");
  assert.equal(records[0]!.type, "configuration");
});

test("whoever may set ratios needs no other privilege for what they rescale", async (t) => {
  const { command, login } = await site(t, {
    configuration: `${withLosses}triggers: [{ id: 1, measure: { quantity: V }, phase: any, operator: "<", alarm: 108, reset: 110 }]
users: [{ name: fitter, password: secret, privileges: [configurePrimary] }, { name: reader, password: secret, privileges: [freeze] }]
`,
  });
  const fitter = await login("fitter", "secret");
  const reader = await login("reader", "secret");
  const ratios = { command: "ratios", pt: 20, ct: 20 };
  assert.match((await command(ratios, reader.token)).error ?? "", /reader has not the privilege configurePrimary/);
  assert.deepEqual(await command(ratios, fitter.token), told);
});

test("a file with other ratios keeps the levels that stand as they were at their primary values, and says so", async (t) => {
  const { get, url, login } = await site(t, {
    configuration: "triggers: [{ id: 1, measure: { quantity: V }, phase: any, operator: '<', alarm: 108, reset: 110 }]",
  });
  const { token } = await login("admin");
  const before = await get<Configuration>("/configuration");
  const put = async (body: unknown) =>
    (await (
      await fetch(`${url}/configuration`, {
        method: "PUT",
        headers: { "Content-Type": "application/json", Authorization: `Bearer ${token}` },
        body: JSON.stringify(body),
      })
    ).json()) as { consequences: string[] };
  const { consequences } = await put({ ...before, primary: { ...before.primary, pt: 2 } });
  assert.ok(consequences.includes("levels of triggers are rescaled to the same primary values"), String(consequences));
  assert.equal((await get<Configuration>("/configuration")).triggers[0]!.alarm, 54);
});

test("losses and totalization come out at a running site as on paper", async (t) => {
  const { get, command } = await site(t, { configuration: withLosses });
  await later(300);
  // A train of 300 pulses of 1000 Wh takes three seconds; in one a hundred of them are seen.
  assert.deepEqual(await command({ command: "pulses", channel: 1, count: 300 }), { ok: true });
  const short = await command({ command: "pulses", channel: 1, count: 300, seconds: 1 });
  assert.match(short.error ?? "", /100 of 300 pulses were seen/);
  await later(300);
  const value = async (): Promise<number[]> => {
    const { registers } = await get<Registers>("/registers/normal");
    return registers.map((one) => one.value);
  };
  const [plain = 0, compensated = 0, total] = await value();
  // 200 V and 5 A at the terminals of 10:1 and 20:1: 1000 W a phase, of which 25 W are lost.
  assert.ok(Math.abs(compensated / plain - 1.025) < 1e-6, `${compensated} of ${plain}`);
  assert.equal(total, 400_000);
});

test("self reads come with their local time and what the status word said", async (t) => {
  const { get } = await site(t, {
    configuration: `
registers: { normal: [{ id: 1, type: consumption, measure: { quantity: Wh }, units: units, selfRead: true }] }
selfRead: { every: interval }
`,
  });
  interface Found {
    readonly selfReads: readonly { at: string; health: string[]; registers: { id: number }[] }[];
  }
  // A quarter of an hour is a second and a half.
  const { selfReads } = await reached(
    () => get<Found>("/self-reads"),
    (found) => found.selfReads.length >= 2,
  );
  assert.match(selfReads[0]!.at, /^2026-07-31 16:(00|15):00$/);
  assert.deepEqual(
    selfReads[0]!.registers.map(({ id }) => id),
    [1],
  );
  assert.ok(Array.isArray(selfReads[0]!.health));
});

test("calibration in test mode: watts measure by so much more, the profile has a mark and the log an entry", async (t) => {
  const { get, command } = await site(t);
  assert.match((await command({ command: "calibrate", watts: 1 })).error ?? "", /enter test mode first/);
  await command({ command: "enterTestMode" });
  assert.deepEqual(await command({ command: "calibrate", watts: 1, vars: -0.5 }), { ok: true });
  await command({ command: "leaveTestMode" });
  await later(700);
  const { readings } = await get<{ readings: Record<string, number> }>("");
  // 2000 V and 100 A a phase.
  assert.ok(Math.abs(readings["W"]! / 606_000 - 1) < 1e-6, String(readings["W"]));
  const { records } = await get<Profile>("/profiles/1");
  const marks = records.map(({ type }) => type).filter((type) => type === "testMode" || type === "recalibration");
  assert.deepEqual(marks, ["testMode", "recalibration"]);
  const { entries } = await get<Log>("/logs/calibration");
  assert.deepEqual([entries[0]!.by, entries[0]!.details], ["admin", { watts: 1, vars: -0.5 }]);
  assert.match((await command({ command: "calibrate", watts: 5 })).error ?? "", /watts/);
});

test("Modbus is dumb on Ethernet in test mode, and everywhere without power", async (t) => {
  const { running, command } = await site(t);
  const request = await modbus(t, running.port, 400);
  const ask = async (): Promise<boolean> => (await request("03 0000 0002")) !== "";
  assert.equal(await ask(), true);
  await command({ command: "enterTestMode" });
  assert.equal(await ask(), false);
  await command({ command: "leaveTestMode" });
  assert.equal(await ask(), true);
  await command({ command: "powerDown" });
  assert.equal(await ask(), false);
  await command({ command: "powerUp" });
  assert.equal(await ask(), true);
});

test("without power no button works, no pulse counts and nobody gets anything done", async (t) => {
  const { get, command } = await site(t, { configuration: withLosses });
  await command({ command: "powerDown" });
  for (const one of [
    { command: "resetButton" },
    { command: "pulses", channel: 1, count: 10 },
    { command: "freeze" },
    { command: "ratios", pt: 2, ct: 2 },
    { command: "coldStart" },
  ])
    assert.match((await command(one)).error ?? "", /the meter has no power/, one.command);
  assert.deepEqual(await command({ command: "input", channel: 1, closed: true }), { ok: true });
  await command({ command: "powerUp" });
  await later(300);
  const { registers } = await get<Registers>("/registers/normal");
  assert.equal(registers[2]!.value, 0, "totalization of pulses");
  assert.equal((await get<Log>("/logs/billingReset")).entries.length, 0);
});

test("supplies: a meter with EAP starts from its auxiliary terminals, and lives on its inputs when they fail", async (t) => {
  const { get, command } = await site(t, { modelNumber: "JSII-09I6020-1B/2A-DIO-NTP-EAP" });
  assert.equal((await get<View>("")).supply, "auxiliary");
  await command({ command: "auxiliary", live: false });
  assert.deepEqual([(await get<View>("")).supply, (await get<View>("")).powered], ["inputs", true]);
  const dead = await site(t, { modelNumber: "JSII-09I6020-1B/2A-DIO-NTP-EAP", more: "    auxiliary: false" });
  assert.deepEqual([(await dead.get<View>("")).supply, (await dead.get<View>("")).powered], ["none", false]);
  await dead.command({ command: "auxiliary", live: true });
  assert.equal((await dead.get<View>("")).powered, true);
});

test("diagnostics: each failure is told apart in its log and over Modbus, and any of them is a general failure", async (t) => {
  const { running, get, command } = await site(t);
  const ask = await modbus(t, running.port);
  const bits = async (): Promise<number[]> => {
    const answer = Buffer.from(await ask("02 0000 000e"), "hex");
    const word = answer[2]! | (answer[3]! << 8);
    return Array.from({ length: 14 }, (_, k) => (word >> k) & 1);
  };
  await later(800);
  // Volts of three phases; clock, battery, general, internal communication, class 20 and class 2, configuration, firmware...
  assert.deepEqual(await bits(), [1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  await command({ command: "hardware", part: "metrologyFirmware", failed: true }, "");
  await command({ command: "hardware", part: "class20Calibration", failed: true }, "");
  assert.deepEqual(await bits(), [1, 1, 1, 0, 0, 1, 0, 1, 0, 0, 0, 1, 0, 0]);
  const { records } = await get<Profile>("/profiles/1");
  assert.equal(records.filter(({ type }) => type === "diagnostic").length, 2);
  await command({ command: "hardware", part: "metrologyFirmware", failed: false }, "");
  await command({ command: "hardware", part: "class20Calibration", failed: false }, "");
  const view = await get<View>("");
  assert.deepEqual(view.failures, []);
  const { entries } = await get<Log>("/logs/diagnostic");
  assert.deepEqual(
    entries.map(({ what }) => what),
    [
      "metrologyFirmware failed",
      "class20Calibration failed",
      "metrologyFirmware restored",
      "class20Calibration restored",
    ],
  );
});

test("users go back to the factory's, and the nameplate says when and for what a meter was made", async (t) => {
  const { get, command, login } = await site(t, {
    configuration: 'users: [{ name: admin, password: "long and secret", privileges: [configureUsers] }]',
  });
  const { token } = await login("admin", "long and secret");
  assert.deepEqual(await command({ command: "resetUsers" }, token), { ok: true });
  assert.deepEqual(
    (await get<Configuration>("/configuration")).users.map(({ name }) => name),
    ["admin", "user1", "user2", "pq"],
  );
  assert.match((await login("admin", "long and secret")).error ?? "", /wrong user or password/);
  assert.notEqual((await login("admin", "admin")).token, undefined);
  const { nameplate, timeSource } = await get<View>("");
  assert.deepEqual(
    [nameplate["made"], nameplate["wires"], nameplate["volts"], nameplate["amps"], nameplate["impulses"]],
    ["2014, week 2", "3 phase, 4 wire", "3 x 57/100 V, 3 x 240/415 V", "0.002-10(20) A", 10_000],
  );
  assert.equal(timeSource, "crystal");
});
