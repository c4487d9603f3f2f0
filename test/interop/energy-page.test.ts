/** What a meter counts and keeps, on the page: jobs that people have with it, in a browser, and everybody can read it. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test, type TestContext } from "node:test";
import { AxeBuilder } from "@axe-core/playwright";
import { chromium, type Page } from "playwright-core";
import { VirtualClock } from "#clock/virtual-clock.ts";
import { loadSite } from "#fleet/load-site.ts";
import { MemoryStore } from "#store/store.ts";
import { serveWeb } from "#web/listen.ts";
import { buildPage } from "../../bin/page.mjs";
import { temporaryFolder } from "../running-site.ts";
import { peersPython, programPath, runProgram, without, withoutPeers } from "./programs.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const skip = without("chromium");
if (skip === false) await buildPage();

const days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
const JEM = `
primary: { pt: 120, ct: 80, nominalVoltage: 120, nominalCurrent: 5 }
registers:
  normal:
    - { id: 2, label: kWh delivered, type: consumption, measure: { quantity: Wh }, selfRead: true }
    - { id: 3, label: kWh day, type: consumption, measure: { quantity: Wh }, tariff: A, selfRead: true }
    - { id: 4, label: kWh night, type: consumption, measure: { quantity: Wh }, tariff: B, selfRead: true }
    - { id: 7, label: kW peak, type: peakDemand, measure: { quantity: W }, selfRead: true }
  alternate:
    - { id: 100, label: kWh yesterday, type: consumption, measure: { quantity: Wh }, storage: previousDay }
profiles: [{ minutes: 15, channels: [{ measure: { quantity: Wh }, km: 1000 }, { measure: { quantity: V, phase: a }, km: 1 }] }]
tou:
  seasons:
    - { month: 1, day: 1, days: { ${days.map((day) => `${day}: [{ at: "00:00", rate: B }, { at: "08:00", rate: A }, { at: "20:00", rate: B }]`).join(", ")} } }
timekeeping:
  utcOffsetMinutes: -300
  daylightSaving:
    { start: { month: 3, week: 2, weekday: 0, hour: 2 }, end: { month: 11, week: 1, weekday: 0, hour: 2 } }
selfRead: { every: day }
`;
/** 14.4 kV and 300 A of three phases are 12.96 MW; its own name would run a script, where one ran. */
const SITE = `
store: ":memory:"
meters:
  - name: half
    model: ametek-jemstar-ii
    configuration: jem.yaml
    transformers: { pt: 120, ct: 80 }
    auxiliary: false
    source: { synthetic: { volts: 14400, amps: 300, steps: true, events: [{ kind: interruption, at: 400000, for: 5400 }] } }
  - { name: feeder, model: leviton-s4100, source: { synthetic: { volts: 250, amps: 40, steps: true } } }
`;
/** A Saturday, so that the Sunday on which clocks go forward is the next day. */
const BEGIN = Date.UTC(2026, 2, 7, 5);

async function rigOf(t: TestContext, width = 1280) {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const file = path.join(folder, "site.yaml");
  writeFileSync(file, SITE);
  writeFileSync(path.join(folder, "jem.yaml"), JEM);
  const clock = new VirtualClock(BEGIN);
  const site = loadSite(file, { clock, store: new MemoryStore() });
  t.after(() => site.stop());
  await site.start();
  const web = await serveWeb(site, { port: 0, host: "127.0.0.1" });
  t.after(() => web.close());
  const ask = async <T>(place: string): Promise<T> =>
    (await (await fetch(`${web.url}api/v1/meters/half/${place}`)).json()) as T;
  /** What a register shows, in its own units. */
  const registerOf = async (id: number): Promise<number> => {
    const { registers } = await ask<{ registers: { id: number; value: number }[] }>("registers/normal");
    return registers.find((one) => one.id === id)!.value;
  };
  const browser = await chromium.launch({
    executablePath: programPath("chromium")!,
    args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"],
  });
  t.after(() => browser.close());
  const context = await browser.newContext({ viewport: { width, height: 900 }, acceptDownloads: true });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
  const goTo = async (section: string, meter = "half"): Promise<void> => {
    await page.goto(`${web.url}#${meter}/${section}`);
    await page.waitForSelector("main section h2");
  };
  /** So that readings come while somebody looks. */
  const live = (): void => {
    const timer = setInterval(() => clock.advance(1500), 400);
    t.after(() => clearInterval(timer));
  };
  return { clock, page, faults, goTo, ask, registerOf, live, folder, web };
}

/** What a click takes away. */
async function taken(page: Page, selector: string, folder: string): Promise<string> {
  const [download] = await Promise.all([page.waitForEvent("download"), page.click(selector)]);
  const file = path.join(folder, download.suggestedFilename());
  await download.saveAs(file);
  return file;
}

test(
  "a week of profile that is taken away adds up to what the meter's register counted in it, also where clocks changed",
  { skip, timeout: 240_000 },
  async (t) => {
    const { clock, page, faults, goTo, registerOf, live, folder } = await rigOf(t);
    // To Monday: the day of 23 hours is over. Then a week, in which there is an outage of an hour and a half.
    clock.advance(Date.UTC(2026, 2, 9, 4) - BEGIN);
    const before = await registerOf(2);
    clock.advance(7 * DAY);
    const after = await registerOf(2);
    clock.advance(8 * HOUR);
    live();
    await goTo("profile");
    await page.click('#profile-panel button:text-is("Week")');
    await page.fill("#go", "2026-03-12");
    await page.waitForSelector('#day:has-text("09/03/2026"), #day:has-text("03/09/2026"), #day:has-text("9/3/2026")');
    await page.waitForSelector("#sum");
    const [heads = "", ...rows] = readFileSync(await taken(page, "#csv", folder), "utf8")
      .trim()
      .split("\r\n");
    assert.equal(heads.split(",")[6], "Wh.import x 1000");
    const counts = rows.map((row) => Number(row.split(",")[6]));
    const sum = counts.reduce((all, one) => all + one, 0);
    // Kilowatt-hours of the register, to the count that the last interval owes the next.
    assert.ok(Math.abs(sum - (after - before)) <= 1, `${sum} kWh of intervals, ${after - before} of the register`);
    // By paper: a week but for an hour and a half of 12.96 MW.
    assert.ok(Math.abs(sum - 12_960 * (168 - 1.5)) <= 2, String(sum));
    assert.match((await page.textContent("#sum")) ?? "", /2\.1578 GWh in 667 records/);
    assert.match((await page.textContent("#marks")) ?? "", /nothing recorded/);
    // The day on which clocks went forward has 23 hours.
    await page.click('#profile-panel button:text-is("Day")');
    await page.fill("#go", "2026-03-08");
    await page.waitForSelector('#day:has-text("a day of 23 hours")');
    assert.match((await page.textContent("#sum")) ?? "", /298\.08 MWh in 92 records/);
    assert.deepEqual(faults, []);
  },
);

test(
  "bills by day and rate are those of paper; prices that somebody enters make money of them, and stay in his browser",
  { skip, timeout: 240_000 },
  async (t) => {
    const { clock, page, faults, goTo, live, folder } = await rigOf(t);
    clock.advance(10 * DAY);
    live();
    await goTo("bills");
    const row = (day: string): Promise<string[]> =>
      page.locator("#bills tr", { hasText: day }).first().locator("th, td").allTextContents();
    await page.waitForSelector("#bills");
    const [date = ""] = await row("9");
    assert.notEqual(date, "");
    const rows = await page.locator("#bills tbody tr").allTextContents();
    // Newest first: the second of March that is whole has twelve hours of each rate.
    const whole = rows.find((text) => /whole/.test(text) && !/not whole/.test(text) && !/23 hours/.test(text)) ?? "";
    assert.match(whole, /155\.52 MWh.*155\.52 MWh.*311\.04 MWh.*12\.960 MW/);
    const short = rows.find((text) => /23 hours/.test(text)) ?? "";
    assert.match(short, /^[\d./]+whole, 23 hours.*155\.52 MWh.*142\.56 MWh.*298\.08 MWh/);
    await page.click(".prices summary");
    await page.fill('.price[data-rate="A"]', "0.3");
    await page.fill('.price[data-rate="B"]', "0.125");
    await page.fill("#currency", "EUR");
    // 155,520 kWh at 0.30 and at 0.125.
    await page.waitForSelector(`#bills td:has-text("${(155_520 * 0.3 + 155_520 * 0.125).toFixed(2)} EUR")`);
    const csv = readFileSync(await taken(page, "#bills-csv", folder), "utf8");
    assert.match(
      csv,
      /2026-03-09,2026-03-09 00:00:00,2026-03-10 00:00:00,24,true,false,0,96,0,Wh\.import,Wh,primary,A,155520000,12960000,2026-03-09 08:00:00,46656\.00,EUR\r\n/,
    );
    if (without("pdftotext") === false) {
      const printed = path.join(folder, "bills.pdf");
      await page.pdf({ path: printed, format: "A4", landscape: true });
      const { out } = await runProgram("pdftotext", ["-layout", printed, "-"], 60_000);
      // The whole table with its amounts, and nothing that only a screen has.
      assert.match(out, /155\.52 MWh +155\.52 MWh +311\.04 MWh[^\n]*66096\.00 EUR/);
      assert.doesNotMatch(out, /Self reads|Print/);
    }
    await page.reload();
    await page.waitForSelector('#bills td:has-text("EUR")');
    assert.equal(await page.evaluate('Object.keys(localStorage).filter((one) => one.includes("prices")).length'), 1);
    // What its registers counted from one self read to the next.
    await page.click('#bills-panel button:text-is("Self reads")');
    await page.waitForSelector('#bills-panel :text("Differences of the meter\'s registers")');
    const reads = await page.locator("#bills tbody tr").allTextContents();
    assert.ok(
      reads.some((text) => /155\.52 MWh.*155\.52 MWh.*311\.04 MWh/.test(text)),
      reads.join("\n"),
    );
    assert.deepEqual(faults, []);
  },
);

test(
  "demand on the page says how far its interval is and what it will be, tariffs which rate comes when; registers list by list",
  { skip, timeout: 240_000 },
  async (t) => {
    const { clock, page, faults, goTo, live } = await rigOf(t);
    clock.advance(2 * DAY + 10 * HOUR + 7 * 60_000);
    live();
    await goTo("energy");
    await page.waitForSelector('#forecast td:has-text("12.96")');
    assert.match((await page.textContent("#over")) ?? "", /of 5 min are over; it ends at \d\d:\d[05]:00\s[AP]M/);
    assert.match((await page.textContent("#rate-now")) ?? "", /Rate A counts now\. Season 1\./);
    assert.match((await page.textContent("#switches tbody tr")) ?? "", /08:00\sPMB$/);
    assert.match((await page.textContent("#rates tbody tr")) ?? "", /Active import primary\d+ kWh\d+ kWh\d+ kWh/);
    assert.match((await page.textContent("#peaks tbody")) ?? "", /kW peak.*12960 kW.*\d\d:\d\d\s[AP]M$/);
    await page.click('#registers-panel button:text-is("Alternate")');
    await page.waitForSelector('#registers td:text-is("kWh yesterday")');
    await page.click('#registers-panel button:text-is("Frozen")');
    await page.waitForSelector('#registers-panel .notice:has-text("There are no registers in this list")');
    // Another meter, whose demand is a block at the power of now.
    await goTo("energy", "feeder");
    await page.waitForSelector("#energy td:last-child");
    await page.waitForSelector('#forecast td:has-text("30.000 kW")');
    assert.match(
      (await page.textContent("#forecast tbody")) ?? "",
      /Active power, import[\d.]+ kWh30\.000 kW.*Apparent power, import[\d.]+ kVAh30\.000 kVA/,
    );
    assert.equal(await page.locator("#tariffs-panel").count(), 0);
    assert.doesNotMatch(await page.locator("body").innerText(), /undefined|NaN|1970/);
    assert.deepEqual(faults, []);
  },
);

test(
  "a trend comes nearer by its buttons, and asks the site anew; an outage is a gap and not a line",
  { skip, timeout: 240_000 },
  async (t) => {
    const { clock, page, faults, goTo, live } = await rigOf(t);
    clock.advance(30 * DAY);
    live();
    const asked: string[] = [];
    page.on("request", (request) => request.url().includes("/trend?") && asked.push(request.url()));
    await goTo("trends");
    await page.waitForSelector("#points");
    assert.match((await page.textContent("#points")) ?? "", /^(7\d\d|800) points of 2,87\d records/);
    assert.match((await page.textContent("#years-panel")) ?? "", /Gaps: 1; nothing is known of 90 min/);
    await page.click('#years-panel button:text-is("Day")');
    await page.waitForSelector('#points:has-text("96 points of 96 records")');
    await page.click('#years-panel button[aria-label="Nearer"]');
    await page.waitForSelector('#points:has-text("points of 4")');
    await page.click('#years-panel button:text-is("All")');
    await page.waitForSelector('#points:has-text("2,87")');
    assert.ok(asked.length >= 3, String(asked.length));
    assert.ok(asked.some((url) => /from=2026-\d\d-\d\dT.*to=/.test(decodeURIComponent(url))));
    await page.selectOption("#trend-channel", "2");
    await page.waitForSelector('#year-chart .plot[aria-label*="V.a"]');
    assert.doesNotMatch(await page.locator("body").innerText(), /undefined|NaN|1970/);
    assert.deepEqual(faults, []);
  },
);

test(
  "logs are looked through by kind and text, page by page; a workbook of them opens elsewhere, and a hostile name is a name",
  { skip, timeout: 240_000 },
  async (t) => {
    const { clock, page, faults, goTo, live, folder, web } = await rigOf(t);
    clock.advance(3 * DAY);
    live();
    const command = (body: unknown): Promise<unknown> =>
      fetch(`${web.url}api/v1/meters/half/commands`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(body),
      });
    for (let k = 0; k < 60; k++) {
      await command({ command: "battery", state: k % 2 === 0 ? "low" : "good" });
      clock.advance(60_000);
    }
    await goTo("logs");
    await page.waitForSelector("#log tbody tr");
    assert.equal(await page.locator("#log tbody tr").count(), 50);
    const first = await page.textContent("#log tbody tr");
    await page.click("#older");
    await page.waitForSelector("#newest:not([disabled])");
    const rows = (): Promise<string[]> => page.locator("#log tbody tr").allTextContents();
    /** Until what is shown is so: the policy of the page lets nobody wait in it. */
    const until = async (isSo: (texts: readonly string[]) => boolean): Promise<void> => {
      for (let tries = 0; tries < 200 && !isSo(await rows()); tries++) await page.waitForTimeout(100);
      assert.ok(isSo(await rows()), (await rows()).join("\n"));
    };
    await until(([newest]) => newest !== first);
    await page.fill("#log-text", "BATTERY LOW");
    await until((texts) => texts.every((text) => /battery low/.test(text)));
    assert.equal(await page.locator("#log tbody tr").count(), 30);
    await page.click("#kinds");
    await page.check('.kinds input[name="diagnostic"]');
    await page.fill("#log-text", "<img src=x onerror=alert(1)>");
    await page.waitForSelector('#log-panel .notice:has-text("There is no such entry")');
    await page.fill("#log-text", "battery");
    await page.waitForSelector("#log tbody tr");
    const file = await taken(page, "#log-xlsx", folder);
    if (withoutPeers("openpyxl") === false) {
      const script = `import openpyxl, sys
sheet = openpyxl.load_workbook(sys.argv[1]).active
rows = list(sheet.iter_rows(values_only=True))
print(len(rows), rows[0][:5], rows[1][3], type(rows[1][2]).__name__)`;
      const { status, out } = await runProgram(peersPython, ["-W", "ignore", "-c", script, file], 60_000);
      assert.equal(status, 0, out);
      assert.match(out, /^61 \('log', 'number', 'time', 'what', 'by'\) battery low datetime/);
    }
    assert.deepEqual(faults, []);
  },
);

for (const [width, scheme] of [
  [1280, "light"],
  [390, "dark"],
] as const)
  test(
    `everybody can read these sections: axe finds nothing serious, ${width} wide, ${scheme}; in German, too`,
    { skip, timeout: 240_000 },
    async (t) => {
      const { clock, page, faults, goTo, live } = await rigOf(t, width);
      clock.advance(16 * DAY);
      live();
      await page.emulateMedia({ colorScheme: scheme });
      const shots = process.env["PAGE_SHOTS"];
      for (const section of ["energy", "profile", "bills", "trends", "logs"]) {
        await goTo(section);
        if (section === "energy" && scheme === "dark") await page.selectOption("footer select", "de");
        await page.waitForSelector("main table tbody tr, #points");
        const { violations } = await new AxeBuilder({ page }).analyze();
        const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
        assert.deepEqual(
          serious.map(({ id, nodes }) => `${section} ${id} ${nodes[0]?.html}`),
          [],
        );
        assert.equal(await page.evaluate("document.documentElement.scrollWidth"), width, section);
        assert.doesNotMatch(await page.locator("main").innerText(), /undefined|NaN|1970/, section);
        if (shots !== undefined)
          await page.screenshot({ path: path.join(shots, `${section}-${width}.png`), fullPage: true });
      }
      assert.deepEqual(faults, []);
    },
  );
