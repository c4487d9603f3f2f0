/** Address, speed and parity are set on a meter while its site runs: the listeners that have them from the meter follow. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { test, type TestContext } from "node:test";
import { VirtualClock } from "#clock/virtual-clock.ts";
import { carriers, type Carriers } from "#fleet/protocols/carriers.ts";
import { loadSite } from "#fleet/load-site.ts";
import { textOf } from "#fleet/notice.ts";
import type { Site } from "#fleet/site.ts";
import { nullModem } from "#io/null-modem.ts";
import type { Link } from "#io/link.ts";
import { isRefused, type Session } from "#quantity/authority.ts";
import { panels } from "#web/panels.ts";
import { MemoryStore } from "#store/store.ts";
import { crc16 } from "#wire/crc16.ts";
import { answered, hand } from "./panel-rig.ts";
import { temporaryFolder } from "./running-site.ts";

interface Opened {
  readonly baud: number;
  readonly parity: number;
  readonly far: Link;
  isOpen: boolean;
}

/** A site whose serial line is a cable to the test. */
async function running(t: TestContext, meters: string) {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const file = path.join(folder, "site.yaml");
  writeFileSync(file, `store: ":memory:"\nmeters:${meters}\n`);
  const [clock, real] = [new VirtualClock(), new VirtualClock()];
  const cables: Opened[] = [];
  const over: Carriers = {
    ...carriers,
    serial: {
      ...carriers.serial,
      async open(_keys, { line }, accept) {
        const [far, near] = nullModem();
        const cable = { baud: line.baud, parity: line.parity, far, isOpen: true };
        cables.push(cable);
        accept(near, { baud: line.baud });
        const close = async (): Promise<void> => void (cable.isOpen = false);
        return { what: "/dev/line", authority: "/dev/line", query: [`baud=${line.baud}`], close };
      },
    },
  };
  const site = loadSite(file, { clock, real, store: new MemoryStore(), carriers: over });
  const told: string[] = [];
  site.onNotice((notice) => told.push(textOf(notice)));
  await site.start();
  t.after(() => site.stop());
  /** A heartbeat, and what it sets in motion. */
  const beat = async (): Promise<void> => {
    clock.advance(1000);
    for (let k = 0; k < 10; k++) await answered();
  };
  /** Asks a unit for register 130 over RTU; the hex of the answer, empty where none comes. */
  const ask = async (unit: number): Promise<string> => {
    const { far } = cables.findLast(({ isOpen }) => isOpen) ?? assert.fail("no line is open");
    let heard = "";
    far.receive((bytes) => (heard += Buffer.from(bytes).toString("hex")));
    const pdu = Uint8Array.of(unit, 3, 0, 129, 0, 1);
    const crc = crc16(pdu);
    far.send(Uint8Array.of(...pdu, crc & 0xff, crc >> 8));
    real.advance(100);
    await answered();
    return heard.slice(0, 10);
  };
  return { site, clock, cables, told, beat, ask };
}

const near: Session = { peer: { protocol: "http", port: "site", near: true } };

function set(site: Site, name: string, settings: Readonly<Record<string, number>>): void {
  const outcome = site
    .meter(name)
    ?.surface.obey({ command: "configure", configuration: JSON.stringify(settings) }, near);
  assert.ok(outcome !== undefined && !isRefused(outcome), JSON.stringify(outcome));
}

const feeder = (listen: string, name = "feeder"): string => `
  - { name: ${name}, model: leviton-s4100, source: { live: { hz: 60 } }, listen: [${listen}] }`;

test("the serial line of a meter takes the address, speed and parity that a person sets at its panel", async (t) => {
  const { site, cables, told, beat, ask } = await running(t, feeder("{ modbus: rtu, device: /dev/line }"));
  assert.equal(await ask(1), "0103020028", "system type 40");
  const { surface } = site.meter("feeder")!;
  const panel = panels["leviton-s4100"]!({ surface, changed() {} });
  let at = 0;
  const press = async (buttons: string): Promise<void> => {
    for (const button of buttons.split(" ")) {
      // Until SAvEd has gone.
      if (button === "second") {
        at += 1000;
        continue;
      }
      panel.press(button, hand, at);
      panel.release(button, (at += 100));
      await answered();
    }
  };
  // Past the password to ADDR, 001 to 021; BAUD 19200 to 9600; PAR none to even.
  await press("plus right right right right right right");
  await press("right right plus plus right right second minus right second plus right");
  await beat();
  assert.deepEqual(
    cables.map(({ baud, parity, isOpen }) => [baud, parity, isOpen]),
    [
      [19_200, 0, false],
      [9600, 1, true],
    ],
  );
  assert.equal(await ask(21), "1503020028");
  assert.equal(await ask(1), "");
  assert.ok(told.includes("feeder: listens as it is set now"), told.join("\n"));
  await beat();
  assert.equal(cables.length, 2, "what is as it is set stays open");
});

test("an address alone changes on the line that is open; one that the site file says stays", async (t) => {
  const meters =
    feeder("{ modbus: rtu, device: /dev/line }") + feeder("{ modbus: rtu, device: /dev/line, unit: 7 }", "spare");
  const { site, cables, told, beat, ask } = await running(t, meters);
  set(site, "feeder", { address: 9 });
  set(site, "spare", { address: 10 });
  await beat();
  assert.equal(cables.length, 1);
  assert.deepEqual([await ask(9), await ask(7), await ask(1), await ask(10)], ["0903020028", "0703020028", "", ""]);
  const said = told.filter((words) => words.includes("listens"));
  assert.deepEqual(said, [
    "feeder: listens as it is set now",
    "spare: listens with unit 7, as the site file says, and not as it is set now",
  ]);
});

test("what is set and what the site file says instead is told by what it is about, and of no listener nothing", async (t) => {
  const meters =
    feeder("{ modbus: rtu, device: /dev/line, unit: 7, baud: 9600 }") +
    feeder("{ modbus: tcp, port: 0, unit: 3 }", "net") +
    `
  - { name: quiet, model: leviton-s4100, source: { live: { hz: 60 } } }`;
  const { site, told, beat } = await running(t, meters);
  const said = async (): Promise<readonly string[]> => {
    await beat();
    return told.splice(0).filter((words) => words.includes("listens"));
  };
  for (const name of ["feeder", "net", "quiet"]) set(site, name, { baud: 38_400 });
  assert.deepEqual(await said(), ["feeder: listens with baud 9600, as the site file says, and not as it is set now"]);
  // The file says no parity.
  set(site, "feeder", { parity: 1 });
  assert.deepEqual(await said(), ["feeder: listens as it is set now"]);
  for (const name of ["net", "quiet"]) set(site, name, { address: 9 });
  assert.deepEqual(await said(), ["net: listens with unit 3, as the site file says, and not as it is set now"]);
});

test("two meters that would have the same address on one line: the line stays as it was, and that is said once", async (t) => {
  const meters =
    feeder("{ modbus: rtu, device: /dev/line }") + feeder("{ modbus: rtu, device: /dev/line, unit: 2 }", "spare");
  const { site, told, beat, ask } = await running(t, meters);
  set(site, "feeder", { address: 2 });
  await beat();
  await beat();
  assert.deepEqual([await ask(1), await ask(2)], ["0103020028", "0203020028"]);
  const warnings = told.filter((words) => words.includes("listens as before"));
  assert.equal(warnings.length, 1, told.join("\n"));
  assert.match(warnings[0]!, /feeder: .*both have unit 2 on one place/);
  set(site, "feeder", { address: 3 });
  await beat();
  assert.equal(await ask(3), "0303020028");
});
