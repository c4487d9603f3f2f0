/** The setup and reset menus of the Leviton panels: the walk of "Quick Setup Instructions" and "UI for Setup", and what Modbus then says. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { levitonS4000k } from "#model/leviton-s4000k.ts";
import { levitonS4100 } from "#model/leviton-s4100.ts";
import { levitonS4000r } from "#model/leviton-s4000r.ts";
import { isRefused } from "#quantity/authority.ts";
import { answered, hand, panelRig, walk, type PanelRig } from "./panel-rig.ts";
import { feeder } from "./rig.ts";

/** "Press the + or - button repeatedly until SETUP screen appears", to PASWD, through the digits, and out to the right. */
const login = [
  ["plus", "SETUP"],
  ["right", "[0]0000 PASWD"],
  ["right right right right", "0000[0] PASWD"],
  ["right", "S COM"],
] as const;

/** Each screen of the setup menu at the defaults: "Standard Modbus Default Settings"; 600 V x 100 A x sqrt 3 = 103.92 kW. */
const defaults = [
  ["right", "[0]01 ADDR"],
  ["right right", "00[1] ADDR"],
  ["right", "19200 BAUD"],
  ["right", "nonE PAR"],
  ["right", "S COM"],
  ["minus", "S CT"],
  ["right", "1.0 CT V"],
  ["right", "[0]0100 CT SZ"],
  ["right right right right", "0010[0] CT SZ"],
  ["right", "S CT"],
  ["minus", "S SYS"],
  ["right", "3L-1n SYSTM"],
  ["right", "S SYS"],
  ["minus", "S PT"],
  ["right", "[0]01.00 RATIO"],
  ["right right right", "001.[0]0 RATIO"],
  ["right right", "S PT"],
  ["minus", "S V"],
  ["right", "[0]0600 VLL"],
  ["right right right right right", "S V"],
  ["minus", "S PWR"],
  ["right", "103.92 MX KW"],
  ["right", "S PWR"],
  ["minus", "SPLOS"],
  ["right", "0.[1]0 VOLTS"],
  ["right right", "0.[2]5 IMBAL"],
  ["right right", "SPLOS"],
  ["minus", "SPULS"],
  ["right", "1000 Wh/P"],
  // 1,800,000 x 1000 Wh over 103.92 kW is 17.3 s: the slowest that there is.
  ["right", "500 mS/P"],
  ["right", "SPULS"],
  ["minus", "S DEM"],
  ["right", "[1] INTRV"],
  ["right", "[0]0900 SEC"],
  ["right right right right right", "S DEM"],
  ["minus", "S UNT"],
  ["right", "IEEE UNITS"],
  ["right", "S UNT"],
  ["minus", "S PAS"],
  ["right", "[0]0000 SETUP"],
  ["right right right right right", "[0]0000 RESET"],
  ["right right right right right", "S PAS"],
  ["minus", "S COM"],
  ["left", "SETUP"],
] as const;

test("every parameter of a 4100 and a 4000-K is there, at its default; going through changes nothing", async () => {
  for (const options of [{}, { model: levitonS4000k }]) {
    const m = panelRig(options);
    const before = m.instrument.settings();
    assert.deepEqual(await walk(m, [...login, ...defaults]), []);
    assert.deepEqual(m.instrument.settings(), before);
  }
});

test("a 4000-R has no CT V, and a meter whose third output gives VAR pulses no S COM", async () => {
  const rope = panelRig({ model: levitonS4000r });
  const ct = [
    ["minus", "S CT"],
    ["right", "[0]0100 CT SZ"],
    ["left", "S CT"],
  ] as const;
  assert.deepEqual(await walk(rope, [...login, ...ct]), []);
  const pulses = panelRig({ model: levitonS4000k, settings: { outputConfiguration: 2 } });
  assert.deepEqual(await walk(pulses, [...login.slice(0, 3), ["right", "S CT"], ["plus", "S PAS"]]), []);
});

test("a person commissions a 4100 from its panel alone, and Modbus shows it at once", async () => {
  const m = panelRig();
  m.run(2);
  const asked = (register: number): number => m.u16(register);
  assert.deepEqual(await walk(m, login), []);
  // Address 17, 9600 baud, even parity.
  const communications = [
    ["right right plus", "0[1]1 ADDR"],
    ["right plus plus plus plus plus plus", "01[7] ADDR"],
    ["right", "SAvEd ADDR"],
    ["second minus", "9600 BAUD"],
    ["right", "SAvEd BAUD"],
    ["second minus", "odd PAR"],
    ["plus", "nonE PAR"],
    ["plus", "EvEn PAR"],
    ["right", "SAvEd PAR"],
  ] as const;
  assert.deepEqual(await walk(m, communications), []);
  assert.deepEqual(
    (["address", "baud", "parity"] as const).map((name) => m.instrument.setting(name)),
    [17, 9600, 1],
  );
  // 1/3 V transformers of 400 A.
  const transformers = [
    ["second minus", "S CT"],
    ["right plus", ".33 CT V"],
    ["right", "SAvEd CT V"],
    ["second right right plus plus plus", "00[4]00 CT SZ"],
    ["right right right", "SAvEd CT SZ"],
  ] as const;
  assert.deepEqual(await walk(m, transformers), []);
  assert.deepEqual([asked(131), asked(132)], [400, 3]);
  assert.deepEqual(
    await walk(m, [
      ["second minus right plus", "3L SYSTM"],
      ["right", "SAvEd SYSTM"],
    ]),
    [],
  );
  assert.equal(asked(130), 31);
  // 20:1 potential transformers on 4160 V: the ratio is set first.
  const volts = [
    ["second minus right right plus plus right minus", "02[0].00 RATIO"],
    ["right right right", "SAvEd RATIO"],
    ["second minus", "S V"],
    ["right right plus plus plus plus", "0[4]600 VLL"],
    ["right minus minus minus minus minus right plus plus plus plus plus plus", "041[6]0 VLL"],
    ["right right", "SAvEd VLL"],
    // 4160 V x 400 A x sqrt 3 = 2882.1 kW
    ["second minus right", "2882.1 MX KW"],
  ] as const;
  assert.deepEqual(await walk(m, volts), []);
  // 1.2 x 2882 kW are 34,585 tenths, which are more than 32,767: whole kilowatts.
  assert.deepEqual([asked(133), asked(134), asked(135), m.i16(140)], [2000, 4160, 2882, 0]);
  // Three sub-intervals of 5 minutes.
  const demand = [
    ["right minus minus minus", "S DEM"],
    ["right plus plus", "[3] INTRV"],
    ["right", "SAvEd INTRV"],
    ["second right right minus minus minus minus minus minus", "00[3]00 SEC"],
    ["right right right", "SAvEd SEC"],
  ] as const;
  assert.deepEqual(await walk(m, demand), []);
  assert.deepEqual([asked(149), asked(150)], [3, 300]);
  const rest = [["second left", "SETUP"]] as const;
  assert.deepEqual(await walk(m, rest), []);
});

test("SAvEd is seen for a second; a press ends it, and does nothing else", async () => {
  const m = panelRig();
  await walk(m, [...login, ["right right right plus right", "SAvEd ADDR"]]);
  // The press that saved took a tenth of it.
  m.wait(899);
  assert.equal(m.seen(), "SAvEd ADDR");
  m.wait(1);
  assert.equal(m.seen(), "19200 BAUD");
  assert.deepEqual(
    await walk(m, [
      ["plus right", "SAvEd BAUD"],
      // "The display will briefly indicate SAvEd": the screen that comes after it is seen before it is changed or left.
      ["minus", "nonE PAR"],
      ["minus right", "SAvEd PAR"],
      ["right", "S COM"],
      ["left", "SETUP"],
    ]),
    [],
  );
});

test("left forgets what was entered, digit by digit and then screen by screen", async () => {
  const m = panelRig();
  const table = [
    ...login,
    ["right plus plus right plus", "2[1]1 ADDR"],
    ["left", "[2]11 ADDR"],
    ["left", "S COM"],
    ["right", "[0]01 ADDR"],
    ["right right right", "19200 BAUD"],
    ["plus", "38400 BAUD"],
    ["left", "[0]01 ADDR"],
    ["right right right", "19200 BAUD"],
  ] as const;
  assert.deepEqual(await walk(m, table), []);
});

test("what the meter does not take is an Error for two seconds, and can be put right", async () => {
  const m = panelRig();
  const table = [
    ...login,
    // 301 is beyond 247.
    ["right plus plus plus right right", "30[1] ADDR"],
    ["right", "Error ADDR"],
  ] as const;
  assert.deepEqual(await walk(m, table), []);
  m.wait(1899);
  await m.press("left");
  assert.equal(m.instrument.setting("address"), 1);
  assert.equal(m.seen(), "[3]01 ADDR", "the press while it was seen did nothing");
  assert.deepEqual(await walk(m, [["minus right right right", "SAvEd ADDR"]]), []);
  assert.equal(m.instrument.setting("address"), 201);
  // 81 V is less than 82; so is 5 s of demand less than 10.
  const more = [
    ["second left left", "S COM"],
    ["plus plus plus", "S DEM"],
    ["right minus", "[0] INTRV"],
    ["right", "Error INTRV"],
  ] as const;
  assert.deepEqual(await walk(m, more), []);
});

test("the energy a pulse goes down only as far as a closure keeps up, and up to the first that does", async () => {
  // 600 V x 4000 A x sqrt 3 = 4157 kW: 10 ms keep up with 1800 kW at 10 Wh, 18 MW at 100 Wh.
  const m = panelRig({ settings: { ctPrimary: 4000 } });
  const table = [
    ...login,
    ["plus plus plus plus", "SPULS"],
    ["right", "1000 Wh/P"],
    ["minus", "100 Wh/P"],
    ["minus", "100 Wh/P"],
    ["right", "SAvEd Wh/P"],
    // 1,800,000 x 100 / 25 ms = 7200 kW; at 50 ms 3600 kW.
    ["", "SAvEd Wh/P"],
    ["second left right", "25 mS/P"],
    ["left plus plus", "10000 Wh/P"],
    ["plus", "10000 Wh/P"],
  ] as const;
  assert.deepEqual(await walk(m, table), []);
  assert.deepEqual([m.u16(144), m.u16(145)], [100, 25]);
});

test("type 10 has its system voltage to neutral", async () => {
  const m = panelRig({ settings: { systemType: 10, systemVoltage: 277 } });
  assert.deepEqual(await walk(m, [...login, ["minus minus minus minus right", "[0]0277 VLN"]]), []);
});

async function enter(m: PanelRig, digits: string): Promise<void> {
  for (const digit of digits) {
    for (let k = 0; k < Number(digit); k++) await m.press("plus");
    await m.press("right");
  }
}

test("other passwords open the menus, each its own; wrong ones change nothing", async () => {
  const m = panelRig();
  await walk(m, [...login, ["plus", "S PAS"], ["right", "[0]0000 SETUP"]]);
  await enter(m, "12345");
  assert.equal(m.seen(), "SAvEd SETUP");
  m.wait(1000);
  await enter(m, "00678");
  assert.equal(m.seen(), "SAvEd RESET");
  assert.deepEqual([m.instrument.setting("setupPassword"), m.instrument.setting("resetPassword")], [12345, 678]);
  await m.press("second left left left");
  const before = m.instrument.settings();
  for (const [menu, wrong, right, then] of [
    ["SETUP", "00000", "12345", "S COM"],
    ["RESET", "12345", "00678", "no ENERG"],
  ] as const) {
    while (m.seen() !== menu) await m.press("minus");
    await m.press("right");
    await enter(m, wrong);
    assert.equal(m.seen(), "Error PASWD");
    m.wait(2000);
    assert.equal(m.seen(), "[0]0000 PASWD");
    await enter(m, right);
    assert.equal(m.seen(), then);
    await m.press("left");
  }
  assert.deepEqual(m.instrument.settings(), before);
  // Nothing but the meter's own menus shows them.
  assert.doesNotMatch(JSON.stringify([m.surface.configuration(), m.surface.extra()]), /assword/);
});

test("a password counts for two minutes after the last press, to the millisecond", async () => {
  const m = panelRig();
  await walk(m, [...login, ["right plus", "[1]01 ADDR"]]);
  m.wait(120_000 - 100 - 1);
  assert.equal(m.seen(), "[1]01 ADDR");
  m.wait(1);
  assert.equal(m.seen(), "0 n Wh");
  assert.deepEqual(await walk(m, [["plus right", "[0]0000 PASWD"]]), []);
  m.wait(119_899);
  await m.press("plus");
  m.wait(119_899);
  assert.equal(m.seen(), "[1]0000 PASWD");
  m.wait(1);
  assert.equal(m.seen(), "0 n Wh");
});

test("RESET sets energies to zero, and the largest demands to those of now, when rES is chosen and left to the right", async () => {
  const m = panelRig({ settings: { ...feeder, demandSubInterval: 10 } });
  m.run(3600);
  await walk(m, [
    ["plus plus", "RESET"],
    ["right right right right right right", "no ENERG"],
  ]);
  assert.equal(m.seen(), "no ENERG");
  assert.deepEqual(
    await walk(m, [
      ["right", "no DEMND"],
      ["right", "RESET"],
    ]),
    [],
  );
  m.run(1);
  assert.notEqual(m.u32(3), 0, "going through resets nothing");
  const largest = m.u16(32);
  m.source.push({
    hz: 60,
    volts: [277, 277, 277],
    lineVolts: [480, 480, 480],
    amps: [10, 10, 10],
    watts: [2000, 2000, 2000],
    vars: [0, 0, 0],
  });
  m.run(20);
  assert.equal(m.u16(32), largest);
  const table = [
    ["right right right right right right", "no ENERG"],
    ["plus", "rES ENERG"],
    ["right", "SAvEd ENERG"],
    ["second minus", "rES DEMND"],
    ["right", "SAvEd DEMND"],
    ["second left", "0 n Wh"],
  ] as const;
  const seen = await walk(m, table.slice(0, 5));
  assert.deepEqual(seen, []);
  m.run(1);
  await m.press("second left");
  assert.equal(m.seen(), "0 n Wh");
  assert.equal(m.u32(3), 0);
  assert.equal(m.u16(147), 1);
  assert.equal(m.u16(32), 600, "6 kW");
});

test("a button that is held repeats after half a second, five times a second; a second one ends that", async () => {
  const m = panelRig();
  await walk(m, [...login, ["right right right", "00[1] ADDR"]]);
  m.panel.press("plus", hand, m.now());
  assert.equal(m.seen(), "00[2] ADDR");
  m.panel.press("plus", hand, m.now());
  assert.equal(m.seen(), "00[2] ADDR", "it is down already");
  m.wait(499);
  assert.equal(m.seen(), "00[2] ADDR");
  m.wait(1);
  assert.equal(m.seen(), "00[3] ADDR");
  m.wait(400);
  assert.equal(m.seen(), "00[5] ADDR");
  assert.deepEqual(m.panel.picture(m.now()).held, ["plus"]);
  m.panel.press("minus", hand, m.now());
  m.wait(499);
  assert.equal(m.seen(), "00[4] ADDR", "both are down: the second one counts");
  m.panel.release("minus", m.now());
  m.wait(5000);
  assert.equal(m.seen(), "00[4] ADDR");
  m.panel.release("plus", m.now());
  assert.deepEqual(m.panel.picture(m.now()).held, []);
  m.panel.press("power", hand, m.now());
  assert.deepEqual(m.panel.picture(m.now()).held, [], "there is no such button");
  // Held for good by somebody who has gone, it ends with the password.
  m.panel.press("plus", hand, m.now());
  m.wait(120_000);
  assert.equal(m.seen(), "0 n Wh");
  m.wait(60_000);
  assert.equal(m.seen(), "0 n Wh");
});

test("the panel says when it will be another: at the next half second, or sooner", async () => {
  const m = panelRig();
  assert.equal(m.panel.due(1234), 1500);
  assert.equal(m.panel.due(1500), 2000);
  m.wait(2200);
  m.panel.press("plus", hand, m.now());
  assert.equal(m.panel.due(m.now()), 2500);
  m.wait(400);
  assert.equal(m.panel.due(m.now()), 2700, "where it repeats");
});

test("while its reset system runs the panel shows that, and no button does anything; who was let in is out", async () => {
  const m = panelRig({ settings: feeder });
  m.run(1);
  await walk(m, [...login, ["right plus", "[1]01 ADDR"]]);
  m.instrument.runResetSystem(true);
  await m.press("right right right");
  assert.equal(m.seen(), "1.000 RS");
  assert.deepEqual(m.icons(), []);
  assert.equal(m.panel.due(m.now()), undefined);
  m.instrument.runResetSystem(false);
  assert.equal(m.instrument.setting("address"), 1);
  // 61 kW for a second.
  assert.equal(m.seen(), "16 n Wh");
});

test("without power the panel is dark, what was entered is forgotten, and who was let in is out", async () => {
  const m = panelRig();
  await walk(m, [...login, ["right plus", "[1]01 ADDR"]]);
  m.panel.press("minus", hand, m.now());
  m.power(false);
  assert.deepEqual(m.panel.picture(m.now()).display, { kind: "dark" });
  assert.equal(m.panel.due(m.now()), undefined);
  await m.press("right right right");
  m.power(true);
  m.wait(5000);
  assert.equal(m.seen(), "0 n Wh", "the button that is held still does nothing");
  m.panel.release("minus", m.now());
  assert.equal(m.instrument.setting("address"), 1);
  assert.deepEqual(await walk(m, [["plus right", "[0]0000 PASWD"]]), []);
});

test("only at the panel a password lets somebody in, and only to its own menu", async () => {
  const m = panelRig();
  const { surface } = m;
  const shown = (user: string, password = "00000", port = "panel") =>
    surface.admit({ kind: "password", user, password }, { ...hand.peer, port });
  for (const refused of [shown("setup", "00001"), shown("setup", "0"), shown("admin"), shown("setup", "00000", "site")])
    assert.ok(isRefused(await refused));
  const [setup, reset] = [await shown("setup"), await shown("reset")];
  if (isRefused(setup) || isRefused(reset)) throw new Error("the factory's passwords are refused");
  const atPanel = { peer: hand.peer };
  const outcomes = (session: typeof setup) =>
    (["configure", "clearEnergy", "resetMaxDemand", "clearPulses", "hardware"] as const).map(
      (command) => surface.permits(command, session)?.refused ?? "may",
    );
  assert.deepEqual(outcomes(setup), ["may", "privilege", "privilege", "privilege", "privilege"]);
  assert.deepEqual(outcomes(reset), ["privilege", "may", "may", "privilege", "privilege"]);
  assert.deepEqual(outcomes(atPanel), ["session", "session", "session", "session", "session"]);
  assert.deepEqual(outcomes({ ...setup }), ["session", "session", "session", "session", "session"], "a copy is none");
  // Near, and not at the panel, it is as it was.
  assert.deepEqual(outcomes({ peer: { ...hand.peer, port: "site" } }).slice(0, 2), ["may", "may"]);
  const over: string[] = [];
  surface.whenOver(reset, () => over.push("reset"));
  surface.whenOver(setup, () => over.push("setup"));
  assert.ok(!isRefused(surface.obey({ command: "configure", configuration: '{"resetPassword":7}' }, setup)));
  assert.deepEqual(over, ["reset"], "who came with the password before is out");
  surface.leave(setup);
  surface.leave(setup);
  assert.deepEqual(over, ["reset", "setup"]);
  surface.whenOver(setup, () => over.push("late"));
  assert.deepEqual(over, ["reset", "setup", "late"]);
});

test("a conversation of somebody who has shown nothing has no end", () => {
  const { surface } = panelRig();
  let over = false;
  surface.whenOver(surface.open({ protocol: "http", port: "site", near: false }), () => (over = true));
  assert.equal(over, false);
});

test("a password that is being checked when the panel is left lets nobody in", async () => {
  const m = panelRig();
  await walk(m, login.slice(0, 3));
  m.panel.press("right", hand, m.now());
  m.panel.end();
  await answered();
  assert.equal(m.seen(), "0 n Wh");
});

test("a password is of whoever entered it: another hand finds the first screen, and changes nothing", async () => {
  const m = panelRig({ model: levitonS4100 });
  const first = m.seen();
  assert.deepEqual(await walk(m, login), []);
  await m.press("right right right plus");
  assert.equal(m.seen(), "00[2] ADDR");
  const before = m.instrument.setting("address");
  m.panel.press("right", { ...hand, id: "another" }, m.now());
  m.panel.release("right", m.now());
  await answered();
  assert.deepEqual([m.seen(), m.instrument.setting("address")], [first, before]);
  assert.deepEqual(await walk(m, [["plus right", "[0]0000 PASWD"]]), []);
});
