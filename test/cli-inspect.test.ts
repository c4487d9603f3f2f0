/** `polyphase inspect`: what is in a recording. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { suggestedMap } from "#fleet/suggested-map.ts";
import { run } from "./cli-run.ts";
import { temporaryFolder } from "./running-site.ts";

test("inspect prints a recording's channels, segments, gaps and warnings, as one JSON document, too", async (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const file = path.join(folder, "a.csv");
  writeFileSync(file, "time,va [kV],ia\n0,0.1,1\n0.001,0.2,2\n0.002,-0.3,OL\n1.002,0.4,4\n1.003,0.5,5\n1.004,0.6,6\n");
  const { status, out } = await run("inspect", file);
  assert.equal(status, 0);
  assert.match(out, /^1 +va +kV +-300 to 600 V$/m);
  assert.match(out, /^2 +ia +no unit +1 to 6 +1 missing$/m);
  assert.match(out, /^at 0\.003 s +0\.999 s$/m);
  const seen = JSON.parse((await run("inspect", file, "--json")).out) as Record<string, unknown>;
  assert.deepEqual(seen.segments, [
    { rate: 1000, count: 3, at: 0 },
    { rate: 1000, count: 3, at: 1.002 },
  ]);
  assert.equal(seen.start, null);
  assert.equal(seen.samples, 6);
});

test("inspect says where a file is wrong, and takes a rate from its words", async (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const file = path.join(folder, "b.csv");
  writeFileSync(file, "va,ia\n1,2\n3,4\n");
  const refused = await run("inspect", file);
  assert.equal(refused.status, 2);
  assert.match(refused.err, /b\.csv, line 2: there is no sampling rate/);
  assert.match((await run("inspect", file, "--rate", "4000")).out, /4000 Hz +2 samples/);
});

test("several files are told of one after the other, and one that cannot be read does not hide the others", async (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const [good, bad] = [path.join(folder, "good.csv"), path.join(folder, "bad.csv")];
  writeFileSync(good, "time (s),va [V],P [kW]\n0,1,2\n1,2,2.5\n2,3,3\n");
  writeFileSync(bad, "va,ia\n1,2\n3,4\n");
  const { status, out, err } = await run("inspect", good, bad);
  assert.equal(status, 2);
  assert.match(out, /good\.csv\n\n3 samples/);
  assert.match(out, /bad\.csv, line 2: there is no sampling rate: .* --rate, or with rate: in a site file/);
  assert.match(err, /1 of 2 recordings cannot be read/);
  // Prefixes of watts go as those of volts do, and a log of one value a second is said to be none of waves.
  assert.match(out, /^2 +P +kW +2000 to 3000 W$/m);
  assert.match(out, /^rate +1 Hz carries no wave of 50 or 60 Hz: a meter measures nothing of it/m);
  const both = JSON.parse((await run("inspect", good, bad, "--json")).out) as { error?: string; samples?: number }[];
  assert.equal(both[0]!.samples, 3);
  assert.match(both[1]!.error!, /no sampling rate/);
  assert.match((await run("inspect", bad, "--rate", "10k")).out, /10000 Hz +2 samples/);
  assert.match((await run("inspect", bad, "--rate", "ten")).err, /like 4800 or 10k, found "ten"/);
});

test("a file that has neither volts nor amps, and one that is none, say what was expected", async (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const file = path.join(folder, "ohms.csv");
  writeFileSync(file, "t (s),va (Ohm)\n0,1\n0.001,2\n0.002,3\n");
  const refused = await run("inspect", file);
  assert.equal(refused.status, 2);
  assert.match(refused.err, /channel "va": there are no volts or amps; this one has "Ohm"; expected volts or amps/);
  assert.match((await run("inspect", path.join(folder, "a.xls"))).err, /\.tsv.*\.rf64.*\.w64/);
});

test("inspect tells the trigger and the status channels, and ends with what a site file says to measure it", async (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const file = path.join(folder, "event.cfg");
  const channel = (n: number, name: string, unit: string): string =>
    `${n},${name},,,${unit},0.1,0,0,-32767,32767,1,1,P`;
  const channels = [
    channel(1, "U_L1", "kV"),
    channel(2, "U_L2", "kV"),
    channel(3, "no: one", "kV"),
    channel(4, "I A", "A"),
  ];
  const head = [`S,R,1999`, `6,4A,2D`, ...channels, "1,TRIP A,,,0", "2,BRK,,,0", "50", "1", "4000,3"];
  const times = ["01/02/2024,03:04:05.006000", "01/02/2024,03:04:05.106000"];
  writeFileSync(file, `${[...head, ...times, "ASCII", "1"].join("\n")}\n`);
  writeFileSync(path.join(folder, "event.dat"), "1,0,1,2,3,4,0,1\n2,250,1,2,3,4,0,1\n3,500,1,2,3,4,0,1\n");
  const { out } = await run("inspect", file);
  assert.match(
    out,
    /from 2024-02-01T03:04:05\.006Z by the recorder's clock, trigger at 2024-02-01T03:04:05\.106Z, line/,
  );
  assert.match(out, /^Status channels\n1 +TRIP A\n2 +BRK$/m);
  const [, pasted = ""] = out.split("In a site file\n");
  const [clock, store, source] = pasted.trim().split("\n");
  assert.equal(clock, 'clock: { start: "2024-02-01T03:04:05.006Z", speed: max }  # of the site, with');
  assert.equal(store, 'store: ":memory:"');
  assert.match(source!, /map: \{ va: U_L1, vb: U_L2, ia: "I A" \} \} \}  # of a meter$/);
  const site = path.join(folder, "site.yaml");
  writeFileSync(site, `${clock}\n${store}\nmeters:\n  - name: m\n    model: leviton-s4100\n    ${source}\n`);
  const checked = await run("check", site);
  assert.equal(checked.status, 0, checked.err);
  assert.match(checked.out, /recording .*event.cfg/);
});

/** Names and units, and the inputs that they plainly are. */
const plain: [channels: [name: string, unit: string][], map: object | null][] = [
  [
    [
      ["VAN", "V"],
      ["VBN", "V"],
      ["IC", "A"],
      ["IN", "A"],
      ["VAB", "V"],
    ],
    { va: "VAN", vb: "VBN", ic: "IC" },
  ],
  [
    [
      ["Voltage L3", "kV"],
      ["current 2", "mA"],
      ["A", "A"],
    ],
    { vc: "Voltage L3", ib: "current 2", ia: "A" },
  ],
  // The JEMStar's own recordings.
  [
    [
      ["Vl-n Ph A", "V"],
      ["Vl-n Ph B", "V"],
      ["Amps Ph C", "A"],
      ["Phase C", "V"],
    ],
    { va: "Vl-n Ph A", vb: "Vl-n Ph B", vc: "Phase C", ic: "Amps Ph C" },
  ],
  // Nobody knows which of two it is; a unit that does not fit its name makes nothing plain.
  [
    [
      ["va", "V"],
      ["U1", "V"],
      ["ia", "V"],
      ["CH1", "V"],
      ["P", "kW"],
    ],
    null,
  ],
  // Without a unit a letter is no name.
  [
    [
      ["a", ""],
      ["ub", ""],
    ],
    { vb: "ub" },
  ],
];
for (const [channels, map] of plain) {
  test(`of ${channels.map(([name, unit]) => `${name} [${unit}]`).join(", ")} ${map === null ? "nothing" : Object.keys(map).join(", ")} is plain`, () => {
    const heads = channels.map(([name, unit]) => ({ name, unit, scale: 1, skew: 0 }));
    assert.deepEqual(suggestedMap(heads) ?? null, map);
  });
}
