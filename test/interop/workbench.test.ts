/** Every section of the page: readable by everybody, on a phone, light and dark, in each language, and without a fault. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { buildPage } from "../../bin/page.mjs";
import { openWorkbench, stopsOf, visit, type Stop } from "./workbench-walk.ts";
import { without } from "./programs.ts";

const skip = without("chromium");
if (skip === false) await buildPage();

/** What an assistive program or a person with little sight would stumble over. */
async function hurdles(page: Page): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`));
}

/** How much wider the page is than its window. */
function overflow(page: Page): Promise<number> {
  return page.locator("html").evaluate((node) => node.scrollWidth - node.clientWidth);
}

test(
  "every section is clean for axe, light, dark and on a phone, and fits a phone",
  { skip, timeout: 600_000 },
  async (t) => {
    const workbench = await openWorkbench((run) => t.after(run));
    const { browser } = workbench;
    const faults: string[] = [];
    const found: string[] = [];
    let stops: readonly Stop[] = [];
    for (const how of [
      { name: "light", viewport: { width: 1280, height: 900 }, colorScheme: "light" },
      { name: "dark", viewport: { width: 1280, height: 900 }, colorScheme: "dark" },
      { name: "phone", viewport: { width: 390, height: 844 }, colorScheme: "light" },
    ] as const) {
      const { name, ...options } = how;
      const page = await (await browser.newContext(options)).newPage();
      page.on("pageerror", (error) => faults.push(`${name}: ${error.message}`));
      page.on("console", (message) => message.type() === "error" && faults.push(`${name}: ${message.text()}`));
      if (stops.length === 0) stops = await stopsOf(page, workbench);
      for (const stop of stops) {
        const { place } = stop;
        await visit(page, stop);
        found.push(...(await hurdles(page)).map((words) => `${name} ${place} ${words}`));
        const over = await overflow(page);
        if (over > 0) found.push(`${name} ${place} is ${over} px wider than its window`);
      }
      await page.context().close();
    }
    assert.ok(stops.length > 20, stops.map(({ place }) => place).join(" "));
    assert.deepEqual(found, []);
    assert.deepEqual(faults, []);
  },
);

test(
  "every section speaks the language that is chosen, and goes on so when it is loaded anew",
  { skip, timeout: 300_000 },
  async (t) => {
    const workbench = await openWorkbench((run) => t.after(run));
    const { browser } = workbench;
    const english = await (await browser.newContext({ locale: "en-GB" })).newPage();
    const german = await (await browser.newContext({ locale: "de-DE" })).newPage();
    const stops = await stopsOf(english, workbench);
    /** The headings of panels by their place; a heading is of the page, not of the meter. */
    const headings = async (page: Page): Promise<ReadonlyMap<string, string>> => {
      const all = new Map<string, string>();
      for (const stop of stops) {
        await visit(page, stop);
        const seen = await page
          .locator("main section h2")
          .evaluateAll((nodes) => nodes.map((node) => [node.id, node.textContent ?? ""] as const));
        for (const [id, words] of seen) all.set(`${stop.place} ${id}`, words);
      }
      return all;
    };
    const [inEnglish, inGerman] = [await headings(english), await headings(german)];
    assert.ok(inEnglish.size > 30, `${inEnglish.size}`);
    const same = [...inEnglish].filter(([at, words]) => inGerman.get(at) === words);
    assert.deepEqual(same, []);
    // What is chosen on the page counts from then on.
    await english.selectOption("#language", "de");
    await english.waitForSelector('html[lang="de"]');
    await english.reload();
    await english.waitForSelector('html[lang="de"]');
    await english.waitForSelector('nav.sections a[aria-current=page]:text-is("Protokolle")');
  },
);
