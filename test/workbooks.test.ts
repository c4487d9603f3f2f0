/** Workbooks over HTTP are made beside: others are answered meanwhile, one after the other, and what becomes of them is said. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import http from "node:http";
import path from "node:path";
import { test, type TestContext } from "node:test";
import type { Worker } from "node:worker_threads";
import { Hono } from "hono";
import { loadSite } from "#fleet/load-site.ts";
import { textOf } from "#fleet/notice.ts";
import { SHEET_ROWS } from "#headend/workbook.ts";
import { limits } from "#quantity/limits.ts";
import { NoPlaceError, SideThread, ThreadError } from "#io/side-thread.ts";
import { serveWeb } from "#web/listen.ts";
import { PIECE, SetUpAnewError, profilePieces, type TableInPieces } from "#web/table-pieces.ts";
import { TableFiles } from "#web/table-file.ts";
import { temporaryFolder } from "./running-site.ts";
import { BEGIN, made, record, recorded, TEN_MINUTES } from "./trend-rig.ts";
import { here, webRig } from "./web-rig.ts";

const { cells: MOST_CELLS, waiting, idleMs } = limits.web.workbook;
const HOUR_MS = 3_600_000;
const PROFILE = "profiles: [{ minutes: 1, channels: [{ measure: { quantity: Wh }, km: 1 }] }]\n";
const XLSX = "/api/v1/meters/jem/profiles/1/xlsx";

/** Threads that are started while a test runs. */
function threadsOf(t: TestContext): readonly Worker[] {
  const threads: Worker[] = [];
  const listen = (thread: Worker): void => void threads.push(thread);
  process.on("worker", listen);
  t.after(() => process.off("worker", listen));
  return threads;
}

async function isWorkbook(answer: Response): Promise<boolean> {
  assert.equal(answer.status, 200, answer.status === 200 ? "" : await answer.text());
  const [p, k] = new Uint8Array(await answer.arrayBuffer());
  return p === 0x50 && k === 0x4b;
}

/** A rig whose meter has five hours of minutes, and the threads that its site starts. */
async function rigOf(t: TestContext) {
  const threads = threadsOf(t);
  const rig = await webRig(t, { jem: PROFILE });
  rig.clock.advance(5 * HOUR_MS);
  return { ...rig, threads };
}

/** A table of one text in each cell. */
function tableOf(columns: number, rows: number, text = ""): TableInPieces {
  const heads = Array.from({ length: columns }, (_, k) => `c${k}`);
  const row = heads.map(() => text);
  async function* pieces() {
    for (let left = rows; left > 0; left -= 1000) yield Array.from({ length: Math.min(left, 1000) }, () => row);
  }
  return { heads, right: [], pieces: pieces() };
}

test("a workbook of as many cells and rows as there may be is made; more are refused, with where the CSV is", async (t) => {
  const rig = await rigOf(t);
  const tables = new TableFiles(rig.site);
  t.after(() => tables.stop());
  const app = new Hono();
  const sizes: Readonly<Record<string, readonly [columns: number, rows: number]>> = {
    cells: [1000, MOST_CELLS / 1000 - 1],
    moreCells: [1000, MOST_CELLS / 1000],
    moreRows: [1, SHEET_ROWS],
  };
  for (const [name, [columns, rows]] of Object.entries(sizes))
    app.get(`/${name}/:as`, (context) => tables.answer(context, name, tableOf(columns, rows)));
  assert.ok(await isWorkbook(await app.request("/cells/xlsx")));
  const refused = async (name: string): Promise<string> => {
    const answer = await app.request(`/${name}/xlsx?days=5`);
    assert.deepEqual([answer.status, answer.headers.get("Content-Type")], [422, "application/problem+json"]);
    return ((await answer.json()) as { detail: string }).detail;
  };
  assert.equal(
    await refused("moreCells"),
    `a workbook has ${MOST_CELLS} cells at most, this one would have more: ask for less time, or for /moreCells/csv?days=5`,
  );
  assert.match(await refused("moreRows"), /^a sheet has 1048576 rows at most, .* \/moreRows\/csv\?days=5$/);
  const text = await (await app.request("/moreRows/csv")).text();
  assert.equal(text.length, "c0\r\n".length + SHEET_ROWS * "\r\n".length, "the CSV has all of it");
});

test("what one profile of a revenue meter holds is no more than a workbook may have", () => {
  // 1,356,000 bytes, 5.35 + 2 n of a record of n channels (Table 1 of the manual within 1 %); six columns beside the channels.
  for (let channels = 1; channels <= 32; channels++) {
    const records = Math.floor(1.356e6 / (5.35 + 2 * channels));
    assert.ok((records + 1) * (6 + channels) <= MOST_CELLS, `${channels} channels`);
  }
});

test("several at once are made by one thread, one after the other; of more than may wait one is told to come again", async (t) => {
  const { ask, threads } = await rigOf(t);
  const answers = await Promise.all(Array.from({ length: waiting + 2 }, () => ask(`${XLSX}?most=300`, here)));
  assert.equal(threads.length, 1);
  const refused = answers.filter(({ status }) => status !== 200);
  assert.deepEqual(
    refused.map(({ status, headers }) => [status, headers.get("Content-Type")]),
    [[503, "application/problem+json"]],
  );
  for (const answer of answers) if (answer.status === 200) assert.ok(await isWorkbook(answer));
  assert.ok(await isWorkbook(await ask(XLSX, here)));
  assert.equal(threads.length, 1, "it is kept for the next one");
});

test("a thread that has nothing to do for a while is ended, and started again for the next workbook", async (t) => {
  const { ask, real, side, threads } = await rigOf(t);
  assert.ok(await isWorkbook(await ask(XLSX, here)));
  const [thread] = threads;
  assert.ok(thread !== undefined);
  real.advance(idleMs - 1);
  side.beat();
  assert.ok(await isWorkbook(await ask(XLSX, here)));
  assert.equal(threads.length, 1);
  const ended = once(thread, "exit");
  real.advance(idleMs);
  side.beat();
  await ended;
  assert.ok(await isWorkbook(await ask(XLSX, here)));
  assert.equal(threads.length, 2);
});

test("a thread that dies ends its one answer with a problem; the next workbook is made by another", async (t) => {
  const { ask, told, threads } = await rigOf(t);
  process.once("worker", (thread) => void thread.terminate());
  const [died, next] = await Promise.all([ask(`${XLSX}?days=1`, here), ask(XLSX, here)]);
  assert.deepEqual([died.status, died.headers.get("Content-Type")], [503, "application/problem+json"]);
  assert.equal(
    ((await died.json()) as { detail: string }).detail,
    "the workbook came to nothing, the site's log says why: ask for less time, or for /api/v1/meters/jem/profiles/1/csv?days=1",
  );
  assert.ok(told.includes("a workbook came to nothing: its thread has ended"), told.join("\n"));
  assert.ok(await isWorkbook(next));
  assert.equal(threads.length, 2);
});

test("who goes away ends his workbook, or leaves the queue; the others have theirs", async (t) => {
  const { side, ask, threads } = await rigOf(t);
  const leave = new AbortController();
  const env = { incoming: { socket: { remoteAddress: "127.0.0.1", localAddress: "127.0.0.1" }, httpVersion: "1.1" } };
  const asked = (): Request =>
    new Request(`http://127.0.0.1:8080${XLSX}`, { headers: { Host: "127.0.0.1:8080" }, signal: leave.signal });
  const gone = [side.app.fetch(asked(), env), side.app.fetch(asked(), env)];
  const other = ask(XLSX, here);
  while (threads.length === 0) await new Promise((resolve) => setImmediate(resolve));
  const ended = once(threads[0]!, "exit");
  leave.abort();
  await ended;
  assert.deepEqual(await Promise.all(gone.map(async (one) => (await one).status)), [400, 400]);
  assert.ok(await isWorkbook(await other));
  assert.equal(threads.length, 2);
});

test("a table is of the records that were there when it was asked for, of one configuration", async () => {
  const series = made(1000, (k) => record(k, BEGIN + k * TEN_MINUTES, [k]));
  const grown = { ...series, next: 1000 };
  const { surface, profile } = recorded(grown, ["Wh.import"]);
  const now = () => ({ utc: BEGIN, offsetMinutes: 0, daylightSaving: false, synchronised: true });
  const meter = { ...surface, now };
  const rowsOf = async (query: Parameters<typeof profilePieces>[2]): Promise<readonly string[]> => {
    const table = profilePieces(meter, profile, query);
    assert.ok(typeof table !== "string");
    grown.next = 1000;
    const all: string[] = [];
    for await (const rows of table.pieces) all.push(...rows.map(([sequence = ""]) => sequence));
    return all;
  };
  const numbers = (from: number, next: number): readonly string[] =>
    Array.from({ length: next - from }, (_, k) => String(from + k));
  assert.deepEqual(await rowsOf({}), numbers(0, 1000));
  grown.next = 700;
  assert.deepEqual(await rowsOf({}), numbers(0, 700));
  assert.deepEqual(await rowsOf({ since: 10, most: 450 }), numbers(10, 460));
  // 2016-01-02 begins with record 144; the one that ends there is none of it.
  assert.deepEqual(await rowsOf({ from: "2016-01-02T00:00", to: "2016-01-05T00:00" }), numbers(144, 576));
  assert.deepEqual(
    profilePieces(meter, profile, { from: "2016-02-31" }),
    "from, to: expected local times like 2026-07-31T16:00",
  );
  const table = profilePieces(meter, profile, {});
  assert.ok(typeof table !== "string");
  Object.assign(meter, { epoch: 1 });
  await assert.rejects(async () => {
    for await (const rows of table.pieces) assert.equal(rows.length, PIECE);
  }, SetUpAnewError);
});

/** A site with a revenue meter on real sockets, in real time. */
async function served(t: TestContext) {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const file = path.join(folder, "site.yaml");
  writeFileSync(
    file,
    `web: { port: 0 }
store: ":memory:"
meters: [{ name: jem, model: ametek-jemstar-ii, source: { synthetic: { volts: 120, amps: 1, steps: true } } }]
`,
  );
  const site = loadSite(file);
  const told: string[] = [];
  site.onNotice((notice) => told.push(textOf(notice)));
  await site.start();
  t.after(() => site.stop());
  const { url, close } = await serveWeb(site, site.file.web!);
  t.after(close);
  return { site, close, told, meter: new URL("api/v1/meters/jem/", url) };
}

test("over sockets, too, who hangs up ends his workbook", async (t) => {
  const threads = threadsOf(t);
  const { meter, close } = await served(t);
  const asking = http.get(new URL("log/xlsx", meter));
  asking.on("error", () => {});
  while (threads.length === 0) await new Promise((resolve) => setImmediate(resolve));
  asking.destroy();
  await once(threads[0]!, "exit");
  assert.ok(await isWorkbook(await fetch(new URL("log/xlsx", meter))));
  assert.equal(threads.length, 2, "the first was not kept");
  const ended = once(threads[1]!, "exit");
  await close();
  await ended;
});

test("a CSV that breaks off is not taken for the whole: its connection ends", async (t) => {
  const { site, meter, told } = await served(t);
  const { profile } = recorded(
    made(100_000, (k) => record(k, BEGIN + k * TEN_MINUTES, [k])),
    ["Wh.import"],
  );
  const { surface } = site.meter("jem")!;
  Object.defineProperty(surface, "profiles", { value: [profile] });
  const whole = await (await fetch(new URL("profiles/1/csv?most=50000", meter))).text();
  assert.equal(whole.split("\r\n").length, 50_002);
  const { epoch } = surface;
  const page = profile.page.bind(profile);
  Object.assign(profile, {
    page: (from: number, most: number) => {
      if (from > 60_000) Object.defineProperty(surface, "epoch", { value: epoch + 1 });
      return page(from, most);
    },
  });
  const broken = await fetch(new URL("profiles/1/csv", meter));
  assert.equal(broken.status, 200);
  await assert.rejects(broken.text(), /terminated/);
  assert.deepEqual(told, ["a CSV broke off: the meter has been set up anew meanwhile"]);
});

test("a job that takes more memory than it may ends with that word, and the next one is done", async (t) => {
  const threads = threadsOf(t);
  const entry = new URL("../src/web/workbook-thread.ts", import.meta.url);
  const thread = new SideThread(entry, { heapMb: 32, waiting: 0, idleMs: 1000, elapsed: () => 0 });
  t.after(() => thread.stop());
  const { signal } = new AbortController();
  async function* rows(count: number) {
    yield { heads: ["a"], rows: [] };
    for (let k = 0; k < count; k += 1000) yield { rows: Array.from({ length: 1000 }, (_, n) => [`text ${k + n}`]) };
  }
  const greedy = thread.work(rows(10_000_000), signal);
  await assert.rejects(thread.work(rows(1000), signal), NoPlaceError);
  await assert.rejects(
    greedy,
    (error) => error instanceof ThreadError && error.message === "it took more than 32 MB of memory",
  );
  assert.ok(!thread.isRunning);
  assert.deepEqual([...(await thread.work(rows(1000), signal)).subarray(0, 2)], [0x50, 0x4b]);
  assert.equal(threads.length, 2);
});
