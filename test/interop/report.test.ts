/** The report in a browser: everybody can read it, wide and narrow, light and dark; it fetches nothing; on paper nothing is cut. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { test, type TestContext } from "node:test";
import { AxeBuilder } from "@axe-core/playwright";
import { chromium, type Page } from "playwright-core";
import { examinedMinute, examinedWeek } from "#analysis/report/report-fixture.ts";
import { reportHtml } from "#analysis/report/report-html.ts";
import { temporaryFolder } from "../running-site.ts";
import { programPath, without } from "./programs.ts";

const skip = without("chromium");
const quiet = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"];
const site = { ieee519: { loadCurrent: 45, shortCircuitRatio: 60 }, timeZone: "Europe/Berlin" };

interface Opened {
  readonly page: Page;
  readonly html: string;
  /** What went wrong in it, and what it asked for besides itself. */
  readonly faults: readonly string[];
}

async function opened(
  t: TestContext,
  html: string,
  options: { readonly width?: number; readonly colorScheme?: "light" | "dark" } = {},
): Promise<Opened> {
  const { folder, remove } = temporaryFolder();
  const browser = await chromium.launch({ executablePath: programPath("chromium") ?? "chromium", args: quiet });
  t.after(async () => {
    await browser.close();
    remove();
  });
  const { width = 1280, colorScheme = "light" } = options;
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("console", (message) => faults.push(message.text()));
  const file = path.join(folder, "report.html");
  writeFileSync(file, html);
  const address = pathToFileURL(file).href;
  page.on("request", (request) => request.url() !== address && faults.push(request.url()));
  await page.goto(address);
  return { page, html, faults };
}

// Its tables take axe long: one of them has all.
for (const [width, colorScheme, make] of [
  [1280, "light", () => reportHtml(examinedWeek(), { ...site, bounds: { plotted: 1 } })],
  [1280, "dark", () => reportHtml(examinedMinute(), { bounds: { plotted: 1 } })],
  [390, "light", () => reportHtml(examinedMinute(), { bounds: { plotted: 1 } })],
] as const) {
  test(
    `everybody can read it: ${width} pixels, ${colorScheme}; nothing is wider than the screen`,
    { skip, timeout: 120_000 },
    async (t) => {
      const { page, faults } = await opened(t, make(), { width, colorScheme });
      const found = await new AxeBuilder({ page }).analyze();
      assert.deepEqual(
        found.violations.map(
          ({ id, nodes }) =>
            `${id}: ${nodes
              .map(({ html }) => html)
              .slice(0, 3)
              .join(" ")}`,
        ),
        [],
      );
      assert.equal(await page.evaluate("document.documentElement.scrollWidth"), width);
      assert.deepEqual(faults, []);
    },
  );
}

test("a browser takes it as it is written: every element, and as many", { skip, timeout: 60_000 }, async (t) => {
  const { page, html } = await opened(t, reportHtml(examinedMinute()));
  for (const name of ["table", "tr", "td", "th", "figure", "path", "section", "li"]) {
    const written = html.split(new RegExp(`<${name}[ >]`)).length - 1;
    assert.equal(await page.locator(name).count(), written, name);
  }
  assert.equal(await page.evaluate("document.compatMode"), "CSS1Compat");
});

test("hostile words do not run", { skip, timeout: 60_000 }, async (t) => {
  const words = `"><img src="http://127.0.0.1:9/x" onerror="document.title='taken'"></style></title><script>document.title='taken'</script>`;
  const minute = examinedMinute();
  const { page, faults } = await opened(
    t,
    reportHtml({ ...minute, warnings: [{ where: words, what: words }] }, { title: words, files: [words] }),
  );
  assert.equal(await page.title(), words);
  assert.equal(await page.locator("img, script").count(), 0);
  assert.deepEqual(faults, []);
});

/** Between the margins, in pixels of 96 to the inch: 15 mm at the sides, 16 mm and 18 mm above and below. */
const papers = [
  ["A4", 210, 297],
  ["Letter", 215.9, 279.4],
] as const;
for (const [format, wide, high] of papers) {
  test(
    `on ${format} no figure and no row is cut, heads are repeated, and it is light`,
    { skip, timeout: 120_000 },
    async (t) => {
      const { page } = await opened(t, reportHtml(examinedWeek(), site), { colorScheme: "dark" });
      const pdf = await page.pdf({ format });
      const pages = pdf.toString("latin1").match(/\/Type \/Page\b(?!s)/g)?.length ?? 0;
      assert.ok(pages > 10 && pages < 25, `${pages} pages`);
      await page.emulateMedia({ media: "print", colorScheme: "light" });
      const [width, height] = [((wide - 30) * 96) / 25.4, ((high - 34) * 96) / 25.4];
      await page.setViewportSize({ width: Math.floor(width), height: Math.floor(height) });
      // What may not be broken fits a page: so a browser that lays out by the rules does not cut it.
      const unbroken: readonly { name: string; inside: string; height: number; width: number }[] = await page.evaluate(
        `[...document.querySelectorAll("figure, tr, .card, .about, .narrow, h2, h3")].map((one) => ({
          name: one.tagName, inside: getComputedStyle(one).breakInside,
          height: one.getBoundingClientRect().height, width: one.scrollWidth }))`,
      );
      assert.ok(unbroken.length > 100);
      for (const one of unbroken) {
        assert.equal(one.inside, "avoid", one.name);
        assert.ok(one.height < height, `${one.name} is ${one.height} high`);
        assert.ok(one.width <= width, `${one.name} is ${one.width} wide`);
      }
      const heads: readonly string[] = await page.evaluate(
        `[...document.querySelectorAll("thead")].map((one) => getComputedStyle(one).display)`,
      );
      assert.deepEqual([...new Set(heads)], ["table-header-group"]);
    },
  );
}
