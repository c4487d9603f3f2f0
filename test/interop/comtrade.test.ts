/** comtrade 0.2.0 of the Python index (MIT), an independent reader, reads what Polyphase writes, sample by sample. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { writeComtrade, writeComtradeCff, type NewComtrade } from "#format/comtrade-writer.ts";
import { temporaryFolder } from "../running-site.ts";
import { peersPython, runProgram, withoutPeers } from "./programs.ts";

const skip = withoutPeers("comtrade");

const script = `
import json, sys
from comtrade import Comtrade
for files in (sys.argv[1:3], sys.argv[3:4]):
    rec = Comtrade(ignore_warnings=True, use_double_precision=True)
    rec.load(*files)
    none = lambda values: [None if value != value else value for value in values]
    print(json.dumps({
        "station": rec.station_name, "device": rec.rec_dev_id, "revision": rec.rev_year, "hz": rec.frequency,
        "names": rec.analog_channel_ids, "phases": rec.analog_phases, "statuses": rec.status_channel_ids,
        "units": [channel.uu for channel in rec.cfg.analog_channels],
        "ratios": [[channel.primary, channel.secondary, channel.pors] for channel in rec.cfg.analog_channels],
        "rates": rec.cfg.sample_rates, "type": rec.ft,
        "start": rec.start_timestamp.isoformat(), "trigger": rec.trigger_timestamp.isoformat(),
        "time": list(rec.time), "analog": [none(channel) for channel in rec.analog], "status": [list(bits) for bits in rec.status],
    }))
`;

interface Told {
  readonly time: readonly number[];
  readonly analog: readonly (readonly (number | null)[])[];
  readonly status: readonly (readonly number[])[];
}

/** A sag: 640 samples at 6,400 Hz, 80 at 800 Hz and 320 at 6,400 Hz again; samples of IB are absent for a millisecond. */
const rates = [
  { rate: 6400, count: 640 },
  { rate: 800, count: 80 },
  { rate: 6400, count: 320 },
];
const instants = rates.flatMap(({ rate, count }, k) => {
  const from = rates.slice(0, k).reduce((sum, before) => sum + before.count / before.rate, 0);
  return Array.from({ length: count }, (_, n) => from + n / rate);
});
const wave = (amplitude: number, degrees: number): Float64Array =>
  Float64Array.from(instants, (t) => {
    const depth = t > 0.05 && t < 0.15 ? 0.4 : 1;
    return depth * amplitude * Math.sin(2 * Math.PI * (50 * t + degrees / 360));
  });
const ib = wave(7.5, -120).map((value, k) => (k >= 100 && k < 107 ? NaN : value));
const recording: NewComtrade = {
  station: "Süd",
  device: "JSII 14 23 00003",
  lineHz: 50,
  channels: [
    {
      name: "VA",
      phase: "A",
      component: "bus 7",
      unit: "kV",
      samples: wave(10_200, 0),
      primary: 10_000,
      secondary: 100,
    },
    { name: "IB", phase: "B", unit: "A", samples: ib, primary: 600, secondary: 5, isSecondary: true },
    { name: "flat", unit: "V", samples: new Float64Array(instants.length).fill(3.125) },
  ],
  statuses: Array.from({ length: 18 }, (_, c) => ({
    name: `input ${c + 1}`,
    samples: Uint8Array.from(instants, (_, k) => (k >> (c % 5)) & 1),
  })),
  rates,
  start: Date.UTC(2026, 10, 26, 23, 59, 59) + 999.125,
  trigger: Date.UTC(2026, 10, 27) + 50.25,
};

for (const type of ["BINARY", "BINARY32", "FLOAT32"] as const) {
  test(`comtrade reads ${type} as a pair and as one file`, { skip }, async (t) => {
    const { folder, remove } = temporaryFolder();
    t.after(remove);
    const [cfg, dat, cff] = ["x.cfg", "x.dat", "y.cff"].map((name) => path.join(folder, name)) as [
      string,
      string,
      string,
    ];
    const pair = writeComtrade(recording, type);
    writeFileSync(cfg, pair.cfg);
    writeFileSync(dat, pair.dat);
    writeFileSync(cff, writeComtradeCff(recording, type));
    const { out, status } = await runProgram(peersPython, ["-c", script, cfg, dat, cff], 60_000);
    assert.equal(status, 0, out);
    const told = out.trim().split("\n");
    assert.equal(told.length, 2);
    for (const line of told) {
      const { time, analog, status, ...head } = JSON.parse(line) as Told & Record<string, unknown>;
      assert.deepEqual(head, {
        station: "Süd",
        device: "JSII 14 23 00003",
        revision: "2013",
        hz: 50,
        names: ["VA", "IB", "flat"],
        phases: ["A", "B", ""],
        statuses: recording.statuses!.map(({ name }) => name),
        units: ["kV", "A", "V"],
        ratios: [
          [10_000, 100, "P"],
          [600, 5, "S"],
          [1, 1, "P"],
        ],
        rates: [
          [6400, 640],
          [800, 720],
          [6400, 1040],
        ],
        type,
        start: "2026-11-26T23:59:59.999125",
        trigger: "2026-11-27T00:00:00.050250",
      });
      assert.equal(time.length, instants.length);
      // It goes by the rates: the first sample of one is its own period after the last of the one before it, where our stamps are that one's.
      let expected = 0;
      time.forEach((at, k) => {
        if (k > 0) expected += k >= 640 && k < 720 ? 1 / 800 : 1 / 6400;
        assert.ok(Math.abs(at - expected) < 1e-9, `${at} s for ${expected}`);
      });
      // In the unit and on the side that are stored.
      const stored = [
        recording.channels[0]!.samples.map((v) => v / 1000),
        ib.map((v) => v / 120),
        recording.channels[2]!.samples,
      ];
      stored.forEach((samples, c) => {
        const present = samples.filter((value) => !Number.isNaN(value));
        const [low, high] = [Math.min(...present), Math.max(...present)];
        const most = type === "FLOAT32" ? high * 2 ** -24 : (high - low) / (type === "BINARY" ? 65_000 : 4e9) / 2;
        samples.forEach((value, k) => {
          const read = analog[c]![k]!;
          if (!Number.isNaN(value)) assert.ok(Math.abs(read - value) <= most * 1.0001, `${read} for ${value}`);
          // Version 0.2.0 takes the least positive double for the mark of FLOAT32, and so reads the most negative float as a value.
          else assert.equal(read, type === "FLOAT32" ? -3.4028234663852886e38 : null);
        });
      });
      status.forEach((bits, c) => assert.deepEqual(bits, [...recording.statuses![c]!.samples]));
    }
  });
}
