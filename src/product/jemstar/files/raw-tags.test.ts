/**
 * A file of the meter, tag by tag: by a reader of this test alone, from the tables of IEEE 1159.3 (pqdif_ph.h: headers, entries, physical types;
 * pqdif_lg.h: GUIDs of tags and what stands behind them), with zlib and checksums of Node and of RFC 1950.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { inflateSync } from "node:zlib";
import { captured, instantOf, MANUAL_UTC, observation, sampleOf } from "./captured-fixture.ts";
import { filesRig } from "./files-rig.ts";

const F1C3 = "-f1c3-11cf-9d89-0080c72e70a3";
const F5F5 = "-f5f5-11cf-9d89-0080c72e70a3";
const F753 = "-f753-11cf-9d89-0080c72e70a3";
const F755 = "-f755-11cf-9d89-0080c72e70a3";
const F76E = "-f76e-11cf-9d89-0080c72e70a3";
const F9C4 = "-f9c4-11cf-9d89-0080c72e70a3";
const B451 = "-b451-11d1-ae17-0060083a2628";

// The names of pqdif_lg.h.
// prettier-ignore
const T = {
  container: `89738606${F1C3}`, versionInfo: `89738607${F1C3}`, fileName: `89738608${F1C3}`, creation: `89738609${F1C3}`,
  compressionStyle: `8973861b${F1C3}`, compressionAlgorithm: `8973861c${F1C3}`, recDataSource: `89738619${F1C3}`, recObservation: `8973861a${F1C3}`,
  recMonitorSettings: `b48d858c${F5F5}`, dataSourceType: `b48d8581${F5F5}`, vendor: `b48d8582${F5F5}`, serial: `b48d8585${F5F5}`, nameDS: `b48d8587${F5F5}`,
  effective: `62f28183${F9C4}`, channelDefns: `b48d858d${F5F5}`, oneChannelDefn: `b48d858e${F5F5}`, channelName: `b48d8590${F5F5}`, phaseID: `b48d8591${F5F5}`,
  quantityType: `b48d8592${F5F5}`, quantityMeasured: `c690e872${F755}`, seriesDefns: `b48d8598${F5F5}`, oneSeriesDefn: `b48d859a${F5F5}`,
  valueType: `b48d859c${F5F5}`, unit: `b48d859b${F5F5}`, characteristic: `3d786f9e${F76E}`, storage: `b48d85a1${F5F5}`, nominal: "0fa118c8-cb4a-11d2-b30b-fe25cb9a1760",
  timeInstalled: `3d786f85${F76E}`, useCalibration: `62f28180${F9C4}`, useTransducer: `62f28181${F9C4}`, channelSettingsArray: `62f28182${F9C4}`,
  oneChannelSetting: `3d786f9a${F76E}`, nominalFrequency: "0fa118c3-cb4a-11d2-b30b-fe25cb9a1760", physicalConnection: "9f256ee0-803b-11d3-b92f-0050da2b1f4d",
  transformerType: `62f28189${F9C4}`, systemSideRatio: `62f2818a${F9C4}`, monitorSideRatio: `62f2818b${F9C4}`, channelDefnIdx: `b48d858f${F5F5}`,
  observationName: `3d786f8a${F76E}`, timeCreate: `3d786f8b${F76E}`, timeStart: `3d786f8c${F76E}`, triggerMethod: `3d786f8d${F76E}`, timeTriggered: `3d786f8e${F76E}`,
  channelTriggerIdx: `3d786f8f${F76E}`, observationSerial: `3d786f90${F76E}`, disturbance: `b48d8597${F5F5}`, channelInstances: `3d786f91${F76E}`,
  oneChannelInst: `3d786f92${F76E}`, seriesInstances: `3d786f93${F76E}`, oneSeriesInstance: `3d786f94${F76E}`, seriesScale: `3d786f96${F76E}`,
  seriesOffset: `3d786f97${F76E}`, shareChannel: `8973861f${F1C3}`, shareSeries: `89738620${F1C3}`, seriesValues: `3d786f99${F76E}`,
} as const;
// prettier-ignore
const ID = {
  measure: "e6b51730-f747-11cf-9d89-0080c72e70a3", vendorNone: "e6b51701-f747-11cf-9d89-0080c72e70a3",
  waveform: `67f6af80${F753}`, phasor: `67f6af81${F753}`, valueLog: `67f6af82${F753}`, xy: `67f6af8a${F753}`, magDurTime: `67f6af8d${F753}`,
  value: `67f6af97${F753}`, minimum: `67f6af98${F753}`, maximum: `67f6af99${F753}`, average: `67f6af9a${F753}`, time: `c690e862${F755}`,
  duration: `c690e863${F755}`, phaseAngle: `3d786f9d${F76E}`, none: `a6b31adf${B451}`, instantaneous: `a6b31add${B451}`, rms: `a6b31ae5${B451}`,
  instantaneousSag: "dd56ef6a-7edd-11d2-b30a-00609789d193",
} as const;

/** A collection by the tags of its elements, numbers, texts, GUIDs and times (days and seconds). */
type Value = number | string | readonly number[] | Node;
interface Node {
  readonly all: readonly (readonly [tag: string, value: Value])[];
}

function guid(bytes: DataView, at: number): string {
  const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, "0");
  const tail = [8, 9, 10, 11, 12, 13, 14, 15].map((k) => hex(bytes.getUint8(at + k), 2)).join("");
  const head = [
    hex(bytes.getUint32(at, true), 8),
    hex(bytes.getUint16(at + 4, true), 4),
    hex(bytes.getUint16(at + 6, true), 4),
  ];
  return [...head, tail.slice(0, 4), tail.slice(4)].join("-");
}

const widths: Readonly<Record<number, number>> = {
  1: 1,
  3: 4,
  10: 1,
  20: 1,
  21: 2,
  22: 4,
  30: 1,
  31: 2,
  32: 4,
  40: 4,
  41: 8,
  50: 12,
  60: 16,
};

function one(view: DataView, type: number, at: number): number | string | readonly number[] {
  if (type === 1 || type === 10 || type === 30) return view.getUint8(at);
  if (type === 3 || type === 32) return view.getUint32(at, true);
  if (type === 20) return view.getInt8(at);
  if (type === 21) return view.getInt16(at, true);
  if (type === 22) return view.getInt32(at, true);
  if (type === 31) return view.getUint16(at, true);
  if (type === 40) return view.getFloat32(at, true);
  if (type === 41) return view.getFloat64(at, true);
  if (type === 50) return [view.getUint32(at, true), view.getFloat64(at + 4, true)];
  assert.equal(type, 60);
  return guid(view, at);
}

function collection(view: DataView, at: number): Node {
  const all: [string, Value][] = [];
  const count = view.getInt32(at, true);
  for (let k = 0; k < count; k++) {
    const entry = at + 4 + 28 * k;
    const [kind, type, isEmbedded] = [view.getInt8(entry + 16), view.getInt8(entry + 17), view.getInt8(entry + 18)];
    const link = isEmbedded === 1 ? entry + 20 : view.getInt32(entry + 20, true);
    const width = widths[type] ?? NaN;
    if (kind === 1) all.push([guid(view, entry), collection(view, link)]);
    else if (kind === 2) all.push([guid(view, entry), one(view, type, link)]);
    else {
      const values = Array.from({ length: view.getInt32(link, true) }, (_, n) => one(view, type, link + 4 + n * width));
      const text = type === 10 ? String.fromCharCode(...(values as number[])).replace(/\0$/, "") : undefined;
      all.push([guid(view, entry), text ?? (values.flat() as number[])]);
    }
  }
  return { all };
}

function adler(bytes: Uint8Array): number {
  let [a, b] = [1, 0];
  for (const byte of bytes) {
    a = (a + byte) % 65_521;
    b = (b + a) % 65_521;
  }
  return b * 65_536 + a;
}

function records(bytes: Uint8Array): readonly (readonly [tag: string, body: Node])[] {
  const all: (readonly [string, Node])[] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0, isLast = false; !isLast;) {
    assert.equal(guid(view, at), "4a111440-e49f-11cf-9900-505144494600");
    assert.equal(view.getInt32(at + 32, true), 64);
    const stored = bytes.subarray(at + 64, at + 64 + view.getInt32(at + 36, true));
    assert.equal(view.getUint32(at + 44, true), adler(stored));
    const body = all.length === 0 ? stored : inflateSync(stored);
    all.push([guid(view, at + 16), collection(new DataView(body.buffer, body.byteOffset, body.byteLength), 0)]);
    const next = view.getInt32(at + 40, true);
    isLast = next === 0;
    assert.ok(isLast || next === at + 64 + stored.length);
    at = next;
  }
  return all;
}

const get = ({ all }: Node, tag: string): Value | undefined => all.find(([found]) => found === tag)?.[1];
const node = (of: Node, tag: string): Node => get(of, tag) as Node;
const list = (of: Node, tag: string, each: string): readonly Node[] =>
  node(of, tag).all.map(([found, value]) => {
    assert.equal(found, each);
    return value as Node;
  });

/** Days since 30 December 1899, and seconds since midnight, of 2016-02-02 10:25:45.133724. */
const DAY = 42_402;
const SECONDS = 10 * 3600 + 25 * 60 + 45.133724;

test("container, data source, monitor settings and observation have the standard's tags", async () => {
  const rig = filesRig({ utc: MANUAL_UTC + 4000 });
  rig.files.take(observation({ captures: [captured("rms"), captured("low")] }));
  await rig.files.idle;
  const name = "142300003_1454408745_133724_07.pqd";
  const all = records(rig.files.shelf.read(name)!);
  assert.deepEqual(
    all.map(([tag]) => tag),
    [T.container, T.recDataSource, T.recMonitorSettings, T.recObservation],
  );
  const [container, source, settings, observed] = all.map(([, body]) => body) as [Node, Node, Node, Node];

  assert.deepEqual(get(container, T.versionInfo), [1, 5, 1, 5]);
  assert.equal(get(container, T.fileName), name);
  const near = (found: Value | undefined, seconds: number): void => {
    const [day, time] = found as readonly number[];
    assert.equal(day, DAY);
    assert.ok(Math.abs(time! - seconds) < 1e-6, `${time} for ${seconds}`);
  };
  near(get(container, T.creation), SECONDS + 4);
  // Record level, zlib.
  assert.deepEqual([get(container, T.compressionStyle), get(container, T.compressionAlgorithm)], [2, 1]);

  assert.deepEqual([get(source, T.dataSourceType), get(source, T.vendor)], [ID.measure, ID.vendorNone]);
  assert.deepEqual([get(source, T.nameDS), get(source, T.serial)], ["142300003", "142300003"]);
  const begins = SECONDS - instantOf(5);
  near(get(source, T.effective), begins);

  near(get(settings, T.effective), begins);
  near(get(settings, T.timeInstalled), begins);
  assert.deepEqual([get(settings, T.useCalibration), get(settings, T.useTransducer)], [0, 0]);
  // Four-wire wye is three elements; volts 100 to 1, amps 20 to 1.
  assert.deepEqual([get(settings, T.nominalFrequency), get(settings, T.physicalConnection)], [60, 4]);
  const definitions = list(source, T.channelDefns, T.oneChannelDefn);
  for (const one of list(settings, T.channelSettingsArray, T.oneChannelSetting)) {
    const measured = get(definitions[get(one, T.channelDefnIdx) as number]!, T.quantityMeasured);
    assert.deepEqual(
      [get(one, T.transformerType), get(one, T.systemSideRatio), get(one, T.monitorSideRatio)],
      [measured, measured === 1 ? 100 : 20, 1],
    );
  }

  assert.equal(get(observed, T.observationName), "Sag");
  near(get(observed, T.timeCreate), SECONDS + 4);
  near(get(observed, T.timeStart), begins);
  near(get(observed, T.timeTriggered), SECONDS);
  assert.deepEqual([get(observed, T.triggerMethod), get(observed, T.observationSerial)], [1, 1]);
  assert.equal(get(observed, T.disturbance), ID.instantaneousSag);
  const instances = list(observed, T.channelInstances, T.oneChannelInst);
  const of = (instance: Node) => definitions[get(instance, T.channelDefnIdx) as number]!;
  const [trigger] = get(observed, T.channelTriggerIdx) as readonly number[];
  assert.deepEqual(
    [get(of(instances[trigger!]!), T.quantityType), get(of(instances[trigger!]!), T.phaseID)],
    [ID.magDurTime, 2],
  );

  // Every type of quantity has the series of the standard's table, in its order: value type, units, characteristic, storage.
  const tables: Readonly<
    Record<string, readonly (readonly [string, number | undefined, string | undefined, number])[]>
  > = {
    [ID.waveform]: [
      [ID.time, 2, ID.none, 3],
      [ID.value, undefined, ID.instantaneous, 3],
    ],
    [ID.phasor]: [
      [ID.time, 2, ID.none, 3],
      [ID.value, undefined, ID.rms, 1],
      [ID.phaseAngle, 17, ID.rms, 1],
    ],
    [ID.magDurTime]: [
      [ID.time, 1, ID.none, 1],
      [ID.value, 6, ID.rms, 1],
      [ID.duration, 2, ID.none, 1],
    ],
    [ID.xy]: [
      [ID.value, 2, ID.none, 1],
      [ID.value, 19, ID.rms, 1],
    ],
    [ID.valueLog]: [
      [ID.time, 2, ID.none, 1],
      [ID.minimum, undefined, undefined, 1],
      [ID.maximum, undefined, undefined, 1],
      [ID.average, undefined, undefined, 1],
    ],
  };
  const seen = new Map<Value | undefined, number>();
  for (const definition of definitions) {
    const type = get(definition, T.quantityType);
    seen.set(type, (seen.get(type) ?? 0) + 1);
    const table = tables[String(type)]!;
    const series = list(definition, T.seriesDefns, T.oneSeriesDefn);
    assert.equal(series.length, table.length);
    const measured = get(definition, T.quantityMeasured);
    series.forEach((found, k) => {
      const [valueType, unit = measured === 1 ? 6 : 7, characteristic, storage] = table[k]!;
      assert.deepEqual([get(found, T.valueType), get(found, T.storage)], [valueType, storage]);
      if (characteristic === undefined) return;
      assert.deepEqual([get(found, T.unit), get(found, T.characteristic)], [unit, characteristic]);
    });
  }
  assert.deepEqual(
    [...seen.values()].toSorted((a, b) => a - b),
    [3, 3, 6, 6, 7],
  );

  // Waveform of phase b: value = offset + scale x number, times by those of the first channel of the recording.
  const wave = instances.find(
    (one) => get(of(one), T.quantityType) === ID.waveform && get(of(one), T.channelName) === "Vl-n Ph B",
  )!;
  assert.deepEqual(
    [get(of(wave), T.phaseID), get(list(of(wave), T.seriesDefns, T.oneSeriesDefn)[1]!, T.nominal)],
    [2, 12_000],
  );
  const [time, values] = list(wave, T.seriesInstances, T.oneSeriesInstance) as [Node, Node];
  const sharedWith = list(instances[get(time, T.shareChannel) as number]!, T.seriesInstances, T.oneSeriesInstance)[
    get(time, T.shareSeries) as number
  ]!;
  const scaled = (of: Node): readonly number[] =>
    (get(of, T.seriesValues) as readonly number[]).map(
      (raw) => (get(of, T.seriesOffset) as number) + (get(of, T.seriesScale) as number) * raw,
    );
  const volts = scaled(values);
  assert.equal(volts.length, 15 * 16);
  volts.forEach((value, n) => assert.ok(Math.abs(value - sampleOf("V.b", n / 16)) < 1, `${n}: ${value}`));
  scaled(sharedWith).forEach((seconds, n) => assert.ok(Math.abs(seconds - instantOf(n / 16)) < 1e-6));
  // Magnitude, duration and time of the phase that triggered.
  const [at, deep, long] = list(instances[trigger!]!, T.seriesInstances, T.oneSeriesInstance);
  near(get(at!, T.seriesValues), SECONDS);
  assert.deepEqual([get(deep!, T.seriesValues), get(long!, T.seriesValues)], [[5400], [0.05]]);
});
