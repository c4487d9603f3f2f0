/** Front panels on the page, with a mouse and a keyboard in a browser: what hands do there the meter does. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import net from "node:net";
import path from "node:path";
import { test, type TestContext } from "node:test";
import { AxeBuilder } from "@axe-core/playwright";
import { chromium, type BrowserContextOptions, type Page } from "playwright-core";
import { buildPage } from "../../bin/page.mjs";
import { freePort, startSite, temporaryFolder } from "../running-site.ts";
import { programPath, without } from "./programs.ts";

if (without("chromium") === false) await buildPage();

async function openPanel(
  t: TestContext,
  yaml: string,
  how: BrowserContextOptions = {},
  files: Readonly<Record<string, string>> = {},
) {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
  const site = await startSite(folder, yaml);
  t.after(() => site.end());
  const browser = await chromium.launch({
    executablePath: programPath("chromium")!,
    args: ["--no-sandbox", "--disable-gpu", "--no-first-run"],
  });
  t.after(() => browser.close());
  const context = await browser.newContext(how);
  const faults: string[] = [];
  const another = async (): Promise<Page> => {
    const page = await context.newPage();
    page.on("pageerror", (error) => faults.push(error.message));
    await page.goto(site.page);
    await page.click("#front-panel .head button");
    await page.waitForSelector(".front .case");
    return page;
  };
  return { site, faults, another, page: await another() };
}

/** Waits until what is read out of the panel is so. */
async function says(page: Page, words: RegExp): Promise<void> {
  try {
    await page.locator(".front .hidden", { hasText: words }).waitFor({ state: "attached", timeout: 10_000 });
  } catch {
    throw new Error(`expected ${words.source}, found ${await page.textContent(".front")}`);
  }
}

const keys: Readonly<Record<string, string>> = {
  plus: "ArrowUp",
  minus: "ArrowDown",
  left: "ArrowLeft",
  right: "ArrowRight",
};

/** Keys while the panel has the focus. */
async function press(page: Page, buttons: string): Promise<void> {
  for (const button of buttons.split(" ")) await page.locator(".front").press(keys[button] ?? button, { delay: 60 });
}

/** A holding register over Modbus/TCP, by its number from 1. */
async function register(port: number, unit: number, number: number): Promise<number> {
  const socket = net.connect(port, "127.0.0.1");
  const came = new Promise<Buffer>((done, fail) => {
    socket.on("data", done);
    socket.on("error", fail);
  });
  const address = number - 1;
  socket.write(Uint8Array.of(0, 1, 0, 0, 0, 6, unit, 3, address >> 8, address & 255, 0, 1));
  const answer = await came;
  socket.destroy();
  assert.equal(answer[7], 3, answer.toString("hex"));
  return answer.readUInt16BE(9);
}

/** Presses, and what is read out then: the manual's menus (Leviton, "Setup menu"), from the main screen. */
const steps: readonly (readonly [buttons: string, words: RegExp])[] = [
  ["plus", /SETUP/],
  ["right right right right right right", /S COM/],
  // Address 17, 9600 baud, even parity.
  ["right right plus", /^011, ADDR/],
  ["right plus plus plus plus plus plus", /^017, ADDR/],
  ["right", /^SAvEd, ADDR/],
  // What comes after it is seen before it is changed.
  ["", /BAUD/],
  ["minus", /^9600, BAUD/],
  ["right", /^SAvEd, BAUD/],
  ["", /PAR/],
  ["minus plus plus", /^EvEn, PAR/],
  ["right", /^SAvEd, PAR/],
  ["", /S COM/],
  // 1/3 V transformers of 400 A.
  ["minus", /S CT/],
  ["right plus right", /^SAvEd, CT V/],
  ["", /CT SZ/],
  ["right right plus plus plus", /^00400, CT SZ/],
  ["right right right", /^SAvEd, CT SZ/],
  ["", /S CT/],
  ["minus right plus", /^3L, SYSTM/],
  ["right", /^SAvEd, SYSTM/],
];

test(
  "a person commissions a 4100 from the page, and Modbus shows it",
  { skip: without("chromium"), timeout: 120_000 },
  async (t) => {
    const port = await freePort();
    const { page, faults, another } = await openPanel(
      t,
      `web: { port: 0 }
store: ":memory:"
meters:
  - name: feeder-1
    model: leviton-s4100
    source: { synthetic: { hz: 60, volts: [277, 277, 277], amps: 5, steps: true } }
    listen: [{ modbus: tcp, port: ${port} }]
`,
    );
    for (const [buttons, words] of steps) {
      if (buttons !== "") await press(page, buttons);
      await says(page, words);
    }
    // 400 A, 1/3 V; three lines; three sub-intervals.
    assert.deepEqual(
      [await register(port, 17, 131), await register(port, 17, 132), await register(port, 17, 130)],
      [400, 3, 31],
    );
    // All see one panel.
    await says(page, /S SYS/);
    await says(await another(), /S SYS/);
    assert.deepEqual(faults, []);
  },
);

interface Choice {
  readonly text: string;
  readonly selected: boolean;
}

/** Rows of keys on the colour screen. */
async function keyRows(page: Page): Promise<readonly (readonly Choice[])[]> {
  return page.evaluate(async () => {
    const answer = (await (await fetch("/api/meters/feeder-9/panel")).json()) as {
      picture: {
        display: { parts: { part: string; rows?: readonly (readonly { text: string; selected: boolean }[])[] }[] };
      };
    };
    return answer.picture.display.parts.find(({ part }) => part === "keys")?.rows ?? [];
  });
}

const some = (key: string, count: number): string => Array.from({ length: count }, () => key).join(" ");

/** Moves the red perimeter to each key, and presses SET. */
async function type(page: Page, texts: readonly string[]): Promise<void> {
  for (const text of texts) {
    const rows = await keyRows(page);
    const y = rows.findIndex((row) => row.some((one) => one.text === text));
    const x = rows[y]?.findIndex((one) => one.text === text) ?? -1;
    assert.ok(x >= 0, `there is no key ${text}`);
    const from = rows.findIndex((row) => row.some(({ selected }) => selected));
    const moves = [some("down", y - from), some("up", from - y), some("left", 16), some("right", x)];
    await pressJem(page, [...moves.filter((one) => one !== ""), "set"].join(" "));
  }
}

const jemKeys: Readonly<Record<string, string>> = {
  cover: "c",
  read: "r",
  up: "ArrowUp",
  down: "ArrowDown",
  left: "ArrowLeft",
  right: "ArrowRight",
  set: "Enter",
};

/** One key after the other, each when what the one before did is seen. */
async function pressJem(page: Page, buttons: string): Promise<void> {
  for (const button of buttons.split(" ")) {
    const answered = page.waitForResponse(
      (one) =>
        one.request().method() === "POST" &&
        (one.request().postData() ?? "").includes(button === "cover" ? "press" : "release"),
    );
    await page.locator(".front").press(jemKeys[button] ?? button);
    await answered;
    // As fast as a hand may be: forty touches a second are the most.
    await page.waitForTimeout(60);
  }
}

test(
  "the JEMStar II's test mode from start to end on the page, which axe finds readable by day and by night",
  { skip: without("chromium"), timeout: 300_000 },
  async (t) => {
    const { page, faults } = await openPanel(
      t,
      `web: { port: 0 }
clock: { speed: 60 }
store: ":memory:"
meters:
  - name: feeder-9
    model: ametek-jemstar-ii
    modelNumber: JSII-09I6020-2A-DIO
    auxiliary: true
    source: { synthetic: { hz: 60, volts: [120, 120, 120], amps: 10, pf: [0.8, 0.8, 0.8], steps: true } }
`,
    );
    // Two and a half minutes after power has come.
    await page.locator(".front .register", { hasText: /\d/ }).first().waitFor({ timeout: 20_000 });
    const readable = async (): Promise<void> => {
      for (const colorScheme of ["dark", "light"] as const) {
        await page.emulateMedia({ colorScheme });
        const { violations } = await new AxeBuilder({ page }).include("#front-panel").analyze();
        assert.deepEqual(
          violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${colorScheme} ${id}: ${html}`)),
          [],
        );
      }
    };
    await readable();
    await page.getByRole("button", { name: "Front cover" }).click();
    await page.waitForSelector(".front button[aria-expanded=true]");
    await page.locator(".front").focus();
    await pressJem(page, "left right right set");
    // Down to the lock, and the first user.
    await pressJem(page, `${some("down", 9)} right set set`);
    await type(page, [..."admin", "Enter"]);
    await says(page, /TEST MODE/);
    await pressJem(page, `${some("up", 8)} down down down set`);
    await type(page, ["3", ".", "6", "ENTER"]);
    await readable();
    await pressJem(page, "up up up set");
    await says(page, /STOP/);
    const pulses = async (): Promise<number> =>
      Number(/(\d+)$/.exec((await page.textContent(".front .lamp:nth-child(2)")) ?? "")?.[1]);
    const before = await pulses();
    // 2880 W are 0.8 Wh a second, sixty times as fast: 13 pulses of 3.6 Wh a second.
    while ((await pulses()) <= before + 20) await page.waitForTimeout(100);
    await pressJem(page, "set");
    await says(page, /START/);
    assert.deepEqual(faults, []);
  },
);

/** Texts of the panel that stand outside its glass, and how far the page is wider than the screen. */
async function outside(page: Page): Promise<{ readonly texts: readonly string[]; readonly wider: number }> {
  const texts = await page.locator(".front svg text").evaluateAll((all) =>
    all.flatMap((one) => {
      const [own, glass] = [one.getBoundingClientRect(), one.closest("svg")?.getBoundingClientRect()];
      const isIn = glass !== undefined && own.left >= glass.left - 1 && own.right <= glass.right + 1;
      return isIn ? [] : [one.textContent ?? ""];
    }),
  );
  const wider = await page.locator("html").evaluate((html) => html.scrollWidth - html.clientWidth);
  return { texts, wider };
}

test(
  "on a phone fingers press and hold the buttons, and all of the panel is on the screen",
  { skip: without("chromium"), timeout: 120_000 },
  async (t) => {
    const { page, faults } = await openPanel(
      t,
      `web: { port: 0 }
store: ":memory:"
meters:
  - { name: feeder-1, model: leviton-s4100, source: { synthetic: { volts: 277, amps: 5, steps: true } } }
`,
      { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true },
    );
    await page.getByRole("button", { name: "+", exact: true }).tap();
    await says(page, /SETUP/);
    await page.getByRole("button", { name: "Back", exact: true }).tap();
    await page.getByRole("button", { name: "-", exact: true }).tap();
    assert.deepEqual(await outside(page), { texts: [], wider: 0 });
    assert.deepEqual(faults, []);
  },
);

test(
  "long names in other scripts stay on the glass, and are read out whole",
  { skip: without("chromium"), timeout: 120_000 },
  async (t) => {
    const label = "фидер подстанции 電力計測器の名前 עברית ".repeat(4).slice(0, 40);
    const { page, faults } = await openPanel(
      t,
      `web: { port: 0 }
clock: { speed: 60 }
store: ":memory:"
meters:
  - name: ${"m".repeat(60)}
    model: ametek-jemstar-ii
    modelNumber: JSII-09I6020-2A-DIO
    auxiliary: true
    configuration: jem.yaml
    source: { synthetic: { volts: 120, amps: 5, steps: true } }
`,
      {},
      {
        "jem.yaml": `registers: { normal: [{ id: 2, label: "${label}", type: consumption, measure: { quantity: Wh } }] }\n`,
      },
    );
    await page.locator(".front .register", { hasText: /\d/ }).first().waitFor({ timeout: 20_000 });
    await says(page, new RegExp(label));
    for (const width of [1000, 360]) {
      await page.setViewportSize({ width, height: 740 });
      assert.deepEqual(await outside(page), { texts: [], wider: 0 }, `${width} pixels`);
    }
    assert.deepEqual(faults, []);
  },
);
