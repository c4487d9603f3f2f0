/** `npm run screenshot`: runs the demonstration for a minute and a half, with its sag early, and writes the picture that README shows. */
import { copyFileSync, mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { buildPage } from "../../bin/page.mjs";
import { startSite, temporaryFolder } from "../running-site.ts";
import { programPath } from "./programs.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
/** What is shown of the page, and when the sag comes, in seconds. */
const SIZE = { width: 1120, height: 1130 };
const SAG = 40;
const SECONDS = 90;

/** The demonstration on ports that nobody uses, without a store. */
const demo = readFileSync(path.join(root, "site/demo.yaml"), "utf8")
  .replaceAll(/port: \d+/g, "port: 0")
  .replace(/\{ kind: sag, at: \d+/, `{ kind: sag, at: ${SAG}`)
  .replace("meters:", 'store: ":memory:"\nmeters:');

await buildPage();
const { folder, remove } = temporaryFolder();
// It names the configuration of its second meter.
copyFileSync(path.join(root, "site/demo-incomer.yaml"), path.join(folder, "demo-incomer.yaml"));
const site = await startSite(folder, demo);
const browser = await chromium.launch({
  executablePath: programPath("chromium") ?? "chromium",
  args: ["--no-sandbox", "--disable-gpu"],
});
try {
  const page = await browser.newPage({ viewport: SIZE, colorScheme: "light" });
  await page.goto(site.page);
  await page.waitForTimeout(1000 * SECONDS);
  const images = path.join(root, "docs/images");
  mkdirSync(images, { recursive: true });
  await page.screenshot({ path: path.join(images, "page.png") });
} finally {
  await browser.close();
  await site.end();
  remove();
}
