/** The page of the API in a browser: people find an operation, read it and try it, and a browser's event stream goes on where it was left. */
import assert from "node:assert/strict";
import net from "node:net";
import { test, type TestContext } from "node:test";
import { AxeBuilder } from "@axe-core/playwright";
import { chromium, type Browser } from "playwright-core";
import { buildPage } from "../../bin/page.mjs";
import { siteOf, startSite, temporaryFolder } from "../running-site.ts";
import { programPath, without } from "./programs.ts";

const skip = without("chromium");
if (skip === false) await buildPage();

async function pageOf(t: TestContext, options: Parameters<Browser["newContext"]>[0] = {}) {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const site = await startSite(folder, siteOf());
  t.after(() => site.end());
  const browser = await chromium.launch({
    executablePath: programPath("chromium")!,
    args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"],
  });
  t.after(() => browser.close());
  const page = await (await browser.newContext(options)).newPage();
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
  return { page, faults, site };
}

test("an operation is found, read and tried", { skip, timeout: 120_000 }, async (t) => {
  const { page, faults, site } = await pageOf(t);
  await page.goto(`${site.page}api/v1`);
  await page.waitForSelector("#readMeter");
  assert.equal(new URL(page.url()).pathname, "/api/v1/");
  assert.equal(await page.title(), "API · Polyphase");
  await page.fill("#look input", "registers of a list");
  assert.match((await page.textContent("#found")) ?? "", /^1 of \d+$/);
  await page.click("#readRegisters > summary");
  await page.fill('#readRegisters input[name="name"]', "feeder-1");
  await page.selectOption('#readRegisters select[name="list"]', "normal");
  assert.match(
    (await page.textContent("#readRegisters form > pre")) ?? "",
    /\/api\/v1\/meters\/feeder-1\/registers\/normal'$/,
  );
  await page.click("#readRegisters button");
  await page.waitForSelector('#answer-readRegisters b:has-text("200")');
  assert.match((await page.textContent("#answer-readRegisters pre")) ?? "", /"name": "feeder-1"/);
  // What is refused is seen as it is, too.
  await page.fill('#readRegisters input[name="name"]', "<img src=x onerror=alert(1)>");
  await page.click("#readRegisters button");
  await page.waitForSelector('#answer-readRegisters b:has-text("404")');
  assert.match((await page.textContent("#answer-readRegisters pre")) ?? "", /there is no meter <img src=x/);
  // What changes something is not tried from here.
  await page.fill("#look input", "freeze");
  await page.fill("#look input", "commands");
  await page.click("#command > summary");
  assert.equal(await page.locator("#command form button").count(), 0);
  assert.match((await page.textContent("#command form > pre")) ?? "", /curl -X POST .*\{"command":"freeze"\}/);
  assert.deepEqual(
    faults.filter((fault) => !fault.includes("404")),
    [],
  );
});

for (const [what, options] of [
  ["light", { colorScheme: "light" }],
  ["dark", { colorScheme: "dark" }],
  ["on a phone", { viewport: { width: 390, height: 844 } }],
] as const) {
  test(`everybody can read the page of the API: ${what}`, { skip, timeout: 120_000 }, async (t) => {
    const { page, site } = await pageOf(t, options);
    await page.goto(`${site.page}api/v1/`);
    await page.waitForSelector("#readProfile");
    await page.click("#readProfile > summary");
    await page.fill('#readProfile input[name="name"]', "feeder-1");
    await page.fill('#readProfile input[name="number"]', "1");
    await page.click("#readProfile button");
    await page.waitForSelector("#answer-readProfile pre");
    const { violations } = await new AxeBuilder({ page }).analyze();
    assert.deepEqual(
      violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html.slice(0, 120))]),
      [],
    );
    const wide = await page.locator("html").evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth);
    assert.equal(wide, 0, "nothing sticks out");
    const shots = process.env["POLYPHASE_SHOTS"];
    if (shots !== undefined) await page.screenshot({ path: `${shots}/api-${what.replaceAll(" ", "-")}.png` });
  });
}

/** Passes connections on to a port until they are cut. */
async function passage(t: TestContext, port: number) {
  const open = new Set<net.Socket>();
  const server = net.createServer((near) => {
    const far = net.connect(port, "127.0.0.1");
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(one);
      one.on("error", () => other.destroy());
      one.on("close", () => other.destroy());
      one.pipe(other);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const cut = (): void => {
    for (const one of open) one.destroy();
    open.clear();
  };
  t.after(() => (cut(), server.close()));
  return { port: (server.address() as net.AddressInfo).port, cut };
}

test(
  "a browser whose stream is cut comes again by itself, and hears what it has missed",
  { skip, timeout: 120_000 },
  async (t) => {
    const { page, site } = await pageOf(t);
    const way = await passage(t, Number(new URL(site.page).port));
    await page.goto(`http://127.0.0.1:${way.port}/api/v1/`);
    await page.waitForSelector("#readMeter");
    await page.evaluate(() => {
      const heard: [string, string, unknown][] = [];
      Object.assign(globalThis, { heard });
      const stream = new EventSource("/api/v1/meters/feeder-1/live");
      for (const type of ["message", "missed"])
        stream.addEventListener(type, (event) => {
          const { lastEventId, data } = event as unknown as { lastEventId: string; data: string };
          heard.push([type, lastEventId, type === "missed" ? JSON.parse(data) : null]);
        });
    });
    type Heard = readonly [type: string, id: string, data: { unknown?: true } | null];
    const heard = (): Promise<readonly Heard[]> =>
      page.evaluate(() => (globalThis as unknown as { heard: Heard[] }).heard);
    while ((await heard()).length === 0) await page.waitForTimeout(100);
    assert.deepEqual((await heard())[0]![0], "message");
    way.cut();
    const begun = Date.now();
    while (!(await heard()).some(([type]) => type === "missed") && Date.now() - begun < 20_000)
      await page.waitForTimeout(100);
    const missed = (await heard()).find(([type]) => type === "missed");
    assert.ok(missed !== undefined && missed[2]?.unknown === undefined, JSON.stringify(missed));
  },
);
