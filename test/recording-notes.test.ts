/** What is odd in a recording that a meter is fed from is said once, the same wherever a site is made: `check`, `up`, the API. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { test, type TestContext } from "node:test";
import { lookAtSite } from "#fleet/load-site.ts";
import { run } from "./cli-run.ts";
import { temporaryFolder } from "./running-site.ts";

/** 16-bit PCM of two channels, 4800 a second. */
function wav(): Uint8Array {
  const frames = 4800;
  const out = new DataView(new ArrayBuffer(44 + 4 * frames));
  const text = (at: number, word: string): void => [...word].forEach((c, k) => out.setUint8(at + k, c.charCodeAt(0)));
  text(0, "RIFF");
  out.setUint32(4, 36 + 4 * frames, true);
  text(8, "WAVEfmt ");
  out.setUint32(16, 16, true);
  out.setUint16(20, 1, true);
  out.setUint16(22, 2, true);
  out.setUint32(24, 4800, true);
  out.setUint32(28, 4 * 4800, true);
  out.setUint16(32, 4, true);
  out.setUint16(34, 16, true);
  text(36, "data");
  out.setUint32(40, 4 * frames, true);
  for (let k = 0; k < frames; k++) out.setInt16(44 + 4 * k, 20000 * Math.sin((2 * Math.PI * 60 * k) / 4800), true);
  return new Uint8Array(out.buffer);
}

function siteOf(t: TestContext, file: string, content: string | Uint8Array, map: string): string {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  writeFileSync(path.join(folder, file), content);
  const site = path.join(folder, "site.yaml");
  writeFileSync(
    site,
    `store: ":memory:"\nmeters:\n  - name: m\n    model: leviton-s4100\n    settings: { ctPrimary: 100, systemVoltage: 480 }\n    source: { recording: { file: ${file}, map: ${map} } }\n`,
  );
  return site;
}

const seconds = Array.from({ length: 60 }, (_, k) => `${k},${230 + (k % 3)}\n`).join("");
const odd: [what: string, file: string, content: string | Uint8Array, map: string, says: readonly RegExp[]][] = [
  [
    "one value a second",
    "log.csv",
    `time (s),va [V]\n${seconds}`,
    "{ va: va }",
    [/^log\.csv: 1 Hz carries no wave of 50 or 60 Hz/],
  ],
  [
    "one value each ten minutes",
    "log.csv",
    `time (s),va [V]\n${Array.from({ length: 60 }, (_, k) => `${600 * k},${230 + (k % 3)}\n`).join("")}`,
    "{ va: va }",
    [/^log\.csv: one sample each 600 s \(0\.00166667 Hz\) carries no wave of 50 or 60 Hz/],
  ],
  [
    "a WAV without a scale",
    "a.wav",
    wav(),
    "{ va: 1, ia: { channel: 2, scale: 50 } }",
    [/^a\.wav: without a scale full scale is 1 V or 1 A, of va \(/],
  ],
  ["a WAV whose channels have a scale", "a.wav", wav(), "{ va: { channel: 1, scale: 400 } }", []],
];
for (const [what, file, content, map, says] of odd) {
  test(`${what} is ${says.length === 0 ? "nothing to be said" : "said"}`, async (t) => {
    const site = siteOf(t, file, content, map);
    const { notices } = lookAtSite(site);
    assert.deepEqual(
      [notices.length, ...notices.map(({ meter, level }) => `${meter} ${level}`)],
      [says.length, ...says.map(() => "m warn")],
    );
    says.forEach((words, k) => assert.match(notices[k]!.words, words));
    const checked = await run("check", site);
    assert.equal(checked.status, 0);
    assert.equal(/^note +m: /m.test(checked.out + checked.err), says.length > 0);
  });
}

test("amps where a voltage is taken are an error of the site file, which names the key", async (t) => {
  const site = siteOf(t, "b.csv", "time (s),ia [A]\n0,1\n0.001,2\n0.002,1\n", "{ va: ia }");
  const { status, err } = await run("check", site);
  assert.equal(status, 2);
  assert.match(err, /source\.recording\.map\.va: the channel "ia" is of amps \("A"\), and va takes volts/);
});
