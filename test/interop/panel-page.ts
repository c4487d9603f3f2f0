/** A site with a front panel, shown in a browser, and what the browser tells the site of hands at it. */
import { writeFileSync } from "node:fs";
import path from "node:path";
import type { TestContext } from "node:test";
import { chromium, type BrowserContextOptions, type Page } from "playwright-core";
import { startSite, temporaryFolder } from "../running-site.ts";
import { programPath } from "./programs.ts";

export interface PanelPage {
  readonly page: Page;
  /** Touches so far, as the site was told: "press read". */
  readonly touches: string[];
  /** What went wrong in the page itself. */
  readonly faults: readonly string[];
  /** Waits until there are as many touches, and no more for a while. */
  touched(expected: readonly string[]): Promise<void>;
}

interface PanelPageOptions {
  readonly how?: BrowserContextOptions;
  /** Files beside the site's. */
  readonly files?: Readonly<Record<string, string>>;
}

/** Milliseconds in which a touch that must not be would have come. */
const QUIET_MS = 400;

export async function openPanelPage(
  t: TestContext,
  yaml: string,
  { how = {}, files = {} }: PanelPageOptions = {},
): Promise<PanelPage> {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
  const site = await startSite(folder, yaml);
  t.after(() => site.end());
  const executablePath = programPath("chromium");
  if (executablePath === undefined) throw new Error("expected chromium on this machine");
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu", "--no-first-run"] });
  t.after(() => browser.close());
  const page = await (await browser.newContext(how)).newPage();
  const faults: string[] = [];
  const touches: string[] = [];
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("request", (one) => {
    if (one.method() !== "POST" || !one.url().endsWith("/panel")) return;
    const [said] = Object.entries((one.postDataJSON() ?? {}) as Readonly<Record<string, string>>);
    touches.push((said ?? []).join(" "));
  });
  await page.goto(site.page);
  await page.click("#front-panel .head button");
  await page.waitForSelector(".front .case");
  const touched = async (expected: readonly string[]): Promise<void> => {
    for (let left = 50; left > 0 && touches.length < expected.length; left--) await page.waitForTimeout(100);
    await page.waitForTimeout(QUIET_MS);
    const [found, wanted] = [touches.join(", "), expected.join(", ")];
    if (found !== wanted) throw new Error(`expected the touches "${wanted}", found "${found}"`);
    touches.length = 0;
  };
  return { page, touches, faults, touched };
}
