/** Front panels drawn in a browser: each screen of the menus has one size, and all that stands on it can be read. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { test, type TestContext } from "node:test";
import { chromium, type Page } from "playwright-core";
import { buildPage } from "../../bin/page.mjs";
import type { Part, Picture, Screen } from "../../src/panel/picture.ts";
import { startSite, temporaryFolder } from "../running-site.ts";
import { programPath, without } from "./programs.ts";

if (without("chromium") === false) await buildPage();

const METER = "feeder-9";
/** Every port that a JEMStar II can have, channels with each of their longest functions, an alarm. */
const configuration = `io:
  - { mode: outputAlarm }
  - { mode: inputIntervalSync }
  - { mode: outputEndOfInterval }
  - { mode: inputStatus }
  - { mode: inputTouOverride }
  - { mode: inputPulseCounter }
  - { mode: none }
  - { mode: none }
triggers:
  - { id: 4, label: Volts, measure: { quantity: V, phase: a }, phase: a, operator: ">", alarm: 100, reset: 99 }
`;

const others = ["leviton-s4100", "powerlogic-cm2000", "powerlogic-cm4000", "powerlogic-pm800"] as const;

async function openPage(t: TestContext) {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  writeFileSync(path.join(folder, "jem.yaml"), configuration);
  const source = "source: { synthetic: { volts: [119, 120, 121], amps: 5, pf: 0.9, steps: true } }";
  const site = await startSite(
    folder,
    `web: { port: 0 }
clock: { speed: 60 }
store: ":memory:"
meters:
  - { name: ${METER}, model: ametek-jemstar-ii, modelNumber: JSII-09I6020-2A-DIO, auxiliary: true, configuration: jem.yaml, ${source} }
${others.map((model) => `  - { name: ${model}, model: ${model}, ${source} }`).join("\n")}
`,
  );
  t.after(() => site.end());
  const browser = await chromium.launch({
    executablePath: programPath("chromium")!,
    args: ["--no-sandbox", "--disable-gpu", "--no-first-run"],
  });
  t.after(() => browser.close());
  const faults: string[] = [];
  const open = async (meter: string, width: number): Promise<Page> => {
    const page = await browser.newPage({ viewport: { width, height: 740 } });
    page.on("pageerror", (error) => faults.push(error.message));
    await page.goto(`${site.page}#${meter}`);
    await page.click("#front-panel .head button");
    await page.waitForSelector(".front .case svg");
    return page;
  };
  return { open, faults };
}

async function post(page: Page, what: "panel" | "commands", body: object): Promise<void> {
  const { ok, text } = await page.evaluate(
    async ({ address, json }) => {
      const headers = { "content-type": "application/json" };
      const answer = await fetch(address, { method: "POST", headers, body: json });
      return { ok: answer.ok, text: answer.ok ? "" : await answer.text() };
    },
    { address: `/api/meters/${METER}/${what}`, json: JSON.stringify(body) },
  );
  assert.ok(ok, `${JSON.stringify(body)}: ${text}`);
}

/** One after the other, as fast as a hand may be: forty touches a second are the most. */
async function press(page: Page, buttons: string): Promise<void> {
  for (const name of buttons.split(" ").filter(Boolean))
    for (const touch of name === "cover" ? ["press"] : ["press", "release"]) {
      await post(page, "panel", { [touch]: name });
      await page.waitForTimeout(25);
    }
}

async function screenOf(page: Page): Promise<Screen> {
  const { picture } = await page.evaluate(
    async (meter) => (await (await fetch(`/api/meters/${meter}/panel`)).json()) as { readonly picture: Picture },
    METER,
  );
  if (picture.display.kind !== "screen") throw new Error(`the display is ${picture.display.kind}`);
  return picture.display;
}

/** What of a drawn screen nobody can read: texts that are small, outside the glass or on each other, and where SET is. */
async function seen(page: Page) {
  return page.locator(".front .case").evaluate((front) => {
    const glass = front.querySelector("svg.colour")?.getBoundingClientRect();
    if (glass === undefined) throw new Error("there is no colour screen");
    const texts = [...front.querySelectorAll("svg.colour text")]
      .map((one) => ({ text: one.textContent ?? "", box: one.getBoundingClientRect(), one }))
      .filter(({ text }) => text !== "");
    const faults: string[] = [];
    for (const [k, { text, box, one }] of texts.entries()) {
      const scale =
        "getScreenCTM" in one ? (one.getScreenCTM as () => { readonly a: number; readonly b: number })() : undefined;
      const size =
        parseFloat(one.ownerDocument.defaultView?.getComputedStyle(one).fontSize ?? "") *
        Math.hypot(scale?.a ?? 0, scale?.b ?? 0);
      if (!(size >= 11)) faults.push(`"${text}" has ${size.toFixed(1)} px`);
      const isIn =
        box.left >= glass.left - 1 &&
        box.right <= glass.right + 1 &&
        box.top >= glass.top - 1 &&
        box.bottom <= glass.bottom + 1;
      if (!isIn) faults.push(`"${text}" is outside the glass`);
      if (text.includes("…")) faults.push(`"${text}" is cut`);
      for (const other of texts.slice(k + 1)) {
        // Lines may touch, words beside each other may not.
        const across = Math.min(box.right, other.box.right) - Math.max(box.left, other.box.left);
        const down = Math.min(box.bottom, other.box.bottom) - Math.max(box.top, other.box.top);
        const least = Math.min(box.height, other.box.height);
        if (across > 0.5 && down > 0.4 * least) faults.push(`"${text}" lies on "${other.text}"`);
      }
    }
    const set = [...front.querySelectorAll(".buttons button")].find(({ textContent }) => textContent === "SET");
    const { x = NaN, y = NaN } = set?.getBoundingClientRect() ?? {};
    return { faults, set: `SET at ${x.toFixed(1)}, ${(y - front.getBoundingClientRect().top).toFixed(1)}` };
  });
}

function itemsOf(screen: Screen): readonly { readonly text: string; readonly selected: boolean }[] {
  return screen.parts.flatMap((part: Part) => (part.part === "menu" ? part.items : []));
}

/** Moves the perimeter of a menu to an item, which is on the screen that was come to or come back to. */
async function select(page: Page, at: number): Promise<void> {
  const screen = await screenOf(page);
  const columns = screen.parts.find((part) => part.part === "menu")?.columns ?? 1;
  const from = Math.max(
    0,
    itemsOf(screen).findIndex(({ selected }) => selected),
  );
  const rows = Math.floor(at / columns) - Math.floor(from / columns);
  const moves = ["left ".repeat(columns), (rows < 0 ? "up " : "down ").repeat(Math.abs(rows))];
  await press(page, `${moves.join("")}${"right ".repeat(at % columns)}`);
}

/** Past all that can be selected is the foot, whose left end is Back. */
async function goBack(page: Page): Promise<void> {
  const { parts, foot } = await screenOf(page);
  const rows = parts.reduce((sum, part) => {
    if (part.part === "menu") return sum + Math.ceil(part.items.length / part.columns);
    return part.part === "form" ? sum + part.fields.length : sum;
  }, 0);
  await press(page, foot?.back.selected === true ? "set" : `${"down ".repeat(rows)}left set`);
}

test(
  "on a phone every screen of a JEMStar II's menus is of one size, and all of it is read",
  { skip: without("chromium"), timeout: 300_000 },
  async (t) => {
    const { open, faults } = await openPage(t);
    const page = await open(METER, 360);
    await page.locator(".front .register", { hasText: /\d/ }).first().waitFor({ timeout: 20_000 });
    const first = await seen(page);
    const wrong: string[] = [];
    let count = 0;
    const look = async (): Promise<void> => {
      await page.waitForTimeout(120);
      const { faults: own, set } = await seen(page);
      const { title } = await screenOf(page);
      if (set !== first.set) own.push(`${set}; on the first screen ${first.set}`);
      wrong.push(...own.map((fault) => `${title}: ${fault}`));
      count++;
    };
    const walk = async (): Promise<void> => {
      await look();
      const screen = await screenOf(page);
      for (const [k, { text }] of itemsOf(screen).entries()) {
        // What is saved or answered leads back.
        if (["SAVE", "Yes", "No"].includes(text)) continue;
        await select(page, k);
        await press(page, "set");
        if ((await screenOf(page)).title === screen.title) continue;
        await walk();
        await goBack(page);
        assert.equal((await screenOf(page)).title, screen.title);
      }
    };
    await press(page, "cover left");
    await walk();
    // The Security Log-in: from Meter Settings, the lock; then the keyboard.
    await select(page, 0);
    await press(page, `set ${"down ".repeat(9)}right set`);
    assert.equal((await screenOf(page)).title, "Security Log-in");
    await look();
    await press(page, "set");
    await look();
    assert.deepEqual(wrong, []);
    assert.ok(count >= 18, `${count} screens`);
    assert.deepEqual(faults, []);
  },
);

/** Buttons whose words are wider or higher than they are. */
async function narrow(page: Page): Promise<readonly string[]> {
  return page.locator(".front .buttons button").evaluateAll((all) =>
    all.flatMap((one) => {
      const range = one.ownerDocument.createRange();
      range.selectNodeContents(one);
      const [words, own] = [range.getBoundingClientRect(), one.getBoundingClientRect()];
      const off = Math.abs(words.left + words.right - own.left - own.right) / 2;
      const isIn =
        words.left >= own.left && words.right <= own.right && words.top >= own.top && words.bottom <= own.bottom;
      // What stands behind the words of a cover is drawn by a rule of the page.
      return isIn && (off < 2 || one.hasAttribute("aria-expanded")) ? [] : [`${one.textContent}: ${off} off`];
    }),
  );
}

test(
  "words are within their buttons, in the middle; an open cover looks so; paper has no buttons; a dark screen is as large",
  { skip: without("chromium"), timeout: 120_000 },
  async (t) => {
    const { open, faults } = await openPage(t);
    for (const meter of [METER, ...others])
      // A phone, and a screen whose right column is narrow.
      for (const width of [320, 900]) {
        const page = await open(meter, width);
        assert.deepEqual(await narrow(page), [], `${meter}, ${width} pixels`);
        const wider = await page.locator("html").evaluate((html) => html.scrollWidth - html.clientWidth);
        assert.equal(wider, 0, `${meter}, ${width} pixels`);
        await page.close();
      }
    const page = await open(METER, 700);
    const cover = page.getByRole("button", { name: "Front cover" });
    const borderOf = (): Promise<string> =>
      cover.evaluate((one) => one.ownerDocument.defaultView?.getComputedStyle(one).borderBottomStyle ?? "");
    assert.equal(await borderOf(), "solid");
    await cover.click();
    await page.waitForSelector(".front button[aria-expanded=true]");
    assert.equal(await borderOf(), "dashed");
    await page.emulateMedia({ media: "print" });
    assert.equal(await page.locator("#front-panel button:visible, .front .keys:visible").count(), 0);
    const breaks = await page
      .locator("#front-panel, .front .case")
      .evaluateAll((all) => all.map((one) => one.ownerDocument.defaultView?.getComputedStyle(one).breakInside));
    assert.deepEqual(breaks, ["avoid", "avoid"]);
    await page.emulateMedia({ media: "screen" });
    // Without power the colour screen is black, and as large.
    const { set } = await seen(page);
    await post(page, "commands", { command: "powerDown" });
    await page.locator(".front svg text").first().waitFor({ state: "detached" });
    assert.equal((await seen(page)).set, set);
    assert.deepEqual(faults, []);
  },
);
