/** `npm run screenshot:panels`: writes the pictures of front panels that docs/panels.md shows, and the panels that live on the first page. */
import { writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { buildPage } from "../../bin/page.mjs";
import { startSite, temporaryFolder } from "../running-site.ts";
import { animated, filmOf, type Film } from "./panel-animation.ts";
import { programPath } from "./programs.ts";

const images = fileURLToPath(new URL("../../docs/images", import.meta.url));

/** Sixty times as fast: a JEMStar II shows values two and a half minutes after power has come. */
const yaml = `web: { port: 0 }
clock: { speed: 60 }
store: ":memory:"
meters:
  - { name: leviton, model: leviton-s4100, settings: { systemVoltage: 480 }, source: { synthetic: { volts: [277, 276, 278], amps: 62, pf: 0.94, steps: true } } }
  - { name: jemstar, model: ametek-jemstar-ii, modelNumber: JSII-09I6020-2A-DIO-PQ3, auxiliary: true, configuration: jemstar.yaml, source: { synthetic: { volts: [119, 120, 121], amps: [5, 4.6, 5.3], pf: 0.9, steps: true } } }
  - { name: powerlogic, model: powerlogic-cm4000, source: { synthetic: { volts: [277, 276, 278], amps: 5, steps: true } } }
`;

/** Four registers a screen, then two, then phasors: as a meter of a substation may be set up. */
const jemstar = `primary: { pt: 120, ct: 80 }
display: { registersPerScreen: 4 }
registers:
  normal:
    - { id: 2, label: kWh delivered, type: consumption, measure: { quantity: Wh } }
    - { id: 3, label: kWh received, type: consumption, measure: { quantity: Wh, direction: received } }
    - { id: 4, label: kvarh delivered, type: consumption, measure: { quantity: varh } }
    - { id: 5, label: kW now, type: instantaneous, measure: { quantity: W, direction: bidirectional } }
    - { id: 6, label: volts a, type: instantaneous, measure: { quantity: V, phase: a }, units: units, decimals: 1 }
    - { id: 7, label: power factor, type: instantaneous, measure: { quantity: PF }, units: units, decimals: 3 }
    - { id: 8, label: phasors, type: phasorDisplay }
    - { id: 9, label: communication, type: communicationStatus }
`;

/** Keys pressed on each before its picture is taken: imported energy; the user menu; the first screen. */
const presses: Readonly<Record<string, readonly string[]>> = {
  leviton: ["ArrowRight"],
  jemstar: ["c", "ArrowLeft"],
  powerlogic: [],
};

/** The panel is everybody's: it is left as it was found. */
const leaves: Readonly<Record<string, readonly string[]>> = {
  jemstar: ["c", "r"],
  leviton: ["ArrowLeft", "ArrowLeft"],
};

/** Keys whose pictures live: registers one after the other, then the user menu; net energy, and what stands beside it. */
const lives: Readonly<Record<string, readonly string[]>> = {
  jemstar: ["", "r", "r", "r", "r", "r", "c", "ArrowLeft"],
  leviton: ["", "ArrowRight", "ArrowRight", "ArrowUp", "ArrowRight", "ArrowRight", "ArrowUp", "ArrowRight"],
};

await buildPage();
const films: Film[] = [];
const { folder, remove } = temporaryFolder();
writeFileSync(path.join(folder, "jemstar.yaml"), jemstar);
const site = await startSite(folder, yaml);
const browser = await chromium.launch({
  executablePath: programPath("chromium") ?? "chromium",
  args: ["--no-sandbox", "--disable-gpu"],
});
try {
  for (const [meter, keys] of Object.entries(presses)) {
    const page = await browser.newPage({ viewport: { width: 900, height: 1000 }, deviceScaleFactor: 2 });
    await page.goto(`${site.page}#${meter}`);
    await page.click("#front-panel .head button");
    await page.waitForSelector(".front .case");
    await page.waitForTimeout(4000);
    for (const key of keys) await page.locator(".front").press(key, { delay: 60 });
    await page.waitForTimeout(1500);
    // The heart is seen every other half second.
    if (meter === "leviton") await page.waitForSelector(".lcd .icon.on >> nth=1");
    await page.locator(".front .case").screenshot({ path: path.join(images, `panel-${meter}.png`) });
    for (const key of leaves[meter] ?? []) await page.locator(".front").press(key, { delay: 60 });
    await page.close();
  }
  for (const [meter, keys] of Object.entries(lives)) {
    const page = await browser.newPage({ viewport: { width: 900, height: 1000 } });
    await page.goto(`${site.page}#${meter}`);
    await page.click("#front-panel .head button");
    await page.waitForSelector(".front .case");
    await page.waitForTimeout(4000);
    films.push(await filmOf(page, keys));
    for (const key of leaves[meter] ?? []) await page.locator(".front").press(key, { delay: 60 });
    await page.close();
  }
  writeFileSync(path.join(images, "panels.svg"), animated(films, 300));
} finally {
  await browser.close();
  await site.end();
  remove();
}
