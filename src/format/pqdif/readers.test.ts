/** A file with a recording of each kind that a meter makes, as the readers in use take it; and what they would miss of others. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  magnitudeDurationTimeChannel,
  phasorChannel,
  valueLogChannel,
  waveformChannel,
  xyChannel,
} from "./channels.ts";
import type { ChannelDefinition, DataSource, MonitorSettings, Observation, PqdifContent } from "./model.ts";
import { readPqdif } from "./read.ts";
import { missedByReaders } from "./readers.ts";
import { valuesOfRuns } from "./series.ts";
import { timeOf } from "./time.ts";
import { writePqdif } from "./write.ts";

const at = timeOf(Date.UTC(2016, 11, 8, 9, 22, 51), 0.133724);
const of = (name: string, phase: "A-N" | "B-N" | "C-N") => ({ name, phase, measured: "voltage" as const });
const source: DataSource = {
  type: "measured",
  vendor: "none",
  name: "142300003",
  serial: "142300003",
  effective: at,
  channels: [
    waveformChannel(of("V A", "A-N"), { unit: "V", nominal: 120 }),
    phasorChannel(of("V B", "B-N"), { unit: "V", characteristic: "RMS" }, true),
    valueLogChannel(of("V C harmonic", "C-N"), { unit: "%", characteristic: "spectra of harmonic groups" }, [
      "average",
      "maximum",
    ]),
    magnitudeDurationTimeChannel(of("sag", "A-N"), { unit: "V", nominal: 120 }),
    waveformChannel(of("V B", "B-N"), { unit: "V", storage: "values" }),
  ],
};
const settings: MonitorSettings = {
  effective: at,
  installed: at,
  useCalibration: false,
  useTransducer: false,
  nominalHz: 60,
  connection: "3-element wye",
  channels: [],
};
const observation: Observation = {
  name: "sag",
  created: at,
  start: at,
  triggerMethod: "channel",
  triggered: at,
  triggerChannels: [3],
  disturbance: "instantaneous sag",
  source,
  settings,
  channels: [
    {
      definition: 0,
      series: [
        { values: valuesOfRuns([{ count: 4, step: 1 / 960 }]), runs: [{ count: 4, step: 1 / 960 }] },
        { values: Float64Array.of(0, 65, -65, 1) },
      ],
    },
    {
      definition: 4,
      series: [
        { values: valuesOfRuns([{ count: 4, step: 1 / 960 }]), share: { channel: 0, series: 0 } },
        { values: Float64Array.of(1.5, NaN, -2.5, 3.5), stored: "real4" },
      ],
    },
    {
      definition: 1,
      series: [
        { values: valuesOfRuns([{ count: 2, step: 1 / 120 }]), runs: [{ count: 2, step: 1 / 120 }] },
        { values: Float64Array.of(118.5, 71.25), stored: "real4" },
        { values: Float64Array.of(-120.5, -119), stored: "real4" },
      ],
    },
    {
      definition: 2,
      group: 5,
      series: [
        { values: Float64Array.of(0, 600) },
        { values: Float64Array.of(1.5, NaN) },
        { values: Float64Array.of(2.5, NaN) },
      ],
    },
    {
      definition: 3,
      series: [{ values: Float64Array.of(0.25) }, { values: Float64Array.of(71.25) }, { values: Float64Array.of(0.1) }],
    },
  ],
};
const content: PqdifContent = { container: { fileName: "x.pqd", created: at }, observations: [observation] };

test("recordings of each kind are read as they were written, and no reader misses any", async () => {
  assert.deepEqual(missedByReaders(content), []);
  const { observations, warnings } = await readPqdif("x.pqd", await writePqdif(content, { compress: true }));
  assert.deepEqual(warnings, []);
  assert.deepEqual(missedByReaders({ container: content.container, observations }), []);
  const values = observations[0]!.channels.map(({ series }) => series.map((one) => [...one.values]));
  const expected = observation.channels.map(({ series }) => series.map((one) => [...one.values]));
  values.flat(2).forEach((value, k) => {
    const wanted = expected.flat(2)[k]!;
    assert.ok(Number.isNaN(wanted) ? Number.isNaN(value) : Math.abs(value - wanted) < 1e-9, `${value} for ${wanted}`);
  });
  assert.deepEqual(
    values.map((series) => series.map(({ length }) => length)),
    [
      [4, 4],
      [4, 4],
      [2, 2, 2],
      [2, 2, 2],
      [1, 1, 1],
    ],
  );
});

/** The content with another channel in place of the first, and an instance of that alone. */
const withChannel = (channel: ChannelDefinition): PqdifContent => ({
  ...content,
  observations: [
    { ...observation, source: { ...source, channels: [channel] }, channels: [{ definition: 0, series: [] }] },
  ],
});
const time = { valueType: "time", unit: "s", characteristic: "none", storage: "values" } as const;
const value = { valueType: "value", unit: "V", characteristic: "RMS", storage: "values" } as const;
const channel = { ...of("x", "A-N"), quantityType: "value log" as const };
const runs = [1, 2, 3].map((step) => ({ count: 2, step }));

// openXDA's PQDIFReader and GSF.PQDIF (../shared/facts/pq.md, 7.4).
const missed: readonly (readonly [why: string, content: PqdifContent, says: readonly string[]])[] = [
  [
    "a value before the time",
    withChannel({ ...channel, series: [value, time] }),
    ["its first series is not the time: openXDA leaves it out"],
  ],
  [
    "a maker's own type",
    withChannel({ ...channel, quantityType: "11111111-2222-3333-4444-555555555555", series: [time, value] }),
    ["its type of quantity is not of the standard: openXDA leaves it out"],
  ],
  [
    "pairs",
    withChannel(xyChannel(of("x", "A-N"), { unit: "V", characteristic: "RMS" }, { unit: "s", characteristic: "none" })),
    ["openXDA makes nothing of a channel of XY"],
  ],
  [
    "no duration",
    withChannel({ ...channel, quantityType: "magnitude-duration-time", series: [time, value] }),
    ["it has no series of the duration: openXDA stops there"],
  ],
  [
    "no magnitude",
    withChannel({
      ...channel,
      quantityType: "magnitude-duration-time",
      series: [time, { ...value, valueType: "duration" }],
    }),
    ["it has no series of a value, minimum, maximum or average: openXDA stops there"],
  ],
  [
    "RMS in a waveform",
    withChannel({ ...channel, quantityType: "waveform", series: [time, value] }),
    ["a series of it is not instantaneous values: openXDA takes that for a trend"],
  ],
  [
    "no settings",
    { ...content, observations: [{ ...observation, settings: undefined }] },
    ["no monitor settings say the nominal frequency: openXDA needs them"],
  ],
  [
    "another source",
    { ...content, observations: [observation, { ...observation, source: { ...source, name: "b" } }] },
    ["its name, vendor or equipment is not that of the first data source: openXDA refuses the file"],
  ],
  [
    "three rates",
    {
      ...content,
      observations: [{ ...observation, channels: [{ definition: 0, series: [{ values: valuesOfRuns(runs), runs }] }] }],
    },
    ["increments of more than two rates: some versions of GSF.PQDIF begin the third where it does not"],
  ],
  [
    "a transducer",
    {
      ...content,
      observations: [
        {
          ...observation,
          settings: {
            ...settings,
            useTransducer: true,
            channels: [{ channel: 2, systemSideRatio: 2, monitorSideRatio: 1 }],
          },
        },
      ],
    },
    ["a transducer's ratio has to be applied: GSF.PQDIF applies it to times and percentages, too"],
  ],
];
for (const [why, content, says] of missed) {
  test(`readers would miss: ${why}`, () =>
    assert.deepEqual(
      missedByReaders(content).map(({ what }) => what),
      says,
    ));
}
