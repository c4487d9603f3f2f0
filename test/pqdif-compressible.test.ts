/** Files whose streams are a small part of what they hold. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { pqdifFile } from "#fleet/recording-file.ts";
import { waveformChannel } from "#format/pqdif/channels.ts";
import { timeOf } from "#format/pqdif/time.ts";
import { writePqdif } from "#format/pqdif/write.ts";
import { temporaryFolder } from "./running-site.ts";

test("a minute of waves without noise, whose stream is less than a two-hundredth of it, is read", async (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const rate = 15_360;
  const seconds = 60;
  const count = rate * seconds;
  // One series of INT2 a channel: periods of 256 samples.
  const wave = Float64Array.from(
    { length: count },
    (_, k) => Math.round(32_500 * Math.sin((Math.PI * (k % 256)) / 128)) / 100,
  );
  const times = Float64Array.from({ length: count }, (_, k) => k / rate);
  const instant = timeOf(Date.UTC(2026, 2, 2));
  const names = ["Va", "Vb", "Vc", "Ia", "Ib", "Ic"];
  const bytes = await writePqdif(
    {
      container: { fileName: "even.pqd", created: instant },
      observations: [
        {
          name: "even",
          created: instant,
          start: instant,
          triggerMethod: "none",
          settings: undefined,
          source: {
            type: "simulated",
            name: "even",
            effective: instant,
            channels: names.map((name) => waveformChannel({ name, phase: "A-N", measured: "voltage" }, { unit: "V" })),
          },
          channels: names.map((_, definition) => ({
            definition,
            series: [
              {
                values: times,
                runs: [{ count, step: 1 / rate }],
                ...(definition === 0 ? {} : { share: { channel: 0, series: 0 } }),
              },
              { values: wave, scale: 0.01, offset: 0 },
            ],
          })),
        },
      ],
    },
    { compress: true },
  );
  assert.ok(200 * bytes.length < 2 * 6 * count, `${bytes.length} bytes`);
  const name = path.join(folder, "even.pqd");
  writeFileSync(name, bytes);
  const file = pqdifFile(name);
  assert.equal(file.warnings.length, 0);
  const last = file.observations[0]?.channels[5]?.series[1]?.values;
  assert.deepEqual([last?.length, last?.[64], last?.[count - 64]], [count, 325, -325]);
});
