/**
 * The memory of the version before (layout 2.205), which kept local times, is carried over. test/fixtures/landed-store.* were made by
 * that version (commit 439520c): a meter in New York from the evening before clocks go back until noon, with a freeze, a preset, billing
 * resets, an outage, a time set and test mode; and what its HTTP API said of it then.
 */
import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { deviceOf } from "#product/jemstar/product.ts";
import type { ProfileView, RegisterView } from "#quantity/meter-api.ts";
import { SqliteStore } from "#store/sqlite-store.ts";
import { logOf, profileOf, registersOf, selfReadsOf } from "#web/meter-view.ts";
import { RevenueSite, siteSchema, VirtualClock } from "./revenue-rig.ts";
import { temporaryFolder } from "./running-site.ts";

const fixture = (name: string): string => fileURLToPath(new URL(`fixtures/landed-store.${name}`, import.meta.url));

/** That version told a time that had not been as midnight, January 1, 1970. */
const textNow = ({ text }: Shown): string => (text === "1970-01-01 00:00:00" ? "never" : text);

type Shown = Pick<RegisterView, "id" | "text">;

interface Said {
  readonly utc: number;
  readonly registers: Readonly<Record<string, readonly Shown[]>>;
  readonly profiles: readonly ProfileView[];
  readonly selfReads: readonly { readonly at: string; readonly registers: readonly Shown[] }[];
  readonly logs: Readonly<Record<string, readonly { readonly at: string; readonly what: string }[]>>;
}

const said = JSON.parse(readFileSync(fixture("json"), "utf8")) as Said;
const site = siteSchema.parse(
  parse(`meters:
  - name: jem
    model: ametek-jemstar-ii
    modelNumber: JSII-09I6020-1B/2A-DIO-DLP-NTP
    auxiliary: true
    configuration: landed-store.yaml
    transformers: { pt: 10, ct: 20 }
    source: { synthetic: { volts: 2000, amps: 100, pf: 0.9, steps: true } }
    listen: []
`),
);

/** Starts the meter on what is in a folder; so many minutes after the version before ended. */
function started(folder: string, minutes: number) {
  const store = new SqliteStore(path.join(folder, "data"), "test");
  const clock = new VirtualClock(said.utc + minutes * 60_000);
  const jem = new RevenueSite({ entry: site.meters[0]!, folder, clock, store: store.drawer("jem") });
  const end = (): void => {
    jem.stop();
    store.close();
  };
  return { jem, clock, end };
}

test("registers, profiles, logs and self reads of the version before are what they were, and the meter goes on", (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  mkdirSync(path.join(folder, "data"));
  copyFileSync(fixture("sqlite"), path.join(folder, "data", "polyphase.sqlite"));
  // The file that it was set up by is as it was.
  const store = new SqliteStore(path.join(folder, "data"), "test");
  writeFileSync(path.join(folder, "landed-store.yaml"), store.drawer("jem").get("configuration-file")!);
  store.close();
  // Twice: what was carried over is found as it is.
  for (const later of [10, 20]) {
    const { jem, clock, end } = started(folder, later);
    assert.deepEqual(jem.notices, []);
    const { surface } = deviceOf(jem);
    for (const [list, registers] of Object.entries(said.registers)) {
      const texts = (all: readonly Shown[]) => all.map((one) => [one.id, textNow(one)]);
      const now = registersOf(surface, list)!;
      assert.deepEqual(
        now.map(({ id, text }) => [id, text]),
        texts(registers),
        list,
      );
    }
    said.profiles.forEach((before, k) => {
      const { records } = profileOf(surface.profiles[k]!, () => surface.now(), {}) as ProfileView;
      const plain = (of: ProfileView["records"]) =>
        of.map(({ sequence, type, start, end, until, status, values }) => ({
          sequence,
          type,
          start,
          end,
          until,
          status,
          values: values.map((value) => (value === null ? null : Math.fround(value))),
        }));
      // The version before told what ended with the change a second time, as an hour that ended before it began.
      const wrong = before.records.findIndex(({ type }) => type === "daylightSaving") + 1;
      const right = plain(before.records).map((record, n) => {
        if (n === wrong) return { ...record, until: "2026-11-01 01:00:00" };
        return n === wrong + 1 ? { ...record, start: "2026-11-01 01:00:00" } : record;
      });
      assert.deepEqual(plain(records).slice(0, right.length), right);
      // In UTC every record begins where the one before it ended, though an hour of the wall clock comes twice.
      records.forEach(({ utc, offsetMinutes, type }, n) => {
        const next = records[n + 1];
        if (next !== undefined) assert.equal(next.utc.start, utc.until);
        if (type !== "timeSet") assert.ok(Date.parse(utc.end) >= Date.parse(utc.start), JSON.stringify(utc));
        assert.equal(offsetMinutes.until, Date.parse(utc.until) < Date.parse("2026-11-01T06:00:00Z") ? -240 : -300);
      });
      assert.equal(records.find(({ type }) => type === "powerFail")!.utc.until, "2026-11-01T10:33:00Z");
    });
    const reads = selfReadsOf(surface, 0, Infinity) as Said["selfReads"];
    assert.deepEqual(
      reads.map(({ at, registers }) => [at, registers.map(({ text }) => text)]),
      said.selfReads.map(({ at, registers }) => [at, registers.map(textNow)]),
    );
    for (const [kind, entries] of Object.entries(said.logs)) {
      const now = logOf(surface, kind, 0, Infinity)?.entries as Said["logs"][string];
      const words = (all: typeof entries) => all.map(({ at, what }) => `${at} ${what}`);
      assert.deepEqual(words(now).slice(0, entries.length), words(entries), kind);
    }
    const outages = logOf(surface, "powerOutage", 0, Infinity)?.entries as unknown as {
      utc: string;
      details: { seconds: number };
    }[];
    assert.deepEqual([outages[0]!.utc, outages.at(-1)!.details.seconds], ["2026-11-01T10:33:00Z", 600]);
    if (later === 20) {
      // 1000 V and 5 A of three phases at a power factor of 0.9 are 540 kW on the line.
      const before = jem.meter.registers.value(1)!;
      clock.advance(3_600_000);
      jem.catchUp();
      assert.equal(Math.round((jem.meter.registers.value(1)! - before + 1e5) % 1e5), 40_000, "five digits");
    }
    end();
  }
});

test("a store of the version before whose file says something new goes on with what the file says as it did", (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  mkdirSync(path.join(folder, "data"));
  copyFileSync(fixture("sqlite"), path.join(folder, "data", "polyphase.sqlite"));
  const store = new SqliteStore(path.join(folder, "data"), "test");
  const file = new TextDecoder().decode(store.drawer("jem").get("configuration-file"));
  store.close();
  // It leaves out the test registers and a Km, which that version had otherwise.
  writeFileSync(path.join(folder, "landed-store.yaml"), `${file}\nidentification: { strings: [another] }\n`);
  const { jem, end } = started(folder, 10);
  t.after(end);
  const { surface } = deviceOf(jem);
  const texts = (all: readonly Shown[]) => all.map((one) => [one.id, textNow(one)]);
  assert.deepEqual(texts(registersOf(surface, "normal")!), texts(said.registers["normal"]!));
  said.profiles.forEach(({ records }, k) => assert.ok(surface.profiles[k]!.next > records.length));
  assert.equal(jem.file.identification.strings[0], "another");
  assert.equal(logOf(surface, "configuration", 0, 9)?.entries.length, 1);
});
