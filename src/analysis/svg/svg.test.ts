/** Plots as text: well formed whatever the names are, in their places by arithmetic on the scales, and no larger than their pixels need. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { TimedValues } from "#analysis/timed-values.ts";
import { durationScale, durationText, elapsedScale, linearScale, partOf, roomy, timeScale } from "./axis.ts";
import { curvePlot } from "./curve-plot.ts";
import { coordinate, element, escaped } from "./element.ts";
import { rmsPlot, waveformPlot } from "./event-plots.ts";
import { harmonicsPlot } from "./harmonics-plot.ts";
import { pathOf } from "./plot.ts";
import { trendPlot } from "./trend-plot.ts";

/** Throws of text that is no well-formed XML of elements, attributes in double quotes, and text; the names of its elements. */
function elementsOf(text: string): readonly string[] {
  const names: string[] = [];
  const open: string[] = [];
  const token = /<(\/?)([a-zA-Z]+)((?: [a-zA-Z0-9:-]+="[^"<]*")*)(\/?)>|([^<]+)/gy;
  let at = 0;
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    at = token.lastIndex;
    const [whole, closes, name, , isEmpty] = match;
    assert.ok(!/&(?!(amp|lt|gt|quot);)/.test(whole), `an ampersand in ${whole}`);
    if (name === undefined) continue;
    if (closes === "/") assert.equal(open.pop(), name);
    else {
      names.push(name);
      if (isEmpty !== "/") open.push(name);
    }
  }
  assert.equal(at, text.length, `not well formed at ${text.slice(at, at + 40)}`);
  assert.deepEqual(open, []);
  return names;
}

const hostile = '</title><script>alert("1")</script>&\u0000\u0007\uD800 "x"';
const heading = { id: "p1", title: hostile };
const from = Date.UTC(2026, 2, 2);

function trend(values: readonly number[], flagged: readonly number[] = []): TimedValues {
  return {
    name: hostile,
    intervalMs: 600_000,
    utc: Float64Array.from(values, (_, k) => from + k * 600_000),
    values: Float64Array.from(values),
    flagged: Uint8Array.from(values, (_, k) => Number(flagged.includes(k))),
  };
}

const trendOf = (series: readonly TimedValues[]): string =>
  trendPlot(heading, {
    series,
    from,
    to: from + 86_400_000,
    timeZone: "UTC",
    label: hostile,
    limits: [{ at: 253, name: hostile }],
  });

const channels = [
  { name: hostile, values: Float64Array.of(230, 100, NaN, 229) },
  { name: "V.b", values: Float64Array.of(231, 232, 230, 231) },
];
const every: readonly (readonly [what: string, text: string])[] = [
  ["curves", curvePlot(heading, [{ seconds: 0.1, percent: 40, name: hostile }])],
  [
    "RMS",
    rmsPlot(heading, {
      unit: "V",
      channels,
      at: (place) => 0.01 * (place - 1),
      lasts: 0.02,
      thresholds: [{ at: 207, name: hostile }],
    }),
  ],
  ["waveform", waveformPlot(heading, { unit: "A", channels, at: (place) => place / 1000 })],
  ["trend", trendOf([trend([230, NaN, 240], [1])])],
  ["harmonics", harmonicsPlot(heading, [{ order: 5, percent: 7, limit: 6 }], hostile)],
  // Of nothing at all.
  ["no events", curvePlot(heading, [])],
  ["no channels", rmsPlot(heading, { unit: "V", channels: [], at: (place) => place / 100 })],
  [
    "nothing known",
    waveformPlot(heading, {
      unit: "V",
      channels: [{ name: "V.a", values: Float64Array.of(NaN, NaN) }],
      at: (place) => place,
    }),
  ],
  ["no trend", trendPlot(heading, { series: [], from, to: from + 1, timeZone: "UTC", label: "V" })],
  ["no harmonics", harmonicsPlot(heading, [], "%")],
];
for (const [what, text] of every) {
  test(`${what}: well formed, no element comes in by a name, and a title and a description name it`, () => {
    const names = elementsOf(text);
    assert.ok(!names.includes("script"));
    assert.match(text, /^<svg [^>]*role="img" aria-labelledby="p1-title p1-desc"/);
    assert.match(text, /<title id="p1-title">&lt;\/title&gt;&lt;script&gt;/);
    assert.match(text, /<desc id="p1-desc">[^<]+<\/desc>/);
    assert.ok(!/\p{Cc}|\p{Cs}|NaN|Infinity|undefined/u.test(text), "what no XML and no coordinate may be");
    for (const [, id] of text.matchAll(/url\(#([^)]+)\)/g)) assert.ok(text.includes(`id="${id}"`), `no ${id}`);
  });
}

test("text is escaped whatever it is, and whole pairs of surrogates stay", () => {
  assert.equal(escaped('a<b>&"c" 😀\uDC00'), "a&lt;b&gt;&amp;&quot;c&quot; 😀");
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 30 }), (words) => {
      elementsOf(element("text", { class: words }, escaped(words)));
    }),
  );
});

test("a coordinate is finite: what is not known is not drawn as something", () => {
  assert.deepEqual([1 / 3, -0.04, 200].map(coordinate), ["0.3", "0", "200"]);
  for (const value of [NaN, Infinity]) assert.throws(() => coordinate(value), /a coordinate of/);
});

test("the ITIC curve stands where its scales say", () => {
  const text = curvePlot({ id: "c", title: "t" }, []);
  // Six decades over 58 to 704 pixels, 0 to 200 % over 378 to 30: 20 ms, 70 % and 0.5 s, 80 %.
  const x = (seconds: number): string => (58 + ((Math.log10(seconds) + 4) / 6) * 646).toFixed(2);
  const y = (percent: number): string => (378 - (percent / 200) * 348).toFixed(2);
  for (const [seconds, percent] of [
    [0.02, 70],
    [0.5, 70],
    [0.5, 80],
    [10, 90],
    [0.003, 140],
    [0.003, 120],
    [0.5, 110],
  ] as const) {
    assert.ok(text.includes(`L${x(seconds)} ${y(percent)}`), `${seconds} s, ${percent} %`);
  }
});

test("events have the shape of their region, and what lies beyond the frame stands at its edge", () => {
  const events = [
    { seconds: 0.1, percent: 80, name: "1" },
    { seconds: 0.1, percent: 40, name: "2" },
    { seconds: 0.1, percent: 130, name: "3" },
    { seconds: 0.00001, percent: 900, name: "4" },
  ];
  const text = curvePlot({ id: "c", title: "t" }, events);
  assert.match(text, /<title>1: 80.0 % for 0.1 s<\/title><circle/);
  assert.match(text, /<title>2: 40.0 % for 0.1 s<\/title><path/);
  assert.match(text, /<title>3: 130.0 % for 0.1 s<\/title><rect/);
  assert.match(text, /translate\(63.00 35.00\)"><title>4: 900.0 %/);
  assert.match(
    text,
    /4 events .* 2 within it, 1 in the no damage region, 1 in the prohibited region; 1 below SEMI F47/,
  );
});

test("what is not known breaks a line; one value between two that are not is a point", () => {
  const values = [1, 2, NaN, 3, NaN, NaN, 4, 5];
  const path = pathOf(
    values.length,
    (k) => 10 * k,
    (k) => values[k]!,
  );
  assert.equal(path, "M0 1L10 2M30 3h0.1M60 4L70 5");
});

test("a million samples are as long as the pixels they fall on: each with its least and largest", () => {
  const count = 1_000_000;
  const spike = 700_123;
  const path = pathOf(
    count,
    (k) => (600 * k) / count,
    (k) => (k === spike ? -50 : 100 + (k % 7)),
  );
  assert.ok(path.length < 600 * 2 * 12 * 1.1, `${path.length} characters`);
  assert.equal(path.match(/-50/g)!.length, 1);
});

test("a trend: gaps of times break its line, flagged intervals that touch are one span, and limits are there", () => {
  const series = trend([230, 231, 232, 233, 234, 235], [1, 2, 5]);
  const text = trendOf([{ ...series, utc: series.utc.map((at, k) => (k < 3 ? at : at + 7_200_000)) }]);
  assert.equal(text.match(/fill="url\(#p1-hatch\)"/g)!.length, 3, "two spans and the legend");
  assert.match(text, /2 spans of flagged intervals/);
  const line = /<path d="(M[^"]+)"/.exec(text)![1]!;
  assert.equal(line.match(/M/g)!.length, 2);
  // The middle of the first interval: 300 s of 86,400 on 646 pixels behind 58.
  assert.ok(line.startsWith(`M${coordinate(58 + (646 * 300) / 86_400)} `), line);
});

test("a trend with least and largest: a band for each interval, none where nothing is known, its frame of what is not flagged", () => {
  const series = trend([230, 231, NaN, 233, 900], [4]);
  const low = Float64Array.of(229, 228, NaN, 232, 100);
  const high = Float64Array.of(232, 231, NaN, 234, 950);
  const drawn = (frame: "all" | "unflagged"): string =>
    trendPlot(heading, {
      series: [{ ...series, low, high }],
      from,
      to: from + 3_000_000,
      timeZone: "UTC",
      label: "V",
      frame,
    });
  const band = /<path d="([^"]+)" fill="#111111" fill-opacity/.exec(drawn("all"))![1]!;
  assert.equal(band.match(/M[^Z]+Z/g)!.length, 4);
  // The frame holds 228 to 234 V (3 % of that at either end) or 100 to 950.
  const ticks = (text: string): number[] =>
    [...text.matchAll(/text-anchor="end">(\d+)</g)].map(([, tick]) => Number(tick));
  assert.deepEqual([ticks(drawn("all")).at(0), ticks(drawn("all")).at(-1)], [0, 1000]);
  assert.deepEqual([ticks(drawn("unflagged")).at(0), ticks(drawn("unflagged")).at(-1)], [226, 236]);
});

test("where nobody knows the time an axis is of seconds, minutes or hours; a caption outside leaves the title out", () => {
  const { scale, unit } = elapsedScale(0, 1200);
  assert.equal(unit, "minutes");
  assert.deepEqual(
    scale.ticks.map(({ at, text }) => [at, text]),
    [0, 5, 10, 15, 20].map((minutes) => [60 * minutes, String(minutes)]),
  );
  assert.equal(elapsedScale(0, 40).unit, "seconds");
  assert.equal(elapsedScale(0, 86_400).unit, "hours");
  const series = { ...trend([1, 2]), utc: Float64Array.of(0, 600_000) };
  const shown = (isCaptioned: boolean): string =>
    trendPlot(
      { id: "x", title: "a title", isCaptioned },
      { series: [series], from: 0, to: 1_200_000, timeZone: undefined, label: "V" },
    );
  assert.match(shown(false), /minutes, from the first sample/);
  assert.equal(shown(false).split("a title").length, 3);
  assert.equal(shown(true).split("a title").length, 2);
});

test("a range has room around it, and is never so narrow that it shows what no instrument measures", () => {
  assert.deepEqual(roomy(0, 100), [0, 103]);
  assert.deepEqual(roomy(-100, 100), [-106, 106]);
  const [least, most] = roomy(20.0995, 20.1);
  assert.ok(Math.abs(most - least - 0.201) < 1e-9, `${least} to ${most}`);
  assert.deepEqual(roomy(Infinity, -Infinity), [Infinity, -Infinity]);
});

test("harmonics: what is beyond its limit is dark, what is not known has no bar", () => {
  const text = harmonicsPlot(
    { id: "h", title: "t" },
    [
      { order: 3, percent: 5, limit: 5 },
      { order: 5, percent: 6.01, limit: 6 },
      { order: 7, percent: null, limit: 5 },
      { order: 49, percent: 1, limit: null },
    ],
    "%",
  );
  const bars = [...text.matchAll(/<rect [^>]*fill="(#b9c4cf|#1a1a1a)"/g)].map(([, fill]) => fill);
  // The first two are the legend's.
  assert.deepEqual(bars, ["#b9c4cf", "#1a1a1a", "#b9c4cf", "#1a1a1a", "#b9c4cf"]);
  assert.match(text, /4 harmonics against their limits: 1 beyond \(5 with 6.01 % of at most 6 %\), 1 not known/);
});

test("a linear scale holds its values, its ticks rise within it, and they are few", () => {
  const value = fc.double({ min: -1e9, max: 1e9, noNaN: true });
  fc.assert(
    fc.property(value, value, fc.integer({ min: 2, max: 10 }), (a, b, about) => {
      const [least, most] = [Math.min(a, b), Math.max(a, b)];
      const scale = linearScale(least, most, about);
      const slack = 1e-6 * Math.max(most - least, 1e-6);
      assert.ok(scale.from <= least + slack && scale.to >= most - slack, `${scale.from} to ${scale.to}`);
      assert.ok(scale.ticks.length >= 2 && scale.ticks.length <= about + 3, `${scale.ticks.length} ticks`);
      scale.ticks.forEach(({ at }, k) => assert.ok(k === 0 || at > scale.ticks[k - 1]!.at));
    }),
  );
  assert.deepEqual(
    linearScale(0, 7.3, 5).ticks.map(({ text }) => text),
    ["0", "2", "4", "6", "8"],
  );
  assert.deepEqual(
    linearScale(0.1, 0.32, 5, "kept").ticks.map(({ text }) => text),
    ["0.10", "0.15", "0.20", "0.25", "0.30"],
  );
});

test("durations are in the words that people use, and their scale is logarithmic", () => {
  assert.deepEqual([1e-4, 1e-3, 0.02, 1, 100].map(durationText), ["100 µs", "1 ms", "20 ms", "1 s", "100 s"]);
  const scale = durationScale(1e-4, 100);
  assert.deepEqual(
    scale.ticks.map(({ text }) => text),
    ["100 µs", "1 ms", "10 ms", "100 ms", "1 s", "10 s", "100 s"],
  );
  assert.ok(Math.abs(partOf(scale, 0.1) - 0.5) < 1e-12);
});

test("days begin at midnight where the site is, also when the clocks go on", () => {
  const ticks = timeScale(Date.UTC(2026, 2, 27, 12), Date.UTC(2026, 2, 31), "Europe/Berlin").ticks;
  const midnights = [
    "2026-03-28T00:00+01:00",
    "2026-03-29T00:00+01:00",
    "2026-03-30T00:00+02:00",
    "2026-03-31T00:00+02:00",
  ];
  assert.deepEqual(
    ticks.filter(({ text }) => text.startsWith("03-")).map(({ at }) => at),
    midnights.map((text) => Temporal.Instant.from(text).epochMilliseconds),
  );
  const hours = timeScale(Date.UTC(2026, 2, 27, 12), Date.UTC(2026, 2, 27, 14), "UTC").ticks.map(({ text }) => text);
  assert.deepEqual(hours, ["12:00", "12:30", "13:00", "13:30", "14:00"]);
  const begin = Date.UTC(2026, 2, 27, 23, 59, 40);
  const seconds = timeScale(begin, begin + 60_000, "UTC").ticks;
  assert.deepEqual(
    seconds.map(({ text }) => text),
    ["23:59:40", "23:59:50", "03-28", "00:00:10", "00:00:20", "00:00:30", "00:00:40"],
  );
  assert.deepEqual(
    seconds.map(({ at }) => at - begin),
    [0, 10, 20, 30, 40, 50, 60].map((after) => 1000 * after),
  );
});
