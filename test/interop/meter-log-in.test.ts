/** A meter that is read by its users only, in a browser: one log-in, by which every section, link and stream works, and what becomes of it. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test, type TestContext } from "node:test";
import { AxeBuilder } from "@axe-core/playwright";
import { chromium, type BrowserContextOptions, type Page } from "playwright-core";
import { VirtualClock } from "#clock/virtual-clock.ts";
import { loadSite } from "#fleet/load-site.ts";
import { MemoryStore } from "#store/store.ts";
import { serveWeb } from "#web/listen.ts";
import { buildPage } from "../../bin/page.mjs";
import { temporaryFolder } from "../running-site.ts";
import { programPath, without } from "./programs.ts";

const skip = without("chromium");
if (skip === false) await buildPage();

const HOUR = 3_600_000;
const MINUTE = 60_000;
/** What is lived through between two looks of the test's own clock. */
const STEP_MS = 250;

const READS =
  "readRegisters, readLoadProfile, readEvents, readDiagnostics, readAlarms, readPowerQuality, readMeasurementLog, configurationFile";
const JEM = `
primary: { pt: 120, ct: 80, nominalVoltage: 120, nominalCurrent: 5 }
registers: { normal: [{ id: 2, label: kWh delivered, type: consumption, measure: { quantity: Wh }, selfRead: true }] }
profiles: [{ minutes: 15, channels: [{ measure: { quantity: Wh }, km: 1000 }] }]
security: { readingTakesSession: true, sessionMinutes: 5 }
users:
  - { name: reader, password: meter-reader, privileges: [freeze, configureDemand, ${READS}] }
  - { name: clerk, password: meter-clerk, privileges: [readRegisters] }
`;
const SITE = `
store: ":memory:"
meters:
  - name: half
    model: ametek-jemstar-ii
    configuration: jem.yaml
    transformers: { pt: 120, ct: 80 }
    auxiliary: false
    source: { synthetic: { volts: 14400, amps: 300, steps: true, events: [{ kind: interruption, at: 3600, for: 600 }] } }
  - { name: feeder, model: leviton-s4100, source: { synthetic: { volts: 250, amps: 40, steps: true } } }
`;

async function rigOf(t: TestContext, how: BrowserContextOptions = {}) {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const file = path.join(folder, "site.yaml");
  writeFileSync(file, SITE);
  writeFileSync(path.join(folder, "jem.yaml"), JEM);
  const [clock, real] = [new VirtualClock(Date.UTC(2026, 2, 4)), new VirtualClock()];
  const site = loadSite(file, { clock, real, store: new MemoryStore() });
  t.after(() => site.stop());
  await site.start();
  clock.advance(3 * HOUR);
  const lives = setInterval(() => {
    clock.advance(STEP_MS);
    real.advance(STEP_MS);
  }, STEP_MS);
  t.after(() => clearInterval(lives));
  const web = await serveWeb(site, { port: 0, host: "127.0.0.1" });
  t.after(() => web.close());
  const executablePath = programPath("chromium");
  assert.ok(executablePath !== undefined);
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
  t.after(() => browser.close());
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...how });
  const faults: string[] = [];
  const addresses: string[] = [];
  const open = async (hash: string): Promise<Page> => {
    const page = await context.newPage();
    page.setDefaultTimeout(30_000);
    page.on("pageerror", (error) => faults.push(error.message));
    page.on("console", (one) => {
      if (/Content Security Policy/.test(one.text())) faults.push(one.text());
    });
    page.on("request", (request) => addresses.push(request.url()));
    await page.goto(new URL(`/${hash}`, web.url).href);
    return page;
  };
  t.after(() => assert.deepEqual(faults, []));
  return { open, addresses, context, real, site, web };
}

async function logIn(page: Page, user: string, password: string): Promise<void> {
  await page.locator("#meter-log-in input").nth(0).fill(user);
  await page.locator("#meter-log-in input").nth(1).fill(password);
  await page.click("#meter-log-in button[type=submit]");
}

const goTo = (page: Page, section: string) => page.click(`.sections a:text-is("${section}")`);

async function looksWell(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  assert.deepEqual(
    violations.map(({ id, nodes }) => [id, nodes[0]?.html]),
    [],
  );
  const wide = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");
  assert.ok(Number(wide) <= 0, `${String(wide)} px too wide`);
}

/** 14,400 V of each phase. */
const VOLTS = '#phases td:has-text("14.400 kV")';

test(
  "a stranger is shown that a meter is its users', a user everything, by one log-in, and nobody anything after him",
  { skip, timeout: 240_000 },
  async (t) => {
    const { open, addresses, context, web } = await rigOf(t);
    const page = await open("#half");
    await page.waitForSelector('#closed:has-text("half is read by its own users only")');
    assert.equal(await page.locator("section, .sections").count(), 0);
    await looksWell(page);
    await logIn(page, "reader", "wrong horse");
    await page.waitForSelector("#meter-log-in .problem:has-text('password')");
    assert.equal(await page.inputValue("#meter-log-in input >> nth=0"), "reader");
    await logIn(page, "reader", "meter-reader");
    await page.waitForSelector(VOLTS);
    await page.waitForSelector("#state.live");
    assert.equal(await page.locator("#meter-log-in").count(), 0);
    await page.click("#meter-rights summary");
    const rights = (await page.textContent("#meter-rights")) ?? "";
    assert.match(
      rights,
      /reader at the meter.*May read.*load profiles.*files.*logs: .*Events.*May do.*freeze registers/,
    );
    assert.doesNotMatch(rights, /Security|cold start/);
    assert.match(rights, /after 5 minutes/);
    await looksWell(page);
    await page.click("#meter-rights summary");
    const cookies = await context.cookies();
    assert.deepEqual(
      cookies.map(({ name, httpOnly, sameSite }) => [name, httpOnly, sameSite]),
      [["polyphase-meter-half", true, "Strict"]],
    );
    const token = cookies[0]!.value;

    await goTo(page, "Energy");
    await page.waitForSelector('#registers td:has-text("kWh")');
    await goTo(page, "Load profile");
    await page.waitForSelector("#profile tbody tr");
    // What a link saves is what a program is given that shows the token.
    const [saved] = await Promise.all([page.waitForEvent("download"), page.click("#csv")]);
    const csv = readFileSync(await saved.path(), "utf8");
    assert.match(csv, /Wh/);
    const own = await fetch(saved.url(), { headers: { Authorization: `Bearer ${token}` } });
    assert.equal(csv, (await own.text()).replace(/^\uFEFF/, csv.startsWith("\uFEFF") ? "\uFEFF" : ""));
    const [workbook] = await Promise.all([page.waitForEvent("download"), page.click("#xlsx")]);
    assert.equal(
      readFileSync(await workbook.path())
        .subarray(0, 2)
        .toString(),
      "PK",
    );
    for (const [section, shows] of [
      ["Bills", "#bills tbody tr"],
      ["Trends", "canvas"],
      ["Logs", "#log tbody tr"],
      ["Report", "#report-readings tbody tr"],
      ["Configuration", "#draft-state"],
      ["Traffic", "#traffic-panel"],
    ] as const) {
      await goTo(page, section);
      await page.waitForSelector(shows).catch(async () => {
        assert.fail(`${section}: ${await page.locator("main").innerHTML()}`);
      });
    }
    assert.deepEqual(
      addresses.filter((one) => one.includes(token)),
      [],
    );
    // Another page of the same browser has it too, and is shut by the same log-out.
    const other = await open("#half");
    await other.waitForSelector(VOLTS);
    await goTo(page, "Now");
    await page.waitForSelector(VOLTS);
    await page.click("#meter-visitor button");
    for (const one of [page, other]) {
      await one.waitForSelector("#closed");
      assert.equal(await one.locator("section, .sections, canvas").count(), 0);
      assert.doesNotMatch(await one.innerText("body"), /kV|kW|JEM/);
    }
    assert.equal(await page.evaluate("sessionStorage.length"), 0);
    assert.deepEqual(await context.cookies(), []);
    const gone = await fetch(new URL("/api/v1/meters/half", web.url), {
      headers: { Authorization: `Bearer ${token}` },
    });
    assert.equal(gone.status, 401);
  },
);

test(
  "a session that times out while a stream runs is told; what is edited stays, and nothing is shown meanwhile",
  { skip, timeout: 240_000 },
  async (t) => {
    const { open, real } = await rigOf(t);
    const page = await open("#half/configuration");
    await logIn(page, "reader", "meter-reader");
    await page.waitForSelector("#draft-state");
    await page
      .locator(".contents nav button", { hasText: /^Demand/ })
      .first()
      .click();
    await page.fill('[id="at_demand.deferSeconds"]', "77");
    await page.waitForSelector('#draft-state:has-text("One change")');
    real.advance(6 * MINUTE);
    await page.waitForSelector('#meter-log-in:has-text("The session with the meter has ended")');
    await page.waitForSelector("#closed");
    assert.equal(await page.locator("#draft-state").count(), 0);
    await looksWell(page);
    await logIn(page, "reader", "meter-reader");
    await page.waitForSelector('#draft-state:has-text("One change")');
    await page
      .locator(".contents nav button", { hasText: /^Demand/ })
      .first()
      .click();
    assert.equal(await page.inputValue('[id="at_demand.deferSeconds"]'), "77");
    // Who logs out is asked, and leaves none of it to the next.
    page.on("dialog", (dialog) => void dialog.accept());
    await page.click("#meter-visitor button");
    await page.waitForSelector("#closed");
    await logIn(page, "reader", "meter-reader");
    await page.waitForSelector('#draft-state:has-text("As the meter has it")');
  },
);

test(
  "a user who may not read what is shown is told so, and a meter without users has no log-in",
  { skip, timeout: 120_000 },
  async (t) => {
    const { open } = await rigOf(t);
    const page = await open("#half");
    await logIn(page, "clerk", "meter-clerk");
    await page.waitForSelector('#closed:has-text("clerk may not read")');
    assert.match((await page.textContent("#meter-rights")) ?? "", /May readregisters|May readreadings, registers/);
    await page.selectOption("#meter", "feeder");
    await page.waitForSelector("#state.live");
    assert.equal(await page.locator("#meter-visitor, #meter-log-in").count(), 0);
  },
);

test("on a telephone, and in German", { skip, timeout: 120_000 }, async (t) => {
  const { open } = await rigOf(t, { locale: "de-DE", viewport: { width: 390, height: 844 }, colorScheme: "dark" });
  const page = await open("#half");
  await page.waitForSelector('#closed:has-text("half wird nur von seinen eigenen Benutzern gelesen")');
  assert.deepEqual(await page.locator("#meter-log-in label").allTextContents(), ["Benutzer ", "Passwort "]);
  await looksWell(page);
  await logIn(page, "reader", "meter-reader");
  await page.waitForSelector('#phases td:has-text("14,400 kV")');
  await page.click("#meter-rights summary");
  assert.match((await page.textContent("#meter-rights")) ?? "", /reader am Zähler.*Darf lesen.*Lastgänge.*Darf tun/);
  await looksWell(page);
  await page.click('#meter-visitor button:has-text("Vom Zähler abmelden")');
  await page.waitForSelector("#closed");
});
