/** The page in a browser: values, phasors, waveforms, energy, alerts. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { chromium, type Page } from "playwright-core";
import { loadSite } from "#fleet/load-site.ts";
import { hashPassword } from "#io/password.ts";
import { serveWeb } from "#web/listen.ts";
import { candles } from "../candle-meter.ts";
import { siteOf, startSite, temporaryFolder } from "../running-site.ts";
import { programPath, without } from "./programs.ts";

const quiet = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

test(
  "the page shows what the meter measures, and goes on showing it",
  { skip: without("chromium"), timeout: 120_000 },
  async (t) => {
    const { folder, remove } = temporaryFolder();
    t.after(remove);
    const extra =
      "harmonics: { amps: [{ order: 5, percent: 20 }] }, events: [{ kind: sag, at: 0, phases: [b], volts: 0.5 }]";
    const site = await startSite(folder, siteOf({ extra }));
    t.after(() => site.end());
    const browser = await chromium.launch({ executablePath: programPath("chromium")!, args: quiet });
    t.after(() => browser.close());
    const page = await browser.newPage();
    const faults: string[] = [];
    page.on("pageerror", (error) => faults.push(error.message));
    page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
    await page.goto(site.page);
    await page.waitForSelector("#state.live");
    await page.waitForSelector('#phases td:text("250.00 V")');
    const phases = (await page.textContent("#phases")) ?? "";
    assert.match(phases, /125\.00 V/, "the sagging phase");
    assert.match(phases, /20\.00/, "THD of the amps");
    assert.equal(await page.locator("#phasor g.a").count(), 2, "a voltage and a current");
    assert.equal(await page.locator("#phasor g").count(), 6);
    const traces = await page.locator("#waveform polyline").count();
    assert.equal(traces, 6);
    // The first voltage begins at its rising zero crossing: in the middle, then upwards.
    const points = (await page.locator("#waveform polyline.a").first().getAttribute("points")) ?? "";
    const heights = points.split(" ").map((point) => Number(point.split(",")[1]));
    assert.ok(Math.abs(heights[0]! - 120) < 12, `${heights[0]}`);
    assert.ok(heights[8]! < 60, `${heights[8]}`);
    assert.match((await page.textContent("#alerts")) ?? "", /Phase loss B/);
    const energy = (): Promise<string | null> => page.textContent("#energy tr:nth-child(2) td:last-child");
    const before = await energy();
    for (let tries = 0; tries < 50 && (await energy()) === before; tries++) await page.waitForTimeout(100);
    assert.notEqual(await energy(), before, "energy goes on");
    assert.deepEqual(faults, []);
    await site.end();
    await page.waitForSelector("#state.lost");
  },
);

test(
  "a revenue meter on the page: registers, profile, inputs and outputs, alarms",
  { skip: without("chromium"), timeout: 120_000 },
  async (t) => {
    const { folder, remove } = temporaryFolder();
    t.after(remove);
    writeFileSync(
      path.join(folder, "jem.yaml"),
      "profiles: [{ minutes: 1, channels: [{ measure: { quantity: Wh }, km: 1 }] }]\n" +
        "triggers: [{ id: 7, measure: { quantity: W }, operator: '>', alarm: 1000, reset: 900 }]\n",
    );
    const site = await startSite(
      folder,
      `
web: { port: 0 }
store: ":memory:"
clock: { start: 2026-07-31T16:00:00Z, speed: 600 }
meters:
  - { name: jem, model: ametek-jemstar-ii, serial: "140200024", configuration: jem.yaml, source: { synthetic: { volts: 120, amps: 10, steps: true } }, listen: [{ modbus: tcp, port: 0, unit: 1 }] }
`,
    );
    t.after(() => site.end());
    const browser = await chromium.launch({ executablePath: programPath("chromium")!, args: quiet });
    t.after(() => browser.close());
    const page = await browser.newPage();
    const faults: string[] = [];
    page.on("pageerror", (error) => faults.push(error.message));
    await page.goto(site.page);
    await page.waitForSelector('#registers th:text("kWhr Delivered")');
    assert.equal(await page.isVisible("#phasor"), false);
    // 3600 W for a minute: 60 counts of a watt-hour.
    await page.waitForSelector('#profile td:text-is("60")');
    assert.match((await page.textContent("#io")) ?? "", /1 output energy pulse/);
    assert.match((await page.textContent("#alerts")) ?? "", /trigger 7: 3600/);
    assert.match((await page.textContent("#headline")) ?? "", /3\.6000 kW/);
    assert.match((await page.textContent("#identity")) ?? "", /serial number 140200024, firmware 0\.0\.80/);
    const headers = { "Content-Type": "application/json" };
    const body = JSON.stringify({ command: "battery", state: "low" });
    await fetch(`${site.page}api/meters/jem/commands`, { method: "POST", headers, body });
    await page.waitForSelector('#alerts li:text-is("the battery wants to be replaced")');
    await page.waitForSelector('#log th:text-is("battery low")');
    assert.deepEqual(faults, []);
  },
);

/** The titles of the panels that are there. */
function panelsOf(page: Page): Promise<string[]> {
  return page.locator("main > section:visible > h2").allTextContents();
}

test(
  "a meter of any product on the page: a panel for what it has, and none for what it lacks",
  { skip: without("chromium"), timeout: 120_000 },
  async (t) => {
    const { folder, remove } = temporaryFolder();
    t.after(remove);
    const file = path.join(folder, "site.yaml");
    writeFileSync(
      file,
      `store: ":memory:"
meters:
  - { name: hall, model: candle-meter, source: { synthetic: { volts: 229.5, amps: 0, steps: true } } }
  - { name: cellar, model: candle-logger, source: { synthetic: { volts: 229.5, amps: 0, steps: true } } }
`,
    );
    const site = loadSite(file, { products: [candles] });
    t.after(() => site.stop());
    await site.start();
    const web = await serveWeb(site, { port: 0, host: "127.0.0.1" });
    t.after(() => web.close());
    const browser = await chromium.launch({ executablePath: programPath("chromium")!, args: quiet });
    t.after(() => browser.close());
    const page = await browser.newPage();
    const faults: string[] = [];
    page.on("pageerror", (error) => faults.push(error.message));
    page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
    const registers = () => page.locator("#registers tr").first().locator("th, td").allTextContents();
    await page.goto(web.url);
    await page.waitForSelector("#state.live");
    assert.equal(await page.textContent("#identity"), "Candle meter, serial number 7, firmware 1");
    assert.deepEqual(await panelsOf(page), ["Now", "Alerts", "Registers"]);
    assert.deepEqual(await registers(), ["3", "Light", "070003", "Wh"]);
    await page.waitForSelector('#phases td:text("229.50 V")');
    assert.deepEqual(await page.locator("#phases tr").nth(1).locator("th, td").allTextContents(), [
      "Volts to neutral",
      "229.50 V",
      "",
      "",
      "",
    ]);
    assert.match((await page.textContent("#alerts")) ?? "", /^none$/);
    assert.doesNotMatch(await page.locator("body").innerText(), /undefined|NaN/);

    await page.selectOption("#meter", "cellar");
    await page.waitForSelector('#log td:text-is("matches 2")');
    assert.deepEqual(await panelsOf(page), ["Now", "Alerts", "Registers", "Logs, the newest entries"]);
    assert.deepEqual(await registers(), ["3", "Light", "070003", "Wh"]);
    assert.doesNotMatch(await page.locator("body").innerText(), /undefined|NaN/);
    assert.deepEqual(faults, []);
  },
);

test(
  "on a narrow screen a table scrolls in its panel, and the page does not",
  { skip: without("chromium"), timeout: 120_000 },
  async (t) => {
    const { folder, remove } = temporaryFolder();
    t.after(remove);
    const site = await startSite(folder, siteOf());
    t.after(() => site.end());
    const browser = await chromium.launch({ executablePath: programPath("chromium")!, args: quiet });
    t.after(() => browser.close());
    const page = await browser.newPage({ viewport: { width: 400, height: 800 } });
    await page.goto(site.page);
    await page.waitForSelector('#phases td:text("250.00 V")');
    const wide = await page.evaluate("document.documentElement.scrollWidth");
    assert.equal(wide, 400);
    const scroll = page.locator(".scroll", { has: page.locator("#phases") });
    const more = await scroll.evaluate(
      (one: { scrollWidth: number; clientWidth: number }) => one.scrollWidth - one.clientWidth,
    );
    assert.ok(more > 50, `${more}`);
    const last = page.locator("#phases tr").first().locator("th").last();
    // The table is made anew with every cycle; its panel stays.
    await scroll.evaluate(
      (one: { scrollLeft: number; scrollWidth: number }) => void (one.scrollLeft = one.scrollWidth),
    );
    await last.waitFor({ state: "visible" });
    await scroll.evaluate((one: { scrollLeft: number }) => void (one.scrollLeft = 0));
    const box = (await scroll.boundingBox())!;
    assert.ok(box.x + box.width < 400, "inside its panel");
  },
);

test(
  "whoever has to log in is shown a form and nothing else, sees the page by his name, and leaves it",
  { skip: without("chromium"), timeout: 120_000 },
  async (t) => {
    const { folder, remove } = temporaryFolder();
    t.after(remove);
    const file = path.join(folder, "site.yaml");
    writeFileSync(file, siteOf().replace("web: { port: 0 }", 'web: { port: 0, login: always }\nstore: ":memory:"'));
    const site = loadSite(file);
    await site.users.put("ann", () => ({ role: "viewer", password: hashPassword("correct horse") }));
    t.after(() => site.stop());
    await site.start();
    const web = await serveWeb(site, site.file.web!);
    t.after(() => web.close());
    const browser = await chromium.launch({ executablePath: programPath("chromium")!, args: quiet });
    t.after(() => browser.close());
    const page = await browser.newPage();
    const faults: string[] = [];
    page.on("pageerror", (error) => faults.push(error.message));
    const shots = process.env["PAGE_SHOTS"];
    const shoot = async (name: string): Promise<void> => {
      if (shots !== undefined) await page.screenshot({ path: path.join(shots, `${name}.png`) });
    };
    const logIn = async (password: string): Promise<void> => {
      await page.fill("input[name=user]", "ann");
      await page.fill("input[name=password]", password);
      await page.click("button");
    };
    assert.equal((await page.goto(web.url))?.status(), 401);
    assert.equal(await page.locator("#phases").count(), 0);
    // The form's own style has gone through the policy that every answer carries.
    assert.equal((await page.locator("form").boundingBox())?.width, 315);
    await shoot("login");
    await logIn("wrong horse");
    await page.waitForSelector('#said:text-is("wrong user or password")');
    await shoot("login-wrong");
    await logIn("correct horse");
    await page.waitForSelector("#state.live");
    assert.equal(await page.textContent("#who"), "ann, viewer");
    await page.waitForSelector('#phases td:text("250.00 V")');
    await shoot("page");
    const [cookie] = await page.context().cookies();
    assert.deepEqual([cookie?.name, cookie?.httpOnly, cookie?.sameSite], ["polyphase-session", true, "Strict"]);
    await page.click("#leave");
    await page.waitForSelector("form");
    // Another password ends the session of a page that is open: its stream is refused, and it shows the form.
    await logIn("correct horse");
    await page.waitForSelector("#state.live");
    await site.users.put("ann", () => ({ role: "viewer", password: hashPassword("another horse") }));
    await page.waitForSelector("form", { timeout: 30_000 });
    assert.deepEqual(faults, []);
  },
);
