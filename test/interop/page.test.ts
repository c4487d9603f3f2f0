/** The page in a browser: what it shows, that it says when that is not so any more, and that everybody can read it. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { test, type TestContext } from "node:test";
import { AxeBuilder } from "@axe-core/playwright";
import { chromium, type Browser, type Page } from "playwright-core";
import { loadSite } from "#fleet/load-site.ts";
import { hashPassword } from "#io/password.ts";
import { serveWeb } from "#web/listen.ts";
import { buildPage } from "../../bin/page.mjs";
import { candles } from "../candle-meter.ts";
import { block, qualityMeters } from "../quality-meter.ts";
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

if (without("chromium") === false) await buildPage();

/** A browser's page, and what went wrong in it. */
async function pageOf(t: TestContext, options: Parameters<Browser["newContext"]>[0] = {}) {
  const browser = await chromium.launch({ executablePath: programPath("chromium")!, args: quiet });
  t.after(() => browser.close());
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
  return { page, faults };
}

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
    const { page, faults } = await pageOf(t);
    await page.goto(site.page);
    await page.waitForSelector("#state.live");
    assert.equal(await page.title(), "feeder-1 · Polyphase");
    await page.waitForSelector('#phases td:has-text("250.00 V")');
    // Its edge lies in the first second.
    await page.waitForSelector('#phases td:has-text("125.00 V")');
    const phases = (await page.textContent("#phases")) ?? "";
    assert.match(phases, /20\.00/, "THD of the amps");
    assert.equal(await page.locator("#phasor g.a").count(), 2, "a voltage and a current");
    assert.equal(await page.locator("#phasor g").count(), 6);
    assert.match((await page.textContent("#alerts")) ?? "", /Phase loss B/);
    await page.click('nav.sections a:text-is("Energy")');
    await page.waitForSelector("#energy tbody tr");
    const energy = (): Promise<string | null> => page.textContent("#energy tbody tr:first-child td:last-child");
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
    const { page, faults } = await pageOf(t);
    await page.goto(site.page);
    await page.waitForSelector("#headline");
    assert.equal(await page.isVisible("#phasor"), false);
    assert.match((await page.textContent("#io")) ?? "", /1: energy pulse output/);
    assert.match((await page.textContent("#alerts")) ?? "", /trigger 7: 3\.6000 kWW > 1000, until <= 900/);
    assert.match((await page.textContent("#headline")) ?? "", /3\.6000 kW/);
    assert.match((await page.textContent("#identity")) ?? "", /serial number 140200024, firmware 0\.0\.80/);
    const headers = { "Content-Type": "application/json" };
    const body = JSON.stringify({ command: "battery", state: "low" });
    await fetch(`${site.page}api/meters/jem/commands`, { method: "POST", headers, body });
    await page.waitForSelector('#alerts .bad .said:text-is("the battery wants to be replaced")');
    await page.click('nav.sections a:text-is("Logs")');
    await page.waitForSelector('#log td strong:text-is("battery low")');
    await page.click('nav.sections a:text-is("Energy")');
    await page.waitForSelector('#registers td:text-is("kWhr Delivered")');
    await page.click('nav.sections a:text-is("Load profile")');
    // 3600 W for a minute: 60 counts of a watt-hour.
    await page.waitForSelector('#profile td .value:text-is("60")');
    assert.deepEqual(faults, []);
  },
);

/** The titles of the panels that are there. */
function panelsOf(page: Page): Promise<string[]> {
  return page.locator("main section:visible h2").allTextContents();
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
    const { page, faults } = await pageOf(t);
    const registers = () => page.locator("#registers tbody tr").first().locator("th, td").allTextContents();
    await page.goto(`${web.url}#hall`);
    await page.waitForSelector("#state.live");
    assert.equal(await page.textContent("#identity"), "Candle meter, serial number 7, firmware 1");
    await page.waitForSelector("#alerts-panel");
    assert.deepEqual(await panelsOf(page), ["Now", "Trends", "Alerts"]);
    await page.waitForSelector('#phases td:has-text("229.50 V")');
    assert.deepEqual(await page.locator("#phases tr").nth(1).locator("th, td").allTextContents(), [
      "Volts to neutral",
      "229.50 V",
      "",
      "",
      "",
    ]);
    assert.match((await page.textContent("#alerts")) ?? "", /^none$/);
    assert.doesNotMatch(await page.locator("body").innerText(), /undefined|NaN/);

    await page.click('nav.sections a:text-is("Energy")');
    await page.waitForSelector("#registers tbody tr");
    assert.deepEqual(await panelsOf(page), ["Registers"]);
    assert.deepEqual(await registers(), ["3", "Light", "070003 Wh"]);
    assert.doesNotMatch((await page.textContent("#registers-panel .head")) ?? "", /scrolls/);
    const sections = ["Now", "Energy", "Report", "Configuration", "Bench", "Traffic"];
    assert.deepEqual(await page.locator("nav.sections a").allTextContents(), sections);

    await page.selectOption("#meter", "cellar");
    await page.waitForSelector('nav.sections a:text-is("Logs")');
    await page.waitForSelector("#registers tbody tr");
    assert.deepEqual(await registers(), ["3", "Light", "070003 Wh"]);
    await page.click('nav.sections a:text-is("Logs")');
    await page.waitForSelector('#log .said:text-is("matches 2")');
    assert.deepEqual(await panelsOf(page), ["Logs"]);
    assert.doesNotMatch(await page.locator("body").innerText(), /undefined|NaN/);
    assert.deepEqual(faults, []);
  },
);

for (const width of [1280, 360])
  test(
    `power quality on a page ${width} wide: bars with their levels, numbers, phasors; flagged, old and unknown values look so`,
    { skip: without("chromium"), timeout: 120_000 },
    async (t) => {
      const { folder, remove } = temporaryFolder();
      t.after(remove);
      const file = path.join(folder, "site.yaml");
      writeFileSync(
        file,
        `store: ":memory:"
clock: { start: 2026-01-01T00:00:00Z }
meters: [{ name: hall, model: quality-meter, source: { synthetic: { volts: 120, amps: 0, steps: true } } }]
`,
      );
      const { product, made } = qualityMeters();
      const site = loadSite(file, { products: [product] });
      t.after(() => site.stop());
      await site.start();
      const web = await serveWeb(site, { port: 0, host: "127.0.0.1" });
      t.after(() => web.close());
      const { page, faults } = await pageOf(t, { viewport: { width, height: 900 } });
      const shots = process.env["PAGE_SHOTS"];
      const shoot = async (name: string): Promise<void> => {
        if (shots !== undefined)
          await page.screenshot({ path: path.join(shots, `${name}-${width}.png`), fullPage: true });
      };
      const text = (selector: string): Promise<string | null> => page.textContent(selector);
      const row = (table: string, name: string): Promise<string[]> =>
        page.locator(`#${table} tr`, { hasText: name }).first().locator("td").allTextContents();
      const readable = async (): Promise<void> => {
        for (const colorScheme of ["dark", "light"] as const) {
          await page.emulateMedia({ colorScheme });
          const { violations } = await new AxeBuilder({ page }).analyze();
          const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
          assert.deepEqual(
            serious.map(({ id, nodes }) => `${colorScheme} ${id} ${nodes[0]?.html}`),
            [],
          );
        }
      };
      await page.goto(web.url);
      await page.waitForSelector("#phasor g");
      assert.equal(await page.locator("#phasor g").count(), 5);
      assert.deepEqual(await row("phasors", "Vb"), ["119.20 V", "-120.5"]);
      await page.click('.sections a:text-is("Power quality")');
      await page.waitForSelector("#quality-panel");
      // Each look has a block that has just ended, however slow this machine is.
      const surface = made.get("hall")!;
      const now = (): string => new Date(site.utc).toISOString();
      surface.shown = () => ({ ...block, utc: now() });
      await page.waitForSelector("#quality-panel:not(.old)");

      // Orders 2 to 50 of two phases, 2 to 23 of the third; a level for each order.
      const bars = async (): Promise<number[]> => [
        await page.locator("#harmonics .a").count(),
        await page.locator("#harmonics .b").count(),
        await page.locator("#harmonics .c").count(),
        await page.locator("#harmonics .level").count(),
      ];
      assert.deepEqual(await bars(), [49, 49, 22, 49]);
      assert.equal(await page.locator("#harmonics .level.mark").count(), 1);
      assert.match(
        (await text("#harmonics g:has(.mark) title")) ?? "",
        /^5: VA 7\.20 %, VB 2\.75 %, VC 3\.10 %, limit 6\.00 %$/,
      );
      assert.match((await text("#quality-panel")) ?? "", /Beyond .*: harmonic 5 of VA: 7\.20 % of 6 %\./);
      assert.deepEqual(await row("distortion", "THD, %"), ["7.73", "3.26", "3.14"]);
      assert.deepEqual(await row("distortion", "Crest"), ["1.457", "1.457", "1.457"]);
      assert.deepEqual(await row("distortion", "Pst"), ["0.651", "0.652", "----"]);
      assert.deepEqual(await row("distortion", "Plt"), ["----", "----", "----"]);
      assert.deepEqual(await row("unbalance", "u2"), ["0.84", "12.50"]);
      assert.deepEqual(await row("unbalance", "u0"), ["0.51", "----"]);
      assert.match((await text("#quality-panel")) ?? "", /Frequency of the last 10 s 59\.9876 Hz/);
      await page.click("#quality-panel summary");
      assert.deepEqual(await row("orders", "23"), ["0.00", "0.00", "0.50", "1.41"]);
      assert.deepEqual(await page.locator("#orders tbody tr").nth(22).locator("td").allTextContents(), [
        "0.00",
        "0.00",
        "----",
        "0.35",
      ]);
      await readable();
      assert.equal(await page.evaluate("document.documentElement.scrollWidth"), width);
      await shoot("quality");

      await page.click('#quality-panel button:text-is("Amps")');
      assert.deepEqual(await bars(), [49, 49, 0, 0]);
      assert.deepEqual(await row("distortion", "TDD"), ["3.50", "3.50"]);
      assert.deepEqual(await row("distortion", "K factor"), ["1.25", "1.25"]);
      assert.equal(await page.locator("#distortion tr", { hasText: "Pst" }).count(), 0);
      await page.click('#quality-panel button:text-is("Interharmonics")');
      // Of 1 to 50; what lies beyond the fiftieth harmonic is not known.
      assert.equal(await page.locator("#harmonics g").count(), 50);
      assert.deepEqual(await bars(), [49, 49, 0, 0]);
      await shoot("quality-amps");

      const inkOf = (): Promise<string> =>
        page.evaluate('getComputedStyle(document.querySelector("#distortion .value")).color');
      const fresh = await inkOf();
      const missing = ["C was not sampled for 20 ms"];
      surface.shown = () => ({ ...block, utc: now(), flagged: true, missing });
      await page.waitForSelector("#quality-panel.flagged");
      const flagged = await inkOf();
      await readable();
      assert.match((await text("#quality-panel")) ?? "", /Flagged: a dip.*Not known: C was not sampled for 20 ms\./);
      surface.shown = () => ({ ...block, utc: "2025-12-31T22:00:00Z" });
      await page.waitForSelector("#quality-panel.old");
      assert.match((await text("#quality-panel")) ?? "", /The last block of 12 cycles ended 2 h( \d+ min)? ago\./);
      assert.equal(new Set([fresh, flagged, await inkOf()]).size, 3, "each looks otherwise");
      await readable();
      await shoot("quality-old");
      surface.shown = () => undefined;
      await page.waitForSelector("#quality-panel", { state: "detached" });
      assert.match(await page.locator("main").innerText(), /This meter has no such thing/);
      assert.doesNotMatch(await page.locator("body").innerText(), /undefined|NaN/);
      assert.deepEqual(faults, []);
    },
  );

test(
  "on a telephone all phases of every row are there, and the page does not scroll sideways",
  { skip: without("chromium"), timeout: 120_000 },
  async (t) => {
    const { folder, remove } = temporaryFolder();
    t.after(remove);
    const site = await startSite(folder, siteOf());
    t.after(() => site.end());
    const { page, faults } = await pageOf(t, { viewport: { width: 360, height: 800 } });
    await page.goto(site.page);
    await page.waitForSelector('#phases td:has-text("250.00 V")');
    assert.equal(await page.evaluate("document.documentElement.scrollWidth"), 360);
    for (const table of ["#phases", "#energy"]) {
      if (table === "#energy") {
        await page.click('nav.sections a:text-is("Energy")');
        await page.waitForSelector("#energy tbody tr");
        assert.match((await page.textContent("#registers-panel .head")) ?? "", /\d\d of them; the list scrolls/);
        assert.equal(await page.evaluate("document.documentElement.scrollWidth"), 360);
      }
      const cells = await page.locator(`${table} tbody tr:first-child td`).all();
      assert.equal(cells.length, 4, table);
      let right = 0;
      for (const cell of cells) {
        const box = (await cell.boundingBox())!;
        // Beside each other, one after the other, inside the screen; a value fits its cell.
        assert.ok(box.x >= right - 1 && box.x + box.width <= 360, `${table} ${box.x} ${box.width}`);
        right = box.x + box.width;
        const spare = await cell.evaluate(
          (one: { clientWidth: number; scrollWidth: number }) => one.clientWidth - one.scrollWidth,
        );
        assert.ok(spare >= 0, `${table}: ${spare}`);
      }
    }
    assert.deepEqual(faults, []);
  },
);

test(
  "a site that has stopped is seen without an error: values grey, in words and since when; it comes back by itself, without doubles",
  { skip: without("chromium"), timeout: 120_000 },
  async (t) => {
    const { folder, remove } = temporaryFolder();
    t.after(remove);
    const site = await startSite(folder, siteOf({ extra: "seed: 1" }));
    t.after(() => site.end("SIGKILL"));
    const { page, faults } = await pageOf(t);
    await page.goto(site.page);
    await page.waitForSelector("#state.live");
    await page.waitForSelector('#phases td:has-text("250.00 V")');
    const inkOf = (): Promise<string> =>
      page.evaluate('getComputedStyle(document.querySelector("#headline dd")).color');
    const fresh = await inkOf();
    // A process that is stopped keeps its sockets: nothing ends, and nothing comes.
    site.process.kill("SIGSTOP");
    await page.waitForSelector("#state.missing, #state.lost");
    await page.waitForSelector("#state.lost", { timeout: 15_000 });
    assert.match(
      (await page.textContent("#state")) ?? "",
      /^no connection to the site since \d\d:\d\d:\d\d\s[AP]M \(\d+ s\)$/,
    );
    assert.equal(await page.locator("main.old").count(), 1);
    assert.notEqual(await inkOf(), fresh);
    assert.match((await page.textContent("#phases")) ?? "", /250\.00 V/, "the last values stay");
    site.process.kill("SIGCONT");
    await page.waitForSelector("#state.live", { timeout: 15_000 });
    assert.equal(await inkOf(), fresh);
    assert.equal(await page.locator("#phases").count(), 1);
    assert.equal(await page.locator("section").count(), await page.locator("section h2").count());
    assert.deepEqual(
      faults.filter((what) => !/ERR_/.test(what)),
      [],
    );
  },
);

test(
  "where the meter was renamed, or another site answers on its port, the page says so and offers the meters of now",
  { skip: without("chromium"), timeout: 120_000 },
  async (t) => {
    const { folder, remove } = temporaryFolder();
    t.after(remove);
    const file = path.join(folder, "site.yaml");
    const first = siteOf({ extra: "seed: 1" }).replace("meters:", 'store: ":memory:"\nmeters:');
    writeFileSync(file, first);
    const site = loadSite(file);
    await site.start();
    const web = await serveWeb(site, { port: 0, host: "127.0.0.1" });
    const { page, faults } = await pageOf(t);
    await page.goto(web.url);
    await page.waitForSelector("#state.live");
    writeFileSync(file, first.replace("name: feeder-1", "name: kitchen"));
    assert.equal((await site.reload()).refused, undefined);
    await page.waitForSelector('#state.lost:has-text("the site that answers has no meter feeder-1")');
    assert.match((await page.textContent("#instead")) ?? "", /There is no meter feeder-1 at this address any more/);
    await page.click('#instead button:text-is("kitchen")');
    await page.waitForSelector("#state.live");
    assert.equal(await page.title(), "kitchen · Polyphase");
    assert.equal(await page.locator("#instead").count(), 0);

    await web.close();
    await site.stop();
    writeFileSync(file, first.replace("name: feeder-1", "name: cellar"));
    const other = loadSite(file);
    t.after(() => other.stop());
    await other.start();
    const again = await serveWeb(other, { port: Number(new URL(web.url).port), host: "127.0.0.1" });
    t.after(() => again.close());
    await page.waitForSelector("#instead", { timeout: 15_000 });
    await page.selectOption("#meter", "cellar");
    await page.waitForSelector("#state.live");
    assert.equal(await page.title(), "cellar · Polyphase");
    // That it is refused is what the browser logs of its own.
    assert.deepEqual(
      faults.filter((what) => !/404|ERR_/.test(what)),
      [],
    );
  },
);

test(
  "readings that nobody pushes any more are grey and said so; the next one ends that",
  { skip: without("chromium"), timeout: 120_000 },
  async (t) => {
    const { folder, remove } = temporaryFolder();
    t.after(remove);
    const site = await startSite(
      folder,
      'web: { port: 0 }\nstore: ":memory:"\nmeters: [{ name: pushed, model: leviton-s4100, source: { live: { hz: 50, stale: 8 } }, listen: [{ modbus: tcp, port: 0 }] }]\n',
    );
    t.after(() => site.end());
    const { page, faults } = await pageOf(t);
    await page.goto(site.page);
    await page.waitForSelector('#state.silent:has-text("nothing has been pushed into this meter yet")');
    // The meter's alert word says "frequency" until it has one: that is no alarm of a feeder.
    const bad = (): Promise<string[]> => page.locator("#alerts .bad").allTextContents();
    await page.waitForSelector("#alerts .bad");
    assert.deepEqual(await bad(), ["no readingnothing has been pushed into this meter yet"]);
    await page.click('#trend-panel button:text-is("Demand")');
    await page.waitForSelector('#trend-panel .notice:has-text("There is no demand yet")');
    await page.click('#trend-panel button:text-is("Power")');
    const push = (): Promise<unknown> =>
      fetch(`${site.page}api/meters/pushed/readings`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: '{"volts":[231.2,229.8,230.4],"amps":[5.1,4.8,6.2],"pf":0.95}',
      });
    await push();
    await page.waitForSelector('#phases td:has-text("231.20 V")');
    await page.waitForSelector("#state.live");
    await page.waitForSelector("#state.silent", { timeout: 30_000 });
    assert.match(
      (await page.textContent("#state")) ?? "",
      /^nothing pushed since \d\d:\d\d:\d\d\s[AP]M: the values are held \(\d+ s\)$/,
    );
    assert.equal(await page.locator("main.old").count(), 1);
    assert.match((await page.textContent("#trend .legend")) ?? "", /Active 3\.\d+ kW/);
    await page.waitForSelector('#state.silent:has-text("nothing is known any more")', { timeout: 30_000 });
    // What the head says the legend says, too.
    await page.waitForSelector('#trend .legend li:has-text("Active ----")');
    assert.deepEqual(await bad(), ["no readingwhat was pushed last is too old"]);
    await push();
    await page.waitForSelector("#state.live");
    assert.deepEqual(
      (await bad()).filter((text) => text.startsWith("no reading")),
      [],
    );
    assert.deepEqual(faults, []);
  },
);

test(
  "a sag leaves a trace of each half cycle and a line that says what was left of which phase, for how long",
  { skip: without("chromium"), timeout: 120_000 },
  async (t) => {
    const { folder, remove } = temporaryFolder();
    t.after(remove);
    const sag = "events: [{ kind: sag, at: 6, for: 0.3, every: 10, phases: [b], volts: 0.72 }]";
    const site = await startSite(folder, siteOf({ extra: sag }));
    t.after(() => site.end());
    const { page, faults } = await pageOf(t);
    await page.goto(`${site.page}#feeder-1/events`);
    // 72 % of 250 V for 300 ms, to a half cycle of 8 ms.
    await page.waitForSelector("#sags li:nth-child(2)");
    assert.match(
      (await page.textContent("#sags li:nth-child(2)")) ?? "",
      /sag on B to (179\.9\d|180\.0\d) V \(72 %\) for (29|30|31)\d ms$/,
    );
    const label = (await page.locator("figure#rms .plot").getAttribute("aria-label")) ?? "";
    assert.match(label, /B from (179\.9\d|180\.0\d) V to 250\.0\d V/);
    assert.match((await page.textContent("#rms-panel")) ?? "", /this meter keeps no log of them/);
    await page.click('nav.sections a:text-is("Now")');
    assert.match((await page.textContent("#lacking")) ?? "", /no event log and no load profile/);
    assert.deepEqual(faults, []);
  },
);

test(
  "a meter behind transformers says of each value which side it is on; its profile is a chart, its logs explain themselves",
  { skip: without("chromium"), timeout: 120_000 },
  async (t) => {
    const { folder, remove } = temporaryFolder();
    t.after(remove);
    writeFileSync(
      path.join(folder, "jem.yaml"),
      "primary: { pt: 120, ct: 80, nominalVoltage: 120, nominalCurrent: 5 }\n" +
        "registers:\n  normal:\n    - { id: 1, label: kWh delivered, type: consumption, measure: { quantity: Wh } }\n" +
        "    - { id: 12, label: phasors, type: phasorDisplay }\n" +
        "profiles: [{ minutes: 15, channels: [{ measure: { quantity: Wh }, km: 1000 }, { measure: { quantity: V, phase: a }, km: 1 }] }]\n",
    );
    const site = await startSite(
      folder,
      `
web: { port: 0 }
store: ":memory:"
clock: { start: 2026-07-31T16:00:00Z, speed: 1800 }
meters:
  - name: jem
    model: ametek-jemstar-ii
    configuration: jem.yaml
    transformers: { pt: 120, ct: 80 }
    auxiliary: false
    source: { synthetic: { volts: 14400, amps: 300, steps: true, events: [{ kind: sag, at: 1000, for: 0.25, every: 3000, phases: [b] }, { kind: interruption, at: 4000, for: 2400 }] } }
    listen: [{ modbus: tcp, port: 0, unit: 1 }]
`,
    );
    t.after(() => site.end());
    const { page, faults } = await pageOf(t);
    await page.goto(site.page);
    await page.waitForSelector('#phases td:has-text("14.400 kV")');
    for (const panel of ["now", "trend"])
      assert.equal(await page.locator(`#${panel}-panel > .head .side`).textContent(), "primary", panel);
    assert.match(
      (await page.textContent("#alerts-panel .notice")) ?? "",
      /Its clock is kept by its crystal\. Its status words: system 0x/,
    );
    await page.click('nav.sections a:text-is("Logs")');
    await page.waitForSelector('#log td:has-text("phase b sag below 108")');
    assert.equal(
      await page.locator('#log tr:has-text("phase b sag below 108") summary .side').first().textContent(),
      "secondary",
    );
    assert.match((await page.textContent("#log")) ?? "", /a voltage left its band and came back/);
    await page.click('nav.sections a:text-is("Load profile")');
    await page.waitForSelector("#profile-panel");
    assert.equal(await page.locator("#profile-panel > .head .side").textContent(), "primary");
    // An outage of forty minutes is a gap in the profile.
    await page.waitForSelector('#marks li:has-text("nothing recorded")', { timeout: 30_000 });
    assert.match(
      (await page.locator("figure#day-chart .plot").getAttribute("aria-label")) ?? "",
      /Wh\.import from .* to 3\.2\d+ MWh/,
    );
    assert.match((await page.textContent("#day")) ?? "", /Friday, July 31, 2026; Wh\.import in 15 min/);
    await page.click('nav.sections a:text-is("Energy")');
    await page.waitForSelector("#registers tbody tr");
    // On a telephone the name of a register takes several lines, and no word of it two.
    await page.setViewportSize({ width: 390, height: 844 });
    const broken = await page.evaluate(`[...document.querySelectorAll("#registers td:nth-child(2)")].flatMap((cell) => {
      const text = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT).nextNode();
      return [...text.data.matchAll(/[A-Za-z]+/g)].filter(({ 0: word, index }) => {
        const range = document.createRange();
        range.setStart(text, index);
        range.setEnd(text, index + word.length);
        return range.getClientRects().length > 1;
      }).map(([word]) => word);
    })`);
    assert.deepEqual(broken, []);
    assert.doesNotMatch(await page.locator("body").innerText(), /1970|undefined|NaN/);
    assert.deepEqual(faults, []);
  },
);

for (const colorScheme of ["light", "dark"] as const)
  test(
    `everybody can read the page and the form of the log-in: axe finds nothing serious, ${colorScheme}`,
    { skip: without("chromium"), timeout: 120_000 },
    async (t) => {
      const { folder, remove } = temporaryFolder();
      t.after(remove);
      const file = path.join(folder, "site.yaml");
      writeFileSync(
        file,
        siteOf({ extra: "events: [{ kind: sag, at: 6, for: 0.3, phases: [b] }]" }).replace(
          "web: { port: 0 }",
          'web: { port: 0, login: always }\nstore: ":memory:"',
        ),
      );
      const site = loadSite(file);
      await site.users.put("ann", () => ({ role: "viewer", password: hashPassword("correct horse") }));
      t.after(() => site.stop());
      await site.start();
      const web = await serveWeb(site, site.file.web!);
      t.after(() => web.close());
      const { page } = await pageOf(t, { colorScheme });
      const serious = async (): Promise<string[]> => {
        const { violations } = await new AxeBuilder({ page }).analyze();
        return violations
          .filter(({ impact }) => impact === "serious" || impact === "critical")
          .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`));
      };
      await page.goto(web.url);
      assert.deepEqual(await serious(), []);
      await page.fill("input[name=user]", "ann");
      await page.fill("input[name=password]", "correct horse");
      await page.click("button");
      await page.waitForSelector('#phases td:has-text("250.00 V")');
      assert.deepEqual(await serious(), []);
      // What is old is grey, and can be read all the same: the time of the sag that is shown, too.
      await page.click('.sections a:text-is("Events")');
      await page.waitForSelector('#sags [aria-pressed="true"]:has-text("sag on B")');
      await site.stop();
      await page.waitForSelector("#state.missing");
      assert.deepEqual(await serious(), []);
      await page.click('.sections a:text-is("Now")');
      await page.waitForSelector("#trend .plot canvas");
      assert.deepEqual(await serious(), []);
      // A curve and its place in the legend are pale alike, and keep their hue.
      const looks = await page.evaluate(
        '["#trend .plot canvas", "#trend .swatch"].map((one) => getComputedStyle(document.querySelector(one))).map(({ filter, opacity }) => `${filter} ${opacity}`)',
      );
      assert.deepEqual(looks, ["none 0.55", "none 0.55"]);
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
    const { page, faults } = await pageOf(t);
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
    await page.waitForSelector('#phases td:has-text("250.00 V")');
    await shoot("page");
    const [cookie] = await page.context().cookies();
    assert.deepEqual([cookie?.name, cookie?.httpOnly, cookie?.sameSite], ["polyphase-session", true, "Strict"]);
    await page.click("#leave");
    await page.waitForSelector("form");
    assert.equal(await page.evaluate("sessionStorage.length"), 0, "what was seen is not kept for the next");
    // Another password ends the session of a page that is open: its stream is refused, and it shows the form.
    await logIn("correct horse");
    await page.waitForSelector("#state.live");
    await site.users.put("ann", () => ({ role: "viewer", password: hashPassword("another horse") }));
    await page.waitForSelector("form", { timeout: 30_000 });
    // That a stranger is refused is what the browser logs of its own.
    assert.deepEqual(
      faults.filter((what) => !what.includes("401")),
      [],
    );
  },
);
