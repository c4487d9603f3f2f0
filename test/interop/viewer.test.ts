/** Recordings dropped on the page, in a browser: what is found in them by zoom and cursors is what is in the files. */
import assert from "node:assert/strict";
import { readFileSync, truncateSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test, type TestContext } from "node:test";
import { AxeBuilder } from "@axe-core/playwright";
import { chromium, type BrowserContextOptions, type Page } from "playwright-core";
import { buildPage } from "../../bin/page.mjs";
import { startSite, temporaryFolder } from "../running-site.ts";
import { programPath, without } from "./programs.ts";

if (without("chromium") === false) await buildPage();

const YAML = `web: { port: 0 }
store: ":memory:"
meters:
  - { name: feeder-1, model: leviton-s4100, source: { synthetic: { hz: 60, volts: [277, 277, 277], amps: 5 } } }
`;

async function openSite(
  t: TestContext,
  how: BrowserContextOptions = {},
  given: { readonly folder?: string; readonly yaml?: string } = {},
) {
  const folder = given.folder ?? temporaryFolderOf(t).folder;
  const site = await startSite(folder, given.yaml ?? YAML);
  t.after(() => site.end());
  const browser = await chromium.launch({
    executablePath: programPath("chromium")!,
    args: ["--no-sandbox", "--disable-gpu", "--no-first-run"],
  });
  t.after(() => browser.close());
  const context = await browser.newContext(how);
  const page = await context.newPage();
  const faults: string[] = [];
  /** What the page asked the site for after it was there. */
  const sent: string[] = [];
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("request", (request) => request.method() !== "GET" && sent.push(request.url()));
  await page.goto(site.page);
  await page.waitForSelector("header");
  return { page, faults, sent, folder, site };
}

/** Files as a hand lets go of them over the page. */
async function drop(page: Page, files: Readonly<Record<string, Uint8Array | string>>): Promise<void> {
  const named = Object.entries(files).map(([name, bytes]) => [name, Buffer.from(bytes).toString("base64")] as const);
  await page.evaluate(`{
    const data = new DataTransfer();
    for (const [name, text] of ${JSON.stringify(named)})
      data.items.add(new File([Uint8Array.from(atob(text), (letter) => letter.codePointAt(0))], name));
    for (const type of ["dragenter", "dragover", "drop"])
      document.body.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: data }));
  }`);
}

interface Seen {
  readonly from: number;
  readonly to: number;
  readonly touched: number;
}

/** What the drawing shows, when it has been drawn. */
async function seen(page: Page): Promise<Seen> {
  await page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");
  return page.locator(".wave-stage").evaluate(({ dataset }) => ({
    from: Number(dataset["from"]),
    to: Number(dataset["to"]),
    touched: Number(dataset["touched"]),
  }));
}

/** The value of a channel at cursor A (2) or B (3), as the table has it. */
async function valueOf(page: Page, channel: string, kind: string, column = 2): Promise<string> {
  const row = page.locator(".wave-channels tbody tr", { hasText: kind }).filter({ hasText: channel }).first();
  return (await row.locator("th, td").nth(column).innerText()).trim();
}

/** The bytes of a listing (test/fixtures/pqdif/make.py). */
function listed(name: string): Uint8Array {
  const text = readFileSync(new URL(`../fixtures/pqdif/${name}.hex`, import.meta.url), "utf8");
  return Uint8Array.from(Buffer.from(text.replaceAll(/#.*$/gm, "").replaceAll(/\s/g, ""), "hex"));
}

async function readable(page: Page): Promise<void> {
  for (const colorScheme of ["dark", "light"] as const) {
    await page.emulateMedia({ colorScheme });
    const { violations } = await new AxeBuilder({ page }).analyze();
    assert.deepEqual(
      violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${colorScheme} ${id}: ${html}`)),
      [],
    );
  }
}

const job = { skip: without("chromium"), timeout: 180_000 };

test("a PQDIF file of another maker: its sag is found, and its values are those of the listing", job, async (t) => {
  const { page, faults, sent } = await openSite(t);
  // Over a meter, not over the viewer.
  await page.waitForSelector("#now-panel");
  await drop(page, { "sag.pqd": listed("zlib") });
  await page.waitForSelector(".wave-stage");
  assert.equal(await page.evaluate("location.hash"), "#/viewer");
  await page.selectOption(".wave-tools select", { index: 1 });
  const { from, to } = await seen(page);
  assert.ok(from < 0.003 && to - from < 1, `${from} to ${to}`);
  // 1000 V and quarters of what is stored: -4, 8, 32,767, -32,768, 0 (make.py).
  const expected = ["999", "1.0020", "9.1918", "-7.1920", "1"];
  const found: string[] = [];
  for (const k of expected.keys()) {
    if (k > 0) await page.getByRole("button", { name: "A one sample on" }).click();
    found.push(Number.parseFloat(await valueOf(page, "VA", "Samples")).toString());
  }
  assert.deepEqual(
    found,
    expected.map((text) => Number(text).toString()),
  );
  assert.equal((await page.textContent("#cursor-a"))?.trim(), `${Number((3 / 1024 + 1 / 64).toFixed(6))} s`);
  await readable(page);
  assert.deepEqual([faults, sent], [[], []]);
});

/** BINARY COMTRADE of a million samples: a sine of 50 Hz and 325 V, a dip of ten cycles, a spike of one sample, names that are scripts. */
function million(): Readonly<Record<string, Uint8Array | string>> {
  const [count, rate] = [1_000_000, 10_000];
  const name = "<img src=x onerror=document.title=1>";
  const cfg = [
    "STATION,RECORDER,1999",
    "2,2A,0D",
    `1,${name},a,,V,0.02,0,0,-32767,32767,1,1,P`,
    "2,I L1,a,,A,0.002,0,0,-32767,32767,1,1,P",
    "50",
    "1",
    `${rate},${count}`,
    "27/11/2026,10:00:00.000000",
    "27/11/2026,10:00:40.000000",
    "BINARY",
    "1",
    "",
  ].join("\r\n");
  const bytes = new Uint8Array(12 * count);
  const view = new DataView(bytes.buffer);
  for (let k = 0; k < count; k++) {
    const wave = Math.sin((2 * Math.PI * 50 * k) / rate);
    const volts = k === 654_321 ? 500 : wave * (k >= 400_000 && k < 402_000 ? 195 : 325);
    view.setUint32(12 * k, k + 1, true);
    view.setUint32(12 * k + 4, 100 * k, true);
    view.setInt16(12 * k + 8, Math.round(volts / 0.02), true);
    view.setInt16(12 * k + 10, Math.round((14 * wave) / 0.002), true);
  }
  return { "event.cfg": cfg, "event.dat": bytes, "event.hdr": "<script>document.title = 2</script>" };
}

test("a spike of one sample in a million is seen, zoomed to by the wheel and read at the cursor", job, async (t) => {
  const { page, faults, sent } = await openSite(t, { viewport: { width: 1280, height: 900 } });
  await page.goto(`${page.url().replace(/#.*/, "")}#/viewer`);
  await page.waitForSelector(".drop-place");
  const title = await page.title();
  const { folder } = temporaryFolderOf(t);
  const files = Object.entries(million()).map(([name, bytes]) => {
    const file = path.join(folder, name);
    writeFileSync(file, bytes);
    return file;
  });
  await page.setInputFiles("input[type=file]", files);
  const stage = page.locator(".wave-stage");
  await stage.waitFor({ timeout: 60_000 });
  const whole = await seen(page);
  // 100 s of four lanes, and far fewer numbers than the two million samples are looked at.
  assert.ok(whole.touched < 400_000, String(whole.touched));
  assert.ok(whole.to - whole.from >= 100);
  /** Where the spike is above all else, by the pixels of the drawing alone. */
  const highest = (): Promise<number> =>
    page.evaluate(`(() => {
      const canvas = document.querySelector(".wave-stage canvas");
      const scale = canvas.width / canvas.clientWidth;
      const { data, width } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      const ink = getComputedStyle(document.querySelector(".wave-inks .active")).color.match(/\\d+/g).map(Number);
      for (let y = 0; y < canvas.height; y++)
        for (let x = Math.ceil(70 * scale); x < width; x++) {
          const at = 4 * (y * width + x);
          const near = [0, 1, 2].every((k) => Math.abs(data[at + k] - ink[k]) < 40);
          if (near && data[at + 3] > 150) return x / scale;
        }
      return -1;
    })()`);
  const box = (await stage.boundingBox())!;
  for (let k = 0; k < 60; k++) {
    const view = await seen(page);
    if (view.to - view.from < 0.002) break;
    const x = await highest();
    assert.ok(x > 0, `no spike in ${view.from} to ${view.to} s`);
    await page.mouse.move(box.x + x, box.y + 40);
    await page.mouse.wheel(0, -400);
  }
  const x = await highest();
  await page.mouse.click(box.x + x, box.y + 40);
  assert.equal((await page.textContent("#cursor-a"))?.trim(), "65.4321 s");
  assert.equal(await valueOf(page, "<img", "Samples"), "500.00 V");
  assert.match((await page.textContent(".wave-times .wall")) ?? "", /^2026-11-27 10:01:05\.4321/);
  // Names and words are shown, and run nothing.
  await page.getByText("What came with it").click();
  assert.equal(await page.textContent(".wave-remarks pre"), "<script>document.title = 2</script>");
  assert.equal(await page.locator("img").count(), 0);
  assert.deepEqual([await page.title(), faults, sent], [title, [], []]);
});

function temporaryFolderOf(t: TestContext): { readonly folder: string } {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  return { folder };
}

test("a dip is found by keys alone, with RMS, difference and phasors", job, async (t) => {
  const { page, faults } = await openSite(t);
  await page.goto(`${page.url().replace(/#.*/, "")}#/viewer`);
  await page.waitForSelector(".drop-place");
  await drop(page, million());
  await page.waitForSelector(".wave-stage", { timeout: 60_000 });
  // The trigger is where the dip begins.
  await page.selectOption(".wave-tools select", { index: 1 });
  await page.locator(".wave-stage").focus();
  assert.equal((await page.textContent("#cursor-a"))?.trim(), "40 s");
  // Before: 325 V of peak. RMS of a cycle that has ended.
  assert.equal(await valueOf(page, "<img", "RMS"), "229.81 V");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("b");
  const b = Number.parseFloat((await page.textContent("#cursor-b")) ?? "");
  assert.ok(b > 40.02 && b < 40.2, String(b));
  assert.equal(await valueOf(page, "<img", "RMS", 3), "137.89 V");
  const before = await seen(page);
  await page.keyboard.press("+");
  const closer = await seen(page);
  assert.ok(closer.to - closer.from < before.to - before.from);
  await page.keyboard.press("Home");
  assert.ok((await seen(page)).to > 100);
  // Amps lie with the volts: no angle between them.
  const rows = await page.locator("#wave-phasors tbody tr").allInnerTexts();
  assert.match(rows[1] ?? "", /I L1\s+9\.89\d+ A\s+-?0\.0/);
  // A channel is put off and on.
  const lanes = async (): Promise<string> => (await page.locator(".wave-stage").getAttribute("aria-label")) ?? "";
  assert.match(await lanes(), /4 lanes/);
  await page.getByLabel("Show I L1, Samples").uncheck();
  assert.match(await lanes(), /3 lanes/);
  await readable(page);
  assert.deepEqual(faults, []);
});

test(
  "on a phone a finger moves, the page is as wide as the screen, and what cannot be read is said in the reader's words",
  job,
  async (t) => {
    const { page, faults } = await openSite(t, {
      viewport: { width: 390, height: 800 },
      hasTouch: true,
      isMobile: true,
    });
    await page.goto(`${page.url().replace(/#.*/, "")}#/viewer`);
    await page.waitForSelector(".drop-place");
    await drop(page, { "notes.docx": "x" });
    await page.getByRole("alert").filter({ hasText: "notes.docx" }).waitFor();
    const broken = listed("plain").slice(0, 700);
    await drop(page, { "broken.pqd": broken });
    await page
      .getByRole("alert")
      .filter({ hasText: /broken\.pqd, byte \d+: / })
      .waitFor();
    await drop(page, { "alone.cfg": "STATION,RECORDER,1999\n" });
    await page.getByRole("alert").filter({ hasText: "alone.cfg, its data: expected the file .dat" }).waitFor();
    const csv = Array.from(
      { length: 4000 },
      (_, k) => `${(k / 4000).toFixed(5)},${(100 * Math.sin(k / 12.73)).toFixed(2)}`,
    );
    await drop(page, { "wave.csv": `t [s],Ua [V]\n${csv.join("\n")}\n` });
    await page.waitForSelector(".wave-stage");
    await page.locator(".wave-tools button").first().tap();
    const { from, to } = await seen(page);
    assert.ok(to - from < 0.6);
    const box = (await page.locator(".wave-stage").boundingBox())!;
    // One finger moves what is shown, two bring it nearer.
    const touch = await page.context().newCDPSession(page);
    const hold = (type: string, ...xs: readonly number[]): Promise<unknown> =>
      touch.send("Input.dispatchTouchEvent", {
        type: type as "touchStart",
        touchPoints: xs.map((x, id) => ({ id, x: box.x + x, y: box.y + 60 })),
      });
    await hold("touchStart", 250);
    for (const x of [230, 200, 170]) await hold("touchMove", x);
    await hold("touchEnd");
    const moved = await seen(page);
    assert.ok(moved.from > from + 0.02, `${from} to ${moved.from}`);
    assert.ok(Math.abs(moved.to - moved.from - (to - from)) < 1e-9);
    await hold("touchStart", 180, 220);
    for (const apart of [30, 50, 70]) await hold("touchMove", 200 - apart, 200 + apart);
    await hold("touchEnd");
    const near = await seen(page);
    assert.ok(near.to - near.from < 0.5 * (to - from), `${near.from} to ${near.to}`);
    assert.equal(await page.locator("#cursor-a").count(), 0);
    await page.touchscreen.tap(box.x + 200, box.y + 60);
    await page.waitForSelector("#cursor-a");
    assert.equal(await page.locator("html").evaluate((html) => html.scrollWidth - html.clientWidth), 0);
    await readable(page);
    assert.deepEqual(faults, []);
  },
);

test(
  "the waveforms of a meter are sent to who looks at them, stand still when they are held, and go on",
  job,
  async (t) => {
    const { page, faults } = await openSite(t);
    const asked: string[] = [];
    page.on("request", (request) => request.url().includes("/live") && asked.push(new URL(request.url()).search));
    await page.waitForSelector("#now-panel");
    assert.equal(await page.locator("#waveform-panel").count(), 0);
    await page.getByRole("link", { name: "Waveforms" }).click();
    await page.waitForSelector("#waveform polyline");
    assert.equal(await page.locator("#waveform polyline").count(), 6);
    // The first voltage begins at its rising zero crossing: in the middle, then upwards.
    const points = async (): Promise<string> =>
      (await page.locator("#waveform polyline.a").first().getAttribute("points")) ?? "";
    const heights = (await points()).split(" ").map((point) => Number(point.split(",")[1]));
    assert.ok(Math.abs(heights[0]! - 120) < 12, `${heights[0]}`);
    assert.ok(heights[8]! < 60, `${heights[8]}`);
    // 277 V of RMS.
    assert.match((await page.textContent("#waveform-panel .scale")) ?? "", /peak 391\.\d V/);
    await page.getByRole("button", { name: "Hold" }).click();
    const held = await points();
    await page.waitForTimeout(2500);
    assert.equal(await points(), held);
    await page.getByRole("button", { name: "Go on" }).click();
    await readable(page);
    await page.getByRole("link", { name: "Now" }).click();
    await page.waitForSelector("#now-panel");
    // With waveforms while they are looked at, and without after that.
    await page.waitForSelector("#state.live");
    const last = asked.slice(-2).map((query) => new URLSearchParams(query).get("without"));
    assert.deepEqual(last, [null, "waveforms"], asked.join(" "));
    assert.deepEqual(faults, []);
  },
);

test(
  "a sag that a meter has recorded is opened from its section: waveforms, and the RMS that it wrote",
  job,
  async (t) => {
    const { folder, remove } = temporaryFolder();
    t.after(remove);
    const demonstration = new URL("../../site/", import.meta.url);
    const yaml = readFileSync(new URL("pq.yaml", demonstration), "utf8")
      .replace(/^web: .*$/m, 'web: { port: 0 }\nstore: ":memory:"\nclock: { speed: 4 }')
      .replace(/listen: .*$/m, "listen: []");
    writeFileSync(path.join(folder, "pq-feeder.yaml"), readFileSync(new URL("pq-feeder.yaml", demonstration)));
    const { page, faults } = await openSite(t, {}, { folder, yaml });
    await page.getByRole("link", { name: "Waveforms" }).click();
    await page
      .locator("#files button", { hasText: /sag, phase b: 70\.\d %/ })
      .first()
      .click({ timeout: 120_000 });
    await page.waitForSelector(".wave-stage", { timeout: 60_000 });
    const trigger = page.locator(".wave-tools option", { hasText: "trigger" }).first();
    await page.selectOption(".wave-tools select", (await trigger.getAttribute("value"))!);
    // 0.1 s into the sag: 70 % of 277.4 V, the others as they were.
    await page.locator(".wave-stage").focus();
    await page.keyboard.press("b");
    const rms = async (phase: string): Promise<number> =>
      Number.parseFloat(await valueOf(page, `Ph ${phase}`, "RMS, as recorded", 3));
    const [a, b] = [await rms("A"), await rms("B")];
    assert.ok(Math.abs(a - 276.1) < 3, String(a));
    assert.ok(Math.abs(b - 0.7 * 277.4) < 3, String(b));
    await readable(page);
    assert.deepEqual(faults, []);
  },
);

test(
  "two gigabytes are read by pieces: how far that is is shown, and it ends when somebody says so",
  job,
  async (t) => {
    const { page, faults, folder } = await openSite(t);
    await page.goto(`${page.url().replace(/#.*/, "")}#/viewer`);
    await page.waitForSelector(".drop-place");
    // Two gigabytes of silence take no room on the disk.
    const size = 2_000_000_004;
    const head = Buffer.alloc(44);
    head.write("RIFF", 0);
    head.writeUInt32LE(36 + size, 4);
    head.write("WAVEfmt ", 8);
    head.writeUInt32LE(16, 16);
    head.writeUInt16LE(1, 20);
    head.writeUInt16LE(6, 22);
    head.writeUInt32LE(10_000, 24);
    head.writeUInt32LE(120_000, 28);
    head.writeUInt16LE(12, 32);
    head.writeUInt16LE(16, 34);
    head.write("data", 36);
    head.writeUInt32LE(size, 40);
    const file = path.join(folder, "long.wav");
    writeFileSync(file, head);
    truncateSync(file, head.length + size);
    await page.setInputFiles("input[type=file]", file);
    await page.getByText(/^[1-9]\d? % read$/).waitFor({ timeout: 60_000 });
    assert.ok(Number(await page.locator(".wave-progress progress").getAttribute("value")) < 100);
    await page.getByRole("button", { name: "Stop" }).click();
    await page.getByText("Stopped: long.wav was not read to its end.").waitFor();
    // Whoever has stopped one looks at another.
    await drop(page, { "sag.pqd": listed("plain") });
    await page.waitForSelector(".wave-stage");
    assert.deepEqual(faults, []);
  },
);
