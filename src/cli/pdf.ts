/** A page of HTML as PDF, through a browser that prints: of several the first that is on the PATH. */
import { spawnSync } from "node:child_process";
import { accessSync, constants, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { Failure } from "./failure.ts";

const browsers = [
  "chromium",
  "chromium-browser",
  "google-chrome-stable",
  "google-chrome",
  "chrome",
  "microsoft-edge-stable",
  "microsoft-edge",
  "msedge",
];

/** A report of megabytes takes seconds; a browser that hangs does not end by itself. */
const MOST_MS = 120_000;

/** The browser that prints; throws a Failure where there is none, with what to install. */
export function printingBrowser(): string {
  const folders = (process.env["PATH"] ?? "").split(path.delimiter).filter((folder) => folder !== "");
  const endings = process.platform === "win32" ? [".exe"] : [""];
  for (const name of browsers) {
    for (const folder of folders) {
      for (const ending of endings) {
        const file = path.join(folder, name + ending);
        if (isProgram(file)) return file;
      }
    }
  }
  throw new Failure(
    "--pdf: there is no chromium on the PATH, which prints the page: install one (apt-get install chromium, or Google Chrome), or print what --report writes in any browser",
    1,
  );
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Throws a Failure with what the browser said when it has not printed. */
export function pdfOf(html: string, browser: string): Uint8Array {
  const folder = mkdtempSync(path.join(tmpdir(), "polyphase-pdf-"));
  try {
    const [page, pdf] = [path.join(folder, "report.html"), path.join(folder, "report.pdf")];
    writeFileSync(page, html);
    const words = [
      "--headless",
      "--disable-gpu",
      "--no-pdf-header-footer",
      `--user-data-dir=${path.join(folder, "profile")}`,
      // Its sandbox is not for root; the page is this program's own, and runs nothing.
      ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
      `--print-to-pdf=${pdf}`,
      pathToFileURL(page).href,
    ];
    const { error, status, stderr } = spawnSync(browser, words, { encoding: "utf8", timeout: MOST_MS });
    try {
      return readFileSync(pdf);
    } catch {
      const said = error?.message ?? stderr.trim().split("\n").at(-1) ?? "";
      throw new Failure(`--pdf: ${browser} has printed nothing (status ${status ?? "none"}): ${said}`, 1);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}
