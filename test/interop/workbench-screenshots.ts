/** `npm run screenshot:workbench`: every section of the page, light, dark and on a phone, as the pictures of docs/workbench.md (docs/images/workbench). */
import { once } from "node:events";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import net from "node:net";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { buildPage } from "../../bin/page.mjs";
import { openWorkbench, stopsOf, visit } from "./workbench-walk.ts";

const images = fileURLToPath(new URL("../../docs/images/workbench", import.meta.url));
/** Where the pictures stand. */
const tour = readFileSync(fileURLToPath(new URL("../../docs/workbench.md", import.meta.url)), "utf8");
/** Seconds that the site runs before: there has been a sag, and there is something to see. */
const SECONDS = 75;
/** Milliseconds until what a section asks for is drawn. */
const DRAWN_MS = 2500;

const hows = [
  { viewport: { width: 1200, height: 900 }, colorScheme: "light" },
  { viewport: { width: 1200, height: 900 }, colorScheme: "dark" },
  { viewport: { width: 390, height: 900 }, colorScheme: "light" },
] as const;
/** By how much the pictures are smaller than what is seen. */
const SCALE = 0.5;

/** "#feeder/profile" as the name of a picture: "feeder-profile". */
const nameOf = (place: string): string => place.replace(/^#\/?/, "").replaceAll("/", "-") || "site";

/** Pictures beside each other as one. */
async function together(browser: Browser, pictures: readonly Buffer[], file: string): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 470 } });
  const shown = pictures.map((one, k) => {
    const { width, height } = hows[k]?.viewport ?? hows[0].viewport;
    return `<img width="${width * SCALE}" height="${height * SCALE}" src="data:image/png;base64,${one.toString("base64")}">`;
  });
  await page.setContent(`<body style="margin:8px;display:flex;gap:10px;background:#8a8f94">${shown.join("")}</body>`);
  await page.screenshot({ path: file, type: "jpeg", quality: 78 });
  await page.close();
}

/** Asks a meter for some registers over Modbus TCP, so that there is traffic: function 3, from 394 and 258 on, and one that there is not. */
async function talk(port: number): Promise<void> {
  const socket = net.connect(port, "127.0.0.1");
  await once(socket, "connect");
  for (const [k, address] of [394, 258, 276, 60_000, 394].entries()) {
    socket.write(Uint8Array.of(0, k + 1, 0, 0, 0, 6, 1, 3, address >> 8, address & 255, 0, 6));
    await once(socket, "data");
  }
  socket.destroy();
}

async function pictures(): Promise<void> {
  const ends: (() => unknown)[] = [];
  try {
    const workbench = await openWorkbench((run) => ends.push(run));
    const { site, browser } = workbench;
    const pages: Page[] = [];
    for (const how of hows) pages.push(await (await browser.newContext(how)).newPage());
    const [first] = pages;
    if (first === undefined) return;
    const stops = await stopsOf(first, workbench);
    for (const page of pages) await visit(page, { site, place: "#feeder" });
    await first.waitForTimeout(1000 * SECONDS);
    rmSync(images, { recursive: true, force: true });
    mkdirSync(images, { recursive: true });
    // Traffic is kept from the first look on.
    await visit(first, { site, place: "#/traffic" });
    await talk(site.port);
    for (const stop of stops.filter(({ place }) => tour.includes(`/${nameOf(place)}.jpg`))) {
      for (const page of pages) await visit(page, stop);
      await first.waitForTimeout(DRAWN_MS);
      const taken: Buffer[] = [];
      for (const page of pages) taken.push(await page.screenshot());
      await together(browser, taken, path.join(images, `${nameOf(stop.place)}.jpg`));
    }
  } finally {
    for (const end of ends.toReversed()) await end();
  }
}

await buildPage();
await pictures();
