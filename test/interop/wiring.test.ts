/** A job in a browser: find what is connected wrongly in a site, and be told what to change; with a keyboard, and for who hears a page. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { AxeBuilder } from "@axe-core/playwright";
import { chromium } from "playwright-core";
import { buildPage } from "../../bin/page.mjs";
import { startSite, temporaryFolder } from "../running-site.ts";
import { programPath, without } from "./programs.ts";

if (without("chromium") === false) await buildPage();

const meter = (name: string, synthetic: string): string => `  - name: ${name}
    model: leviton-s4100
    source: { synthetic: { volts: [277, 275.5, 279], amps: [80, 73, 90], pf: 0.92${synthetic} } }
    settings: { systemType: 40, ctPrimary: 100, systemVoltage: 480 }
`;

test(
  "a technician finds a swapped phase in a wrong site, and a right one is called right",
  { skip: without("chromium"), timeout: 120_000 },
  async (t) => {
    const { folder, remove } = temporaryFolder();
    t.after(remove);
    const site = await startSite(
      folder,
      `web: { port: 0 }\nstore: ":memory:"\nmeters:\n${meter("wrong", ", wiring: { swapVolts: [a, b] }")}${meter("right", "")}${meter("surplus", ", export: true")}`,
    );
    t.after(() => site.end());
    const browser = await chromium.launch({
      executablePath: programPath("chromium")!,
      args: ["--no-sandbox", "--disable-gpu"],
    });
    t.after(() => browser.close());
    const page = await (await browser.newContext({ viewport: { width: 1280, height: 1600 } })).newPage();
    const faults: string[] = [];
    page.on("pageerror", (error) => faults.push(error.message));
    page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
    const loaded: string[] = [];
    page.on("response", (response) => loaded.push(new URL(response.url()).pathname));

    await page.goto(`${site.page}#wrong`);
    await page.waitForSelector('#phases td:has-text("277.00 V")');
    // What judges is loaded when somebody asks.
    assert.ok(!loaded.some((name) => name.includes("wiring-answer")));
    await page.locator("#wiring-panel").getByRole("button", { name: "Check" }).focus();
    await page.keyboard.press("Enter");
    const verdict = page.locator("#wiring-panel [role=status]");
    await verdict.waitFor();
    assert.ok(loaded.some((name) => name.includes("wiring-answer")));
    assert.match((await verdict.textContent()) ?? "", /^The wiring is wrong \(.*99\.\d % sure\)\.$/);
    const list = page.getByRole("list", { name: "What explains the measurement, the likeliest first" });
    const first = (await list.locator("> li").first().textContent()) ?? "";
    assert.match(first, /The voltages of A and B are swapped\./);
    assert.match(first, /Change: Swap the voltage leads of A and B at the meter\./);
    const { violations } = await new AxeBuilder({ page }).include("#wiring-panel").analyze();
    assert.deepEqual(
      violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]),
      [],
    );

    await page.selectOption("#meter", "right");
    await page.waitForFunction("document.title.startsWith('right')");
    // Another meter has not been asked yet.
    await page.locator("#wiring-panel").getByRole("button", { name: "Check" }).click();
    await verdict.waitFor();
    assert.match((await verdict.textContent()) ?? "", /^The wiring is right/);

    await page.selectOption("#meter", "surplus");
    await page.waitForFunction("document.title.startsWith('surplus')");
    await page.locator("#wiring-panel").getByRole("button", { name: "Check" }).click();
    await verdict.waitFor();
    assert.equal(await verdict.textContent(), "What is measured can be explained in several ways.");
    const can = page.getByLabel("The site can feed power back");
    await can.selectOption("no");
    assert.match((await verdict.textContent()) ?? "", /^The wiring is wrong/);
    assert.match((await list.textContent()) ?? "", /All current transformers \(A, B and C\) are reversed/);
    await can.selectOption("yes");
    assert.doesNotMatch((await list.locator("> li").first().textContent()) ?? "", /reversed/);
    assert.deepEqual(faults, []);
  },
);
