/** What others do to a JEMStar II while somebody stands at its panel: nothing of theirs is undone, and keys that come later count. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { near } from "./authority-rig.ts";
import { atPanel, choose, inspector, loggedIn } from "./panel-jemstar-rig.ts";

test("what somebody changes while the question stands is kept, and the question is put again", async (t) => {
  const at = await loggedIn(t, "Communications");
  choose(at, "SERIAL 2", "Address");
  at.type(["2", "1", "ENTER"]);
  choose(at, "SAVE");
  await at.settled();
  assert.ok(at.words().includes("Do you want to save the changes?"));
  assert.equal(
    at.configure(
      (file) => {
        file.primary.ct = 40;
        file.display.scrollSeconds = 7;
      },
      at.as("admin", near),
    ),
    "done",
  );
  choose(at, "Yes");
  await at.settled();
  // It is put again, of what there is now.
  assert.ok(at.words().includes("Do you want to save the changes?"), at.words().join());
  assert.notEqual(at.jem.file.communications.port3?.address, 21);
  choose(at, "Yes");
  await at.settled();
  const { file } = at.jem;
  assert.deepEqual([file.communications.port3?.address, file.primary.ct, file.display.scrollSeconds], [21, 40, 7]);
});

test("a port's form writes what was touched: the rest of the port is as it is when it is saved, and is shown so", async (t) => {
  const at = await loggedIn(t, "Communications");
  choose(at, "SERIAL 2", "Baud");
  const before = at.jem.file.communications.port3?.baud;
  at.press("up set");
  assert.equal(
    at.configure(
      (file) => {
        assert.ok(file.communications.port3 !== undefined);
        file.communications.port3.address = 77;
        file.communications.port3.turnaroundMs = 33;
      },
      at.as("admin", near),
    ),
    "done",
  );
  assert.equal(at.part("form")?.fields.find(({ label }) => label === "Address")?.text, "77");
  choose(at, "SAVE");
  await at.settled();
  choose(at, "Yes");
  await at.settled();
  const port = at.jem.file.communications.port3;
  assert.deepEqual([port?.address, port?.turnaroundMs], [77, 33]);
  assert.notEqual(port?.baud, before);
});

test("a ratio that nobody typed is the meter's of the moment", async (t) => {
  const at = await loggedIn(t);
  choose(at, "PT/CT", "PT Ratio");
  at.type(["5", "ENTER"]);
  assert.equal(at.tell({ command: "ratios", pt: 1, ct: 60 }), "done");
  assert.equal(at.part("form")?.fields.find(({ label }) => label === "CT Ratio")?.text, "60");
  choose(at, "SAVE", "Yes");
  assert.deepEqual([at.jem.file.primary.pt, at.jem.file.primary.ct], [5, 60]);
});

test("what is changed while a configuration is being read is not undone by it", async (t) => {
  const at = await loggedIn(t, "Communications");
  choose(at, "SERIAL 2", "Address");
  at.type(["2", "1", "ENTER"]);
  choose(at, "SAVE");
  await at.settled();
  choose(at, "Yes");
  // It is read beside; meanwhile somebody else is quicker.
  assert.equal(at.tell({ command: "ratios", pt: 3, ct: 60 }), "done");
  await at.settled();
  assert.match(at.words().join(), /changed meanwhile/);
  assert.deepEqual([at.jem.file.primary.pt, at.jem.file.primary.ct], [3, 60]);
});

test("a metering key that comes while a cold start or a reset of users is armed bars it", async (t) => {
  for (const [item, before] of [
    ["COLD START", 20],
    ["RESET USERS & PASSWORDS", 20],
  ] as const) {
    for (const withKey of [true, false]) {
      const at = await loggedIn(t, "Meter Settings", { configuration: "primary: { ct: 20 }" });
      at.configure((file) => void file.users.splice(2, 1), at.as("admin", near));
      const users = at.jem.file.users.length;
      at.press("read left down set");
      choose(at, item, "Yes");
      if (withKey) assert.equal(at.tell({ command: "key", key: "metering", installed: true }), "done");
      at.tell({ command: "powerDown" });
      at.wait(1);
      at.tell({ command: "powerUp" });
      at.wait(1);
      const isReset = item === "COLD START" ? at.jem.file.primary.ct !== before : at.jem.file.users.length !== users;
      assert.equal(isReset, !withKey, `${item}, ${withKey ? "with" : "without"} the key`);
    }
  }
});

test("test mode that was set elsewhere is shown as it is, and what is turned counts when SET accepts it", async (t) => {
  const at = await loggedIn(t);
  const fieldOf = (label: string) => at.part("form")?.fields.find((field) => field.label.startsWith(label));
  const energies = at.surface.registers("test").filter(({ kind }) => kind === "consumption");
  const other = energies[1]?.id ?? 0;
  assert.equal(at.tell({ command: "enterTestMode", register: other, pulseWeight: 0.5, compensate: true }), "done");
  at.press("read left");
  choose(at, "Test Mode");
  assert.deepEqual(
    ["LOSS", "TEST REGISTER", `TEST PULSE SCALING-${other}`].map((label) => fieldOf(label)?.text),
    ["ENABLED", String(other), "0.5"],
  );
  choose(at, "LOSS COMPENSATION");
  at.press("up");
  assert.equal(fieldOf("LOSS")?.text, "DISABLED");
  assert.equal(at.jem.meter.testMode.options?.compensate, true, "not accepted yet");
  at.press("read left");
  choose(at, "Test Mode");
  assert.equal(fieldOf("LOSS")?.text, "ENABLED");
  choose(at, "LOSS COMPENSATION");
  at.press("up set");
  assert.deepEqual(at.jem.meter.testMode.options, { register: other, pulseWeight: 0.5, compensate: false });
});

test("test mode ends at its second after the last thing that somebody did in it", (t) => {
  const at = atPanel(t, { configuration: "testMode: { timeoutMinutes: 1 }" });
  assert.equal(at.tell({ command: "enterTestMode" }), "done");
  at.wait(17);
  assert.equal(at.tell({ command: "calibrate", watts: 1 }), "done");
  at.wait(59.9);
  assert.equal(at.surface.status().testMode, true);
  at.wait(0.1);
  assert.equal(at.surface.status().testMode, false);
});

test("READ that is held in test mode leaves the list that was shown before", (t) => {
  const at = atPanel(t);
  assert.equal(at.tell({ command: "enterTestMode" }), "done");
  at.panel.press("read", { id: "fitter", peer: near }, at.now());
  at.wait(5.5);
  at.panel.picture(at.now());
  at.panel.release("read", at.now());
  assert.equal(at.tell({ command: "leaveTestMode" }), "done");
  assert.equal(at.part("registers")?.registers[0]?.number, "000");
});

test("presets of registers that became others meanwhile are not saved", async (t) => {
  const at = await loggedIn(t);
  choose(at, "Normal Preset Registers", "002");
  at.type([..."1234", "ENTER"]);
  assert.equal(
    at.configure(
      (file) => {
        const register = file.registers.normal.find(({ id }) => id === 2);
        assert.ok(register !== undefined);
        register.label = "another";
      },
      at.as("admin", near),
    ),
    "done",
  );
  choose(at, "SAVE");
  assert.match(at.words().join(), /changed meanwhile: nothing was saved/);
  assert.ok(at.value(2) < 100);
});

test("Back, READ and another hand take away what is armed with its prompt", async (t) => {
  for (const away of ["set", "read", "other"]) {
    const at = await loggedIn(t, "Meter Settings", { configuration: "primary: { ct: 20 }" });
    at.press("read left down set");
    choose(at, "COLD START", "Yes");
    assert.match(at.words().join(), /Remove power/);
    if (away === "other") at.press("up", inspector);
    else at.press(away);
    at.tell({ command: "powerDown" });
    at.wait(1);
    at.tell({ command: "powerUp" });
    at.wait(1);
    assert.equal(at.jem.file.primary.ct, 20, away);
  }
});

test("what somebody edited is gone when he locks or his time is over: whoever logs in next saves nothing of his", async (t) => {
  for (const away of ["lock", "time"]) {
    const at = await loggedIn(t, "Meter Settings", { configuration: "display: { presetMinutes: 60 }" });
    choose(at, "Normal Preset Registers", "003");
    at.type([..."777", "ENTER"]);
    if (away === "time") at.wait(120);
    else {
      for (let k = 0; k < 60; k++) at.press("down");
      at.press("right set");
    }
    assert.equal(at.screen().foot?.lock?.open, false);
    await at.logIn("user1");
    choose(at, "SAVE");
    assert.ok(at.value(3) < 100, away);
  }
});

test("a time that clocks leave out is none", async (t) => {
  const at = await loggedIn(t, "Meter Settings", {
    configuration:
      "timekeeping: { utcOffsetMinutes: -300, daylightSaving: { start: { month: 3, week: 2, weekday: 0, hour: 2 }, end: { month: 11, week: 1, weekday: 0, hour: 2 } } }",
  });
  choose(at, "Date & Time");
  const set = (label: string, wanted: number): void => {
    choose(at, label);
    const shown = () => Number(at.part("form")?.fields.find((field) => field.label === label)?.text);
    for (let k = 0; k < 100 && shown() !== wanted; k++) at.press("up");
    at.press("set");
  };
  // In 2026 clocks there go from 2 to 3 on 8 March.
  for (const [label, value] of [
    ["Month", 3],
    ["Day", 8],
    ["Year", 2026],
    ["Hour", 2],
    ["Minute", 30],
  ] as const)
    set(label, value);
  const before = at.surface.now().utc;
  choose(at, "SAVE");
  assert.deepEqual(at.words(), ["there is no such time"]);
  assert.ok(Math.abs(at.surface.now().utc - before) < 2000);
  set("Hour", 3);
  choose(at, "SAVE");
  assert.deepEqual(at.words(), ["SAVED"]);
});

test("there is one cover: opened by whatever way it is open, and behind the shut one nothing is pressed", (t) => {
  const at = atPanel(t);
  const open = (): readonly string[] => at.panel.picture(at.now()).open;
  assert.equal(at.tell({ command: "hardware", part: "cover", failed: true }), "done");
  assert.deepEqual(open(), ["cover"]);
  at.press("left");
  assert.equal(at.screen().title, "Meter Display Menu");
  at.press("cover");
  assert.deepEqual(open(), []);
  at.press("cover");
  assert.equal(at.tell({ command: "hardware", part: "cover", failed: false }), "done");
  const before = at.surface.freezes.next;
  at.press("reset");
  assert.deepEqual([open(), at.surface.freezes.next], [[], before]);
});

test("an open cover is open after another configuration, too, and bit 9 of the status word says so", async (t) => {
  const at = await loggedIn(t);
  assert.equal((at.surface.status().systemBits ?? 0) & 0x100, 0x100);
  assert.equal(
    at.configure((file) => void (file.primary.ct = 40), at.as("admin", near)),
    "done",
  );
  // Longer than an interval of the load profile, for which a bit is remembered.
  at.wait(3600);
  assert.equal((at.surface.status().systemBits ?? 0) & 0x100, 0x100);
  assert.deepEqual(at.panel.picture(at.now()).open, ["cover"]);
});

test("in the hour that clocks show twice a time is of the one that they are in, and what nobody turned sets nothing", async (t) => {
  const at = await loggedIn(t, "Meter Settings", {
    configuration:
      "timekeeping: { utcOffsetMinutes: -300, daylightSaving: { start: { month: 3, week: 2, weekday: 0, hour: 2 }, end: { month: 11, week: 1, weekday: 0, hour: 2 } } }",
  });
  // 1:30 of standard time on 1 November 2026, an hour after 1:30 of daylight saving.
  const second = Date.UTC(2026, 10, 1, 6, 30);
  assert.equal(at.tell({ command: "setTime", utc: new Date(second).toISOString() }), "done");
  choose(at, "Date & Time", "SAVE");
  assert.ok(Math.abs(at.surface.now().utc - second) < 2000, "nothing was turned");
  choose(at, "Minute");
  at.press("up set");
  choose(at, "SAVE");
  assert.deepEqual(at.words(), ["SAVED"]);
  assert.ok(Math.abs(at.surface.now().utc - second - 60_000) < 2000, String(at.surface.now().utc - second));
});
