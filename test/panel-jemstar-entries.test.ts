/** What a JEMStar II's forms show and take, entry by entry: the manual's own words, ranges, and the clock that goes on. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { atPanel, choose, goTo, loggedIn, type At } from "./panel-jemstar-rig.ts";

const fieldOf = (at: At, label: string): string | undefined =>
  at.part("form")?.fields.find((field) => field.label === label)?.text;

// "Changing the meter's PT or CT Ratio from the front panel will invalidate any Loss Compensation settings" (PT/CT, Note 2).
test("other ratios are asked about with what goes with them: losses", async (t) => {
  const at = await loggedIn(t, "Meter Settings", {
    configuration: "losses: { delivered: { copperW: 2 }, received: { copperW: 2 } }",
  });
  choose(at, "PT/CT", "PT Ratio");
  at.type(["1", "0", "ENTER"]);
  choose(at, "SAVE");
  assert.ok(at.words().includes("losses are compensated no more"), at.words().join());
  choose(at, "No");
  assert.notEqual(at.jem.file.losses, undefined);
  choose(at, "SAVE", "Yes");
  assert.deepEqual([at.jem.file.losses, at.jem.file.primary.pt], [undefined, 10]);
});

test("ratios that are as they were take nothing away", async (t) => {
  const at = await loggedIn(t, "Meter Settings", {
    configuration: "losses: { delivered: { copperW: 2 }, received: { copperW: 2 } }",
  });
  choose(at, "PT/CT", "SAVE", "Yes");
  assert.notEqual(at.jem.file.losses, undefined);
});

test("of the time what was not turned goes on with the clock until it is saved", async (t) => {
  const at = await loggedIn(t);
  choose(at, "Date & Time", "Year");
  at.press("up set");
  const before = at.surface.now().utc;
  at.wait(47);
  choose(at, "SAVE");
  assert.deepEqual(at.words(), ["SAVED"]);
  const passed = at.surface.now().utc - before;
  // A year, and the 47 seconds that it took; whole seconds are set.
  const year = Date.UTC(new Date(before).getUTCFullYear() + 1, 0) - Date.UTC(new Date(before).getUTCFullYear(), 0);
  assert.ok(Math.abs(passed - year - 47_000) <= 1000, String(passed - year));
});

// "A time register will show 00.00.00 and a date register will show 01.01.70" (Default Time Displays).
test("a time that has not been is midnight, January 1, 1970", (t) => {
  const at = atPanel(t, {
    configuration:
      "display: { registersPerScreen: 4 }\nregisters: { normal: [{ id: 1, label: peak, type: peakDemand, measure: { quantity: W } }, { id: 3, label: peak at, type: timeOfPeak, of: 1, measure: { quantity: W } }, { id: 2, label: reset at, type: lastBillingReset }] }",
  });
  const texts = at
    .part("registers")
    ?.registers.filter(({ label }) => label.endsWith(" at"))
    .map(({ text }) => text);
  assert.deepEqual(texts, ["01/01/1970 00:00:00", "01/01/1970 00:00:00"]);
});

// "Using the drop-down menu select RS-485 Terminator for the end meter" (RS-485 Wiring).
test("a line is RS-232, RS-485, or RS-485 with the terminator", async (t) => {
  const at = await loggedIn(t, "Communications");
  choose(at, "SERIAL 2", "Type");
  const seen = new Set<string>();
  for (let k = 0; k < 3; k++) {
    seen.add(fieldOf(at, "Type") ?? "");
    at.press("up");
  }
  assert.deepEqual([...seen].toSorted(), ["RS-232", "RS-485", "RS-485 Terminator"]);
  while (fieldOf(at, "Type") !== "RS-485 Terminator") at.press("up");
  at.press("set");
  choose(at, "SAVE");
  await at.settled();
  choose(at, "Yes");
  await at.settled();
  const { port3 } = at.jem.file.communications;
  assert.deepEqual([port3?.mode, port3?.terminator], ["RS-485", true]);
});

// "INTERVAL SYNC, Scaling - None, TOU rate T, Form A" (figure of Digital I/O).
test("functions of inputs are said as the manual's figure says them", (t) => {
  const at = atPanel(t, {
    modelNumber: "JSII-09I6020-2A-DIO-PQ3",
    configuration: `io: [{ mode: inputIntervalSync }, { mode: inputPulseCounter }${", { mode: none }".repeat(6)}]
totalization: [{ inputs: [{ channel: 2, weight: 1000 }] }]`,
  });
  at.press("cover left");
  choose(at, "Meter Settings", "Digital I/O");
  assert.deepEqual(at.part("table")?.rows.slice(0, 2), [
    ["1", "INPUT", "INTERVAL SYNC, Scaling - None, TOU rate T, Form A", "OFF"],
    ["2", "INPUT", "PULSE COUNTER, Scaling - 1000, TOU rate T, Form A", "OFF"],
  ]);
});

test("a gain at its limit leaves the other free, and one beyond is said with what was expected", async (t) => {
  const at = await loggedIn(t);
  at.press("read left");
  choose(at, "Test Mode", "TEST MODE", "VAR GAIN TWEAK");
  at.type(["-", "2", "ENTER"]);
  assert.equal(fieldOf(at, "VAR GAIN TWEAK"), "-2 %");
  choose(at, "WATT GAIN TWEAK");
  at.type(["1", "ENTER"]);
  assert.deepEqual([fieldOf(at, "WATT GAIN TWEAK"), fieldOf(at, "VAR GAIN TWEAK")], ["1 %", "-2 %"]);
  choose(at, "WATT GAIN TWEAK");
  at.type(["3", "ENTER"]);
  assert.deepEqual(at.words(), ['WATT GAIN TWEAK: expected -2 to 2; found "3"']);
});

// "Any desired value that may be displayed" (Presets).
test("presets are offered of what can be preset, and refused with what can be", async (t) => {
  const at = await loggedIn(t);
  choose(at, "Normal Preset Registers");
  const offered = at.part("form")?.fields.map(({ label }) => Number(label.slice(0, 3))) ?? [];
  const kinds = new Map(at.surface.registers("normal").map(({ id, kind }) => [id, kind]));
  assert.ok(offered.includes(2));
  for (const id of offered) assert.ok(!["instantaneous", "timeOfPeak"].includes(kinds.get(id) ?? ""), String(id));
  const before = at.value(2);
  for (const [typed, found] of [
    ["-5", "-5"],
    ["123456789", "123456789"],
  ] as const) {
    goTo(at, "002");
    at.press("set");
    at.type([...typed, "ENTER"]);
    choose(at, "SAVE");
    const { digits, decimals } = at.surface.register(2) ?? { digits: 0, decimals: 0 };
    assert.deepEqual(at.words(), [`register 2: expected 0 to ${(10 ** digits - 1) / 10 ** decimals}; found ${found}`]);
  }
  assert.ok(Math.abs(at.value(2) - before) < 1);
});

// "4,Inst,VLN:A,>,120,0,119" and "6,Inst,PFV:P,<,0.7,10,0.75" (figures of Alarm Display); the kinds of the table Trigger Measurements.
test("alarms are described as the manual's figures describe them, one kind as another", (t) => {
  const at = atPanel(t, {
    configuration: `triggers:
  - { id: 4, measure: { quantity: V }, phase: a, operator: ">", alarm: 50, reset: 49 }
  - { id: 6, measure: { quantity: PF }, phase: polyphase, operator: ">", alarm: 0.5, delayMs: 10, reset: 0.45 }
  - { id: 7, measure: { quantity: W }, phase: polyphase, operator: ">", alarm: 1, reset: 0.5 }
  - { id: 8, measure: { quantity: Hz }, phase: polyphase, operator: ">", alarm: 1, reset: 0.5 }
  - { id: 9, input: 1 }
io: [{ mode: inputStatus }${", { mode: none }".repeat(7)}]`,
    modelNumber: "JSII-09I6020-2A-DIO-PQ3",
  });
  assert.equal(at.tell({ command: "input", channel: 1, closed: true }), "done");
  at.wait(5);
  at.press("cover left down set");
  choose(at, "SITE STATUS", "ALARM SUMMARY");
  assert.deepEqual(
    at.part("table")?.rows.map(([, description]) => description),
    [
      "4,Inst,VLN:A,>,50,0,49",
      "6,Inst,PFV:P,>,0.5,10,0.45",
      "7,Inst,Watt:P,>,1,0,0.5",
      "8,Inst,Freq:P,>,1,0,0.5",
      "9,Digital Input,Input 1,0",
    ],
  );
});

test("of a delta the phasors of all three pairs are drawn", (t) => {
  const at = atPanel(t, { modelNumber: "JSII-05I6020-2A", configuration: "primary: { connection: 3 wire delta }" });
  at.press("cover left down set");
  choose(at, "SITE STATUS", "PHASOR DISPLAY");
  const angles = at.part("phasor")?.vectors.map(({ name, angle }) => `${name} ${angle?.toFixed(0)}`);
  assert.deepEqual(angles?.slice(0, 3), ["Vab 0", "Vbc -120", "Vca 120"]);
});

test("billing period registers keep what the working register shows, also after it was preset", async (t) => {
  const at = await loggedIn(t);
  choose(at, "Normal Preset Registers", "002");
  at.type([..."123456", "ENTER"]);
  choose(at, "SAVE");
  at.wait(60);
  assert.equal(at.tell({ command: "billingReset" }), "done");
  const register = (id: number) => at.surface.register(id);
  const [working, kept] = [register(2), register(100)];
  assert.deepEqual([working?.measure, kept?.measure], [kept?.measure, working?.measure]);
  assert.ok((working?.value ?? 0) >= 123_456);
  const scaled = ((kept?.value ?? NaN) * (kept?.scale ?? NaN)) / (working?.scale ?? NaN);
  assert.ok(Math.abs(scaled - (working?.value ?? NaN)) < 1, `${scaled}`);
});
