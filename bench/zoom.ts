/**
 * What the script of the page takes of a frame while somebody zooms and moves in six channels of a million samples each, in a browser:
 * `npm run bench zoom`. Painting is the browser's and not counted.
 */
import { fork } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { buildPage } from "../bin/page.mjs";

const SAMPLES = 1_000_000;
const RATE = 10_000;
const CHANNELS = ["U L1,V,0.02", "U L2,V,0.02", "U L3,V,0.02", "I L1,A,0.002", "I L2,A,0.002", "I L3,A,0.002"];
const PORT = 18_497;
const GOAL = "8 ms";

const site = `web: { port: ${PORT} }
store: ":memory:"
meters: [{ name: feeder, model: leviton-s4100, source: { synthetic: { volts: 277, amps: 5, steps: true } } }]
`;

function recording(folder: string): readonly string[] {
  const rows = CHANNELS.map((channel, k) => {
    const [name, unit, step] = channel.split(",");
    return `${k + 1},${name},,,${unit},${step},0,0,-32767,32767,1,1,P`;
  });
  const facts = ["50", "1", `${RATE},${SAMPLES}`, "28/11/2026,00:00:00.000000", "28/11/2026,00:00:00.000000"];
  const cfg = ["S,R,1999", `${CHANNELS.length},${CHANNELS.length}A,0D`, ...rows, ...facts, "BINARY", "1", ""];
  const size = 8 + 2 * CHANNELS.length;
  const bytes = new DataView(new ArrayBuffer(size * SAMPLES));
  for (let k = 0; k < SAMPLES; k++) {
    bytes.setUint32(size * k, k + 1, true);
    bytes.setUint32(size * k + 4, (1e6 / RATE) * k, true);
    for (let c = 0; c < CHANNELS.length; c++) {
      const wave = Math.sin((2 * Math.PI * 50 * k) / RATE - (2 * Math.PI * c) / 3);
      const noise = ((k * 2_654_435_761) >>> 20) / 4096 - 0.5;
      bytes.setInt16(size * k + 8 + 2 * c, Math.round(8000 * wave + 400 * noise), true);
    }
  }
  const files = [path.join(folder, "million.cfg"), path.join(folder, "million.dat")] as const;
  writeFileSync(files[0], cfg.join("\r\n"));
  writeFileSync(files[1], new Uint8Array(bytes.buffer));
  return files;
}

interface TraceEvent {
  readonly name: string;
  readonly ts: number;
  /** Microseconds that passed, and those that the thread ran. */
  readonly dur?: number;
  readonly tdur?: number;
  readonly args?: { readonly data?: { readonly type?: string } };
}

/** Milliseconds of the script's thread for each frame, what the wheel called since the one before it with it. */
function framesOf(trace: Uint8Array): number[] {
  const { traceEvents } = JSON.parse(new TextDecoder().decode(trace)) as {
    readonly traceEvents: readonly TraceEvent[];
  };
  const frames: number[] = [];
  let inHand = 0;
  for (const { name, tdur = 0, args } of traceEvents.toSorted((a, b) => a.ts - b.ts)) {
    if (name === "EventDispatch" && args?.data?.type === "wheel") inHand += tdur / 1000;
    if (name !== "FireAnimationFrame") continue;
    frames.push(inHand + tdur / 1000);
    inHand = 0;
  }
  return frames.toSorted((a, b) => a - b);
}

export async function benchZoom(): Promise<void> {
  await buildPage();
  const folder = mkdtempSync(path.join(tmpdir(), "polyphase-bench-"));
  const file = path.join(folder, "site.yaml");
  writeFileSync(file, site);
  const main = fileURLToPath(new URL("viewers-site.ts", import.meta.url));
  const child = fork(main, ["up", file], { silent: true, execArgv: ["--disable-warning=ExperimentalWarning"] });
  const browser = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu"],
  });
  try {
    await setTimeout(3000);
    const page = await browser.newPage({ viewport: { width: 1400, height: 1000 } });
    await page.goto(`http://127.0.0.1:${PORT}/#/viewer`);
    await page.waitForSelector(".drop-place");
    await page.setInputFiles("input[type=file]", [...recording(folder)]);
    const written = performance.now();
    await page.waitForSelector(".wave-stage");
    console.log(
      `${CHANNELS.length} channels of ${SAMPLES} samples read in ${((performance.now() - written) / 1000).toFixed(1)} s`,
    );
    const box = await page.locator(".wave-stage").boundingBox();
    if (box === null) throw new Error("expected a drawing");
    await browser.startTracing(page, { categories: ["devtools.timeline"] });
    // In, along, and out again, at several places.
    for (const at of [0.2, 0.5, 0.8]) {
      await page.mouse.move(box.x + 66 + at * (box.width - 80), box.y + 80);
      for (let k = 0; k < 40; k++) await page.mouse.wheel(0, -160);
      for (let k = 0; k < 20; k++) await page.mouse.wheel(60, 0);
      for (let k = 0; k < 45; k++) await page.mouse.wheel(0, 160);
    }
    await setTimeout(500);
    const frames = framesOf(await browser.stopTracing());
    const part = (share: number): string => (frames[Math.floor(share * (frames.length - 1))] ?? NaN).toFixed(1);
    console.log(
      `zooming: ${frames.length} frames, script of each ${part(0.5)} ms (p50), ${part(0.95)} ms (p95), ${part(1)} ms at most; goal ${GOAL} (p95)`,
    );
  } finally {
    await browser.close();
    child.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  }
}
