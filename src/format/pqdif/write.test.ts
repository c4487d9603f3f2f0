/** What is written, against bytes made by hand (test/fixtures/pqdif/make.py) and against the reader. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { inflateSync } from "node:zlib";
import fc from "fast-check";
import { FormatError } from "#format/recording.ts";
import type { NumberType } from "./element.ts";
import type {
  ChannelDefinition,
  DataSource,
  MonitorSettings,
  Observation,
  PqdifContent,
  SeriesInstance,
} from "./model.ts";
import { readPqdif } from "./read.ts";
import { decodeSeries, valuesOfRuns } from "./series.ts";
import { secondsBetween, timeOf, utcOf } from "./time.ts";
import { sizeOfObservation, splitPqdif, writePqdif } from "./write.ts";

function listed(name: string): Uint8Array {
  const text = readFileSync(new URL(`../../../test/fixtures/pqdif/${name}.hex`, import.meta.url), "utf8");
  return Uint8Array.from(Buffer.from(text.replaceAll(/#.*$/gm, "").replaceAll(/\s/g, ""), "hex"));
}

test("what was read of one layout is written byte for byte as the listing of another says", async () => {
  const content = await readPqdif("x.pqd", listed("plain"));
  assert.equal(Buffer.from(await writePqdif(content)).toString("hex"), Buffer.from(listed("written")).toString("hex"));
});

test("each body is a zlib stream of what it is without, and the container says so", async () => {
  const content = await readPqdif("x.pqd", listed("plain"));
  const bodies = (bytes: Uint8Array): Uint8Array[] => {
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    const found: Uint8Array[] = [];
    for (let at = 0; ; at = view.getInt32(at + 40, true)) {
      found.push(bytes.subarray(at + 64, at + 64 + view.getInt32(at + 36, true)));
      if (view.getInt32(at + 40, true) === 0) return found;
    }
  };
  const [container, ...zipped] = bodies(await writePqdif(content, { compress: true }));
  const [plainContainer, ...plain] = bodies(listed("written"));
  assert.deepEqual(
    zipped.map((body) => inflateSync(body).toString("hex")),
    plain.map((body) => Buffer.from(body).toString("hex")),
  );
  // The last eight bytes of the entries of tagCompressionStyleID (2: by record) and tagCompressionAlgorithmID (1: zlib).
  const expected = Uint8Array.from(plainContainer!);
  expected[4 + 3 * 28 + 20] = 2;
  expected[4 + 4 * 28 + 20] = 1;
  assert.deepEqual(Buffer.from(container!), Buffer.from(expected));
});

const NOON = timeOf(Date.UTC(2026, 10, 26, 12));

test("times keep what a double of seconds of the day holds", () => {
  assert.deepEqual(NOON, { day: 46_352, seconds: 43_200 });
  assert.equal(utcOf(NOON), Date.UTC(2026, 10, 26, 12));
  // A tenth of a nanosecond, which milliseconds since 1970 cannot say; and the second before midnight.
  const late = timeOf(Date.UTC(2026, 10, 26, 23, 59, 59), 1e-10);
  assert.ok(Math.abs(late.seconds - 86_399.0000000001) < 2e-11);
  assert.deepEqual(timeOf(Date.UTC(2026, 10, 26, 23, 59, 59), 1.5), { day: 46_353, seconds: 0.5 });
  assert.deepEqual(timeOf(Date.UTC(1970, 0, 1), -1), { day: 25_568, seconds: 86_399 });
  assert.equal(secondsBetween({ day: 10, seconds: 86_399 }, { day: 11, seconds: 1 }), 2);
});

test("a timestamp of day 0 without a second is no time", () => {
  // Day 42,712 and 33,771.375 s, as the listing has them, after twelve zeros.
  const bytes = Uint8Array.from(Buffer.from("000000000000000000000000" + "d8a60000000000006c7de040", "hex"));
  const leaf = { kind: "vector", tag: "", type: 50, count: 2, bytes } as const;
  const definition = { unit: "timestamp", storage: "values" } as const;
  const context = { definition, start: { day: 42_712, seconds: 33_771.25 }, nominalHz: undefined, ratio: 1 };
  assert.deepEqual([...decodeSeries(leaf, {}, context, 10).values], [NaN, 0.125]);
});

const source = (...channels: readonly ChannelDefinition[]): DataSource => ({
  type: "measured",
  vendor: "none",
  name: "feeder",
  effective: NOON,
  channels,
});
const settings: MonitorSettings = {
  effective: NOON,
  installed: NOON,
  useCalibration: false,
  useTransducer: false,
  nominalHz: 60,
  channels: [],
};

/** A file of one channel whose time is in seconds and whose value is stored as said. */
function fileOf(values: SeriesInstance, storage: "values" | "scaled" | "increment" | "scaled increment"): PqdifContent {
  const of = source({
    name: "V A",
    phase: "A-N",
    quantityType: "value log",
    measured: "voltage",
    series: [
      { valueType: "time", unit: "s", characteristic: "none", storage: "values" },
      { valueType: "average", unit: "V", characteristic: "RMS", storage },
    ],
  });
  const time = { values: Float64Array.from(values.values, (_, k) => 600 * k) };
  const observation: Observation = {
    name: "log",
    created: NOON,
    start: NOON,
    triggerMethod: "periodic",
    source: of,
    settings,
    channels: [{ definition: 0, series: [time, values] }],
  };
  return { container: { fileName: "x.pqd", created: NOON }, observations: [observation] };
}

const valuesIn = async (bytes: Uint8Array): Promise<SeriesInstance> => {
  const { observations, warnings } = await readPqdif("x.pqd", bytes);
  assert.deepEqual(warnings, []);
  return observations[0]!.channels[0]!.series[1]!;
};

test("REAL8 carries every number, absence, and nothing else", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.double({ noDefaultInfinity: true }), { maxLength: 50 }),
      fc.boolean(),
      async (numbers, compress) => {
        const values = Float64Array.from(numbers);
        const read = await valuesIn(await writePqdif(fileOf({ values }, "values"), { compress }));
        // Both zeros are zero.
        assert.deepEqual(
          [...read.values].map((v) => v + 0),
          numbers.map((v) => v + 0),
        );
        assert.equal(read.stored, "real8");
      },
    ),
    { numRuns: 100 },
  );
});

test("whole numbers by scale and offset are off by half a step at most, and the range takes 65,000 steps of INT2", async () => {
  const types = ["int1", "uint1", "int2", "uint2", "int4", "uint4"] as const;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 50 }),
      fc.constantFrom<NumberType | undefined>(undefined, ...types),
      async (numbers, stored) => {
        const values = Float64Array.from(numbers);
        const read = await valuesIn(await writePqdif(fileOf({ values, stored }, "scaled")));
        assert.equal(read.stored, stored ?? "int2");
        const range = Math.max(...numbers) - Math.min(...numbers);
        const steps = stored === "int1" || stored === "uint1" ? 251 : 65_000;
        numbers.forEach((value, k) => {
          const off = Math.abs(read.values[k]! - value);
          assert.ok(off <= (0.5 * range) / steps + 1e-6, `${value} became ${read.values[k]}`);
        });
      },
    ),
    { numRuns: 200 },
  );
});

test("increments of several rates are runs, each from the end of the one before it", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ count: fc.nat(40), step: fc.integer({ min: -500, max: 500 }) }), { maxLength: 6 }),
      fc.constantFrom("increment", "scaled increment"),
      async (steps, storage) => {
        const scaled = storage === "scaled increment";
        const runs = steps.map(({ count, step }) => ({ count, step: step * (scaled ? 0.25 : 1) }));
        const offset = scaled ? 17 : 0;
        const values = valuesOfRuns(runs, 1, offset);
        const series: SeriesInstance = { values, runs, ...(scaled ? { scale: 0.25, offset, stored: "int4" } : {}) };
        const read = await valuesIn(await writePqdif(fileOf(series, storage)));
        // By the definition: sums, no formula of the writer.
        const expected: number[] = [];
        let from = offset;
        for (const { count, step } of runs) {
          for (let k = 0; k < count; k++) expected.push(from + k * step);
          from += count * step;
        }
        assert.deepEqual([...read.values], expected);
        assert.deepEqual(read.runs, runs);
      },
    ),
    { numRuns: 100 },
  );
});

test("a file of every field is read back as it was written", async () => {
  const content = everything();
  for (const compress of [false, true]) {
    const read = await readPqdif("x.pqd", await writePqdif(content, { compress }));
    assert.deepEqual(read.warnings, []);
    const more = read.container.more?.map((element) => ({ ...element, at: undefined }));
    assert.deepEqual({ ...read.container, more }, { version: [1, 5, 1, 5], ...content.container });
    assert.deepEqual(read.sources, content.sources);
    assert.deepEqual(read.settings, content.settings);
    assert.deepEqual(
      read.observations.map(({ source, settings, channels, ...rest }) => ({
        ...rest,
        source: read.sources.indexOf(source),
        settings: settings === undefined ? undefined : read.settings.indexOf(settings),
        channels: channels.map(({ series, ...more }) => ({ ...more, values: series.map(({ values }) => [...values]) })),
      })),
      content.observations.map(({ source, settings, channels, ...rest }) => ({
        ...rest,
        source: content.sources!.indexOf(source),
        settings: settings === undefined ? undefined : content.settings!.indexOf(settings),
        channels: channels.map(({ series, ...more }) => ({ ...more, values: series.map(({ values }) => [...values]) })),
      })),
    );
  }
});

/** Two sources, two settings, three observations, with all that the tables of the model name; different values everywhere. */
function everything(): PqdifContent {
  const at = (hours: number) => timeOf(Date.UTC(2026, 10, 20) + hours * 3_600_000, 1e-9);
  const channel: ChannelDefinition = {
    name: "V A-B",
    phase: "A-B",
    otherIdentifier: "7",
    groupName: "bus",
    quantityType: "phasor",
    measured: "voltage",
    physicalChannel: 3,
    quantityName: "voltage",
    primarySeries: 1,
    series: [
      { valueType: "time", unit: "s", characteristic: "none", storage: "values" },
      {
        valueType: "95 % probability",
        unit: "mph",
        characteristic: "Pst",
        storage: "values",
        valueTypeName: "odd",
        significantDigits: 5,
        resolution: 0.01,
        greekPrefix: 7,
        preferredUnits: 2,
        defaultDisplay: 1,
        probabilityInterval: 90,
        probabilityPercentile: 95,
        nominal: 400,
      },
    ],
  };
  // Names that the standard does not have.
  const foreign: ChannelDefinition = {
    phase: 77,
    quantityType: "11111111-2222-3333-4444-555555555555",
    measured: 99,
    series: [
      { valueType: "time", unit: "timestamp", characteristic: "none", storage: "values" },
      { valueType: "value", unit: 123, characteristic: "none", storage: "scaled" },
    ],
  };
  const first: DataSource = {
    type: "simulated",
    vendor: "DRANETZ",
    equipment: "DRANETZ 656",
    instrumentType: "power quality meter",
    modelName: "JEMStar II",
    modelNumber: "J2",
    serial: "14 23 00003",
    version: "1.2",
    name: "Störung",
    owner: "utility",
    location: "north",
    timeZone: "UTC",
    coordinates: [4_000_000_000, 7],
    effective: at(1),
    channels: [channel, foreign],
  };
  const second = { ...first, name: "other", channels: [channel] };
  const monitor: MonitorSettings = {
    effective: at(2),
    installed: at(3),
    removed: at(4),
    useCalibration: false,
    useTransducer: true,
    nominalHz: 50,
    connection: "3-element wye",
    channels: [
      {
        channel: 0,
        triggerType: 3,
        fullScale: 600,
        noiseFloor: 0.5,
        triggerShape: [1, 2.5],
        transformer: "voltage",
        systemSideRatio: 20_000,
        monitorSideRatio: 100,
        transducerResponse: [0.5],
        calibrationSkew: 1e-6,
        calibrationOffset: 0.125,
        calibrationRatio: 1.001,
        calibrationMustBeUsed: true,
        calibrationApplied: [1, 2],
        calibrationRecorded: [1.5, 2.5],
        triggerHighHigh: 130,
        triggerHigh: 110,
        triggerLow: 90,
        triggerLowLow: 50,
        triggerDeadBand: 2,
        triggerRate: 1000,
      },
    ],
  };
  const other: MonitorSettings = { ...monitor, nominalHz: 60, useTransducer: false, channels: [] };
  const observation = (name: string, source: DataSource, settings: MonitorSettings): Observation => ({
    name,
    created: at(6),
    start: at(5),
    triggerMethod: "external",
    triggered: at(5.5),
    triggerChannels: [1, 0],
    serial: 12,
    aggregationSerial: 13,
    disturbance: "voltage fluctuation",
    disturbanceDirection: 1,
    disturbanceDirectionQuality: 2,
    source,
    settings,
    channels: [
      {
        definition: 0,
        group: -7,
        duration: 0.5,
        magnitude: 0.75,
        frequency: 51.5,
        trigger: "high high to low",
        triggerModule: "m",
        triggerModuleInfo: 4,
        crossTriggerDevice: "d",
        crossTriggerChannel: 6,
        channelHz: 150,
        series: [{ values: Float64Array.of(0, 1.5) }, { values: Float64Array.of(NaN, 0.44704) }],
      },
    ],
  });
  return {
    container: {
      fileName: "all.pqd",
      created: at(0),
      lastSaved: at(0.5),
      timesSaved: 3,
      language: "en",
      title: "t",
      subject: "s",
      author: "a",
      keywords: "k",
      comments: "c",
      lastSavedBy: "b",
      application: "Polyphase",
      security: "none",
      owner: "o",
      copyright: "©",
      trademarks: "™",
      notes: "{\\rtf1 n}",
      more: [
        {
          kind: "scalar",
          tag: "01234567-89ab-cdef-0123-456789abcdef",
          type: 99,
          count: 1,
          bytes: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8),
          at: undefined,
        },
      ],
    },
    sources: [first, second],
    settings: [monitor, other],
    observations: [
      observation("one", first, monitor),
      {
        ...observation("two", first, monitor),
        channels: [
          {
            definition: 1,
            series: [
              { values: Float64Array.of(0.25, 90_000.5) },
              { values: Float64Array.of(3, 4), scale: 0.5, offset: 1 },
            ],
          },
        ],
      },
      observation("three", second, other),
    ],
  };
}

/** The file of 1 and 2 with a second channel instance, whose value shares with the first's. */
function sharing(series: SeriesInstance, storage: "values" | "scaled" = "values"): PqdifContent {
  const file = fileOf({ values: Float64Array.of(1, 2) }, storage);
  const [observation] = file.observations as [Observation];
  const [channel] = observation.channels;
  const time = { ...channel!.series[0]!, share: { channel: 0, series: 0 } };
  const second = { definition: 0, series: [time, { ...series, share: { channel: 0, series: 1 } }] };
  return { ...file, observations: [{ ...observation, channels: [channel!, second] }] };
}

test("a series that shares has the scale and offset that were chosen for the other", async () => {
  const { observations } = await readPqdif(
    "x.pqd",
    await writePqdif(sharing({ values: Float64Array.of(1, 2) }, "scaled")),
  );
  const [own, shared] = observations[0]!.channels.map(({ series }) => series[1]!);
  assert.ok(own!.scale! > 0 && own!.scale! < 2e-5);
  assert.deepEqual([shared!.scale, shared!.offset], [own!.scale, own!.offset]);
  assert.deepEqual(shared!.values, own!.values);
});

test("what PQDIF cannot say is refused with its place", async () => {
  const file = fileOf({ values: Float64Array.of(1, 2) }, "values");
  const [observation] = file.observations as [Observation];
  const refused: readonly (readonly [content: PqdifContent, says: RegExp])[] = [
    [
      fileOf({ values: Float64Array.of(1, NaN) }, "scaled"),
      /x\.pqd, observation 0, channel 0: series 1: value 2 is absent: only REAL4 and REAL8 can say so, not int2/,
    ],
    [
      fileOf({ values: Float64Array.of(1, 40_000), stored: "int2", scale: 1 }, "scaled"),
      /value 2 does not fit int2: it would be stored as 40000/,
    ],
    [fileOf({ values: Float64Array.of(1e39), stored: "real4" }, "values"), /value 1 does not fit real4/],
    [fileOf({ values: Float64Array.of(-Infinity) }, "values"), /value 1 does not fit real8/],
    [fileOf({ values: Float64Array.of(0, 1) }, "increment"), /the instance has no runs/],
    [
      fileOf({ values: Float64Array.of(0, 1), runs: [{ count: 3, step: 1 }] }, "increment"),
      /its runs count 3 values, but it has 2/,
    ],
    [
      sharing({ values: Float64Array.of(1, 2, 3) }),
      /series 1 shares with one that is not there, or has another number of values/,
    ],
    [sharing({ values: Float64Array.of(1, 3) }), /series 1 has other values than the one that it shares them with/],
    [{ ...file, container: { fileName: "x.pqd" } }, /x\.pqd, container: expected created/],
    [
      { ...file, observations: [{ ...observation, triggerMethod: undefined }] },
      /observation 0: expected triggerMethod/,
    ],
    [
      { ...file, observations: [{ ...observation, serial: -1 }] },
      /observation 0: serial: expected a whole number, found -1/,
    ],
    [
      { ...file, observations: [{ ...observation, channels: [{ definition: 4, series: [] }] }] },
      /one of the 1 channels of the data source, found 4/,
    ],
    [
      { ...file, observations: [{ ...observation, disturbance: "a nuisance" }] },
      /disturbance: expected a GUID, found "a nuisance"/,
    ],
    [
      {
        ...file,
        settings: [settings],
        observations: [
          { ...fileOf({ values: Float64Array.of(1) }, "values").observations[0]! },
          { ...observation, settings: undefined },
        ],
      },
      /observation 1: expected monitor settings/,
    ],
  ];
  for (const [content, says] of refused) {
    await assert.rejects(
      writePqdif(content),
      (error) => error instanceof FormatError && (says.test(error.message) || assert.fail(error.message)),
      String(says),
    );
  }
});

test("the size of an observation is known before it is written, and files are split by it in order", async () => {
  const one = fileOf({ values: new Float64Array(100).fill(230) }, "values");
  const [observation] = one.observations as [Observation];
  const alone = (await writePqdif(one)).length;
  const two = (await writePqdif({ ...one, observations: [observation, observation] })).length;
  assert.equal(two - alone, sizeOfObservation(observation));
  const named = Array.from({ length: 7 }, (_, k) => ({ ...observation, name: `o ${k}` }));
  const most = alone + 2 * sizeOfObservation(observation);
  const nameOf = (k: number): string => `f${k}.pq`;
  const files = splitPqdif({ ...one, observations: named }, most, nameOf);
  assert.deepEqual(
    files.map(({ container, observations }) => [container.fileName, observations.map(({ name }) => name)]),
    [
      ["f0.pq", ["o 0", "o 1", "o 2"]],
      ["f1.pq", ["o 3", "o 4", "o 5"]],
      ["f2.pq", ["o 6"]],
    ],
  );
  for (const file of files) assert.ok((await writePqdif(file)).length <= most);
  // Less than one needs: each is a file.
  assert.equal(splitPqdif({ ...one, observations: named }, 100, nameOf).length, 7);
});
