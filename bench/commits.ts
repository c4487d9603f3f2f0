/**
 * What it costs that something is on disk: commits a second and bytes a commit of 1,000 meters, beside appends of as many bytes to a bare
 * file with a sync after each. `npm run bench commits`.
 */
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { SqliteStore } from "#store/sqlite-store.ts";
import { median } from "./median.ts";

const METERS = 1000;
/** Numbers of a meter: what a Series 4100 has, about. */
const NUMBERS = 90;
/** Of these, those that a second changes: energies and demand. */
const CHANGED = 10;
const ROUNDS = 7;
const SECONDS = 1;

interface Figure {
  readonly perSecond: number;
  readonly bytes: number;
}

/** How often something can be done within a second, and how many bytes were written each time. */
function measure(run: () => void, written: () => number): Figure {
  const from = performance.now();
  const before = written();
  let count = 0;
  for (; performance.now() - from < 1000 * SECONDS; count++) run();
  return { perSecond: (1000 * count) / (performance.now() - from), bytes: (written() - before) / count };
}

/** The same with nothing around it. */
function bare(folder: string, size: number): Figure {
  const file = openSync(path.join(folder, "bare"), "w");
  const bytes = new Uint8Array(Math.round(size)).fill(1);
  let at = 0;
  const figure = measure(
    () => {
      at += writeSync(file, bytes, 0, bytes.length, at);
      fdatasyncSync(file);
    },
    () => at,
  );
  closeSync(file);
  return figure;
}

export async function benchCommits(): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), "polyphase-commits-"));
  const store = new SqliteStore(path.join(folder, "data"), "bench");
  const layout = JSON.stringify({ numbers: NUMBERS });
  const meters = Array.from({ length: METERS }, (_, k) => {
    const drawer = store.drawer(`m${k}`);
    const block = new Float64Array(NUMBERS);
    drawer.watch({ layout, count: NUMBERS, blocks: [block] });
    return { drawer, block };
  });
  store.commit();
  let instant = 0;
  const change = (block: Float64Array): void => {
    for (let k = 0; k < CHANGED; k++) block[k] = instant + k / 7;
  };
  const kinds: readonly (readonly [what: string, run: () => void])[] = [
    [
      `a second of ${METERS} meters`,
      () => {
        instant++;
        for (const { drawer, block } of meters) {
          change(block);
          drawer.changed();
        }
        store.commit();
      },
    ],
    [
      "a change of one of them",
      () => {
        instant++;
        const one = meters[instant % METERS];
        if (one === undefined) return;
        one.drawer.keep("settings", new TextEncoder().encode(JSON.stringify({ ctPrimary: instant })));
      },
    ],
  ];
  console.log(`\ncommits of ${METERS} meters (median of ${ROUNDS} rounds)`);
  for (const [what, run] of kinds) {
    const ours: Figure[] = [];
    const files: Figure[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      ours.push(measure(run, () => store.counts.journalBytes));
      files.push(bare(folder, ours.at(-1)?.bytes ?? 0));
    }
    const [perSecond, bytes] = [median(ours.map((one) => one.perSecond)), median(ours.map((one) => one.bytes))];
    const ratio = perSecond / median(files.map((one) => one.perSecond));
    console.log(
      `  ${what.padEnd(26)} ${perSecond.toFixed(0).padStart(6)} a second, ${bytes.toFixed(0).padStart(7)} bytes each; ${ratio.toFixed(2)} of bare appends`,
    );
  }
  store.close();
  const opened: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const from = performance.now();
    new SqliteStore(path.join(folder, "data"), "bench").close();
    opened.push(performance.now() - from);
  }
  console.log(`  opened and closed in ${median(opened).toFixed(0)} ms`);
  rmSync(folder, { recursive: true, force: true });
}
