/** A meter's configuration in a browser: what people come for, and what must not happen to them there. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test, type TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import { AxeBuilder } from "@axe-core/playwright";
import { chromium, type BrowserContextOptions, type Page, type Request } from "playwright-core";
import { buildPage } from "../../bin/page.mjs";
import { loadSite } from "#fleet/load-site.ts";
import { hashPassword } from "#io/password.ts";
import { serveWeb } from "#web/listen.ts";
import { imageOf, keyOf } from "../firmware-file.ts";
import { temporaryFolder } from "../running-site.ts";
import { programPath, without } from "./programs.ts";

if (without("chromium") === false) await buildPage();

const example = fileURLToPath(new URL("../../site/revenue-meter.yaml", import.meta.url));
/** Who may everything, who may the calendar of rates, who may nothing. */
const USERS = `
users:
  - { name: boss, password: meter-boss, privileges: [configurationFile, firmware, configureTou, configureDemand, configureRegisters, configureTriggers, configureProtocols, configureIdentification, configureDisplay, configurePrimary, configureLoadProfile, configureIo, configureUsers] }
  - { name: clerk, password: meter-clerk, privileges: [readRegisters] }
`;

async function opened(
  t: TestContext,
  { login = false, how = {} }: { login?: boolean; how?: BrowserContextOptions } = {},
) {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const file = path.join(folder, "site.yaml");
  writeFileSync(path.join(folder, "jem.yaml"), `${readFileSync(example, "utf8")}${USERS}`);
  writeFileSync(
    file,
    `web: { port: 0${login ? ", login: always" : ""} }
store: ":memory:"
clock: { start: 2026-07-30T17:00:00Z }
meters:
  - name: jem
    model: ametek-jemstar-ii
    modelNumber: JSII-09I6020-1B/2A-DIO-DLP-NTP-PQ
    serial: "260912345"
    configuration: jem.yaml
    transformers: { pt: 120, ct: 80 }
    source: { synthetic: { volts: 14400, amps: 300, pf: 0.9, steps: true } }
  - { name: feeder, model: leviton-s4100, source: { synthetic: { volts: 277, amps: 5, steps: true } } }
`,
  );
  const site = loadSite(file);
  if (login) await site.users.put("ann", () => ({ role: "operator", password: hashPassword("correct horse") }));
  t.after(() => site.stop());
  await site.start();
  assert.ok(site.file.web !== undefined);
  const web = await serveWeb(site, site.file.web);
  t.after(() => web.close());
  const executablePath = programPath("chromium");
  assert.ok(executablePath !== undefined);
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
  t.after(() => browser.close());
  const faults: string[] = [];
  /** What was sent to change the meter. */
  const sent: string[] = [];
  const open = async (hash = "#jem/configuration"): Promise<Page> => {
    const page = await (await browser.newContext(how)).newPage();
    page.on("pageerror", (error) => faults.push(error.message));
    page.on("console", (one) => {
      if (/Content Security Policy/.test(one.text())) faults.push(one.text());
    });
    page.on("request", (request) => {
      const { pathname, search } = new URL(request.url());
      if (request.method() === "PUT" && pathname.endsWith("/configuration") && search === "") sent.push(pathname);
    });
    await page.goto(new URL(`/${hash}`, web.url).href);
    return page;
  };
  const surface = site.meter("jem")?.surface;
  assert.ok(surface !== undefined);
  const configuration = (): Configured => surface.configuration() as Configured;
  t.after(() => assert.deepEqual(faults, []));
  return { open, sent, surface, configuration, web };
}

interface Configured {
  readonly demand: { readonly subIntervals: number; readonly deferSeconds: number; readonly thermalMinutes: number };
  readonly tou: { readonly seasons: readonly { readonly month: number; readonly days: Record<string, unknown> }[] };
  readonly registers: { readonly normal: readonly { readonly id: number; readonly label: string }[] };
  readonly triggers: readonly { readonly reset: number }[];
  readonly dnp3: { readonly counters: readonly { readonly register: number }[] };
}

const section = (page: Page, title: RegExp) => page.locator(".contents nav button", { hasText: title }).first().click();
const field = (key: string): string => `[id="at_${key}"]`;

async function says(page: Page, where: string, words: RegExp): Promise<void> {
  try {
    await page.locator(where, { hasText: words }).first().waitFor({ timeout: 15_000 });
  } catch {
    throw new Error(`expected ${words.source}, found ${await page.locator(where).allTextContents()}`);
  }
}

async function logIn(page: Page, user: string, password: string): Promise<void> {
  await page.locator("#meter-log-in input").nth(0).fill(user);
  await page.locator("#meter-log-in input").nth(1).fill(password);
  await page.click("#meter-log-in button[type=submit]");
}

const skip = without("chromium");

test(
  "a season is changed: the meter says what begins anew before it is applied, and has it afterwards",
  { skip, timeout: 120_000 },
  async (t) => {
    const { open, sent, configuration } = await opened(t);
    const page = await open();
    await section(page, /^Seasons/);
    await page.waitForSelector(".calendar .year");
    // 25 hours on the day on which clocks go back.
    await page.fill(".calendar input[type=date] >> nth=0", "2026-11-01");
    await page.keyboard.press("Tab");
    await says(page, "#day-words", /25/);
    await page.click("#season .choice button >> nth=1");
    await page.fill("#season input.short >> nth=0", "5");
    await page.keyboard.press("Tab");
    await says(page, "#meter-answer", /nothing begins anew/);
    await says(page, "#draft-state", /One change/);
    // Demand in other intervals: registers begin at zero (section Changing Meter Configurations).
    await section(page, /^Demand/);
    await page.fill(field("demand.subIntervals"), "2");
    await says(page, "#meter-answer", /registers, freezes and self reads begin at zero/);
    await says(page, "#meter-answer", /load profiles are erased/);
    assert.equal(configuration().demand.subIntervals, 3);
    await page.locator(".field.changed button", { hasText: "Undo" }).click();
    await says(page, "#meter-answer", /nothing begins anew/);
    await page.click("#apply");
    await page.waitForSelector("#meter-log-in");
    assert.deepEqual(
      configuration().tou.seasons.map(({ month }) => month),
      [1, 6],
    );
    await logIn(page, "boss", "meter-boss");
    await says(page, "#outcome", /Applied/);
    await says(page, "#draft-state", /As the meter has it/);
    assert.deepEqual(
      configuration().tou.seasons.map(({ month }) => month),
      [1, 5],
    );
    assert.equal(configuration().demand.subIntervals, 3);
    assert.equal(sent.length, 2);
  },
);

test(
  "a wrong value is told at its field, in the meter's own words, and nothing of it is applied",
  { skip, timeout: 120_000 },
  async (t) => {
    const { open, configuration } = await opened(t);
    const page = await open();
    await section(page, /^Demand/);
    await page.fill(field("demand.subIntervals"), "13");
    await says(page, ".field.wrong .problem", /expected at most 12; found 13/);
    assert.equal(await page.getAttribute(field("demand.subIntervals"), "aria-invalid"), "true");
    await page.fill(field("demand.subIntervals"), "three");
    await says(page, ".field.wrong .problem", /expected a number; found "three"/);
    await page.click("#apply");
    await logIn(page, "boss", "meter-boss");
    await says(page, "#outcome", /Not applied/);
    assert.equal(configuration().demand.subIntervals, 3);
    assert.equal(await page.inputValue(field("demand.subIntervals")), "three");
  },
);

test(
  "a wrong password, a user without the right, a session that has ended: the draft stays, also over a reload",
  { skip, timeout: 120_000 },
  async (t) => {
    const { open, configuration, web } = await opened(t);
    const page = await open();
    await section(page, /^Demand/);
    await page.fill(field("demand.deferSeconds"), "77");
    await page.click("#apply");
    await logIn(page, "boss", "wrong horse");
    await says(page, "#meter-log-in .problem", /password/);
    assert.equal(await page.inputValue(field("demand.deferSeconds")), "77");
    await logIn(page, "clerk", "meter-clerk");
    await says(page, "#outcome", /configurationFile|configureDemand/);
    assert.equal(configuration().demand.deferSeconds, 0);
    assert.equal(await page.inputValue(field("demand.deferSeconds")), "77");
    await page.locator("#meter-visitor button", { hasText: "Log out" }).click();
    await page.locator("#meter-visitor button", { hasText: "Log in" }).click();
    const begun = page.waitForResponse(
      (response) => response.url().endsWith("/jem/session") && response.request().method() === "POST",
    );
    await logIn(page, "boss", "meter-boss");
    const { token } = (await (await begun).json()) as { readonly token: string };
    await says(page, "#meter-visitor", /boss/);
    // The session ends elsewhere.
    const ended = await fetch(new URL("/api/v1/meters/jem/session", web.url), {
      method: "DELETE",
      headers: { Authorization: `Bearer ${token}` },
    });
    assert.equal(ended.status, 200);
    await page.fill(field("demand.thermalMinutes"), "20");
    await page.click("#apply");
    await says(page, "#meter-log-in", /session with the meter has ended/);
    assert.equal(await page.inputValue(field("demand.deferSeconds")), "77");
    // Whoever leaves is asked; the page that is loaded anew goes on with the draft.
    const asked: string[] = [];
    page.on("dialog", (dialog) => {
      asked.push(dialog.type());
      void dialog.accept();
    });
    await page.reload();
    await says(page, "#draft-state", /2 changes.*goes on/);
    assert.deepEqual(asked, ["beforeunload"]);
    await section(page, /^Demand/);
    assert.equal(await page.inputValue(field("demand.deferSeconds")), "77");
    await page.click("#apply");
    await logIn(page, "boss", "meter-boss");
    await says(page, "#outcome", /Applied/);
    assert.deepEqual([configuration().demand.deferSeconds, configuration().demand.thermalMinutes], [77, 20]);
    await page.reload();
    await says(page, "#draft-state", /As the meter has it/);
    assert.deepEqual(asked, ["beforeunload"]);
  },
);

test(
  "a session with the site that ends in the middle of an edit: whoever logs in again goes on, and nobody else",
  { skip, timeout: 120_000 },
  async (t) => {
    const { open, web } = await opened(t, { login: true });
    const page = await open();
    const enter = async (): Promise<void> => {
      await page.fill("input[name=user]", "ann");
      await page.fill("input[name=password]", "correct horse");
      await page.click("button");
      await page.waitForSelector("#draft-state");
    };
    await enter();
    await section(page, /^Demand/);
    await page.fill(field("demand.deferSeconds"), "66");
    await says(page, "#draft-state", /One change/);
    const cookies = await page.context().cookies();
    const gone = await fetch(new URL("/api/v1/session", web.url), {
      method: "DELETE",
      headers: { Cookie: cookies.map(({ name, value }) => `${name}=${value}`).join("; ") },
    });
    assert.equal(gone.status, 200);
    await page.waitForSelector("input[name=password]");
    await enter();
    await says(page, "#draft-state", /One change.*goes on/);
    await section(page, /^Demand/);
    assert.equal(await page.inputValue(field("demand.deferSeconds")), "66");
    // Who logs out is asked, and leaves nothing behind.
    page.on("dialog", (dialog) => void dialog.accept());
    await page.click("#leave");
    await page.waitForSelector("input[name=password]");
    assert.equal(await page.evaluate("sessionStorage.length"), 0);
  },
);

test(
  "two browsers edit at once: what does not conflict is merged, what does is asked for, nothing is overwritten",
  { skip, timeout: 120_000 },
  async (t) => {
    const { open, configuration } = await opened(t);
    const [one, other] = [await open(), await open()];
    // It does not hear of the other editor: the meter tells it when it applies, or when what it edits is looked at on a slow machine.
    await other.route("**/configuration/editors", (route) => route.abort());
    for (const page of [one, other]) await section(page, /^Demand/);
    await one.fill(field("demand.deferSeconds"), "11");
    await one.fill(field("demand.thermalMinutes"), "21");
    await other.fill(field("demand.deferSeconds"), "12");
    await other.fill(field("demand.subIntervals"), "2");
    await one.click("#apply");
    await logIn(one, "boss", "meter-boss");
    await says(one, "#outcome", /Applied/);
    await other.waitForSelector('#apply:enabled, #conflicts:has-text("demand.deferSeconds")');
    await other.locator("#apply").dispatchEvent("click");
    await says(other, "#others", /demand\.thermalMinutes.*15 → 21/);
    await says(other, "#conflicts", /demand\.deferSeconds/);
    assert.equal(await other.inputValue(field("demand.thermalMinutes")), "21");
    assert.equal(await other.isDisabled("#apply"), true);
    assert.equal(configuration().demand.deferSeconds, 11);
    await other.locator("#conflicts button", { hasText: "Theirs" }).click();
    await says(other, "#draft-state", /One change/);
    await other.click("#apply");
    await logIn(other, "boss", "meter-boss");
    await says(other, "#outcome", /Applied/);
    const { deferSeconds, thermalMinutes, subIntervals } = configuration().demand;
    assert.deepEqual([deferSeconds, thermalMinutes, subIntervals], [11, 21, 2]);
  },
);

test("what is put back sends nothing: registers and profile are as before", { skip, timeout: 120_000 }, async (t) => {
  const { open, sent, surface, configuration } = await opened(t);
  const before = [JSON.stringify(configuration()), surface.profiles[0]?.next];
  const page = await open();
  await section(page, /^Demand/);
  assert.equal(await page.isDisabled("#apply"), true);
  await page.fill(field("demand.subIntervals"), "2");
  await page.waitForSelector("#apply:enabled");
  await page.fill(field("demand.subIntervals"), "3");
  await page.waitForSelector("#apply:disabled");
  await page.waitForTimeout(600);
  assert.deepEqual(sent, []);
  assert.deepEqual([JSON.stringify(configuration()), surface.profiles[0]?.next], before);
});

test(
  "a file goes down as the command takes it, and another one up becomes the draft",
  { skip, timeout: 120_000 },
  async (t) => {
    const { open, configuration, sent } = await opened(t);
    const page = await open();
    await page.locator(".choice button", { hasText: "File" }).click();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.locator("#configuration-file button").first().click(),
    ]);
    const text = readFileSync(await download.path(), "utf8");
    assert.deepEqual(JSON.parse(text), configuration());
    const up = async (name: string, content: string): Promise<void> =>
      page.setInputFiles("#configuration-file input", {
        name,
        mimeType: "application/json",
        buffer: Buffer.from(content),
      });
    await up("broken.json", text.slice(0, 100));
    await says(page, "#configuration-file", /broken\.json is no configuration/);
    const other = { ...configuration(), demand: { ...configuration().demand, deferSeconds: 5 } };
    await up("other.json", JSON.stringify(other));
    await says(page, "#configuration-file", /1 differences/);
    await page.locator(".choice button", { hasText: "Changes" }).click();
    await says(page, "#differences", /demand\.deferSeconds/);
    assert.deepEqual(sent, []);
    await page.locator("#differences button", { hasText: "Undo" }).click();
    await says(page, "#draft-state", /As the meter has it/);
  },
);

test(
  "a setting is found by a word, its section as text takes whatever a form does not have",
  { skip, timeout: 120_000 },
  async (t) => {
    const { open } = await opened(t);
    const page = await open();
    await page.fill("input[type=search]", "defer outage");
    await page.locator(".found button").first().click();
    const found = field("demand.deferAfterOutageSeconds");
    await page.waitForFunction('document.activeElement?.id === "at_demand.deferAfterOutageSeconds"');
    assert.equal(await page.inputValue(found), "1");
    await page.locator(".shown .choice button", { hasText: "JSON" }).click();
    const text = await page.inputValue(".text textarea");
    await page.fill(".text textarea", text.replace('"deferAfterOutageSeconds": 1', '"deferAfterOutageSeconds": -1'));
    await page.locator(".text button").click();
    await says(page, "#meter-answer", /demand\.deferAfterOutageSeconds: expected/);
    await page.fill(".text textarea", "{");
    await page.locator(".text button").click();
    await says(page, ".text .problem", /no JSON/);
  },
);

test(
  "a meter of plain settings and without users is edited by the same page",
  { skip, timeout: 120_000 },
  async (t) => {
    const { open } = await opened(t);
    const page = await open("#feeder/configuration");
    await page.waitForSelector("#draft-state");
    // All of them stand below each other, and what is looked for is gone to.
    await page.waitForSelector(field("systemVoltage"));
    await page.fill(".contents input[type=search]", "ct primary");
    await page.locator(".found button").first().click();
    await page.waitForSelector(`${field("ctPrimary")}:focus`);
    // What is no number, and nothing, are told at the field.
    for (const [typed, said] of [
      ["three", /expected a number; found "three"/],
      ["", /expected a number; found ..$/],
    ] as const) {
      await page.fill(field("ctPrimary"), typed);
      await says(page, `${field("ctPrimary").replace(/"\]$/, '-problem"]')}`, said);
      assert.equal(await page.locator(".field.wrong").count(), 1);
    }
    await page.fill(field("ctPrimary"), "200");
    await page.click("#apply");
    await says(page, "#outcome", /Applied/);
  },
);

test(
  "a number that may be an object as well stays where it is typed, whatever is typed, and when it is cleared",
  { skip, timeout: 120_000 },
  async (t) => {
    const { open, configuration } = await opened(t);
    const page = await open();
    await section(page, /^Transformers/);
    const pt = page.locator(`input${field("primary.pt")}`);
    await pt.click();
    for (const typed of ["12x", "", "60"]) {
      await page.keyboard.press("Control+A");
      await (typed === "" ? page.keyboard.press("Delete") : page.keyboard.type(typed));
      await page.waitForSelector(`input${field("primary.pt")}:focus`);
      assert.equal(await pt.inputValue(), typed);
      if (typed === "12x") await says(page, '[id="at_primary.pt-problem"]', /expected a number, or an object/);
      assert.equal(await page.locator(field("primary.pt")).count(), 1, "an id is of one");
    }
    await page.click("#apply");
    await logIn(page, "boss", "meter-boss");
    await says(page, "#outcome", /Applied/);
    assert.equal((configuration() as unknown as { primary: { pt: number } }).primary.pt, 60);
  },
);

test(
  "the history says who changed what and when, and takes it back, after the meter has said what that begins anew",
  { skip, timeout: 120_000 },
  async (t) => {
    const { open, configuration } = await opened(t);
    const page = await open();
    await section(page, /^Demand/);
    await page.fill(field("demand.deferSeconds"), "7");
    await page.click("#apply");
    await logIn(page, "boss", "meter-boss");
    await says(page, "#outcome", /Applied/);
    await page.fill(field("demand.deferSeconds"), "9");
    await page.waitForSelector("#outcome", { state: "detached" });
    await page.click("#apply");
    await says(page, "#outcome", /Applied/);
    // What is edited meanwhile stays.
    await page.fill(field("demand.thermalMinutes"), "25");
    await page.locator(".choice button", { hasText: "History" }).click();
    await says(page, "#history tbody tr", /boss.*demand\.deferSeconds: 7 → 9/);
    await page.locator("#history tbody tr").first().locator("button", { hasText: "Take back" }).click();
    await says(page, "#undoing", /registers, freezes and self reads begin at zero/);
    await page.locator("#undoing button", { hasText: "Take back now" }).click();
    await says(page, "#history tbody tr", /takes back/);
    assert.deepEqual([configuration().demand.deferSeconds, configuration().demand.thermalMinutes], [7, 15]);
    await says(page, "#draft-state", /One change/);
    await page.locator(".choice button", { hasText: "Changes" }).click();
    await says(page, "#differences", /demand\.thermalMinutes/);
  },
);

test("two who have it open see each other; the one who closes it is gone", { skip, timeout: 120_000 }, async (t) => {
  const { open } = await opened(t);
  const one = await open();
  await one.waitForSelector("#draft-state");
  await one.locator("#meter-visitor button", { hasText: "Log in" }).click();
  await logIn(one, "boss", "meter-boss");
  const other = await open();
  await says(other, "#editors", /somebody/);
  // A page that is only open does not use its session with the meter: that times out.
  const isByItself = (request: Request): boolean =>
    request.url().endsWith("/editors") && request.headers()["polyphase-unattended"] !== undefined;
  await one.waitForRequest(isByItself, { timeout: 60_000 });
  await one.goto("about:blank");
  await other.waitForSelector("#editors", { state: "detached", timeout: 60_000 });
});

test(
  "Km and room are suggested beside their fields: 13,000 counts of full scale, by arithmetic",
  { skip, timeout: 120_000 },
  async (t) => {
    const { open } = await opened(t);
    const page = await open();
    await section(page, /^Load profiles/);
    await says(page, ".room", /profile 1, 3 channels, 15 minutes: has room for \d+ days/);
    // Full scale: 3 × 120 V × 5 A = 1800 W, times 120 and 80 17.28 MW; in 15 minutes 4.32 MWh, of which 13,000 counts are 332.3077 Wh each.
    await page.locator(".opener").first().click();
    await page.locator(".opener", { hasText: "Channels" }).click();
    await page.locator(".folded .folded .opener").first().click();
    await says(page, ".suggested", /332\.3077/);
    await page.locator(".suggested button").first().click();
    assert.equal(await page.inputValue(field("profiles[0].channels[0].km")), "332.3077");
    await says(page, "#meter-answer", /load profiles are erased/);
  },
);

test(
  "registers, triggers and points are tables: labels, levels with their hysteresis, points in order, registers by name",
  { skip, timeout: 120_000 },
  async (t) => {
    const { open, configuration } = await opened(t);
    const page = await open();
    await section(page, /^Display registers/);
    const row = (words: RegExp) => page.locator("tbody tr", { hasText: words }).first();
    await says(page, "#registers-editor tbody tr", /SUBSTATION 7/);
    await page.locator("#registers-editor .add button").click();
    await says(page, "#registers-editor tbody tr", /^13.*none yet/);
    await row(/^13/).locator("button", { hasText: "Remove" }).click();
    await page.fill("[aria-label='Label 2']", "kWh in");
    await section(page, /^Triggers/);
    await page.fill("[aria-label='Reset level 1']", "112.5");
    // 112.5 V less 108 V.
    await says(page, "#triggers-editor tbody tr", /hysteresis 4\.5/);
    await page.fill("[aria-label='Reset level 1']", "100");
    await says(page, "#triggers-editor tbody tr", /over before it begins/);
    await page.fill("[aria-label='Reset level 1']", "112.5");
    await section(page, /^DNP3/);
    await page.selectOption("[aria-label='Register 0']", { label: "7: kW peak (peakDemand W delivered)" });
    await page.locator("#points-editor tbody tr").first().locator("button", { hasText: "↓" }).click();
    await says(page, "#meter-answer", /registers, freezes and self reads begin at zero/);
    await page.click("#apply");
    await logIn(page, "boss", "meter-boss");
    await says(page, "#outcome", /Applied/);
    const { registers, triggers, dnp3 } = configuration();
    assert.equal(registers.normal[2]?.label, "kWh in");
    // The points were of 2, 3, 4 and 5.
    assert.deepEqual(
      dnp3.counters.map(({ register }) => register),
      [3, 7, 4, 5],
    );
    assert.deepEqual([registers.normal.length, triggers[0]?.reset], [13, 112.5]);
  },
);

test(
  "a file of firmware and an option key say what they do before they do it, and count after the reboot",
  { skip, timeout: 120_000 },
  async (t) => {
    const { open } = await opened(t);
    const page = await open();
    await page.locator(".choice button", { hasText: "Firmware" }).click();
    const up = async (name: string, buffer: Buffer): Promise<void> =>
      page.setInputFiles("#firmware input[type=file]", { name, mimeType: "application/octet-stream", buffer });
    await page.waitForSelector("#boards");
    const image = imageOf("register 0.0.99");
    await up("register.bin", image);
    await logIn(page, "boss", "meter-boss");
    await says(page, "#firmware-file", /register 0\.0\.99 takes the place of/);
    await page.locator("#firmware-file button", { hasText: /^Upload$/ }).click();
    await says(page, "#boards tbody tr", /register.*0\.0\.99/);
    const broken = Buffer.from(image);
    broken[150] = (broken[150] ?? 0) ^ 1;
    await up("broken.bin", broken);
    await says(page, "#outcome", /Not applied/);
    await page.fill("#option-key input", "PQ3-00000000");
    await page.click("#option-key button[type=submit]");
    await says(page, "#outcome", /expected one of this meter's serial number/);
    await page.fill("#option-key input", keyOf("PQ2", "260912345"));
    await page.click("#option-key button[type=submit]");
    await says(page, "#option-key .answer", /option PQ2 takes the place of PQ/);
    await page.locator("#option-key .answer button").click();
    // The reboot: the option is there, and the firmware that waited runs.
    await says(page, "#firmware", /Options:.*PQ2/);
    await page.waitForSelector("#option-key", { state: "detached" });
    await says(page, "#boards tbody tr", /^register0\.0\.99$/);
  },
);

test("accessible, in light and dark, and on a telephone", { skip, timeout: 400_000 }, async (t) => {
  for (const how of [
    { colorScheme: "light" },
    { colorScheme: "dark", viewport: { width: 390, height: 844 } },
  ] as const) {
    const { open } = await opened(t, { how });
    const page = await open();
    await page.waitForSelector("#draft-state");
    const names = await page.locator(".contents nav button").allTextContents();
    assert.ok(names.length > 20);
    const looksWell = async (what: string): Promise<void> => {
      const { violations } = await new AxeBuilder({ page }).analyze();
      assert.deepEqual(
        violations.map(({ id, nodes }) => [id, nodes[0]?.html]),
        [],
        `${what} ${JSON.stringify(how)}`,
      );
      const wide = Number(
        await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"),
      );
      assert.ok(wide <= 0, `${what}: ${wide} px too wide`);
    };
    for (const title of [/^Seasons/, /^Display registers/, /^Triggers/, /^DNP3/, /^Users/]) {
      await section(page, title);
      await page.waitForSelector(".shown h3");
      await looksWell(title.source);
    }
    // A label that would be a script is one that is read.
    const hostile = "<img src=x onerror=alert(1)>";
    await section(page, /^Display registers/);
    await page.fill("[aria-label='Label 2']", hostile);
    await page.locator("tbody tr").nth(2).locator("button", { hasText: "Edit" }).click();
    await section(page, /^Demand/);
    await page.fill(field("demand.subIntervals"), "13");
    await says(page, "#meter-answer", /at most 12/);
    await looksWell("something wrong");
    await page.click("#apply");
    await page.waitForSelector("#meter-log-in");
    await looksWell("logging in");
    for (const view of ["Changes", "History", "File", "Firmware"]) {
      await page.locator(".choice button", { hasText: view }).click();
      await page.waitForTimeout(300);
      await looksWell(view);
      if (view === "Changes") await says(page, "#differences", /<img src=x onerror=alert\(1\)>/);
    }
  }
});
