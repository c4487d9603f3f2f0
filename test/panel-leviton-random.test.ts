/**
 * Buttons pressed at random, a million of them: the panel is never stuck, every setting is one that the meter takes, and those that have
 * changed are those of the menus.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { levitonS4000k } from "#model/leviton-s4000k.ts";
import { levitonS4000r } from "#model/leviton-s4000r.ts";
import { levitonS4100 } from "#model/leviton-s4100.ts";
import type { MeterModel } from "#model/model.ts";
import { inDomain, type Setting } from "#quantity/setting.ts";
import { answered, hand, panelRig, type PanelRig } from "./panel-rig.ts";
import { feeder } from "./rig.ts";
import { share } from "./share.ts";

const PRESSES = share(20_000, 200_000, 1_000_000);

/** The parameters of "UI for Setup". */
const inMenus: ReadonlySet<string> = new Set([
  "address",
  "baud",
  "parity",
  "ctPrimary",
  "ctSecondary",
  "systemType",
  "ptRatio",
  "systemVoltage",
  "phaseLossVoltage",
  "phaseLossImbalance",
  "pulseEnergy",
  "demandSubIntervals",
  "demandSubInterval",
  "displayUnits",
  "setupPassword",
  "resetPassword",
]);

/** A generator of numbers below `n`, the same at each run (mulberry32). */
function randomly(seed: number): (n: number) => number {
  let state = seed;
  return (n) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % n;
  };
}

const ROW = /^-?[0-9A-Za-z.-]{0,7}$/;

/** What stands in the rows can be: so many characters, and a flashing one that is there. */
function possible(m: PanelRig): boolean {
  const [digits, text] = m.lcd().rows;
  if (digits === undefined || text === undefined) return false;
  const { flashes } = digits;
  const counts = digits.text.replaceAll(/[^0-9]/g, "").length <= 5;
  return (
    ROW.test(digits.text) &&
    counts &&
    text.text.length <= 7 &&
    (flashes === undefined || digits.text[flashes] !== undefined)
  );
}

/** Lefts until the first screen is there. */
async function home(m: PanelRig): Promise<number> {
  m.wait(3000);
  for (let presses = 0; presses < 20; presses++) {
    const { text = "" } = m.lcd().rows[1] ?? {};
    if (/^n? ?[KMG]?[WP]h$/.test(text)) return presses;
    await m.press("left");
  }
  throw new Error(`20 times left, and it shows ${m.seen()}`);
}

async function pressAtRandom(model: MeterModel, seed: number, presses: number): Promise<ReadonlySet<string>> {
  const m = panelRig({ model, settings: feeder });
  const next = randomly(seed);
  const first = m.instrument.settings();
  const changed = new Set<string>();
  let before = first;
  let resets = 0;
  for (let k = 0; k < presses; k++) {
    // More often to the right, so that somebody gets somewhere.
    const control = ["plus", "minus", "left", "right", "right", "right", "nothing"][next(7)] ?? "";
    const held = next(20) === 0 ? next(3000) : 50;
    m.panel.press(control, hand, m.now());
    m.wait(held);
    if (next(30) !== 0) m.panel.release(control, m.now());
    if (next(2000) === 0) m.wait(next(130_000));
    if (next(200) === 0) m.run(1);
    if (k % 8 === 0 || m.seen().endsWith("PASWD")) await answered();
    if (next(50) === 0) assert.ok(possible(m), m.seen());
    const now = k % 16 === 0 ? m.instrument.settings() : before;
    for (const name of Object.keys(now)) if (now[name] !== before[name]) changed.add(name);
    before = now;
    if (next(5000) === 0) {
      for (const one of ["plus", "minus", "left", "right"]) m.panel.release(one, m.now());
      await answered();
      assert.ok((await home(m)) <= 20);
      // Passwords that nobody knows any more would keep everybody out.
      m.set({ setupPassword: 0, resetPassword: 0 });
      before = m.instrument.settings();
    }
    resets = Math.max(resets, m.instrument.counts.energyResets);
  }
  for (const [name, value] of Object.entries(m.instrument.settings())) {
    const rule = m.instrument.design.settings[name as Setting];
    assert.ok(rule !== undefined && inDomain(rule, value), `${name} = ${value}`);
  }
  changed.delete("log.page");
  if (resets > 0) changed.add("energies");
  return changed;
}

test(`${PRESSES} random presses change only what the menus have, and never leave a panel stuck`, async () => {
  const all = new Set<string>();
  for (const [k, model] of [levitonS4100, levitonS4000k, levitonS4000r].entries()) {
    for (const name of await pressAtRandom(model, k + 1, Math.ceil(PRESSES / 3))) all.add(name);
  }
  const foreign = [...all].filter((name) => !inMenus.has(name) && name !== "energies");
  assert.deepEqual(foreign, []);
  if (PRESSES === 1_000_000) assert.deepEqual(all, new Set([...all, ...inMenus]), "each of them was tried");
  assert.ok(all.size >= 5, `so few were changed that nothing was tried: ${[...all].join(", ")}`);
});
