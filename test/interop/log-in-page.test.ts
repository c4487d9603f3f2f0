/** The form of a site's log-in in a browser: who comes with the address of a meter is shown that meter. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { chromium } from "playwright-core";
import { buildPage } from "../../bin/page.mjs";
import { loadSite } from "#fleet/load-site.ts";
import { hashPassword } from "#io/password.ts";
import { serveWeb } from "#web/listen.ts";
import { temporaryFolder } from "../running-site.ts";
import { programPath, without } from "./programs.ts";

if (without("chromium") === false) await buildPage();

test(
  "the meter that the address names is shown after the log-in, after a wrong password, too",
  { skip: without("chromium"), timeout: 120_000 },
  async (t) => {
    const { folder, remove } = temporaryFolder();
    t.after(remove);
    const file = path.join(folder, "site.yaml");
    writeFileSync(
      file,
      `web: { port: 0, login: always }
store: ":memory:"
meters:
  - { name: first, model: leviton-s4100, source: { synthetic: { volts: 277, amps: 5, steps: true } } }
  - { name: feeder-2, model: leviton-s4100, source: { synthetic: { volts: 120, amps: 7, steps: true } } }
`,
    );
    const site = loadSite(file);
    await site.users.put("ann", () => ({ role: "viewer", password: hashPassword("correct horse") }));
    t.after(() => site.stop());
    await site.start();
    assert.ok(site.file.web !== undefined);
    const web = await serveWeb(site, site.file.web);
    t.after(() => web.close());
    const executablePath = programPath("chromium");
    assert.ok(executablePath !== undefined);
    const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
    t.after(() => browser.close());
    const page = await browser.newPage();
    const faults: string[] = [];
    page.on("console", (one) => {
      if (/Content Security Policy/.test(one.text())) faults.push(one.text());
    });
    await page.goto(new URL("/#feeder-2", web.url).href);
    await page.fill("input[name=user]", "ann");
    await page.fill("input[name=password]", "wrong horse");
    await page.click("button");
    await page.waitForSelector("#said:not(:empty)");
    await page.fill("input[name=password]", "correct horse");
    await page.click("button");
    await page.waitForSelector("#identity:not(:empty)");
    assert.equal(await page.inputValue("#meter"), "feeder-2");
    const { pathname, hash } = new URL(page.url());
    assert.deepEqual([pathname, hash], ["/", "#feeder-2"]);
    assert.deepEqual(faults, []);
  },
);
