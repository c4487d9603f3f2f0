/** The bench of a meter shop in a browser: what somebody does there the meter measures and logs, and what was recorded of it replays. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { test, type TestContext } from "node:test";
import { AxeBuilder } from "@axe-core/playwright";
import { chromium, type BrowserContextOptions, type Page } from "playwright-core";
import { buildPage } from "../../bin/page.mjs";
import type { BenchView, ClockView } from "#quantity/bench-view.ts";
import type { LogView } from "#quantity/meter-api.ts";
import { run } from "../cli-run.ts";
import { startSite, temporaryFolder, type RunningSite } from "../running-site.ts";
import { programPath, without } from "./programs.ts";

if (without("chromium") === false) await buildPage();

const SITE = `
web: { port: 0 }
clock: { start: 2026-03-02T12:00:00Z }
meters:
  - name: feeder
    model: ametek-jemstar-ii
    modelNumber: JSII-09I6020-1B/2A-DIO-PQ3
    configuration: feeder.yaml
    auxiliary: true
    source: { synthetic: { hz: 60, volts: [276.1, 277.4, 278.2], amps: [4.1, 3.7, 4.5] } }
    listen: [{ modbus: tcp, port: 0 }]
  - { name: pushed, model: leviton-s4100, source: { live: {} } }
`;
const FEEDER = `
primary: { nominalVoltage: 277, nominalCurrent: 5 }
triggers:
  - { id: 1, label: Sag, measure: { quantity: V }, phase: any, operator: "<", alarm: 90 %, reset: 92 %, records: sagSwell }
`;

type Listeners = readonly { readonly faults: readonly unknown[] }[];

async function openBench(t: TestContext, how: BrowserContextOptions = {}) {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  writeFileSync(path.join(folder, "feeder.yaml"), FEEDER);
  const site = await startSite(folder, SITE);
  t.after(() => site.end());
  const browser = await chromium.launch({
    executablePath: programPath("chromium")!,
    args: ["--no-sandbox", "--disable-gpu", "--no-first-run"],
  });
  t.after(() => browser.close());
  const context = await browser.newContext({ acceptDownloads: true, ...how });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("console", (message) => (message.type() === "error" ? faults.push(message.text()) : undefined));
  await page.goto(`${site.page}#feeder/bench`);
  await page.waitForSelector("#bench-values-panel");
  const bench = async (): Promise<BenchView> =>
    (await (await fetch(`${site.page}api/v1/meters/feeder/bench`)).json()) as BenchView;
  return { folder, site, page, faults, bench };
}

/** Waits until the site says that something is so. */
async function until<T>(site: RunningSite, place: string, isSo: (value: T) => boolean): Promise<void> {
  for (let tries = 0; ; tries++) {
    const value = (await (await fetch(`${site.page}api/v1/${place}`)).json()) as T;
    if (isSo(value)) return;
    if (tries > 300) throw new Error(`${place}: found ${JSON.stringify(value).slice(0, 500)}`);
    await new Promise((resolve) => void setTimeout(resolve, 100));
  }
}

async function isDone(page: Page): Promise<void> {
  await page.locator(".bench-bar p", { hasText: /^Done, from / }).waitFor();
}

test(
  "a dip of 40 % for 200 ms on phase b is made on the page, seen in the meter's log, recorded, and replays",
  { skip: without("chromium"), timeout: 180_000 },
  async (t) => {
    const { folder, site, page, faults, bench } = await openBench(t);
    await page.getByRole("button", { name: "Record what I do" }).click();
    const volts = page.getByLabel("Volts, phase A", { exact: true });
    await volts.fill("280");
    await volts.press("Enter");
    await isDone(page);
    assert.deepEqual((await bench()).now.volts, [280, 277.4, 278.2]);
    await page.locator("#bench-differs-panel", { hasText: "Volts: the file has 276.1, 277.4, 278.2" }).waitFor();

    const events = page.locator("#bench-events-panel");
    await events.getByLabel("What").selectOption({ label: "Dip" });
    await events.getByLabel("By how much, %").fill("40");
    await events.getByLabel("For how long, ms").fill("200");
    await events.getByLabel("A", { exact: true }).uncheck();
    await events.getByLabel("C", { exact: true }).uncheck();
    await events.getByRole("button", { name: "Let it happen" }).click();
    await page.locator(".bench-bar", { hasText: "Steps recorded: 2" }).waitFor();

    // The log says it: 277.4 V x 0.6, 200 ms, as half cycles see it.
    await page.getByRole("link", { name: "Logs" }).click();
    await page.locator("#log-panel", { hasText: "phase b sag" }).waitFor({ timeout: 30_000 });
    const log = (await (await fetch(`${site.page}api/v1/meters/feeder/logs/sagSwell`)).json()) as LogView;
    assert.equal(log.entries.length, 1);
    const { milliseconds, "V.b": least } = log.entries[0]?.details ?? {};
    assert.ok(Number(milliseconds) >= 200 && Number(milliseconds) <= 209, String(milliseconds));
    assert.match(String(least), /^166\.4/);

    // Another visit of the section is another bench; what is set is the site's.
    await page.getByRole("link", { name: "Bench" }).click();
    await page.getByRole("button", { name: "Record what I do" }).click();
    await page.locator(".bench-bar", { hasText: "Steps recorded: 1" }).waitFor();
    await page.getByRole("button", { name: "Fail the line" }).click();
    await page.locator(".bench-bar", { hasText: "Steps recorded: 2" }).waitFor();
    await page.getByRole("button", { name: "The line is back" }).click();
    await page.locator(".bench-bar", { hasText: "Steps recorded: 3" }).waitFor();
    await page.getByRole("button", { name: "Put everything back" }).click();
    await page.locator(".bench-bar", { hasText: "Steps recorded: 4" }).waitFor();
    await page.locator("#bench-differs-panel", { hasText: "Everything is as in the site file." }).waitFor();
    // What is measured is of nothing but that.
    const since = Date.parse((await bench()).since ?? "");
    await until<ClockView>(site, "clock", ({ utc }) => utc >= since + 5000);
    await page.getByRole("button", { name: "Expect what is measured now" }).click();
    const saved = page.waitForEvent("download");
    await page.getByRole("button", { name: "End, and save as a scenario" }).click();
    const download = await saved;
    assert.equal(download.suggestedFilename(), "feeder-scenario.yaml");
    const file = path.join(folder, "feeder-scenario.yaml");
    await download.saveAs(file);
    const replayed = await run("scenario", file, "--json");
    assert.equal(replayed.status, 0, `${replayed.out}${replayed.err}`);
    assert.match(replayed.out, /V\.b/);
    assert.deepEqual(faults, []);
  },
);

test(
  "harmonics, flicker, wiring, speed, contacts and faults are set on the page; what is refused is said; axe finds nothing",
  { skip: without("chromium"), timeout: 180_000 },
  async (t) => {
    const { site, page, faults, bench } = await openBench(t, { viewport: { width: 390, height: 844 } });
    const volts = page.getByRole("group", { name: "Harmonics of the volts" });
    await volts.getByLabel("Order").fill("7");
    await volts.getByLabel("% of the fundamental").fill("3");
    await volts.getByLabel("Degrees").fill("30");
    await volts.getByRole("button", { name: "Set" }).click();
    await isDone(page);
    const flicker = page.getByRole("group", { name: "Flicker" });
    await flicker.getByRole("button", { name: "Set" }).click();
    await flicker.getByText("8.8 Hz").waitFor();
    const wiring = page.locator("#bench-wiring-panel");
    await wiring.getByLabel("Voltages that change places").selectOption("a,b");
    await page.getByRole("button", { name: "Mend everything" }).and(page.locator(":enabled")).waitFor();
    await wiring.getByRole("group", { name: "Current transformers turned round" }).getByLabel("C").check();
    await page.locator("#bench-differs-panel", { hasText: "wiring" }).waitFor();
    const { now } = await bench();
    assert.deepEqual(now.harmonics.volts, [{ order: 7, percent: 3, degrees: 30 }]);
    assert.deepEqual(now.flicker, { hz: 8.8, percent: 1, shape: "square" });
    await until<BenchView>(
      site,
      "meters/feeder/bench",
      (view) => JSON.stringify(view.now.wiring) === '{"swapVolts":["a","b"],"reversed":["c"]}',
    );
    await page.getByLabel("How fast it goes").selectOption({ label: "a minute a second" });
    await until<ClockView>(site, "clock", ({ speed }) => speed === 60);
    await page.getByLabel("How fast it goes").selectOption({ label: "like time" });
    await until<ClockView>(site, "clock", ({ speed }) => speed === 1);
    await page.getByRole("button", { name: "Put in the metering key" }).click();
    await page.getByRole("combobox", { name: "Fault", exact: true }).selectOption({ label: "no answer" });
    await page.getByRole("button", { name: /: Begin$/ }).click();
    await until<Listeners>(site, "listeners", ([first]) => first?.faults.length === 1);
    await page.getByRole("button", { name: /: End all$/ }).click();
    await until<Listeners>(site, "listeners", ([first]) => first?.faults.length === 0);

    // What cannot be is not sent; what the site refuses is said.
    const hz = page.getByLabel("Frequency");
    await hz.fill("90");
    await hz.press("Tab");
    assert.equal((await bench()).now.hz, 60);
    await page.route("**/bench", (route) =>
      route.request().method() === "POST"
        ? route.fulfill({ status: 422, json: { error: "a reason <b>in words</b>" } })
        : route.continue(),
    );
    await page.getByRole("button", { name: "Fail the line" }).click();
    await page.locator(".bench-bar .refused", { hasText: "a reason <b>in words</b>" }).waitFor();
    const found = await new AxeBuilder({ page }).analyze();
    assert.deepEqual(
      found.violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]),
      [],
    );
    // The one that was made to be refused.
    assert.deepEqual(
      faults.filter((one) => !one.includes("422")),
      [],
    );
    // A meter whose source is no synthetic one has no such section.
    await page.goto(`${site.page}#pushed/bench`);
    await page.getByText("This meter has no such thing.").waitFor();
  },
);
