/** Outstations of foreign programs, each a program of its own, read by `polyphase`: what it prints is what they have. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { SystemClock } from "#clock/system-clock.ts";
import { withMeter } from "#headend/dnp3-meter.ts";
import { parseDnp3Url } from "#headend/dnp3-url.ts";
import { DnpError } from "#protocol/dnp3/master/failing.ts";
import { readFile } from "#protocol/dnp3/master/file-read.ts";
import { clearRestart, freeze, read, restart } from "#protocol/dnp3/master/outstation.ts";
import { Points } from "#protocol/dnp3/master/points.ts";
import { classes, integrity } from "#protocol/dnp3/master/requests.ts";
import { synchronise } from "#protocol/dnp3/master/time-sync.ts";
import { run } from "../cli-run.ts";
import { temporaryFolder } from "../running-site.ts";
import { outstationOf, withoutDnp3Peers } from "./dnp3-peers.ts";

const skip = withoutDnp3Peers();
const settings = { timeoutMs: 2000 };
const clock = new SystemClock();

interface Value {
  readonly name: string;
  readonly value: unknown;
  readonly text?: string;
  readonly flags?: readonly string[];
}

async function values(...words: readonly string[]): Promise<readonly Value[]> {
  const { status, out, err } = await run("read", ...words, "--json");
  assert.equal(status, 0, err);
  return (JSON.parse(out) as { values: Value[] }).values;
}

const row = ({ name, value }: Value): readonly unknown[] => [name, value];

for (const confirm of ["never", "always"])
  test(`opendnp3's outstation is read whole, with confirmation by the link ${confirm}`, { skip }, async (t) => {
    const { url, said } = await outstationOf(t, "opendnp3");
    const meter = parseDnp3Url(`${url}&confirm=${confirm}`);
    await withMeter(meter, settings, async ({ association, line }) => {
      assert.deepEqual(await line.present([1, 2, 7], 300), [1]);
      const points = new Points();
      const { iin, refused } = await read(association, integrity, points);
      assert.deepEqual([iin & 0x80, refused], [0x80, []]);
      // Its fragments are of 300 octets: there were several, each confirmed.
      assert.deepEqual(
        [0, 1, 2, 3].map((k) => points.get("counter", k)?.value),
        [1_000_000, 1_000_001, 1_000_002, 1_000_003],
      );
      assert.deepEqual(
        [0, 1, 2, 3].map((k) => points.get("analog", k)),
        [-100_000, -60_000, -20_000, 7].map((value, index) => ({
          kind: "analog",
          index,
          value,
          flags: index === 3 ? 4 : 1,
        })),
      );
      assert.deepEqual(points.get("output", 1), { kind: "output", index: 1, value: true, flags: 0x81 });
      await clearRestart(association);
      const { delayMs } = await synchronise(association, "direct", clock);
      assert.ok(delayMs !== undefined && delayMs < 1000);
      await synchronise(association, "lan", clock);
      const isWritten = (one: Readonly<Record<string, unknown>>): boolean => one["written"] !== undefined;
      // What it says takes a moment to get here.
      for (let tries = 0; tries < 100 && said.filter(isWritten).length < 2; tries++)
        await new Promise((done) => setTimeout(done, 20));
      const written = said.flatMap(({ written, now }) =>
        written === undefined ? [] : [Number(written) - Number(now)],
      );
      assert.equal(written.length, 2);
      for (const off of written) assert.ok(Math.abs(off) < 1000, `${off} ms off`);
      await freeze(association, { clear: true });
      const events = new Points();
      const after = await read(association, classes(1, 2, 3), events);
      assert.equal(after.iin & 0x8e, 0);
      const frozen = events.events.filter(({ kind }) => kind === "frozen counter");
      assert.deepEqual(
        frozen.map(({ value }) => value),
        [1_000_000, 1_000_001, 1_000_002, 1_000_003],
      );
      const again = new Points();
      await read(association, classes(1, 2, 3), again);
      assert.deepEqual(again.events, []);
      const ranges = new Points();
      await read(
        association,
        [
          { group: 30, variation: 5, which: { from: 0, to: 1 } },
          { group: 20, variation: 0, which: { indices: [0, 3] } },
          { group: 1, variation: 1, which: { from: 0, to: 3 } },
        ],
        ranges,
      );
      assert.deepEqual(
        [ranges.get("analog", 0)?.value, ranges.get("analog", 1)?.value, ranges.get("counter", 3)?.value],
        [-100_000.5, -60_000.5, 0],
      );
      const file = new TextDecoder().decode(await readFile(association, "profile.csv", 1 << 20));
      assert.equal(file, Array.from({ length: 400 }, (_, k) => `${k},${k * k}\n`).join(""));
      await assert.rejects(
        readFile(association, "none", 1 << 20),
        (error) => error instanceof DnpError && error.reason === "refused",
      );
      assert.deepEqual([await restart(association, "cold"), await restart(association, "warm")], [5000, 250]);
    });
  });

test("a file of opendnp3's outstation is fetched to the screen and into a folder", { skip }, async (t) => {
  const { url } = await outstationOf(t, "opendnp3");
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const content = Array.from({ length: 400 }, (_, k) => `${k},${k * k}\n`).join("");
  assert.deepEqual(await run("fetch", url, "profile.csv"), { status: 0, out: content, err: "" });
  const into = ["fetch", url, "profile.csv", "--to", folder] as const;
  const file = path.join(folder, "profile.csv");
  assert.deepEqual(await run(...into), { status: 0, out: `profile.csv: ${content.length} bytes, fetched\n`, err: "" });
  assert.equal(readFileSync(file, "utf8"), content);
  assert.match((await run(...into)).out, /bytes, there already/);
  writeFileSync(file, "another");
  const other = await run(...into);
  assert.equal(other.status, 1);
  assert.match(other.err, /profile\.csv is another file, and stays as it is \(--over replaces it\)/);
  assert.equal((await run(...into, "--over")).status, 0);
  assert.equal(readFileSync(file, "utf8"), content);
  const none = await run("fetch", url, "none");
  assert.equal(none.status, 1);
  assert.match(none.err, /did not open none: there is no such file \(status 3\)/);
});

test("the words of read, scan and write do the same to opendnp3's outstation", { skip }, async (t) => {
  const { url } = await outstationOf(t, "opendnp3");
  const scanned = await run("scan", url, "--addresses", "0-20");
  assert.equal(scanned.status, 0, scanned.err);
  assert.match(scanned.out, /^outstation 1 {2}answers {2}4 counters, 4 frozen counters, 4 analogs,/);
  assert.deepEqual((await values(url, "analogs", "0-1", "counter 3")).map(row), [
    ["counter 3", 1_000_003],
    ["analog 0", -100_000],
    ["analog 1", -60_000],
  ]);
  const [lost] = await values(url, "analog 3");
  assert.deepEqual(lost, {
    name: "analog 3",
    value: null,
    text: "7 (not online, communication lost)",
    unit: "",
    flags: ["not online", "communication lost"],
  });
  const absent = await run("read", url, "analog 9");
  assert.deepEqual([absent.status, absent.err.includes('has no "analog 9"\nit has analog 0-3')], [2, true]);
  assert.match((await run("write", url, "time")).out, /^time: \d{4}-/);
  assert.match((await run("write", url, "freeze")).out, /^counters are frozen/);
  assert.equal((await values(url, "class", "1")).filter(({ name }) => name.startsWith("frozen")).length, 4);
  assert.match((await run("write", url, "restart", "warm")).out, /answers again in 250 ms/);
  const csv = await run("read", url, "counters", "--csv");
  assert.match(csv.out, /^utc,offsetMinutes,meter,counter 0,counter 1,counter 2,counter 3\r\n/);
});

test("dnp3py's outstation is read, with its events, and given the time", { skip }, async (t) => {
  const { url } = await outstationOf(t, "dnp3py");
  assert.deepEqual((await values(url, "counters", "analogs", "binaries")).map(row), [
    ...[0, 1, 2, 3].map((k) => [`counter ${k}`, 1_000_000 + k]),
    ...[0, 1, 2, 3].map((k) => [`analog ${k}`, -100_000 + 40_000 * k]),
    ...[0, 1, 2, 3].map((k) => [`binary ${k}`, k % 2 === 1 ? "on" : "off"]),
  ]);
  const events = await values(url, "events");
  assert.ok(events.length >= 8, JSON.stringify(events));
  assert.match((await run("write", url, "time", "now")).out, /^time: /);
  assert.match((await run("write", url, "time", "now", "--lan")).out, /^time: /);
});

test("py1815's outstation is read over several fragments, and given the time", { skip }, async (t) => {
  const { url, said } = await outstationOf(t, "py1815");
  const all = await values(url);
  assert.deepEqual(
    all.filter(({ name }) => name.startsWith("analog")).map(row),
    Array.from({ length: 300 }, (_, k) => [`analog ${k}`, 1000 * k - 7]),
  );
  assert.match((await run("write", url, "time", "now")).out, /^time: /);
  const written = said.find(({ step }) => step === "written");
  assert.ok(Math.abs(Number(written?.["utc"]) - Number(written?.["now"])) < 1000);
  const refused = await run("write", url, "freeze");
  assert.deepEqual([refused.status, /it does not have the function/.test(refused.err)], [1, true]);
});
