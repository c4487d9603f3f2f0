/** Meters that a person adds on the page: a virtual one, which a foreign program then reads; and one of another site, which a scan finds. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test, type TestContext } from "node:test";
import { AxeBuilder } from "@axe-core/playwright";
import { chromium, type BrowserContextOptions, type Page } from "playwright-core";
import { buildPage } from "../../bin/page.mjs";
import { freePort, startSite, temporaryFolder } from "../running-site.ts";
import { programPath, runProgram, without } from "./programs.ts";

if (without("chromium") === false) await buildPage();

const SITE = `# One meter to begin with.
web: { port: 0 }
store: ":memory:"
meters:
  - name: first                           # the incomer
    model: leviton-s4100
    source: { synthetic: { volts: 230, amps: 5 } }
`;

async function siteIn(t: TestContext, yaml: string) {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const site = await startSite(folder, yaml);
  t.after(() => site.end());
  return { site, text: () => readFileSync(path.join(folder, "site.yaml"), "utf8") };
}

async function adding(t: TestContext, how: BrowserContextOptions = {}) {
  const { site, text } = await siteIn(t, SITE);
  const browser = await chromium.launch({
    executablePath: programPath("chromium")!,
    args: ["--no-sandbox", "--disable-gpu", "--no-first-run"],
  });
  t.after(() => browser.close());
  const page = await (await browser.newContext({ locale: "en-GB", ...how })).newPage();
  page.setDefaultTimeout(90_000);
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
  await page.goto(`${site.page}#/add`);
  await page.waitForSelector("#add-name");
  return { site, text, page, faults };
}

/** Waits until what is said of the draft is so. */
async function says(page: Page, words: RegExp): Promise<void> {
  try {
    await page.locator("#add-panel [role=status]", { hasText: words }).waitFor();
  } catch {
    throw new Error(`expected ${words.source}, found ${await page.textContent("#add-panel")}`);
  }
}

async function isAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  assert.deepEqual(
    violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`),
    [],
  );
}

test(
  "a virtual 4100 with a listener is added on the page, and mbpoll reads what it was told to measure",
  { skip: without("chromium") || without("mbpoll"), timeout: 300_000 },
  async (t) => {
    const { page, text, faults } = await adding(t);
    const port = await freePort();
    await page.fill("#add-name", "first");
    await page.selectOption("#add-model", "leviton-s4100");
    await says(page, /cannot be added so/);
    assert.match((await page.textContent("#add-name-wrong")) ?? "", /another meter is called first/);
    await page.fill("#add-name", "pump");
    await page.fill("#add-hz", "60");
    await page.fill("#add-volts", "277, 277, 277");
    await page.fill("#add-amps", "80");
    await page.fill("#add-settings", "systemType: 40\nctPrimary: 100\nsystemVoltage: 480");
    await page.selectOption("#add-listener", "modbus tcp");
    await page.fill("#add-place", "70000");
    await says(page, /cannot be added so/);
    assert.match((await page.textContent("#add-place-wrong")) ?? "", /expected at most 65535/);
    await page.fill("#add-place", String(port));
    await page.fill("#add-unit", "9");
    await says(page, /It can be added/);
    const written = await page.locator("#add-difference-panel .comes code").allTextContents();
    assert.equal(text(), SITE);
    await isAccessible(page);
    await page.click("#add-panel button[type=submit]");
    await page.waitForURL(/#pump$/);
    await page.waitForSelector("#state.live");
    assert.equal(text(), `${SITE}${written.join("\n")}\n`);
    // Float data: summary of active phases, registers 257 and on; Volts, L-N average, at 287 (its manual, Modbus Point Map).
    const args = `-m tcp -p ${port} -a 9 -t 3:float -B -1 -r 287 -c 1 127.0.0.1`;
    const ran = await runProgram(programPath("mbpoll")!, args.split(" "));
    assert.equal(ran.status, 0, ran.out);
    const volts = Number(/\[287\]:\s+([\d.]+)/.exec(ran.out)?.[1]);
    assert.ok(Math.abs(volts - 277) < 0.277, ran.out);
    assert.deepEqual(
      faults.filter((one) => !/422/.test(one)),
      [],
    );
  },
);

test(
  "a meter of another site is found by a scan, added, and shows what the other site shows",
  { skip: without("chromium"), timeout: 300_000 },
  async (t) => {
    const port = await freePort();
    const other = await siteIn(
      t,
      `
web: { port: 0 }
store: ":memory:"
meters:
  - name: theirs
    model: leviton-s4100
    source: { synthetic: { hz: 60, volts: [277, 277.5, 276], amps: [80, 75, 90], pf: 0.92, steps: true } }
    settings: { systemType: 40, ctPrimary: 100, systemVoltage: 480 }
    listen: [{ modbus: tcp, port: ${port}, unit: 3 }]
`,
    );
    const { page, site, text, faults } = await adding(t);
    await page.fill("#scan-url", `modbus://127.0.0.1:${port}`);
    await page.fill("#scan-from", "2");
    await page.fill("#scan-to", "4");
    await page.click("#scan-panel button[type=submit]");
    await page.click("#scan-panel tbody button");
    await says(page, /It can be added/);
    await isAccessible(page);
    await page.click("#add-panel button[type=submit]");
    await page.waitForURL(/#s4100-3$/);
    assert.match(text(), /read: \{ url: "?modbus:\/\/127\.0\.0\.1:\d+\/3"?, every: 5s \}/);
    await page.waitForSelector("#state.live");
    const readingsOf = async (where: string): Promise<Readonly<Record<string, number | null>>> => {
      const answer = (await (await fetch(where)).json()) as { readings: Readonly<Record<string, number | null>> };
      return answer.readings;
    };
    const [here, there] = [
      await readingsOf(`${site.page}api/v1/meters/s4100-3`),
      await readingsOf(`${other.site.page}api/v1/meters/theirs`),
    ];
    for (const name of ["V.a", "V.b", "V.c", "A.a", "A.b", "A.c", "W", "var", "PF", "Hz"]) {
      const [found, expected] = [here[name], there[name]];
      assert.ok(typeof found === "number" && typeof expected === "number", name);
      // A single has 24 bits.
      assert.ok(Math.abs(found - expected) <= 1e-6 * Math.abs(expected), `${name}: ${found}, ${expected}`);
    }
    await isAccessible(page);
    assert.deepEqual(faults, []);
  },
);

test(
  "somebody else changes the file meanwhile: nothing of his is lost, and it is said",
  { skip: without("chromium"), timeout: 300_000 },
  async (t) => {
    const { page, site, text } = await adding(t, {
      colorScheme: "dark",
      viewport: { width: 390, height: 844 },
      locale: "de-DE",
    });
    await page.fill("#add-name", "mine");
    await page.selectOption("#add-model", "leviton-s4100");
    await says(page, /kann hinzugefügt werden/);
    const theirs = { name: "theirs", model: "leviton-s4100", source: { live: {} } };
    const added = await fetch(`${site.page}api/v1/meters`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(theirs),
    });
    assert.equal(added.status, 200);
    await page.click("#add-panel button[type=submit]");
    await page.locator("#add-difference-panel [role=alert]", { hasText: "inzwischen geändert" }).waitFor();
    assert.doesNotMatch(text(), /mine/);
    await isAccessible(page);
    await page.click("#add-panel button[type=submit]");
    await page.waitForURL(/#mine$/);
    assert.ok(text().indexOf("theirs") < text().indexOf("mine"), text());
  },
);

test(
  "a meter is taken out on the page, once it has been seen what goes",
  { skip: without("chromium"), timeout: 300_000 },
  async (t) => {
    const { page, text, site } = await adding(t);
    await page.selectOption("#out-meter", "first");
    await page.locator("#out-panel [role=alert]", { hasText: "expected at least one meter" }).waitFor();
    const second = { name: "second", model: "leviton-s4100", source: { live: {} } };
    const headers = { "Content-Type": "application/json" };
    await fetch(`${site.page}api/v1/meters`, { method: "POST", headers, body: JSON.stringify(second) });
    await page.selectOption("#out-meter", "first");
    await page.click("#out-panel button");
    await page.locator("#out-panel [role=status]", { hasText: "first is gone." }).waitFor();
    assert.doesNotMatch(text(), /first/);
    assert.match(text(), /^# One meter to begin with\.\n[^]*name: second/);
    await isAccessible(page);
  },
);
