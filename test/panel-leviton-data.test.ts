/**
 * What the Leviton panels show, screen by screen: the abbreviations are the manuals' ("User Interface (UI) Menu Abbreviations Defined"), the
 * values those that were fed to the meter, or arithmetic on them. Where the figures of the menus are lost, their order is a choice
 * (docs/models/leviton-s4000.md, leviton-s4100.md).
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { levitonS4000k } from "#model/leviton-s4000k.ts";
import { levitonS4000r } from "#model/leviton-s4000r.ts";
import { panelRig, walk } from "./panel-rig.ts";
import { feeder } from "./rig.ts";

/** 61 kW, 18 kvar and sqrt(61² + 18²) = 63.6003 kVA, of which phase A has 20 kW, 5 kvar and 277.1 V x 80.2 A = 22.22342 kVA. */
const phases = [
  ["right", "82.27 3 A"], // (80.2 + 75.7 + 90.9) / 3
  ["minus", "80.20 A A"],
  ["minus", "75.70 B A"],
  ["minus", "90.90 C A"],
  ["minus", "82.27 3 A"],
  ["right", "480.60 3 VLL"],
  ["minus", "479.30 VAB"],
  ["minus", "480.60 VBC"],
  ["minus", "481.90 VAC"],
  ["right", "61000 3 W"],
  ["minus", "20000 A W"],
  ["minus", "19000 B W"],
  ["minus", "22000 C W"],
  ["right", "277.27 3 VLN"],
  ["minus", "277.10 A VLN"],
  ["minus", "276.40 B VLN"],
  ["minus", "278.30 C VLN"],
  ["right", "63600 3 VA"],
  ["minus", "22223 A VA"],
  ["minus", "20923 B VA"],
  ["minus", "25297 C VA"],
  ["right", "0.9591 3 PF"],
  ["minus", "0.9000 A PF"], // 20000 / 22223.42
  ["minus", "0.9081 B PF"],
  ["minus", "0.8697 C PF"],
  ["right", "18000 3 VAR"],
  ["minus", "5000.0 A VAR"],
  ["minus", "6000.0 B VAR"],
  ["minus", "7000.0 C VAR"],
  ["right", "59.97 HZ"],
  ["right", "3PHASE"],
] as const;

const ends = [
  ["minus", "DEMND"],
  ["minus", "ALERT"],
  ["minus", "INFO"],
  ["minus", "RESET"],
  ["minus", "SETUP"],
] as const;

const s4000 = [
  ["", "61000 Wh"],
  ["right", "18000 VARh"],
  ["right", "63600 VAh"],
  ["right", "61000 Wh"],
  ["minus", "3PHASE"],
  ...phases,
  ["minus", "DEMND"],
  ["right", "61000 D W"],
  ["right", "18000 D VAR"],
  ["right", "63600 D VA"],
  ["right", "61000 M W"],
  ["right", "18000 M VAR"],
  ["right", "63600 M VA"],
  ["right", "DEMND"],
  ["minus", "ALERT"],
  ["right", "nonE PLOSS"],
  ["right", "nonE LOWPF"],
  ["right", "nonE F ERR"],
  ["right", "nonE I OVR"],
  ["right", "nonE V OVR"],
  ["right", "nonE PULSE"],
  ["right", "ALERT"],
  ["minus", "INFO"],
  ["right", "4000 MODEL"],
  ["right", "1.019 OS"],
  ["right", "1.000 RS"],
  ["right", "41000 SN"],
  ["right", "001 SN"],
  ["right", "INFO"],
  ["minus", "RESET"],
  ["minus", "SETUP"],
  ["minus", "61000 Wh"],
  ["plus", "SETUP"],
] as const;

test("every data screen of a 4000-K and a 4000-R, in the order of the menu", async () => {
  for (const model of [levitonS4000k, levitonS4000r]) {
    const m = panelRig({ model, settings: feeder });
    m.run(3600);
    assert.deepEqual(await walk(m, s4000), [], model.name);
  }
});

test("every data screen of a 4100: net, import, export and the four quadrants", async () => {
  const m = panelRig({ settings: feeder });
  m.run(3600);
  m.source.push({
    hz: 59.97,
    volts: [277.1, 276.4, 278.3],
    lineVolts: [479.3, 480.6, 481.9],
    amps: [40, 41, 42],
    watts: [-10_000, -9000, -11_000],
    vars: [2000, 2500, 3500],
  });
  m.run(3600);
  const table = [
    ["", "31000 n Wh"],
    ["right", "61000 Wh ↑"],
    ["right", "30000 Wh ↓"],
    ["right", "18000 Q1VARh"],
    ["right", "8000 Q2VARh"],
    ["right", "0 Q3VARh"],
    ["right", "0 Q4VARh"],
    // sqrt(61² + 18²) = 63.6003 less sqrt(30² + 8²) = 31.0483
    ["right", "32551 n VAh"],
    ["right", "63600 VAh ↑"],
    ["right", "31048 VAh ↓"],
    ["right", "61 PULS1"],
    ["right", "30 PULS2"],
    ["right", "31000 n Wh"],
    ["minus", "3PHASE"],
    ["right right right", "-30000 3 W"],
    ["minus", "-10000 A W"],
    ["right right right", "-0.9662 3 PF"], // 30000 / 31048.3
    ["right", "8000.0 3 VAR"],
    ["left left left left left left left", "3PHASE"],
    ["minus", "DEMND"],
    ["right", "-30000 D W"],
    ["right", "8000.0 D VAR"],
    ["right", "-31048 D VA"],
    ["right", "61000 M W ↑"],
    ["right", "18000 M VAR ↑"],
    ["right", "63600 M VA ↑"],
    ["right", "30000 M W ↓"],
    ["right", "0.00 M VAR ↓"],
    ["right", "31048 M VA ↓"],
    ["right", "DEMND"],
    ["minus right right right", "nonE FERR"],
    ["left left left", "ALERT"],
    ["minus right", "4100 MODEL"],
  ] as const;
  assert.deepEqual(await walk(m, table), []);
});

test("the same of a 4100 that only imports", async () => {
  const m = panelRig({ settings: feeder });
  m.run(3600);
  assert.deepEqual(await walk(m, [["minus", "3PHASE"], ...phases, ...ends]), []);
});

test("IEC notation has its own letters", async () => {
  const m = panelRig({ settings: { ...feeder, displayUnits: 0 } });
  m.run(3600);
  const table = [
    ["", "61000 n Ph"],
    ["right right right", "18000 Q1 Qh"],
    ["right right right right", "63600 n Sh"],
    ["right right right right right", "61000 n Ph"],
    ["minus right", "82.27 3 A"],
    ["right", "480.60 3 U"],
    ["minus", "479.30 UAB"],
    ["minus", "480.60 UBC"],
    ["minus", "481.90 UAC"],
    ["right", "61000 3 P"],
    ["right", "277.27 3 V"],
    ["right", "63600 3 S"],
    ["right", "0.9591 3 PF"],
    ["right", "18000 3 Q"],
    ["right right", "3PHASE"],
    ["minus right", "61000 D P"],
    ["right right right", "61000 MAX P ↑"],
    ["right", "18000 MAX Q ↑"],
  ] as const;
  assert.deepEqual(await walk(m, table), []);
});

test("what a system type does not have is ----, and its screens say how many phases it has", async () => {
  const of = async (systemType: number): Promise<string[]> => {
    const m = panelRig({ settings: { ...feeder, systemType, systemVoltage: 240 } });
    m.run(1);
    const seen: string[] = [];
    await m.press("minus");
    seen.push(m.seen());
    await m.press("right right");
    for (let k = 0; k < 4; k++, await m.press("minus")) seen.push(m.seen());
    await m.press("right right minus minus");
    seen.push(m.seen());
    return seen;
  };
  // Quantity of CTs and voltage connections, "Supported System Types".
  assert.deepEqual(await of(10), ["1PHASE", "---- 1 VLL", "---- VAB", "---- VBC", "---- VAC", "---- B VLN"]);
  assert.deepEqual(await of(11), ["1PHASE", "479.30 1 VLL", "479.30 VAB", "---- VBC", "---- VAC", "---- B VLN"]);
  assert.deepEqual(await of(12), ["2PHASE", "479.30 2 VLL", "479.30 VAB", "---- VBC", "---- VAC", "276.40 B VLN"]);
  assert.deepEqual(await of(31), ["3PHASE", "480.60 3 VLL", "479.30 VAB", "480.60 VBC", "481.90 VAC", "---- B VLN"]);
});

test("before the first second has been measured everything but the energies is ----", async () => {
  const m = panelRig({ settings: feeder });
  const table = [
    ["", "0 n Wh"],
    ["minus right", "---- 3 A"],
    ["right right", "---- 3 KW"],
    ["right right right right", "---- 3KVAR"],
    ["right", "---- HZ"],
    ["right", "3PHASE"],
    ["minus right", "---- D KW"],
  ] as const;
  assert.deepEqual(await walk(m, table), []);
});

test("the heart beats once a second; the wrench is there while an alert is, and ALERT says which", async () => {
  const m = panelRig({ settings: feeder });
  m.run(1);
  assert.deepEqual(m.icons(), ["heart"]);
  m.wait(500);
  assert.deepEqual(m.icons(), []);
  m.wait(500);
  assert.deepEqual(m.icons(), ["heart"]);
  // 100 V on B is a lost phase, as are both of its pairs; C carries 30 % over its CT, and A has 4 kW of 22 kVA.
  m.source.push({
    hz: 59.97,
    volts: [277.1, 100, 278.3],
    lineVolts: [330, 330, 481.9],
    amps: [80.2, 75.7, 130],
    watts: [4000, 7000, 30_000],
    vars: [21_800, 500, 500],
  });
  m.run(1);
  assert.deepEqual(m.icons(), ["wrench", "heart"]);
  assert.equal(m.u16(146), (1 << 5) | (1 << 9) | (1 << 11));
  const table = [
    ["minus minus minus", "ALERT"],
    ["right", "-b- PLOSS"],
    ["right", "A-- LOWPF"],
    ["right", "nonE FERR"],
    ["right", "--C I OVR"],
    ["right", "nonE V OVR"],
  ] as const;
  assert.deepEqual(await walk(m, table), []);
});

test("a frequency that is none is an Error, and pulses that cannot keep up are ConF", async () => {
  const m = panelRig({ settings: feeder, reads: { hz: 40 } });
  m.run(1);
  // 10 Wh a pulse keeps up with 1800 kW at most; then the CTs become larger: 480 V x 32000 A x sqrt 3.
  assert.equal(m.set({ pulseEnergy: 10 }), undefined);
  assert.equal(m.set({ ctPrimary: 32_000 }), undefined);
  const table = [
    ["minus minus minus right right right", "Error FERR"],
    ["right right right", "ConF PULSE"],
  ] as const;
  assert.deepEqual(await walk(m, table), []);
});

test("what stands behind a panel is asked, never told: looking changes nothing", async () => {
  const m = panelRig({ settings: feeder });
  m.run(60);
  const before = [m.instrument.settings(), m.words(1, 112), m.instrument.cycle];
  for (let k = 0; k < 300; k++) await m.press(["right", "minus", "left", "right", "plus"][k % 5] ?? "");
  assert.deepEqual([m.instrument.settings(), m.words(1, 112), m.instrument.cycle], before);
});
