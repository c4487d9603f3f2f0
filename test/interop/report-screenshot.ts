/** `npm run screenshot:report`: writes the picture of a report, of a week that is made up: its head and its summary. */
import { mkdirSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { examinedWeek } from "#analysis/report/report-fixture.ts";
import { reportHtml } from "#analysis/report/report-html.ts";
import { programPath } from "./programs.ts";

const images = fileURLToPath(new URL("../../docs/images", import.meta.url));
const WIDTH = 1120;
/** Below the summary. */
const ROOM = 24;

const html = reportHtml(examinedWeek(), {
  title: "Feeder 3, main panel",
  timeZone: "Europe/Berlin",
  ieee519: { loadCurrent: 45, shortCircuitRatio: 60 },
});
const browser = await chromium.launch({
  executablePath: programPath("chromium") ?? "chromium",
  args: ["--no-sandbox", "--disable-gpu"],
});
try {
  const page = await browser.newPage({ viewport: { width: WIDTH, height: 900 }, colorScheme: "light" });
  await page.setContent(html);
  const summary = await page.locator("#summary").boundingBox();
  if (summary === null) throw new Error("the report has no summary");
  mkdirSync(images, { recursive: true });
  const clip = { x: 0, y: 0, width: WIDTH, height: Math.ceil(summary.y + summary.height + ROOM) };
  await page.screenshot({ path: path.join(images, "report.png"), fullPage: true, clip });
} finally {
  await browser.close();
}
