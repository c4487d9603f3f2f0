/** The shelf: names, sizes, recordings alone, what goes when there is no more room, what is damaged, what was half written. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { readComtradeCff } from "#format/comtrade.ts";
import type { CaptureKind } from "#quantity/captured.ts";
import { SqliteStore } from "#store/sqlite-store.ts";
import { copyOf, folder } from "#store/store-fixture.ts";
import { captured, instantOf, MANUAL_UTC, observation, sampleOf } from "./captured-fixture.ts";
import { filesRig } from "./files-rig.ts";
import { ROOM_BYTES } from "./kept-files.ts";

const MANUAL = "142300003_1454408745_133724";

test("an observation is a file of the manual's name, and each recording alone is there, of the size that is said", async () => {
  const rig = filesRig({ utc: MANUAL_UTC + 5000 });
  let told = 0;
  rig.files.changed = () => void told++;
  rig.files.take(observation());
  await rig.files.idle;
  assert.deepEqual(rig.names(), [`${MANUAL}_07.pqd`]);
  assert.deepEqual(rig.names("hsrms"), [`hsrms/${MANUAL}_rms.cff`]);
  assert.deepEqual(
    rig.names("wfc"),
    ["low", "medium", "high"].map((kind) => `wfc/${MANUAL}_${kind}.cff`),
  );
  assert.deepEqual(rig.names("pqcomms"), []);
  assert.deepEqual([...rig.files.shelf.folders], ["hsrms", "pqcomms", "wfc"]);
  for (const { name, size, at } of rig.files.shelf.list()) {
    const bytes = rig.files.shelf.read(name)!;
    assert.equal(bytes.length, size, name);
    assert.deepEqual(rig.files.shelf.read(name), bytes);
    assert.equal(at.utc, MANUAL_UTC + 5000);
  }
  assert.ok(told > 0);
  assert.deepEqual((await rig.open(`${MANUAL}_07.pqd`)).container.fileName, `${MANUAL}_07.pqd`);
  for (const name of ["", "x.pqd", "wfc", "wfc/", `${MANUAL}_low.cff`, "../x", "files/index/000000000000"])
    assert.equal(rig.files.shelf.read(name), undefined);
});

for (const kind of ["low", "medium", "high"] as const satisfies readonly CaptureKind[]) {
  test(`COMTRADE of ${kind}: every sample at its own instant, primary, with ratios and the trigger`, async () => {
    const rig = filesRig({ utc: MANUAL_UTC });
    rig.files.take(observation());
    await rig.files.idle;
    const read = readComtradeCff("x.cff", rig.files.shelf.read(`wfc/${MANUAL}_${kind}.cff`)!);
    assert.deepEqual(read.warnings, []);
    assert.deepEqual(
      read.channels.map(({ name }) => name),
      ["Vl-n Ph A", "Vl-n Ph B", "Vl-n Ph C", "Amps Ph A", "Amps Ph B", "Amps Ph C"],
    );
    assert.equal(read.lineHz, 60);
    // Dates are of whole microseconds.
    assert.ok(Math.abs(read.start - (MANUAL_UTC - 1000 * instantOf(5))) < 0.0011);
    assert.ok(Math.abs(read.trigger! - MANUAL_UTC) < 0.0011);
    const { perCycle } = captured(kind);
    let [row, most] = [0, 0];
    for (const { rate, count, at } of read.segments) {
      for (let k = 0; k < count; k++, row++) most = Math.max(most, Math.abs(at + k / rate - instantOf(row / perCycle)));
    }
    assert.equal(row, 15 * perCycle);
    assert.ok(most < 1.6e-6, `an instant is off by ${most} s`);
    ["V.a", "V.b", "V.c", "A.a", "A.b", "A.c"].forEach((name, c) => {
      const amplitude = (name.startsWith("V") ? 12_000 : 100) * Math.SQRT2;
      const { samples } = read.channels[c]!;
      assert.equal(samples.length, 15 * perCycle);
      samples.forEach((value, n) =>
        assert.ok(Math.abs(value - sampleOf(name, n / perCycle)) <= (2.1 * amplitude) / 65_000),
      );
    });
  });
}

test("a file and a recording alone can be removed: the recording goes with its file, the file stays without it", async () => {
  const rig = filesRig({ utc: MANUAL_UTC });
  rig.files.take(observation());
  await rig.files.idle;
  const bytes = rig.files.shelf.read(`${MANUAL}_07.pqd`);
  assert.equal(rig.files.shelf.remove(`wfc/${MANUAL}_low.cff`), true);
  assert.equal(rig.files.shelf.remove(`wfc/${MANUAL}_low.cff`), false);
  assert.equal(rig.names("wfc").length, 2);
  assert.deepEqual(rig.files.shelf.read(`${MANUAL}_07.pqd`), bytes);
  rig.again("stopped");
  assert.equal(rig.names("wfc").length, 2);
  assert.equal(rig.files.shelf.remove(`${MANUAL}_07.pqd`), true);
  assert.deepEqual(rig.files.shelf.list(), []);
  assert.equal(rig.files.shelf.remove("nothing.pqd"), false);
  rig.again("stopped");
  assert.deepEqual(rig.files.shelf.list(), []);
  assert.deepEqual([...rig.store.entries("files/bytes/")], []);
});

test("no two files have one name: what is of the same microsecond has the next one", async () => {
  const rig = filesRig({ utc: MANUAL_UTC });
  for (let k = 0; k < 3; k++) rig.files.take(observation({ captures: [captured("low", 2)] }));
  rig.files.take(observation({ captures: [], trigger: { id: 2, label: "other" } }));
  await rig.files.idle;
  assert.deepEqual(rig.names(), [
    `${MANUAL}_03.pqd`,
    "142300003_1454408745_133725_03.pqd",
    "142300003_1454408745_133726_03.pqd",
    `${MANUAL}_01.pqd`,
  ]);
  const all = rig.files.shelf.list().map(({ name }) => name);
  assert.equal(new Set(all).size, all.length);
});

test("each kind has its room: the first in are the first out, and that is said once a day", async () => {
  const rig = filesRig({ utc: MANUAL_UTC });
  const hour = 3_600_000;
  // Noise does not become shorter: 960 cycles are 15,360 instants.
  const low = captured("low", 960, 0);
  let seed = 2026;
  const noise = low.channels.map((values) => values.map(() => (seed = (seed * 16_807) % 2_147_483_647)));
  const noisy = (utc: number) =>
    observation({ utc, event: undefined, captures: [{ ...low, utc: low.utc + utc, channels: noise }] });
  rig.files.take(observation({ utc: MANUAL_UTC - 5000, event: undefined, captures: [captured("high")] }));
  await rig.files.idle;
  let all = 0;
  let least = Infinity;
  for (let k = 0; k < 66; k++) {
    await rig.at(MANUAL_UTC + k * 60_000);
    rig.files.take(noisy(rig.utc));
    await rig.files.idle;
    const kept = rig.files.shelf.list().filter(({ name }) => name.endsWith("_02.pqd"));
    all = kept.slice(1).reduce((sum, { size }) => sum + size, 0);
    assert.ok(all <= ROOM_BYTES, `${all} bytes`);
    least = Math.min(least, kept.length < k + 2 ? all : Infinity);
  }
  // It is full but for less than a file, and what is of another kind is there still.
  assert.ok(least > ROOM_BYTES - 250_000, `${least}`);
  assert.equal(ROOM_BYTES, 12_288 * 1024);
  assert.equal(rig.names()[0], "142300003_1454408740_133724_02.pqd");
  const gone = 67 - rig.names().length;
  assert.ok(gone > 3);
  const kept = rig.names().length;
  // The newest ones are those that are there.
  assert.equal(rig.names("wfc").length, kept);
  await rig.at(rig.utc + 1000);
  assert.deepEqual(rig.said, [["oldest power quality files removed", { low: 1 }]]);
  await rig.at(MANUAL_UTC + 24 * hour);
  assert.deepEqual(rig.said[1], ["oldest power quality files removed", { low: gone - 1 }]);
});

test("a damaged file is left out, and said; the others are there", async (t) => {
  const place = folder(t);
  const store = new SqliteStore(place, "now");
  const rig = filesRig({ utc: MANUAL_UTC, store: store.drawer("m") });
  for (let k = 0; k < 3; k++) rig.files.take(observation({ utc: MANUAL_UTC + k * 1000, captures: [] }));
  await rig.files.idle;
  const [first = "", second = "", third = ""] = rig.names();
  rig.store.put("files/bytes/000000000001", new Uint8Array(7));
  assert.equal(rig.files.shelf.read(second), undefined);
  assert.deepEqual(rig.names(), [first, third]);
  rig.store.put("files/index/000000000002", new TextEncoder().encode('{"size":12,"facts":{"name":3}}'));
  store.commit();
  rig.again("killed");
  assert.deepEqual(rig.names(), [first]);
  await rig.at(MANUAL_UTC + 9000);
  assert.deepEqual(
    rig.said.map(([what, { what: why }]) => [what, why]),
    [["PQDIF storage error", "file 2 is left out: what is known of it cannot be read"]],
  );
  // Its number is nobody else's.
  rig.files.take(observation({ utc: MANUAL_UTC + 7000, captures: [] }));
  await rig.files.idle;
  assert.equal(rig.names().length, 2);
  store.close();
});

test("whatever ends the process, what is there after it is whole: nothing of a file that was being written", async (t) => {
  const place = folder(t);
  const store = new SqliteStore(place, "now");
  const rig = filesRig({ utc: MANUAL_UTC, store: store.drawer("m") });
  const look = (): readonly string[] => {
    const copy = new SqliteStore(copyOf(t, place), "later");
    const other = filesRig({ utc: MANUAL_UTC, store: copy.drawer("m") });
    for (const { name, size } of other.files.shelf.list()) assert.equal(other.files.shelf.read(name)!.length, size);
    assert.deepEqual(other.said, []);
    copy.close();
    return other.names();
  };
  store.commit();
  rig.files.take(observation());
  store.commit();
  // It is being compressed.
  assert.deepEqual(look(), []);
  await rig.files.idle;
  assert.deepEqual(look(), []);
  store.commit();
  assert.deepEqual(look(), [`${MANUAL}_07.pqd`]);
  // An orderly end writes what waits.
  rig.files.take(observation({ utc: MANUAL_UTC + 1000 }));
  rig.files.stop();
  store.close();
  assert.deepEqual(look(), [`${MANUAL}_07.pqd`, "142300003_1454408746_133724_07.pqd"]);
});

test("a thousand observations at once are all written, in their order", async () => {
  const rig = filesRig({ utc: MANUAL_UTC });
  const low = captured("low", 3);
  for (let k = 0; k < 1000; k++) {
    rig.files.take(observation({ utc: MANUAL_UTC + k, event: undefined, captures: [low] }));
  }
  await rig.files.idle;
  const instants = rig.names().map((name) => Number(name.split("_")[1]) * 1e6 + Number(name.split("_")[2]));
  assert.equal(instants.length, 1000);
  assert.deepEqual(
    instants,
    instants.toSorted((a, b) => a - b),
  );
});

test("a cold start leaves no file, and nothing of what was being written", async () => {
  const rig = filesRig({ utc: MANUAL_UTC });
  rig.files.take(observation());
  await rig.files.idle;
  rig.files.take(observation({ utc: MANUAL_UTC + 1000 }));
  rig.files.erase();
  await rig.files.idle;
  assert.deepEqual(rig.files.shelf.list(), []);
  assert.deepEqual([...rig.store.entries("files/bytes/")], []);
});
