/** What the forms of a JEMStar II's panel save, its reset button, and what goes on while somebody stands there. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { jemstarPanel } from "#panel/jemstar/jemstar-panel.ts";
import type { Hand } from "#panel/panel.ts";
import { near, onlooker } from "./authority-rig.ts";
import { atPanel, choose, fitter, inspector, loggedIn, type At } from "./panel-jemstar-rig.ts";
import { share } from "./share.ts";

test("PT/CT: what is saved is asked first; No leaves it, Yes does it, and a value that is none is said", async (t) => {
  const at = await loggedIn(t);
  choose(at, "PT/CT", "PT Ratio");
  at.type(["0", "ENTER"]);
  assert.deepEqual(at.words(), ['PT Ratio: expected 1 to 100000; found "0"']);
  at.type(["<", "1", "2", ".", "5", "ENTER"]);
  choose(at, "SAVE");
  await at.settled();
  assert.ok(at.words().includes("Do you want to save the changes?"), at.words().join());
  choose(at, "No");
  assert.equal(at.jem.file.primary.pt, 1);
  choose(at, "SAVE");
  await at.settled();
  choose(at, "Yes");
  assert.deepEqual([at.jem.file.primary.pt, at.jem.file.primary.ct, at.words()], [12.5, 1, ["SAVED"]]);
  // By the primary: 12.5 to 1 is 1500 to 120 where the secondary is 120.
  choose(at, "CT Pri");
  at.type(["4", "0", "0", "ENTER"]);
  const { ctSecondary } = at.jem.file.primary;
  choose(at, "SAVE");
  await at.settled();
  choose(at, "Yes");
  assert.equal(at.jem.file.primary.ct, 400 / ctSecondary);
});

test("what is out of range is said at the field, or by the meter in its words, and nothing is changed", async (t) => {
  const at = await loggedIn(t);
  choose(at, "PT/CT", "PT Ratio");
  at.type([..."9999999", "ENTER"]);
  assert.deepEqual(at.words(), ['PT Ratio: expected 1 to 100000; found "9999999"']);
  const other = await loggedIn(t, "Communications");
  const before = other.jem.file.communications.port3?.address;
  choose(other, "SERIAL 2", "Address");
  other.type([..."99999", "ENTER"]);
  choose(other, "SAVE");
  await other.settled();
  assert.match(other.words().join(" "), /address: expected/);
  assert.equal(other.jem.file.communications.port3?.address, before);
  assert.equal(other.screen().title, "Menu -> Communications -> SERIAL 2");
});

test("presets are saved all or none, and a minute after the last button the screen goes back", async (t) => {
  const at = await loggedIn(t);
  choose(at, "Normal Preset Registers", "002");
  at.type([..."1234567", "ENTER"]);
  choose(at, "003");
  at.type([..."7654321", "ENTER"]);
  assert.ok(at.value(2) < 100, "nothing is kept yet");
  choose(at, "SAVE");
  assert.deepEqual(at.words(), ["SAVED"]);
  assert.deepEqual([Math.floor(at.value(2)), Math.floor(at.value(3))], [1_234_567, 7_654_321]);
  choose(at, "002");
  at.type([..."5", "ENTER"]);
  choose(at, "003");
  at.type([..."999999999999999", "ENTER"]);
  choose(at, "SAVE");
  assert.deepEqual([Math.floor(at.value(2)), Math.floor(at.value(3))], [1_234_567, 7_654_321]);
  assert.doesNotMatch(at.words().join(), /SAVED/);
  at.wait(59.999);
  assert.equal(at.screen().title, "Menu -> Normal Preset Registers");
  at.wait(0.001);
  assert.equal(at.screen().title, "Menu -> Meter Settings");
});

test("what is edited when the log-in ends is not saved", async (t) => {
  const at = await loggedIn(t, "Meter Settings", { configuration: "display: { presetMinutes: 60 }" });
  choose(at, "Normal Preset Registers", "002");
  at.type([..."777", "ENTER"]);
  at.wait(120);
  assert.equal(at.screen().foot?.user, "guest");
  choose(at, "SAVE");
  assert.deepEqual(at.words(), ["log in first"]);
  assert.ok(at.value(2) < 100);
  choose(at, "002");
  assert.equal(at.part("form")?.fields.find(({ selected }) => selected)?.edits, undefined, "nothing is edited");
});

test("a port's form: baud and address are saved, an address of an Ethernet port is one", async (t) => {
  const at = await loggedIn(t, "Communications");
  choose(at, "SERIAL 2", "Baud");
  const before = at.part("form")?.fields.find(({ label }) => label === "Baud")?.text;
  at.press("up set");
  const after = at.part("form")?.fields.find(({ label }) => label === "Baud")?.text;
  assert.notEqual(after, before);
  choose(at, "Address");
  at.type(["1", "7", "ENTER"]);
  choose(at, "SAVE");
  await at.settled();
  choose(at, "Yes");
  await at.settled();
  assert.deepEqual(at.words(), ["SAVED"]);
  const { port3 } = at.jem.file.communications;
  assert.deepEqual([String(port3?.baud), port3?.address], [after, 17]);
  at.press("read left");
  choose(at, "Communications", "ETHERNET 1", "IP Address");
  at.type([..."10.0.0.999", "ENTER"]);
  choose(at, "SAVE");
  await at.settled();
  assert.match(at.words().join(), /ip/);
  choose(at, "IP Address");
  at.type([..."10.0.0.9", "ENTER"]);
  choose(at, "SAVE");
  await at.settled();
  choose(at, "Yes");
  await at.settled();
  assert.equal(at.jem.file.communications.ethernet1?.ip, "10.0.0.9");
});

test("a form that is saved leaves what somebody else changed meanwhile", async (t) => {
  const at = await loggedIn(t, "Communications");
  choose(at, "SERIAL 2", "Address");
  at.type(["2", "1", "ENTER"]);
  assert.equal(
    at.configure((file) => (file.display.scrollSeconds = 7), at.as("admin", near)),
    "done",
  );
  choose(at, "SAVE");
  await at.settled();
  choose(at, "Yes");
  await at.settled();
  assert.deepEqual([at.jem.file.communications.port3?.address, at.jem.file.display.scrollSeconds], [21, 7]);
});

test("while a configuration is read the panel waits: buttons do nothing, and whoever leaves is told nothing", async (t) => {
  const leave: readonly (readonly [how: string, away: (at: At) => void])[] = [
    ["READ", (at) => at.press("read")],
    [
      "power",
      (at) => {
        at.tell({ command: "powerDown" });
        at.panel.picture(at.now());
        at.tell({ command: "powerUp" });
        at.wait(200);
      },
    ],
    ["another hand", (at) => at.press("right", inspector)],
    ["the end", (at) => at.panel.end()],
  ];
  for (const [how, away] of leave) {
    const at = await loggedIn(t, "Communications");
    const before = at.jem.file.communications.port3?.address;
    choose(at, "SERIAL 2", "Address");
    at.type(["8", "8", "ENTER"]);
    choose(at, "SAVE");
    assert.deepEqual(at.words(), ["Please wait"], how);
    at.press("set down set up left right set");
    assert.deepEqual([at.screen().title, at.words()], ["Menu -> Communications -> SERIAL 2", ["Please wait"]], how);
    away(at);
    await at.settled();
    assert.equal(at.jem.file.communications.port3?.address, before, how);
    assert.ok(!at.words().includes("Do you want to save the changes?"), how);
    // It goes on as any other.
    at.press("read", inspector);
    at.press("left", inspector);
    assert.equal(at.screen().title, "Meter Display Menu", how);
  }
});

test("whoever is no user any more is logged out at the panel, whatever he has begun", async (t) => {
  const at = atPanel(t);
  at.press("cover left set");
  await at.logIn("user1");
  assert.equal(at.screen().foot?.user, "user1");
  choose(at, "PT/CT");
  assert.equal(
    at.configure((file) => void file.users.splice(1, 1), at.as("admin", near)),
    "done",
  );
  assert.deepEqual([at.screen().foot?.user, at.screen().foot?.lock?.open], ["guest", false]);
});

test("the reset button ends a billing period, from under the cover, once in its lockout, and not behind its key", (t) => {
  const at = atPanel(t);
  const resets = (): number => at.log("billingReset").length;
  at.press("reset");
  assert.equal(resets(), 0, "the cover is shut");
  at.press("cover", { id: "viewer", peer: { ...onlooker, protocol: "panel", port: "panel" } } satisfies Hand);
  at.press("reset");
  assert.equal(resets(), 0, "who may not open the cover finds it shut");
  at.press("cover reset");
  assert.equal(resets(), 1);
  // "Billing Period Reset (BPR)", the glossary.
  assert.deepEqual(at.words(), ["Billing Period Reset"]);
  at.press("reset");
  assert.equal(resets(), 1, "a lockout runs");
  assert.deepEqual(at.words(), ["the lockout after the last billing period reset runs"]);
  at.press("read");
  assert.deepEqual(at.words(), [], "until the next press");
  at.press("reset");
  at.wait(4.999);
  assert.notDeepEqual(at.words(), []);
  at.wait(0.001);
  assert.deepEqual(at.words(), [], "for five seconds");
  at.run(10);
  at.press("reset");
  assert.equal(resets(), 2);
  at.run(10);
  assert.equal(at.tell({ command: "key", key: "reset", installed: true }), "done");
  at.press("reset");
  assert.equal(resets(), 2);
  assert.equal(at.words().length, 1, "it says why");
  at.tell({ command: "key", key: "reset", installed: false });
  at.tell({ command: "powerDown" });
  at.press("reset");
  assert.equal(resets(), 2);
});

test("gains are the meter's: another panel, and one after a power failure, shows them", async (t) => {
  const at = await loggedIn(t);
  at.press("read left");
  choose(at, "Test Mode", "TEST MODE", "WATT GAIN");
  at.type(["1", ".", "5", "ENTER"]);
  choose(at, "VAR GAIN");
  at.type(["-", "2", "ENTER"]);
  const gains = (part = at.part("form")): readonly string[] => part?.fields.slice(4).map(({ text }) => text) ?? [];
  assert.deepEqual([gains(), at.words()], [["1.5 %", "-2 %"], []]);
  at.tell({ command: "powerDown" });
  at.panel.picture(at.now());
  at.tell({ command: "powerUp" });
  at.wait(200);
  at.press("left");
  choose(at, "Test Mode");
  assert.deepEqual(gains(), ["1.5 %", "-2 %"]);
  const other = jemstarPanel({ surface: at.surface, changed: () => {} });
  for (const name of ["left", "right", "right", "set"]) {
    other.press(name, fitter, at.now());
    other.release(name, at.now());
  }
  const { display } = other.picture(at.now());
  assert.ok(display.kind === "screen");
  const form = display.parts.find((one) => one.part === "form");
  assert.deepEqual(form?.part === "form" ? gains(form) : [], ["1.5 %", "-2 %"]);
});

test("where reading over ports takes a session, whoever stands before the meter reads its display", (t) => {
  const at = atPanel(t, { configuration: "security: { readingTakesSession: true }" });
  assert.match(at.part("registers")?.registers[0]?.number ?? "", /^000$/);
});

/** Parts of the configuration that menus change; with the ratios go the levels of triggers and the losses, which are behind transformers. */
const inMenus: ReadonlySet<string> = new Set(["primary", "communications", "triggers", "losses"]);

test("random presses of somebody who is logged in change what the menus have, to what the meter takes, and READ always goes back", async (t) => {
  const presses = share(4000, 40_000, 400_000);
  const at = atPanel(t, { configuration: "display: { userMenuSeconds: 3600, presetMinutes: 60 }" });
  const { panel, now, jem, clock } = at;
  // Passwords are hashed beside the event loop, which is not what is tested here.
  const session = () => at.as("admin", { ...near, protocol: "panel", port: "panel" });
  at.surface.admit = async () => session();
  const before = structuredClone(jem.file);
  const changed = (): readonly string[] =>
    Object.entries(jem.file)
      .filter(([name, now]) => JSON.stringify(now) !== JSON.stringify(before[name as keyof typeof before]))
      .map(([name]) => name);
  let seed = 11;
  const random = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below;
  const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));
  const done = async (): Promise<void> => {
    while (at.words().includes("Please wait")) await new Promise((resolve) => void setTimeout(resolve, 1));
  };
  const open = async (): Promise<void> => {
    await done();
    if (!panel.picture(now()).open.includes("cover")) at.press("cover");
    at.press("read left");
    await done();
    choose(at, ["Meter Settings", "Communications", "Test Mode"][random(3)] ?? "");
    if (at.screen().foot?.lock?.open === true) return;
    for (let k = 0; k < 9; k++) at.press("down");
    at.press("right set set");
    at.type(["a", "Enter"]);
    await turn();
  };
  /** What hardly anybody does by chance: fills a form, saves it, and says yes. */
  const change = async (): Promise<void> => {
    await open();
    await done();
    at.press("read left");
    choose(at, "Meter Settings", "PT/CT", random(2) === 0 ? "PT Ratio" : "CT Pri");
    if (at.screen().foot?.lock?.open !== true) return;
    at.type([String(1 + random(9)), String(random(10)), "ENTER"]);
    choose(at, "SAVE");
    await done();
    if (at.words().includes("Do you want to save the changes?")) choose(at, random(3) === 0 ? "No" : "Yes");
  };
  const names = ["up", "down", "left", "right", "set", "set"];
  let unlocked = 0;
  let applied = 0;
  let { file } = jem;
  for (let k = 0; k < presses; k++) {
    if (k % 200 === 0) await open();
    if (k % 1000 === 999) {
      await change();
      await open();
    }
    const name = names[random(names.length)] ?? "";
    panel.press(name, fitter, now());
    if (random(30) !== 0) panel.release(name, now());
    else clock.advance(random(2000));
    if (random(6) === 0) await turn();
    for (const held of names) panel.release(held, now());
    const { display } = panel.picture(now());
    assert.equal(display.kind, "screen");
    if (display.kind === "screen" && display.foot?.lock?.open === true) unlocked++;
    if (jem.file !== file) applied++;
    ({ file } = jem);
    const due = panel.due(now());
    assert.ok(due !== undefined && due > now());
  }
  await at.settled();
  assert.ok(unlocked > presses / 4, `${unlocked} of ${presses} presses were a user's`);
  assert.deepEqual(
    changed().filter((name) => !inMenus.has(name)),
    [],
  );
  assert.ok(applied > 0, "forms were saved");
  at.press("read");
  const { display } = panel.picture(now());
  assert.ok(display.kind === "screen" && display.foot === undefined);
});
