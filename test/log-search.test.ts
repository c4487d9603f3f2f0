/** Entries of all logs together: each once, newest first, however many pages; of a kind, a time, a text; and as tables to take away. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { limits } from "#quantity/limits.ts";
import type { LogEntry, LogKind } from "#quantity/log.ts";
import type { FoundEntriesView, FoundEntryView } from "#quantity/log-search-api.ts";
import type { MeterSurface } from "#quantity/meter-surface.ts";
import type { Series } from "#quantity/series.ts";
import { searchLogs } from "#web/log-search.ts";
import { here, webRig } from "./web-rig.ts";

const BEGIN = Date.parse("2026-01-01T00:00Z");

function seriesOf(entries: readonly LogEntry[]): Series<LogEntry> {
  return {
    first: 0,
    next: entries.length,
    page: (from, most) => entries.slice(Math.max(0, from), Math.max(0, from) + most),
    seek: () => 0,
  };
}

/** A meter whose logs have an entry every so many minutes. */
function meterOf(every: Readonly<Partial<Record<LogKind, number>>>, count: number): MeterSurface {
  const logs = Object.entries(every).map(([kind, minutes]) => {
    const entries = Array.from({ length: count }, (_, sequence): LogEntry => {
      const at = {
        utc: BEGIN + sequence * minutes * 60_000,
        offsetMinutes: 60,
        daylightSaving: false,
        synchronised: true,
      };
      return {
        sequence,
        at,
        what: `${kind} ${sequence}`,
        by: sequence % 2 === 0 ? "automatic" : "Ann",
        details: { trigger: sequence % 7 },
      };
    });
    return [kind, seriesOf(entries)] as const;
  });
  const byKind = new Map<string, Series<LogEntry>>(logs);
  return {
    identity: { name: "m" },
    logs: [...byKind.keys()],
    log: (kind: LogKind) => byKind.get(kind),
    extra: () => ({}),
  } as unknown as MeterSurface;
}

const nobody = (): boolean => false;

function all(
  surface: MeterSurface,
  query: Partial<Parameters<typeof searchLogs>[1]>,
  isBarred: (kind: LogKind) => boolean = nobody,
): FoundEntryView[] {
  const found: FoundEntryView[] = [];
  let older: string | undefined;
  do {
    const page = searchLogs(surface, { most: 7, ...query, older }, isBarred);
    assert.ok(typeof page === "object", String(page));
    found.push(...page.entries);
    older = page.older;
  } while (older !== undefined);
  return found;
}

test("pages of all logs have each entry once, newest first", () => {
  const surface = meterOf({ event: 3, alarm: 5, sagSwell: 11 }, 130);
  const found = all(surface, {});
  assert.equal(new Set(found.map(({ kind, sequence }) => `${kind} ${sequence}`)).size, 390);
  assert.equal(found.length, 390);
  const times = found.map(({ utc }) => Date.parse(utc));
  assert.deepEqual(
    times,
    times.toSorted((a, b) => b - a),
  );
});

test("kinds, text and local time leave out what is not of them", () => {
  const surface = meterOf({ event: 3, alarm: 5 }, 130);
  assert.equal(all(surface, { kinds: ["alarm"] }).length, 130);
  assert.deepEqual(
    all(surface, { text: "EVENT 12" }).map(({ what }) => what),
    [
      "event 129",
      "event 128",
      "event 127",
      "event 126",
      "event 125",
      "event 124",
      "event 123",
      "event 122",
      "event 121",
      "event 120",
      "event 12",
    ],
  );
  assert.equal(all(surface, { text: "trigger 3", kinds: ["event"] }).length, 19);
  assert.equal(all(surface, { text: "ann" }).length, 130);
  // Local time is an hour ahead.
  const from = BEGIN + 60 * 60_000 + 30 * 60_000;
  assert.deepEqual(
    all(surface, { from, to: from + 6 * 60_000 }).map(({ what, at }) => [what, at.slice(11, 16)]),
    [
      ["alarm 7", "01:35"],
      ["event 11", "01:33"],
      ["event 10", "01:30"],
      ["alarm 6", "01:30"],
    ],
  );
});

test("a log that may not be read is not looked into, and is said to be one", () => {
  const surface = meterOf({ event: 3, security: 5 }, 20);
  const barred = (kind: LogKind): boolean => kind === "security";
  assert.ok(all(surface, {}, barred).every(({ kind }) => kind === "event"));
  assert.equal(all(surface, { kinds: ["security"] }, barred).length, 0);
  assert.equal(all(surface, { text: "security" }, barred).length, 0);
  const page = searchLogs(surface, { most: 1 }, barred);
  assert.ok(typeof page === "object");
  assert.deepEqual(page.logs, [
    { kind: "event", entries: 20 },
    { kind: "security", entries: 0, isBarred: true },
  ]);
});

test("a question looks at no more than it may, and says where to go on", () => {
  const surface = meterOf({ event: 1 }, limits.web.entriesLooked + 10);
  const page = searchLogs(surface, { most: 5, text: "event 3 " }, nobody);
  assert.ok(typeof page === "object");
  assert.deepEqual([page.entries.length, page.older], [0, "event.10"]);
  assert.deepEqual(
    searchLogs(surface, { most: 5, older: "nonsense" }, nobody),
    "older: expected what an answer before said",
  );
});

const JEM = `
security: { readingTakesSession: true }
users:
  - { name: admin, password: meter-admin, privileges: [freeze, readEvents, readDiagnostics, readAlarms, readSecurity, configurationFile] }
  - { name: reader, password: meter-reader, privileges: [readEvents] }
`;

test("over HTTP: who may not read a log of a meter finds nothing of it, and tables have what is shown", async (t) => {
  const rig = await webRig(t, { jem: JEM });
  for (let minute = 0; minute < 20; minute++) rig.clock.advance(60_000);
  const as = async (user: string) => ({
    Authorization: `Bearer ${await rig.logIn(user, `meter-${user}`, here, "jem")}`,
  });
  const [admin, reader] = [await as("admin"), await as("reader")];
  await rig.ask("/api/v1/meters/jem/commands", { method: "POST", headers: admin, body: { command: "freeze" } });
  const found = async (query: string, headers: Readonly<Record<string, string>>): Promise<FoundEntriesView> =>
    (await (await rig.ask(`/api/v1/meters/jem/log${query}`, { headers })).json()) as FoundEntriesView;
  const plain = await found("", reader);
  assert.ok(plain.entries.some(({ kind, by }) => kind === "freeze" && by === "admin"));
  assert.ok(plain.entries.every(({ kind }) => kind !== "security"));
  assert.equal(plain.logs.find(({ kind }) => kind === "security")?.isBarred, true);
  assert.equal((await found("?kinds=security", reader)).entries.length, 0);
  assert.ok((await found("?kinds=security", admin)).entries.length > 0);
  for (const place of ["log", "log/csv", "log/xlsx", "bills?by=day", "trends", "profiles/1/csv", "energy"])
    assert.equal((await rig.ask(`/api/v1/meters/jem/${place}`)).status, 401, place);
  const csv = await rig.ask("/api/v1/meters/jem/log/csv?kinds=freeze", { headers: reader });
  assert.match(csv.headers.get("Content-Disposition") ?? "", /^attachment; filename\*=UTF-8''jem%20logs\.csv$/);
  assert.match(await csv.text(), /^log,number,time,what,by,from[^\r]*\r\nfreeze,0,2026-01-01 00:20:00,freeze,admin,/);
  const workbook = await rig.ask("/api/v1/meters/jem/log/xlsx", { headers: reader });
  assert.deepEqual([...new Uint8Array(await workbook.arrayBuffer()).subarray(0, 2)], [0x50, 0x4b]);
  for (const query of ["?kinds=nothing", "?from=2026-02-31", "?older=%00", "?word=1"])
    assert.equal((await rig.ask(`/api/v1/meters/jem/log${query}`, { headers: admin })).status, 422, query);
  assert.equal((await rig.ask("/api/v1/meters/feeder/log")).status, 404);
});

test("a table of logs has every entry that pages of the search have, however many", async (t) => {
  const rig = await webRig(t, { jem: JEM });
  const headers = { Authorization: `Bearer ${await rig.logIn("admin", "meter-admin", here, "jem")}` };
  const freeze = { method: "POST", headers, body: { command: "freeze" } };
  for (let k = 0; k < 450; k++) {
    rig.clock.advance(2000);
    assert.equal((await rig.ask("/api/v1/meters/jem/commands", freeze)).status, 200);
  }
  const found: string[] = [];
  let older = "";
  do {
    const answer = await rig.ask(`/api/v1/meters/jem/log?most=70${older}`, { headers });
    const view = (await answer.json()) as FoundEntriesView;
    found.push(...view.entries.map(({ kind, sequence, at }) => `${kind},${sequence},${at}`));
    older = view.older === undefined ? "" : `&older=${view.older}`;
  } while (older !== "");
  assert.ok(found.length >= 450, `${found.length}`);
  const csv = await (await rig.ask("/api/v1/meters/jem/log/csv", { headers })).text();
  const rows = csv.trimEnd().split("\r\n").slice(1);
  assert.deepEqual(
    rows.map((row) => row.split(",").slice(0, 3).join(",")),
    found.toReversed(),
  );
});
