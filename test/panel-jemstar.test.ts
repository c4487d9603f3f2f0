/** The front panel of a JEMStar II: what the manual says that a press does, and what is seen then. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { jemstarPanel } from "#panel/jemstar/jemstar-panel.ts";
import { MID, PLAIN } from "./authority-rig.ts";
import { atPanel, fitter, inspector } from "./panel-jemstar-rig.ts";
import { share } from "./share.ts";

test("the display appears at 45 seconds, and its measurements are Not Set until two and a half minutes", (t) => {
  const { screen, wait, words, part } = atPanel(
    t,
    { configuration: "display: { scrolling: false, registersPerScreen: 4 }" },
    44,
  );
  assert.deepEqual(words(), ["AMETEK Power Instruments", "JEMStar II"]);
  wait(1);
  assert.deepEqual(
    part("registers")?.registers.map(({ text }) => text),
    ["Not Set", "Not Set", "Not Set", "Not Set"],
  );
  wait(104);
  assert.equal(part("registers")?.registers[2]?.text, "Not Set");
  wait(1);
  assert.match(part("registers")?.registers[2]?.text ?? "", /^\d{8}$/);
  assert.equal(part("registers")?.registers[2]?.unit, "kW-Hr");
  assert.match(screen().clock, /^01\/01\/2026 00:02:30 UTC$/);
});

test("without power the display is dark, and nothing works", (t) => {
  const { tell, panel, now, press } = atPanel(t);
  press("cover left");
  tell({ command: "powerDown" });
  assert.equal(panel.picture(now()).display.kind, "dark");
  press("left set");
  assert.equal(panel.picture(now()).display.kind, "dark");
});

test("registers scroll every 10 seconds, READ steps, and 15 seconds after a button scrolling goes on", (t) => {
  const { part, wait, press } = atPanel(t);
  const shown = (): string | undefined => part("registers")?.registers[0]?.number;
  assert.equal(shown(), "000");
  wait(9.999);
  assert.equal(shown(), "000");
  wait(0.001);
  assert.equal(shown(), "001");
  press("read");
  assert.equal(shown(), "002");
  wait(14.999);
  assert.equal(shown(), "002");
  wait(0.001);
  assert.equal(shown(), "003");
});

test("READ held for five seconds goes to the alternate registers, and back", (t) => {
  const { part, wait, panel, now } = atPanel(t);
  const shown = (): string | undefined => part("registers")?.registers[0]?.number;
  const hold = (seconds: number): void => {
    panel.press("read", fitter, now());
    wait(seconds);
    panel.release("read", now());
  };
  hold(4.999);
  assert.equal(shown(), "001");
  hold(5);
  assert.equal(shown(), "100");
  hold(5);
  assert.equal(shown(), "000");
});

/** Section Navigating the Display User Menus: presses after the cover is open, the title, what is selected. */
const paths: readonly (readonly [presses: string, title: string, selected: string])[] = [
  ["left", "Meter Display Menu", "Meter Settings"],
  ["left right", "Meter Display Menu", "Communications"],
  ["left right right", "Meter Display Menu", "Test Mode"],
  ["left down", "Meter Display Menu", "Meter Status"],
  ["left down right", "Meter Display Menu", "Meter ID"],
  ["left down right right", "Meter Display Menu", "USB Port"],
  ["left set", "Menu -> Meter Settings", "Date & Time"],
  ["left right set", "Menu -> Communications", "OPTICAL"],
  ["left right right set", "Menu -> Test Mode", "TEST MODE"],
  ["left down set", "Menu -> Meter Status", "COMM STATUS"],
  ["left down right set", "Menu -> Meter ID", "Back"],
  ["left down right right set", "Menu -> USB Port", "FIRMWARE UPGRADE"],
  ["left set set", "Menu -> Set Time & Date", "Month"],
  ["left set right set", "Menu -> PT/CT", "PT Pri"],
  ["left set right right set", "Menu -> Digital I/O", "Back"],
  ["left set down set", "Menu -> Analog I/O", "Back"],
  ["left set down right set", "Menu -> Normal Preset Registers", "002 kWhr Delivered"],
  ["left set down right right set", "Menu -> Alternate Preset Registers", "100 kWhr Delivered BPR"],
  ["left right set right right set", "Menu -> Communications -> SERIAL 2", "Type"],
  ["left right set down down set", "Menu -> Communications -> ETHERNET 1", "IP Address"],
  ["left down set set", "Communication Status", "Back"],
  ["left down set down set", "Menu -> Site Status", "PHASOR DISPLAY"],
  ["left down set down set set", "Phasor Display", "Back"],
  ["left set down down set", "Meter Display Menu", "Meter Settings"],
];
for (const [presses, title, selected] of paths) {
  test(`${presses}: ${title}, ${selected}; READ goes back to the registers`, (t) => {
    const at = atPanel(t);
    at.press("cover");
    at.press(presses);
    assert.deepEqual([at.screen().title, at.selected(), at.screen().foot?.user], [title, selected, "guest"]);
    at.press("read");
    assert.equal(at.part("registers")?.registers[0]?.number, "000");
    assert.equal(at.screen().foot, undefined);
  });
}

test("behind the shut cover nothing can be pressed, and opening it is bit 9 of the status word", (t) => {
  const { press, screen, surface } = atPanel(t);
  press("left");
  assert.equal(screen().title, "");
  press("cover left");
  assert.equal(screen().title, "Meter Display Menu");
  assert.equal(((surface.status().systemBits ?? 0) >> 8) & 1, 1);
});

test("the communication matrix: absent ports are grey, and states are the surface's", (t) => {
  const { press, part } = atPanel(t, { listen: "{ modbus: tcp, port: 1502 }" });
  press("cover left down set set");
  const matrix = part("matrix");
  assert.deepEqual(
    matrix?.columns.map(({ name, there }) => `${name} ${there}`),
    [
      "Optical true",
      "Serial1 false",
      "Serial2 true",
      "Serial3 true",
      "Modem false",
      "Ethernet1 true",
      "Ethernet2 false",
      "WiFi false",
    ],
  );
  assert.deepEqual(
    matrix?.rows.map(({ name }) => name),
    ["JEM Binary", "Modbus", "DNP", "DLMS", "ANSI", "IEC 61850", "IEC 870-5-102", "PMU", "WEB"],
  );
  assert.deepEqual(matrix?.rows[1]?.cells[5], { text: "Ready", tone: "good" });
  assert.deepEqual(matrix?.rows[4]?.cells[5], { text: "", tone: "grey" });
});

test("a log-in unlocks for 120 seconds, to the second", async (t) => {
  const { press, screen, logIn, wait } = atPanel(t);
  press("cover left set");
  assert.deepEqual(screen().foot?.lock, { open: false, selected: false });
  await logIn();
  assert.deepEqual(
    [screen().title, screen().foot?.user, screen().foot?.lock?.open],
    ["Menu -> Meter Settings", "admin", true],
  );
  wait(119.999);
  assert.equal(screen().foot?.lock?.open, true);
  wait(0.001);
  assert.deepEqual([screen().foot?.user, screen().foot?.lock?.open], ["guest", false]);
});

test("a wrong password stays outside, and another hand finds the panel locked", async (t) => {
  const { press, screen, logIn, type, settled, words } = atPanel(t);
  press("cover left set down down right set set");
  type(["x", "Enter"]);
  await settled();
  assert.deepEqual(words(), ["wrong user or password"]);
  press("read left set");
  await logIn();
  assert.equal(screen().foot?.lock?.open, true);
  press("up", inspector);
  assert.equal(screen().foot?.user, "guest");
});

test("the time is set by the wall clock once somebody has logged in", async (t) => {
  const { press, screen, logIn, words, selected } = atPanel(t, {
    configuration: "timekeeping: { utcOffsetMinutes: -300 }",
  });
  press("cover left set set");
  press("set");
  assert.deepEqual(words(), ["log in first"]);
  await logIn();
  // The last day of the year there: two months on would be a thirty-first of February.
  press("up up up up up up set up up up set");
  press("down");
  assert.equal(selected(), "Hour");
  press("down set");
  assert.deepEqual(words(), ["SAVED"]);
  assert.match(screen().clock, /^03\/31\/2025 /);
});

test("test mode from start to end: register, weight, START, gains, STOP, against the registers of the meter", async (t) => {
  const { press, part, logIn, type, run, surface, selected, value, words, screen } = atPanel(t);
  press("cover left right right set");
  await logIn();
  press("up up up up up up up up");
  assert.equal(selected(), "TEST MODE");
  press("down down down set");
  type(["3", ".", "6", "ENTER"]);
  press("up up up set");
  assert.equal(surface.status().testMode, true);
  // Nothing has been saved: the header says what has begun.
  assert.deepEqual([words(), screen().marks.some(({ text }) => text === "TEST MODE")], [[], true]);
  const before = { wh: value(2), optical: surface.status().testPulses.optical };
  run(1);
  // 120 V and 10 A at 0.8 on each of three phases are 2880 W: 48 Wh in a minute, 13 pulses of 3.6 Wh.
  assert.equal(part("registers")?.registers[0]?.text, surface.register(200)?.text);
  assert.equal(surface.register(200)?.value?.toFixed(2), "48.00");
  assert.equal(surface.status().testPulses.optical - before.optical, 13);
  assert.equal(value(2), before.wh);
  assert.equal(part("form")?.fields[0]?.text, "STOP");
  press("down down down down set");
  type(["1", "ENTER"]);
  assert.equal(part("form")?.fields[4]?.text, "1 %");
  run(1);
  // A hundredth more of 48 Wh.
  assert.equal(surface.register(200)?.value?.toFixed(2), "96.48");
});

test("a MID meter has no lock at its panel and changes nothing; with the metering key remote time set and freeze work", async (t) => {
  const at = atPanel(t, { modelNumber: MID });
  at.press("cover left set");
  assert.equal(at.screen().foot?.lock, undefined);
  at.press("set set");
  assert.deepEqual(at.words(), ["a MID meter has no configuration change at its panel"]);
  const other = atPanel(t, { modelNumber: PLAIN });
  assert.equal(other.tell({ command: "key", key: "metering", installed: true }), "done");
  other.press("cover left set");
  assert.equal(other.screen().foot?.lock, undefined);
  assert.equal(other.tell({ command: "setTime", utc: "2026-02-01T00:00:00Z" }), "done");
  assert.equal(other.tell({ command: "freeze" }), "done");
});

test("a cold start is armed for 15 seconds, and happens when power is removed", async (t) => {
  const story = async (seconds: number): Promise<string> => {
    const at = atPanel(t, { configuration: "primary: { pt: 7 }" });
    at.press("cover left down set");
    await at.logIn();
    at.press("up set");
    assert.match(at.words().join(" "), /proceed with COLD START/);
    at.press("right set");
    assert.deepEqual(at.words(), ["Remove power from the meter within 15 seconds."]);
    at.wait(seconds);
    at.tell({ command: "powerDown" });
    at.tell({ command: "powerUp" });
    return at.jem.file.primary.pt === 1 ? "erased" : "kept";
  };
  assert.equal(await story(14.999), "erased");
  assert.equal(await story(15), "kept");
});

test("users are reset by whoever stands there, when power is removed", (t) => {
  const { press, tell, jem, words } = atPanel(t, {
    configuration: 'users: [{ name: boss, password: "forgotten", privileges: [configureUsers] }]',
  });
  press("cover left down set down down down set right set");
  assert.deepEqual(words(), ["Remove power from the meter within 15 seconds."]);
  assert.equal(jem.file.users[0]?.name, "boss");
  tell({ command: "powerDown" });
  assert.equal(jem.file.users[0]?.name, "admin");
});

test("the battery is green, yellow two years ahead, red at ten years, and green again when it is reset", (t) => {
  const { press, part, run, surface, tell } = atPanel(t, { ownTime: true });
  const years = 365.25 * 1440;
  const seen = () => part("indicators")?.items[2];
  press("cover left down set");
  assert.deepEqual(seen(), { title: "BATTERY STATUS", text: "NORMAL", tone: "good" });
  run(8 * years);
  assert.equal(seen()?.tone, "warning");
  run(2 * years);
  assert.equal(seen()?.tone, "bad");
  assert.equal(surface.isOn({ status: "battery" }), true);
  assert.equal(tell({ command: "resetBattery" }), "done");
  assert.equal(seen()?.tone, "good");
});

test("random presses never leave the panel stuck, and whoever is not logged in changes nothing", (t) => {
  const { panel, now, jem, clock } = atPanel(t);
  const before = JSON.stringify(jem.file);
  let seed = 7;
  const random = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below;
  const all = panel.controls.map(({ name }) => name).filter((name) => name !== "cover");
  panel.press("cover", fitter, now());
  for (let k = 0; k < share(3000, 30_000, 1_000_000); k++) {
    const name = all[random(all.length)] ?? "";
    panel.press(name, random(50) === 0 ? inspector : fitter, now());
    if (random(8) !== 0) panel.release(name, now());
    if (random(20) === 0) clock.advance(random(3000));
    panel.picture(now());
  }
  for (const name of all) panel.release(name, now());
  panel.press("read", fitter, now());
  panel.release("read", now());
  const { display } = panel.picture(now());
  assert.ok(display.kind === "screen" && display.foot === undefined, "READ goes back to the registers");
  assert.equal(JSON.stringify(jem.file), before);
});

test("a panel of a meter with long names in other scripts is seen as any other", (t) => {
  const label = "электросчётчик 電力計 ".repeat(2).slice(0, 40);
  const { part, surface } = atPanel(t, {
    configuration: `registers: { normal: [{ id: 2, label: "${label}", type: consumption, measure: { quantity: Wh } }] }`,
  });
  assert.equal(part("registers")?.registers[0]?.label, label);
  jemstarPanel({ surface, changed: () => {} }).end();
});
