/** What keys, buttons of a mouse and the focus do at a front panel on the page, and what they must not do. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { buildPage } from "../../bin/page.mjs";
import { openPanelPage } from "./panel-page.ts";
import { without } from "./programs.ts";

if (without("chromium") === false) await buildPage();

const how = { skip: without("chromium"), timeout: 120_000 };
const jemstar = `web: { port: 0 }
clock: { speed: 60 }
store: ":memory:"
meters:
  - name: feeder-9
    model: ametek-jemstar-ii
    modelNumber: JSII-09I6020-2A-DIO
    auxiliary: true
    source: { synthetic: { hz: 60, volts: [120, 120, 120], amps: 10, pf: [0.8, 0.8, 0.8], steps: true } }
`;
const leviton = `web: { port: 0 }
store: ":memory:"
meters:
  - { name: feeder-1, model: leviton-s4100, source: { synthetic: { volts: 277, amps: 5, steps: true } } }
`;

test("a key with Ctrl, Alt or Meta is no key of the panel, nor of its buttons", how, async (t) => {
  const { page, touched, faults } = await openPanelPage(t, jemstar);
  await page.getByRole("button", { name: "Front cover" }).click();
  await touched(["press cover"]);
  await page.locator(".front").focus();
  for (const key of ["Control+x", "Control+c", "Alt+ArrowUp", "Meta+c", "Control+Enter"])
    await page.keyboard.press(key);
  await page.getByRole("button", { name: "SET", exact: true }).focus();
  for (const key of ["Control+Enter", "Alt+Enter", "Meta+Enter"]) await page.keyboard.press(key);
  await touched([]);
  await page.keyboard.press("Enter");
  await touched(["press set", "release set"]);
  assert.deepEqual(faults, []);
});

test("Enter and the space bar on the front cover open and shut it, and press nothing else", how, async (t) => {
  const { page, touched } = await openPanelPage(t, jemstar);
  const cover = page.getByRole("button", { name: "Front cover" });
  await cover.focus();
  await page.keyboard.press("Enter");
  await touched(["press cover"]);
  // The site's answer is what is seen.
  await page.waitForSelector('button[aria-expanded="true"]:has-text("Front cover")');
  await page.keyboard.press(" ");
  await touched(["press cover"]);
  await page.waitForSelector('button[aria-expanded="false"]:has-text("Front cover")');
});

test("only the first button of a mouse presses", how, async (t) => {
  const { page, touched } = await openPanelPage(t, jemstar);
  const read = page.getByRole("button", { name: "READ" });
  await read.click({ button: "right" });
  await read.click({ button: "middle" });
  await touched([]);
  await read.click();
  await touched(["press read", "release read"]);
});

test("a key that is held comes up when the focus leaves the panel", how, async (t) => {
  const { page, touched } = await openPanelPage(t, jemstar);
  await page.locator(".front").focus();
  await page.keyboard.down("r");
  await page.keyboard.press("Shift+Tab");
  await touched(["press read", "release read"]);
  await page.keyboard.up("r");
  // A button that is held with Enter, too, and before the site has answered.
  await page.getByRole("button", { name: "READ" }).focus();
  await page.keyboard.down("Enter");
  await page.keyboard.press("Shift+Tab");
  await page.keyboard.up("Enter");
  await touched(["press read", "release read"]);
});

test("a release that is refused as too fast is told again until it is taken", how, async (t) => {
  const { page, touched } = await openPanelPage(t, jemstar);
  let refusals = 2;
  await page.route("**/panel", async (route) => {
    const isRelease = (route.request().postData() ?? "").includes("release");
    if (!isRelease || refusals-- <= 0) return route.continue();
    return route.fulfill({ status: 429, json: { error: "more than 40 touches a second" } });
  });
  await page.getByRole("button", { name: "READ" }).click();
  await touched(["press read", "release read", "release read", "release read"]);
  assert.equal(await page.locator(".front button.down").count(), 0);
  assert.doesNotMatch((await page.textContent(".front")) ?? "", /touches a second/);
});

test("letters are keys whatever Caps Lock and Shift are", how, async (t) => {
  const { page, touched } = await openPanelPage(t, jemstar);
  await page.locator(".front").focus();
  await page.keyboard.press("R");
  await touched(["press read", "release read"]);
  // Shift comes up first: the key that comes up has another name than the one that went down.
  await page.keyboard.down("Shift");
  await page.keyboard.down("R");
  await page.keyboard.up("Shift");
  await page.keyboard.up("r");
  await touched(["press read", "release read"]);
});

test("+ and - press what they stand on", how, async (t) => {
  const { page, touched } = await openPanelPage(t, leviton);
  await page.locator(".front").focus();
  await page.keyboard.press("+");
  await page.keyboard.press("-");
  await touched(["press plus", "release plus", "press minus", "release minus"]);
});

test("who shuts the cover over a focused button goes on at the panel", how, async (t) => {
  const { page, touched } = await openPanelPage(t, jemstar);
  await page.locator(".front").focus();
  await page.keyboard.press("c");
  await page.waitForSelector(".front button[aria-expanded=true]");
  await page.getByRole("button", { name: "SET", exact: true }).focus();
  await page.keyboard.press("c");
  await page.waitForSelector(".front button[aria-expanded=false]");
  await touched(["press cover", "press cover"]);
  await page.keyboard.press("r");
  await touched(["press read", "release read"]);
});

test("keys are named as people call them, and where there are none not at all until one is pressed", how, async (t) => {
  const { page } = await openPanelPage(t, leviton);
  assert.match((await page.textContent(".front .keys")) ?? "", /← Back\s+↓ -\s+↑ \+\s+→ Next/);
  const phone = await openPanelPage(t, leviton, {
    how: { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true },
  });
  assert.equal(await phone.page.locator(".front .keys").count(), 0);
  await phone.page.keyboard.press("Tab");
  await phone.page.waitForSelector(".front .keys");
});

test(
  "a register that counts is not announced until somebody presses; what is drawn is described as it is",
  how,
  async (t) => {
    const { page } = await openPanelPage(t, leviton.replace("store:", "clock: { speed: 600 }\nstore:"));
    const described = async (): Promise<string> =>
      (await page.locator(".front").getByRole("img").first().getAttribute("aria-label")) ?? "";
    const announced = async (): Promise<string> => (await page.textContent(".front .hidden")) ?? "";
    // 4155 W are 692 Wh a second, six hundred times as fast.
    const [first, before] = [await announced(), await described()];
    while ((await described()) === before) await page.waitForTimeout(200);
    await page.waitForTimeout(1500);
    assert.equal(await announced(), first);
    assert.match(await described(), /Wh/);
    await page.locator(".front").press("ArrowRight");
    // Next is what has come in.
    await page.locator(".front .hidden", { hasText: /Wh, .*import$/ }).waitFor({ state: "attached", timeout: 10_000 });
  },
);

test("a press that the site hears late is announced, whatever was announced meanwhile", how, async (t) => {
  const { page } = await openPanelPage(t, leviton);
  const said = (words: RegExp): Promise<void> =>
    page.locator(".front .hidden", { hasText: words }).waitFor({ state: "attached", timeout: 10_000 });
  const press = (key: string): Promise<void> => page.locator(".front").press(key);
  await press("ArrowUp");
  await said(/SETUP/);
  for (let k = 0; k < 6; k++) await press("ArrowRight");
  await said(/S COM/);
  // To the address, whose second digit is the first that flashes then.
  for (const key of ["ArrowRight", "ArrowRight", "ArrowUp"]) await press(key);
  await said(/^011, ADDR/);
  let isSlow = false;
  await page.route("**/panel", async (route) => {
    if (isSlow) await page.waitForTimeout(600);
    isSlow = false;
    await route.continue();
  });
  // The second is announced half a second after the first; by then somebody has pressed a third time.
  await press("ArrowUp");
  await said(/^021, ADDR/);
  await press("ArrowUp");
  await page.waitForTimeout(100);
  isSlow = true;
  await press("ArrowUp");
  await said(/^041, ADDR/);
});
