/** A site on whose page there is something of everything, and the way through all its sections in a browser. */
import { copyFileSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { chromium, type Browser, type Page } from "playwright-core";
import { startSite, temporaryFolder, type RunningSite } from "../running-site.ts";
import { programPath } from "./programs.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** The power-quality site and a Series 4100 beside it, on ports that nobody uses, without a store. */
function siteText(): string {
  const pq = readFileSync(path.join(root, "site/pq.yaml"), "utf8").replaceAll(/port: \d+/g, "port: 0");
  return `${pq.replace("meters:", 'store: ":memory:"\nmeters:').trimEnd()}
  - name: feeder-1
    model: leviton-s4100
    options: { logging: true }
    source: { synthetic: { hz: 60, volts: [276.1, 277.4, 278.2], amps: [81.3, 74.9, 90.6], pf: 0.93, seed: 1 } }
    settings: { systemType: 40, ctPrimary: 100, systemVoltage: 480 }
    listen: [{ modbus: tcp, port: 0 }]
`;
}

/** The revenue meter's, an hour of it every second. */
function revenueText(): string {
  const text = readFileSync(path.join(root, "site/revenue.yaml"), "utf8");
  return text.replaceAll(/port: \d+/g, "port: 0");
}

/** Sections in which a revenue meter has more to show than others. */
const ofRevenue = ["energy", "profile", "bills", "trends", "logs"];

export interface Workbench {
  readonly site: RunningSite;
  /** Where there are bills. */
  readonly revenue: RunningSite;
  readonly browser: Browser;
}

/** Runs the site and a browser; `after` takes what ends them. */
export async function openWorkbench(after: (run: () => unknown) => void): Promise<Workbench> {
  const started = async (text: string, file: string): Promise<RunningSite> => {
    const { folder, remove } = temporaryFolder();
    after(remove);
    copyFileSync(path.join(root, "site", file), path.join(folder, file));
    const one = await startSite(folder, text);
    after(() => one.end());
    return one;
  };
  const site = await started(siteText(), "pq-feeder.yaml");
  const revenue = await started(revenueText(), "revenue-meter.yaml");
  const executablePath = programPath("chromium");
  if (executablePath === undefined) throw new Error("expected chromium on this machine");
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
  after(() => browser.close());
  return { site, revenue, browser };
}

/** What the page has no words for yet: it has loaded nothing, or waits for an answer. */
const WAITING = /^(Loading\.|Wird geladen\.|)$/;

/** Goes to a place of the page, "#feeder/profile", and waits until something stands there. */
export async function visit(page: Page, { site, place }: Stop): Promise<void> {
  await page.goto(`${site.page}${place}`);
  for (let k = 0; k < 150; k++) {
    const words =
      (await page
        .locator("main")
        .textContent()
        .catch(() => "")) ?? "";
    if (!WAITING.test(words.trim())) return;
    await page.waitForTimeout(100);
  }
  throw new Error(`nothing stands at ${place}: ${await page.textContent("body")}`);
}

export interface Stop {
  readonly site: RunningSite;
  /** "#feeder/profile". */
  readonly place: string;
}

/** Every place that the page offers: the site's sections, those of each of its meters, and those of the revenue meter that show the most. */
export async function stopsOf(page: Page, { site, revenue }: Workbench): Promise<readonly Stop[]> {
  const places: string[] = [];
  for (const first of ["#/", "#feeder", "#feeder-1"]) {
    await visit(page, { site, place: first });
    const links = page.locator("nav.sections a");
    await links.first().waitFor();
    const offered = await links.evaluateAll((all) => all.map((link) => link.getAttribute("href")));
    places.push(...offered.flatMap((href) => href ?? []));
  }
  return [
    ...places.map((place) => ({ site, place })),
    ...ofRevenue.map((section) => ({ site: revenue, place: `#substation-7/${section}` })),
  ];
}
