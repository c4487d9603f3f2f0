/** The site at a glance in a browser: what a person does with many meters. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as later } from "node:timers/promises";
import { AxeBuilder } from "@axe-core/playwright";
import { chromium } from "playwright-core";
import { buildPage } from "../../bin/page.mjs";
import { startSite, temporaryFolder } from "../running-site.ts";
import { programPath, without } from "./programs.ts";

const skip = without("chromium");
if (skip === false) await buildPage();

const MANY = 130;
const SITE = `web: { port: 0 }
store: ":memory:"
meters:
${Array.from({ length: MANY }, (_, k) => `  - { name: feeder-${k}, model: leviton-s4100, settings: { systemVoltage: 480 }, source: { synthetic: { volts: 277, amps: ${k + 1}, pf: 1, steps: true } } }`).join("\n")}
  - { name: cellar, model: leviton-s4000k, source: { live: { hz: 60 } } }
`;

test(
  "of many meters the one that is silent, and the one with the most power, are found, opened and left again",
  { skip, timeout: 180_000 },
  async (t) => {
    const { folder, remove } = temporaryFolder();
    t.after(remove);
    const site = await startSite(folder, SITE);
    t.after(() => site.end());
    const browser = await chromium.launch({
      executablePath: programPath("chromium")!,
      args: ["--no-sandbox", "--disable-gpu"],
    });
    t.after(() => browser.close());
    const context = await browser.newContext();
    const page = await context.newPage();
    const faults: string[] = [];
    page.on("pageerror", (error) => faults.push(error.message));
    page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
    // What will be shown is asked for while the site is asked what there is.
    const loaded = page.waitForResponse((response) => /\/glance-[^/]*\.js$/.test(response.url()));
    await page.route("**/api/v1/session", async (route) => {
      await loaded;
      await route.continue();
    });
    await page.goto(site.page);
    await page.waitForSelector(`h2:has-text("${MANY + 1} meters")`);
    const names = () => page.locator("#glance tbody a").allTextContents();
    /** Waits until so many meters are listed, or a certain one is the first. */
    const listed = async (wanted: number | string): Promise<void> => {
      for (let k = 0; k < 100; k++) {
        const now = await names();
        if (now.length === wanted || now[0] === wanted) return;
        await later(100);
      }
      assert.fail(`not listed: ${wanted}`);
    };
    assert.equal((await names()).length, 100, "a page of them");
    await page.click('button:has-text("Next")');
    await page.waitForSelector('.pages:has-text("101 to 131 of 131")');
    assert.equal((await names()).length, 31);
    // Which one is silent?
    await page.click('.chips button:has-text("Silent")');
    await listed(1);
    assert.deepEqual(await names(), ["cellar"]);
    assert.match((await page.textContent("#glance tbody")) ?? "", /nothing has been pushed into this meter yet/);
    assert.match((await page.textContent("#glance tbody")) ?? "", /never/, "no time that was none");
    await page.click('.chips button:has-text("All")');
    // Which has the most power? 3 x 277 V x 130 A.
    await page.click('#glance th button:has-text("Power")');
    await listed("feeder-129");
    assert.match((await page.locator("#glance tbody tr").first().textContent()) ?? "", /108\.03 kW/);
    assert.equal(await page.locator('#glance th[aria-sort="descending"]').count(), 1);
    await page.fill("input[type=search]", "FEEDER-12");
    await listed(11);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      const { violations } = await new AxeBuilder({ page }).analyze();
      assert.deepEqual(
        violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`),
        [],
        colorScheme,
      );
    }
    await page.setViewportSize({ width: 360, height: 740 });
    const wide = await page
      .locator("html")
      .evaluate((node) => (node as unknown as { scrollWidth: number }).scrollWidth);
    assert.ok(wide <= 360, `nothing runs out of a phone: ${wide}`);
    await page.click('#glance tbody a:has-text("feeder-129")');
    await page.waitForSelector("#state.live");
    assert.equal(await page.title(), "feeder-129 · Polyphase");
    await page.click('a:has-text("All meters")');
    await page.waitForSelector("#glance tbody tr");
    assert.equal(await page.title(), "Polyphase");
    // No meter is looked at any more: nothing of it is old.
    await page.waitForTimeout(1000);
    assert.equal(await page.locator(".old").count(), 0);
    assert.deepEqual(faults, []);
    // A site that is gone is said to be gone, and what it said last is old.
    await site.end();
    await page.waitForSelector('#glance-panel.old .notice:has-text("the site does not answer")', { timeout: 15_000 });
  },
);
