/** What a reader's program does on the command line: logs, self reads, commands, and a profile read since the last time. */
import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { test, type TestContext } from "node:test";
import { configuration, later, site } from "./revenue-running.ts";

const main = fileURLToPath(new URL("../src/cli/main.ts", import.meta.url));

test("logs are printed one by one or all together, as a table, CSV and JSON", async (t) => {
  const { run, url } = await site(t);
  await later(300);
  assert.equal((await run("command", url, "freeze", "--user", "admin")).status, 0);
  assert.equal((await run("command", url, "preset", "register=1", "value=77", "--user", "admin")).status, 0);
  const one = await run("logs", url, "freeze");
  assert.equal(one.status, 0, one.err);
  const [head = "", line = "", ...more] = one.out.trimEnd().split("\n");
  assert.match(head, /^log +number +time +what +by +from +details$/);
  assert.match(line, /^freeze .*2026-07-31 \d\d:\d\d:\d\d .*admin/);
  assert.deepEqual(more, []);
  const csv = await run("logs", url, "freeze", "--csv");
  assert.match(csv.out, /^log,number,time,what,by,from\r\nfreeze,/);
  // Details are columns of their own.
  const events = JSON.parse((await run("logs", url, "event", "--json")).out) as {
    entries: { what: string; details: Record<string, unknown> }[];
  };
  const preset = events.entries.find(({ details }) => Object.keys(details).length > 1);
  assert.ok(preset !== undefined, JSON.stringify(events));
  const [heads = "", ...lines] = (await run("logs", url, "event", "--csv")).out.trimEnd().split("\r\n");
  const cells = lines.find((text) => text.includes(preset.what))?.split(",") ?? [];
  for (const [name, value] of Object.entries(preset.details))
    assert.equal(cells[heads.split(",").indexOf(name)], String(value), name);
  const all = JSON.parse((await run("logs", url, "--json")).out) as {
    side: string;
    entries: { log: string; at: string }[];
  };
  const kinds = new Set(all.entries.map(({ log }) => log));
  for (const kind of ["freeze", "security"]) assert.ok(kinds.has(kind), kind);
  assert.deepEqual(
    all.entries.map(({ at }) => at.slice(0, 19)),
    all.entries.map(({ at }) => at.slice(0, 19)).toSorted(),
  );
  // Behind transformers its details are of one side, which is said beside the table and in the document.
  assert.match(all.side, /^secondary$/);
  const both = await run("logs", url);
  assert.match(both.err, /^note {2}volts, amps and watts of the details are secondary: at the meter's terminals/);
  const none = await run("logs", url, "weather");
  assert.equal(none.status, 2);
  assert.match(none.err, /<kind>: expected one of event, diagnostic.*; found "weather"/);
  assert.equal((await run("logs", url, "--most", "0")).status, 2);
  assert.equal((await run("logs", "modbus://127.0.0.1:1/1")).status, 2);
});

test("self reads are a line each, with a column for every register that they keep", async (t) => {
  const { run, url } = await site(t, { configuration: `${configuration}\nselfRead: { every: hour, minute: 0 }\n` });
  // Ten minutes a second: two whole hours are over after twelve.
  await later(13_000);
  const { out, status, err } = await run("self-reads", url, "--csv");
  assert.equal(status, 0, err);
  const [head, first, second] = out.split("\r\n");
  assert.equal(head, "time,health,Wh delivered");
  const value = (line = ""): number => {
    const [, time, wh] = /^2026-07-31 (\d\d:00:00),.*,(\d+)$/.exec(line) ?? [];
    assert.ok(time !== undefined && wh !== undefined, line);
    return Number(wh);
  };
  // 600 kW for an hour.
  assert.equal(value(second) - value(first), 600_000);
  const json = JSON.parse((await run("self-reads", url, "--json")).out) as { selfReads: { registers: unknown[] }[] };
  assert.equal(json.selfReads[0]!.registers.length, 1);
  assert.match((await run("self-reads", url)).out, /^time +health +Wh delivered\n/);
});

test("a command is done, refused by the meter with status 1, or not understood with status 2", async (t) => {
  const { run, url, get } = await site(t);
  await later(300);
  const done = await run("command", url, "billingReset", "--user", "admin");
  assert.deepEqual([done.status, done.out], [0, "done\n"], done.err);
  const refused = await run("command", url, "preset", "register=7", "value=1", "--user", "admin", "--json");
  assert.deepEqual([refused.status, refused.out], [1, ""]);
  assert.match(refused.err, /register 7 cannot be preset/);
  const json = JSON.parse((await run("command", url, "freeze", "--user", "admin", "--json")).out) as object;
  assert.deepEqual(json, { url, command: "freeze", ok: true });
  const nobody = await run("command", url, "freeze");
  assert.equal(nobody.status, 1);
  assert.match(nobody.err, /log in first.*--user NAME says who asks/);
  assert.equal((await run("command", url, "setTime", "utc=2027-01-02T00:00:00Z", "--user", "admin")).status, 0);
  assert.match((await get<{ local: string }>("")).local, /^2027-01-02/);
  // What hardware senses needs nobody here.
  assert.equal((await run("command", url, "battery", "state=low")).status, 0);
  assert.equal((await run("command", url, "input", "channel=99", "closed=true")).status, 1);
  assert.equal((await run("command", url, "preset", "register=1", "--user", "admin")).status, 2);
});

/** A site that only keeps marks: it answers as the API does, and says what it was asked. */
async function markedSite(t: TestContext, { records = 3, room = Infinity, failsToMark = false } = {}) {
  const asked: string[] = [];
  let next = 40;
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      const place = (request.url ?? "").replace("/api/meters/jem", "");
      asked.push(`${request.method} ${place}${body === "" ? "" : ` ${body}`}`);
      const answer = (status: number, value: unknown): void => {
        response.writeHead(status, { "Content-Type": "application/json" });
        response.end(JSON.stringify(value));
      };
      if (request.method === "POST" && place === "/marks") {
        if (failsToMark) return answer(503, { error: "the disk is full" });
        ({ next } = JSON.parse(body) as { next: number });
        return answer(200, { ok: true });
      }
      if (place.startsWith("/marks")) return answer(200, { next });
      const since = Number(new URL(place, "http://x").searchParams.get("since") ?? 0);
      const time = "2026-07-31 16:00:00";
      const rows = Array.from({ length: records }, (_, k) => ({
        sequence: 40 + k,
        type: "normal",
        start: time,
        end: time,
        until: time,
        status: [],
        values: [k],
      }));
      const from = /^\/(profiles|measurement-log)\//.test(place)
        ? rows.filter(({ sequence }) => sequence >= since)
        : [];
      const given = from.slice(0, room);
      const rest = given.length < from.length ? { more: true } : {};
      const last = { next: (given.at(-1)?.sequence ?? 39) + 1, ...rest };
      return answer(200, {
        minutes: 15,
        data: "counts",
        channels: ["Wh.import x 1"],
        records: given,
        entries: [],
        ...last,
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/meters/jem`;
  const run = (args: readonly string[], stdout: "pipe" | number = "pipe") =>
    new Promise<{ status: number | null; out: string; err: string }>((resolve) => {
      const child = spawn(process.execPath, [main, ...args], { stdio: ["ignore", stdout, "pipe"] });
      let [out, err] = ["", ""];
      child.stdout?.on("data", (chunk: Buffer) => (out += chunk.toString()));
      child.stderr!.on("data", (chunk: Buffer) => (err += chunk.toString()));
      child.on("close", (status) => resolve({ status, out, err }));
    });
  return { url, run, asked };
}

test("a reader is shown every record once: its mark moves when what it asked for is written", async (t) => {
  const { url, run, asked } = await markedSite(t);
  const first = await run(["profile", url, "--since-last-read", "--reader", "billing", "--csv"]);
  assert.equal(first.status, 0, first.err);
  assert.equal(first.out.split("\r\n").length, 5, "a head, three records, and the end of the last line");
  assert.deepEqual(asked, [
    "GET /marks?reader=billing&series=profile+1",
    "GET /profiles/1?since=40",
    'POST /marks {"reader":"billing","series":"profile 1","next":43}',
  ]);
  asked.length = 0;
  const second = await run(["profile", url, "--since-last-read", "--csv"]);
  assert.equal(second.out.split("\r\n").length, 2, "only the head");
  // Nothing was read, so nothing is acknowledged.
  assert.deepEqual(asked, ["GET /marks?reader=polyphase&series=profile+1", "GET /profiles/1?since=43"]);
});

test("a profile that has no room in one answer is read by several, and all of it is acknowledged at once", async (t) => {
  const { url, run, asked } = await markedSite(t, { records: 5, room: 2 });
  const { out } = await run(["profile", url, "--since-last-read", "--csv"]);
  assert.deepEqual(
    out
      .trimEnd()
      .split("\r\n")
      .slice(1)
      .map((line) => line.split(",")[0]),
    ["40", "41", "42", "43", "44"],
  );
  assert.deepEqual(asked.slice(1), [
    "GET /profiles/1?since=40",
    "GET /profiles/1?since=42",
    "GET /profiles/1?since=44",
    'POST /marks {"reader":"polyphase","series":"profile 1","next":45}',
  ]);
});

test("a group of the measurement log has marks of its own, and stands instead of a profile", async (t) => {
  const { url, run, asked } = await markedSite(t);
  const { status, out } = await run(["profile", url, "--log", "2", "--since-last-read", "--csv"]);
  assert.deepEqual([status, out.split("\r\n").length], [0, 5]);
  assert.deepEqual(asked, [
    "GET /marks?reader=polyphase&series=measurement+log+2",
    "GET /measurement-log/2?since=40",
    'POST /marks {"reader":"polyphase","series":"measurement log 2","next":43}',
  ]);
  for (const [args, says] of [
    [["--log", "0"], /--log: expected a number from 1, found "0"/],
    [["--log", "1", "--profile", "1"], /expected one of --profile and --log, found both/],
  ] as const) {
    const wrong = await run(["profile", url, ...args]);
    assert.equal(wrong.status, 2);
    assert.match(wrong.err, says);
  }
});

test("looking moves no mark, and a mark that is not taken is a failure", async (t) => {
  const plain = await markedSite(t);
  assert.equal((await plain.run(["profile", plain.url])).status, 0);
  assert.deepEqual(plain.asked, ["GET /profiles/1"]);
  const full = await markedSite(t, { failsToMark: true });
  const { status, err, out } = await full.run(["profile", full.url, "--since-last-read"]);
  assert.equal(status, 1);
  assert.match(err, /the disk is full/);
  assert.match(out, /normal/);
});

test("records that cannot be written are shown again the next time", async (t) => {
  const { openSync } = await import("node:fs");
  const { url, run, asked } = await markedSite(t);
  // Linux has a device that is always full.
  const { status } = await run(["profile", url, "--since-last-read"], openSync("/dev/full", "w"));
  assert.notEqual(status, 0);
  assert.ok(!asked.some((one) => one.startsWith("POST /marks")), asked.join("\n"));
});

test("a reader that has gone ends a profile without a word, and it is not read for him", async (t) => {
  for (const words of [["--csv"], []]) {
    const { url, asked } = await markedSite(t);
    const gone = spawn(process.execPath, [main, "profile", url, "--since-last-read", ...words], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    gone.stdout.destroy();
    let err = "";
    gone.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
    const status = await new Promise((resolve) => gone.on("close", resolve));
    assert.deepEqual([status, err], [0, ""]);
    assert.ok(!asked.some((one) => one.startsWith("POST /marks")), asked.join("\n"));
  }
});

test("words that contradict each other end with status 2", async (t) => {
  const { url, run, asked } = await markedSite(t);
  for (const args of [
    ["--since-last-read", "--days", "1"],
    ["--reader", "billing"],
    ["--profile", "x"],
  ]) {
    assert.equal((await run(["profile", url, ...args])).status, 2, args.join(" "));
  }
  assert.deepEqual(asked, []);
});

test("a page of a log is asked by number", async (t) => {
  const { url, run, asked } = await markedSite(t);
  assert.equal((await run(["logs", url, "alarm", "--from", "17", "--most", "5"])).status, 0);
  assert.deepEqual(asked, ["GET /logs/alarm?from=17&most=5"]);
});
