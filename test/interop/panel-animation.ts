/** A panel that lives, as one file: what it showed, one after the other, in an SVG that browsers play. */
import type { Page } from "playwright-core";

/** How long each picture is seen. */
const SECONDS = 2;

/** What a page draws of a display, and the rules that it is drawn by. */
export interface Film {
  readonly pictures: readonly string[];
  readonly rules: string;
}

/** The display of the page's panel after each of these keys; "" is a look without one. */
export async function filmOf(page: Page, keys: readonly string[]): Promise<Film> {
  const pictures: string[] = [];
  for (const key of keys) {
    if (key !== "") await page.locator(".front").press(key, { delay: 60 });
    await page.waitForTimeout(400);
    pictures.push(
      await page
        .locator(".front .case svg")
        .first()
        .evaluate((one) => one.outerHTML),
    );
  }
  const rules = await page.locator("html").evaluate((html) =>
    [...html.ownerDocument.styleSheets]
      .flatMap((sheet) => [...sheet.cssRules].map(({ cssText }) => cssText))
      .filter((text) => /^\.front (svg)?\.(lcd|colour) /.test(text))
      .map((text) => text.replaceAll(".front ", "").replaceAll("svg.", "."))
      .join("\n"),
  );
  return { pictures, rules };
}

interface Size {
  readonly width: number;
  readonly height: number;
}

function sizeOf(picture: string): Size {
  const [, width = "0", height = "0"] = /viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(picture) ?? [];
  return { width: Number(width), height: Number(height) };
}

/** Panels beside each other, each in its case, as tall as the others. */
export function animated(films: readonly Film[], height: number): string {
  const edge = 14;
  let x = 0;
  const cases = films.map(({ pictures }, f) => {
    const [first = ""] = pictures;
    const size = sizeOf(first);
    const scale = height / size.height;
    const width = size.width * scale;
    const at = x;
    x += width + 2 * edge + 16;
    const frames = pictures.map((picture, k) => {
      const begins = SECONDS * (k - pictures.length);
      const nested = picture.replace(
        "<svg ",
        `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" `,
      );
      return `<g class="picture" style="animation: of${f} ${SECONDS * pictures.length}s step-end ${begins}s infinite">${nested}</g>`;
    });
    return [
      `<style>@keyframes of${f} { 0% { opacity: 1 } ${100 / pictures.length}% { opacity: 0 } }</style>`,
      `<g transform="translate(${at} 0)"><rect width="${width + 2 * edge}" height="${height + 2 * edge}" rx="12" fill="#d9d7d0" stroke="#a9a69c"/>`,
      `<g transform="translate(${edge} ${edge})">${frames.join("")}</g></g>`,
    ].join("");
  });
  const rules = [...new Set(films.flatMap((one) => one.rules.split("\n")))].join("\n");
  const still = `@media (prefers-reduced-motion: reduce) { .picture { animation: none !important } .picture:first-child { opacity: 1 } }`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${x - 16} ${height + 2 * edge}">`,
    `<style>.picture { opacity: 0 }\n${rules}\n${still}</style>`,
    ...cases,
    "</svg>\n",
  ].join("\n");
}
