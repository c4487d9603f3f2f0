/** Traffic in a browser: what a person does who wants to know what a master asks, and a peer that would like to run something. */
import assert from "node:assert/strict";
import net from "node:net";
import { once } from "node:events";
import path from "node:path";
import { test } from "node:test";
import { setTimeout as later } from "node:timers/promises";
import { AxeBuilder } from "@axe-core/playwright";
import { chromium, type Page } from "playwright-core";
import { buildPage } from "../../bin/page.mjs";
import { startSite, temporaryFolder } from "../running-site.ts";
import { programPath, runProgram, without } from "./programs.ts";

const skip = without("chromium");
if (skip === false) await buildPage();

const SITE = `web: { port: 0 }
store: ":memory:"
meters:
  - { name: feeder, model: leviton-s4100, source: { synthetic: { volts: 277, amps: 10, pf: 1, steps: true } }, listen: [{ modbus: tcp, port: 0 }] }
  - { name: cellar, model: leviton-s4100, source: { synthetic: { volts: 277, amps: 20, pf: 1, steps: true } }, listen: [{ modbus: tcp, port: 0 }] }
`;
const hex = (text: string): Uint8Array => Buffer.from(text.replaceAll(" ", ""), "hex");
/** Asks for two registers; "sesame99" goes into four, which a Series 4100 refuses. */
const READ = hex("0001 0000 0006 01 03 0000 0002");
const WRITE = hex("0002 0000 000f 01 10 0100 0004 08 736573616d653939");

async function peer(port: number): Promise<{ ask(bytes: Uint8Array): Promise<void>; end(): void }> {
  const socket = net.connect(port, "127.0.0.1");
  await once(socket, "connect");
  socket.on("error", () => {});
  return {
    async ask(bytes) {
      const enough = new AbortController();
      const { signal } = enough;
      const either = [
        once(socket, "data", { signal }),
        once(socket, "close", { signal }),
        later(300, undefined, { signal }),
      ];
      socket.write(bytes);
      await Promise.race(either.map((one) => one.catch(() => undefined)));
      enough.abort();
    },
    end: () => socket.destroy(),
  };
}

async function assertNoViolations(page: Page, what: string): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    const { violations } = await new AxeBuilder({ page }).analyze();
    assert.deepEqual(
      violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`),
      [],
      `${what} ${colorScheme}`,
    );
  }
}

test(
  "who asks what is seen as it passes, what is written is read byte by byte, and all of it is taken away",
  { skip, timeout: 240_000 },
  async (t) => {
    const { folder, remove } = temporaryFolder();
    t.after(remove);
    const site = await startSite(folder, SITE);
    t.after(() => site.end());
    const ports = [...site.output().matchAll(/listener +modbus tcp \S+?:(\d+)/g)].map(([, port]) => Number(port));
    const [feeder = 0, cellar = 0] = ports;
    const browser = await chromium.launch({
      executablePath: programPath("chromium")!,
      args: ["--no-sandbox", "--disable-gpu"],
    });
    t.after(() => browser.close());
    const context = await browser.newContext({ acceptDownloads: true, locale: "en-GB" });
    const page = await context.newPage();
    const faults: string[] = [];
    page.on("pageerror", (error) => faults.push(error.message));
    page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
    page.on("dialog", (dialog) => faults.push(dialog.message()));
    await page.goto(`${site.page}#/traffic`);
    await page.waitForSelector('#traffic-panel .notice:has-text("Nothing has passed yet")');
    const row = (text: string) => page.locator(`#messages .rows [role=row]:has-text("${text}")`);
    const total = async (wanted: number): Promise<void> => {
      const words = `${wanted.toLocaleString("en-GB")} messages.`;
      await page.waitForSelector(`#traffic-panel .scale:has-text("${words}")`, { timeout: 30_000 });
    };

    /** Waits for how many rows there are; the page's policy lets no test run its words there. */
    const rows = async (isWanted: (count: number) => boolean): Promise<void> => {
      for (let k = 0; k < 300; k++) {
        if (isWanted(Number(await page.getAttribute("#messages", "aria-rowcount")))) return;
        await later(100);
      }
      assert.fail("so many rows have not come");
    };

    // A master reads and writes.
    const master = await peer(feeder);
    await master.ask(READ);
    await master.ask(WRITE);
    await row("write registers: refused, illegal data address").waitFor();
    await total(5);
    // What it has written may be a secret, until somebody asks for it.
    await row("write registers, 256 to 259, hidden").click();
    await page.waitForSelector('.opened .fields li:has-text("written to 256: hidden")');
    assert.equal(
      await page
        .locator(".bytes")
        .textContent()
        .then((text) => text?.includes("73")),
      false,
    );
    await page.click('label:has-text("show secrets") input');
    await page.waitForSelector('.opened .fields li:has-text("written to 256: 29541 (0x7365)")');
    await row("29541").waitFor();
    assert.deepEqual((await page.locator(".bytes .characters").allTextContents()).join(""), "·············sesame99");

    // A byte under the pointer is a field, and a field is its bytes.
    await page.hover('.bytes .digits [data-byte="9"]');
    await page.waitForSelector('.fields li.marked:has-text("first address: 256")');
    await page.hover('.fields li:has-text("written to 258")');
    assert.deepEqual(await page.locator(".bytes .digits .marked").allTextContents(), ["6D", "65"]);
    // The same from the keyboard.
    await page.focus(".fields");
    await page.keyboard.press("ArrowDown");
    assert.match((await page.textContent(".fields li.marked")) ?? "", /written to 259/);
    await assertNoViolations(page, "a message opened");

    // Another meter is asked as well; what is wanted is the first one's refusals.
    const other = await peer(cellar);
    for (let k = 0; k < 3; k++) await other.ask(READ);
    other.end();
    await total(13);
    await page.selectOption('select[aria-label="Meter"]', "cellar");
    await total(8);
    await page.selectOption('select[aria-label="Meter"]', "");
    await page.fill("#traffic-panel input.text", "illegal data");
    await total(1);
    await page.fill("#traffic-panel input.text", "");
    await total(13);

    // A peer that would like to run something says something, and no more.
    const hostile = await peer(feeder);
    await hostile.ask(Buffer.from('<img src=x onerror="alert(1)"><script>alert(2)</script>\u001b[2J\u202e'));
    await row("not a message").waitFor();
    assert.match((await row("not a message").textContent()) ?? "", /<img src=x onerror=/);
    await row("not a message").click();
    await page.waitForSelector('.opened .fields li:has-text("<script>")');
    await page.click('label:has-text("only what is wrong") input');
    await total(1);
    await page.click('label:has-text("only what is wrong") input');
    hostile.end();

    // Thousands of messages: the page has a few rows of them, and stays where somebody looks.
    await page.click('.opened button:has-text("Close")');
    for (let k = 0; k < 30; k++) await master.ask(Buffer.concat(Array.from({ length: 50 }, () => READ)));
    await rows((count) => count > 3000);
    assert.ok((await page.locator("#messages .rows [role=row]").count()) < 80);
    await page.focus("#messages");
    await page.keyboard.press("Home");
    await row("the peer has come").first().waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.waitForSelector('.opened h3:has-text("Message 2")');
    // Held, nothing moves; what came meanwhile is there when it goes on.
    await page.click('#traffic-panel button:has-text("Pause")');
    const before = await page.getAttribute("#messages", "aria-rowcount");
    await master.ask(READ);
    await page.waitForSelector('#traffic-panel .held:has-text("2 more are held")');
    assert.equal(await page.getAttribute("#messages", "aria-rowcount"), before);
    await page.click('#traffic-panel button:has-text("Go on")');
    await rows((count) => count > Number(before));

    // All of it is taken away, for Wireshark.
    const [download] = await Promise.all([page.waitForEvent("download"), page.click(".capture")]);
    const file = path.join(folder, "traffic.pcapng");
    await download.saveAs(file);
    if (without("tshark") === false) {
      const { out } = await runProgram("tshark", [
        "-r",
        file,
        "-Y",
        "modbus.exception_code",
        "-T",
        "fields",
        "-e",
        "modbus.exception_code",
      ]);
      assert.deepEqual(
        out.split("\n").filter((line) => /^\d+$/.test(line)),
        ["2"],
      );
    }

    // A meter's own traffic, on a phone, in German.
    await page.setViewportSize({ width: 360, height: 740 });
    await page.selectOption("footer select", "de");
    await page.goto(`${site.page}#cellar/traffic`);
    await page.waitForSelector('h2:has-text("Verkehr")');
    await page.waitForSelector('#traffic-panel .scale:has-text("8 Nachrichten")');
    const wide = await page
      .locator("html")
      .evaluate((node) => (node as unknown as { scrollWidth: number }).scrollWidth);
    assert.ok(wide <= 360, `nothing runs out of a phone: ${wide}`);
    await assertNoViolations(page, "on a phone");
    assert.deepEqual(faults, []);
    // A site that is gone is said to be gone, and what it said stays.
    master.end();
    await site.end();
    await page.waitForSelector('#traffic-panel.old .notice:has-text("die Anlage antwortet nicht")', {
      timeout: 20_000,
    });
    assert.ok((await page.locator("#messages .rows [role=row]").count()) >= 8);
  },
);
