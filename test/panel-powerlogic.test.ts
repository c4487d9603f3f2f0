/**
 * The way to registers on the front panels of PowerLogic meters: the steps of FA211912 (CM2000), FA202951 (CM3000, CM4000) and of 63230-500-225A2 (PM800)
 * as tables of presses and screens, and Schneider's procedure for moving energy readings, by hand.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { modelNamed } from "#model/catalogue.ts";
import { FixedMapSurface } from "#product/fixed-map/surface.ts";
import type { Hand } from "#panel/panel.ts";
import type { Session } from "#quantity/authority.ts";
import { panels } from "#web/panels.ts";
import { answered, hand } from "./panel-rig.ts";
import { live, reading, rig } from "./rig.ts";
import { share } from "./share.ts";

const other: Hand = { ...hand, id: "somebody else" };

/** A meter that measures volts and no current, so that its energies stand still, with somebody at its panel. */
function at(name: string) {
  const source = live();
  source.push({ ...reading, amps: [0, 0, 0], watts: [0, 0, 0], vars: [0, 0, 0] });
  const meter = rig({ source, model: modelNamed(name)! });
  meter.run(5);
  const surface = new FixedMapSurface(meter, meter.clock, () => undefined);
  const panel = panels[name]!({ surface, changed: () => {} });
  let now = 0;
  const wait = (ms: number): void => void (now += ms);
  const hold = (control: string, ms: number, who = hand): void => {
    panel.press(control, who, now);
    now += ms;
    panel.release(control, now);
  };
  const press = async (controls: string, who = hand): Promise<void> => {
    for (const control of controls.split(" ").filter((one) => one !== "")) {
      hold(control, 10, who);
      await answered();
    }
  };
  const seen = (): string => {
    const { display } = panel.picture(now);
    if (display.kind !== "lcd") return display.kind;
    return display.rows
      .map(({ text, flashes }) => (flashes === undefined ? text : `${text.slice(0, flashes)}[${text.slice(flashes)}]`))
      .join(", ");
  };
  /** Turns what ends in a number until it is another: held while it is far, in single presses then. */
  const turn = async (to: number, where: RegExp): Promise<void> => {
    const value = (): number => {
      const found = where.exec(seen());
      assert.ok(found !== null, `${seen()} has ${String(where)}`);
      return Number(found[1]);
    };
    for (let k = 0; k < 400 && value() !== to; k++) {
      const far = Math.abs(to - value());
      // Turns by 1 for 2.5 s more, then by 10 for 3.5 s, then by 100.
      hold(to > value() ? "up" : "down", far > 400 ? 6000 + far : far > 30 ? 2500 + far : 10);
    }
    assert.equal(value(), to);
  };
  return { ...meter, surface, panel, press, hold, wait, seen, turn, now: () => now };
}

type At = ReturnType<typeof at>;

async function walk(meter: At, table: readonly (readonly [press: string, seen: string])[]): Promise<void> {
  for (const [k, [press, seen]] of table.entries()) {
    await meter.press(press);
    assert.equal(meter.seen(), seen, `${k + 1}. ${press}`);
  }
}

/** Up to the password. */
const toRegisters: Readonly<Record<string, string>> = {
  "powerlogic-cm2000": "down down down enter",
  "powerlogic-cm3000": "down enter down enter",
  "powerlogic-cm4000": "down enter down enter",
  "powerlogic-pm800": "enter down enter down enter",
};

test("FA202951: the main menu, Diagnostics, Read/Write Regs, the password, Reg with Hex and Dec", async () => {
  for (const name of ["powerlogic-cm3000", "powerlogic-cm4000"]) {
    const meter = at(name);
    await walk(meter, [
      ["", "METERS"],
      ["down", "DIAGNOSTICS"],
      ["enter", "METER INFORMATION"],
      ["down", "READ/WRITE REGS"],
      ["enter", "PASSWORD 0"],
    ]);
    await meter.press("enter");
    assert.equal(meter.seen(), "Reg 1000, Hex ----, Dec ----", "no register is there");
    // What a register reads is what Modbus reads there: A volts with the scale of register 3210.
    await meter.turn(1124, /^Reg (\d+)/);
    const volts = meter.u16(1124);
    const hex = volts.toString(16).toUpperCase().padStart(4, "0");
    assert.equal(meter.seen(), `Reg 1124, Hex ${hex}, Dec ${volts}`);
    // Hex and Dec blink, arrows change them; enter goes on to the next register, menu saves.
    await meter.turn(8022, /^Reg (\d+)/);
    await walk(meter, [
      ["", "Reg 8022, Hex 0000, Dec 0"],
      ["enter", "Reg 8022, Hex [0000], Dec [0]"],
      ["up up", "Reg 8022, Hex [0002], Dec [2]"],
      ["enter", "Reg 8023, Hex 0000, Dec 0"],
      ["enter down", "Reg 8023, Hex [FFFF], Dec [-1]"],
      ["menu", "Reg 8023, Hex FFFF, Dec -1"],
      ["menu", "METERS"],
    ]);
    assert.deepEqual(meter.words(8022, 2), [2, 65_535]);
  }
});

test("FA211912: Setup, diAg, the master password, and a register's number and value by turns", async () => {
  const meter = at("powerlogic-cm2000");
  await walk(meter, [
    ["", "ConFig"],
    ["down", "rESEtS"],
    ["down", "ALr rLY"],
    ["down", "diAg"],
    ["enter", "P 0"],
  ]);
  await meter.press("enter");
  const turns = (): readonly string[] => {
    const first = meter.seen();
    meter.wait(1000);
    return [first, meter.seen()].toSorted();
  };
  assert.deepEqual(turns(), ["1000", "rEg No"]);
  await meter.press("up up up enter");
  assert.deepEqual(turns(), [String(meter.u16(1003)), "r.1003"].toSorted());
  // It is refreshed.
  assert.equal(meter.panel.due(meter.now())! - meter.now() <= 1000, true);
});

test("63230-500-225A2: MAINT, DIAG, REG, the password, then the register", async () => {
  const meter = at("powerlogic-pm800");
  await walk(meter, [
    ["", "MAINT"],
    ["enter", "RESET"],
    ["down", "DIAG"],
    ["enter", "METER"],
    ["down", "REG"],
    ["enter", "PASSW 0"],
  ]);
  await meter.press("enter");
  assert.equal(meter.seen(), "REG 1000, HEX ----, DEC ----");
});

/** Table 1 as somebody noted it: register and reading. */
const noted = readFileSync(new URL("../site/noted-readings.txt", import.meta.url), "utf8")
  .split("\n")
  .filter((line) => /^\d/.test(line))
  .map((line) => line.split(" ").map(Number) as [number, number]);

test("energy readings are moved by hand: 28 readings, three pointers, the command, its status, and the readings", async () => {
  assert.equal(noted.length, 28);
  for (const name of ["powerlogic-cm3000", "powerlogic-cm4000", "powerlogic-pm800"]) {
    const meter = at(name);
    await meter.press(toRegisters[name]!);
    await meter.press("enter");
    const write = async (register: number, value: number): Promise<void> => {
      await meter.turn(register, /^Reg (\d+)/i);
      await meter.press("enter");
      await meter.turn(value, /Dec \[(-?\d+)\]$/i);
      await meter.press("enter");
    };
    const read = async (register: number): Promise<number> => {
      await meter.turn(register, /^Reg (\d+)/i);
      return Number(/Dec (-?\d+)$/i.exec(meter.seen())?.[1]);
    };
    for (const [k, [, value]] of noted.entries()) await write(8022 + k, value);
    for (const [register, value] of [
      [8017, 8020],
      [8018, 8021],
      [8019, 8022],
      [8000, 6209],
    ] as const)
      await write(register, value);
    meter.run(1);
    assert.equal(await read(8021), 0, "0 = the settings completed successfully");
    const readings: [number, number][] = [];
    for (const [register] of noted) readings.push([register, await read(register)]);
    assert.deepEqual(readings, noted, name);
    // Modbus has them at once.
    assert.deepEqual(
      meter.words(1700, 28),
      noted.map(([, value]) => value),
    );
  }
});

test("a CM2000 does not know the command: its status is 81", async () => {
  const meter = at("powerlogic-cm2000");
  await meter.press(toRegisters["powerlogic-cm2000"]!);
  await meter.press("enter");
  const number = /^(?:r\.)?(\d{4,})$/;
  const shown = (where: RegExp): void => {
    if (!where.test(meter.seen())) meter.wait(1000);
  };
  const turn = async (register: number): Promise<void> => {
    for (let k = 0; k < 200; k++) {
      shown(number);
      const far = register - Number(number.exec(meter.seen())![1]);
      if (far === 0) return;
      meter.hold(far > 0 ? "up" : "down", Math.abs(far) > 400 ? 6000 + Math.abs(far) : 10);
    }
    assert.fail(`register ${register} is not reached`);
  };
  const write = async (register: number, value: number): Promise<void> => {
    await turn(register);
    await meter.press("enter enter");
    await meter.turn(value, /^(-?\d+)$/);
    await meter.press("enter menu");
  };
  for (const [register, value] of [
    [8017, 8020],
    [8018, 8021],
    [8019, 8022],
    [8000, 6209],
  ] as const)
    await write(register, value);
  assert.equal(meter.u16(8021), 81);
});

test("a wrong password opens nothing, another's hand and two minutes ask for it again", async () => {
  const meter = at("powerlogic-pm800");
  await meter.press(toRegisters["powerlogic-pm800"]!);
  await meter.press("up enter");
  assert.equal(meter.seen(), "Error");
  meter.wait(2000);
  assert.equal(meter.seen(), "PASSW 1");
  await meter.press("down enter");
  assert.match(meter.seen(), /^REG 1000/);
  meter.wait(119_000);
  assert.match(meter.seen(), /^REG 1000/);
  await meter.press("up");
  meter.wait(119_999);
  assert.match(meter.seen(), /^REG 1001/);
  meter.wait(1);
  assert.equal(meter.seen(), "MAINT");
  await meter.press(`${toRegisters["powerlogic-pm800"]} enter`);
  assert.match(meter.seen(), /^REG 1000/);
  await meter.press("up", other);
  assert.doesNotMatch(meter.seen(), /^REG/);
});

test("a password that is checked while somebody goes on opens nothing", async () => {
  const meter = at("powerlogic-pm800");
  await meter.press(toRegisters["powerlogic-pm800"]!);
  meter.hold("enter", 10);
  meter.hold("menu", 10, other);
  await answered();
  assert.equal(meter.seen(), "REG");
});

test("what is read only stays, what is no register cannot be changed, and what is not saved in two minutes is forgotten", async () => {
  const meter = at("powerlogic-cm4000");
  await meter.press(`${toRegisters["powerlogic-cm4000"]} enter`);
  await meter.turn(1700, /^Reg (\d+)/);
  await meter.press("enter up menu");
  assert.equal(meter.seen(), "Error");
  assert.equal(meter.u16(1700), 0);
  meter.wait(2000);
  assert.equal(meter.seen(), "Reg 1700, Hex 0000, Dec 0");
  await meter.turn(7, /^Reg (\d+)/).catch(() => {});
  assert.match(meter.seen(), /^Reg 1000,/, "1000 is the lowest");
  await meter.turn(9999, /^Reg (\d+)/);
  assert.equal(meter.seen(), "Reg 9999, Hex ----, Dec ----");
  await meter.press("enter");
  assert.equal(meter.seen(), "Reg 9999, Hex ----, Dec ----");
  await meter.turn(8022, /^Reg (\d+)/);
  await meter.press("enter up");
  meter.wait(120_000);
  assert.equal(meter.seen(), "METERS");
  assert.equal(meter.u16(8022), 0);
});

test("a word is written by whoever showed the panel's password, or an operator of the site, and by nobody else", async () => {
  const meter = at("powerlogic-pm800");
  const { surface } = meter;
  const word = (session: Session, value = 5): string => {
    const outcome = surface.obey({ command: "word", register: 8022, value }, session);
    return "refused" in outcome ? outcome.refused : "done";
  };
  const admitted = await surface.admit({ kind: "password", user: "setup", password: "0" }, hand.peer);
  assert.ok(!("refused" in admitted));
  const rows: readonly (readonly [who: string, is: string, expected: string])[] = [
    ["at the panel, without a password", word(surface.open(hand.peer)), "session"],
    ["with it", word(admitted), "done"],
    ["more than a word", word(admitted, 65_536), "invalid"],
    ["half a word", word(admitted, 0.5), "invalid"],
    ["an operator", word(surface.open({ protocol: "http", port: "site", near: false, operator: true })), "done"],
    ["a viewer", word(surface.open({ protocol: "http", port: "site", near: false })), "session"],
  ];
  for (const [who, is, expected] of rows) assert.equal(is, expected, who);
  const leviton = rig({ source: live() });
  const plain = new FixedMapSurface(leviton, leviton.clock, () => undefined);
  const setup = await plain.admit({ kind: "password", user: "setup", password: "00000" }, hand.peer);
  assert.ok(!("refused" in setup));
  const refused = plain.obey({ command: "word", register: 130, value: 1 }, setup);
  assert.equal("refused" in refused && refused.refused, "privilege", "a Leviton's panel has no registers");
  surface.leave(admitted);
  assert.equal(word(admitted), "session");
});

test("buttons pressed at random leave a panel that goes back to its first screen, and write what can be written", async () => {
  for (const [k, name] of Object.keys(toRegisters).entries()) {
    const meter = at(name);
    const first = meter.seen();
    let state = 12_345 + k;
    const random = (n: number): number => (state = (state * 1_103_515_245 + 12_345) % 2 ** 31) % n;
    const controls = ["menu", "down", "up", "enter", "nosuch"];
    for (let presses = 0; presses < share(2000, 20_000, 50_000); presses++) {
      const control = controls[Math.floor(random(2 ** 20) / 2 ** 10) % controls.length]!;
      const who = random(2 ** 16) < 200 ? other : hand;
      meter.hold(control, random(2 ** 16) < 500 ? 20_000 : 10, who);
      if (control === "enter") await answered();
      const due = meter.panel.due(meter.now());
      assert.ok(due === undefined || due > meter.now());
      assert.match(meter.seen(), /^[\w ./\-,[\]]{1,40}$/);
    }
    meter.wait(120_000);
    assert.equal(meter.seen(), first);
  }
});
