/** Reports on whatever an examination may lack: each is a page, and nothing that is not known looks like something. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Examination, ExaminedEvent, ExaminedSeries, IntervalTable } from "#analysis/examination.ts";
import { parsed } from "./parsed-html.ts";
import { examinedMinute } from "./report-fixture.ts";
import { reportHtml } from "./report-html.ts";

const nothing = new Float64Array(0);

/** What is left of columns, of which each may not be known, and of rows, of which there may be none. */
function lackingTable(table: IntervalTable, is: () => boolean): IntervalTable {
  if (is()) {
    const columns = table.columns.map((column) => ({ ...column, mean: nothing, min: nothing, max: nothing }));
    const harmonics = table.harmonics.map((one) => ({ ...one, orders: one.orders.map(() => nothing) }));
    const flagged = new Uint8Array(0);
    return { ...table, start: nothing, end: nothing, covered: nothing, flagged, columns, harmonics };
  }
  const blank = (values: Float64Array): Float64Array =>
    is() ? values.map(() => NaN) : values.map((value) => (is() ? NaN : value));
  return {
    ...table,
    covered: table.covered.map((part) => (is() ? 0.3 : part)),
    columns: table.columns
      .filter(() => !is())
      .map((column) => ({ ...column, mean: blank(column.mean), min: blank(column.min), max: blank(column.max) })),
    harmonics: table.harmonics
      .filter(() => !is())
      .map((one) => ({ ...one, orders: one.orders.map((order) => (is() ? order.map(() => NaN) : order)) })),
  };
}

function lackingSeries(series: ExaminedSeries, is: () => boolean): ExaminedSeries {
  if (is()) return { ...series, start: nothing, values: nothing, flagged: new Uint8Array(0) };
  return { ...series, values: series.values.map((value) => (is() ? NaN : value)) };
}

function lackingEvent(event: ExaminedEvent, is: () => boolean): ExaminedEvent {
  const { trace, wave, explained, ieee1159, itic, f47, within, ...rest } = event;
  return {
    ...rest,
    sinceBefore: is(),
    ...(is() ? { cut: is() ? "gap" : "end" } : {}),
    ...(trace === undefined || is()
      ? {}
      : {
          trace: {
            ...trace,
            isCut: is(),
            channels: trace.channels.map((one) => ({ ...one, rms: one.rms.map((value) => (is() ? NaN : value)) })),
          },
        }),
    ...(wave === undefined || is()
      ? {}
      : { wave: is() ? { ...wave, channels: [] } : { ...wave, channels: wave.channels.filter(() => !is()) } }),
    ...(explained === undefined || is()
      ? {}
      : { explained: is() ? { reason: "three voltages are needed" } : explained }),
    ...(ieee1159 === undefined || is() ? {} : { ieee1159 }),
    ...(itic === undefined || is() ? {} : { itic }),
    ...(f47 === undefined || is() ? {} : { f47 }),
    ...(within === undefined || is() ? {} : { within }),
  };
}

function lacking(whole: Examination, is: () => boolean, volts: number): Examination {
  return {
    ...whole,
    startUtc: is() ? undefined : whole.startUtc,
    declared: { ...whole.declared, volts, hz: is() ? 60 : 50 },
    channels: whole.channels.filter(() => !is()),
    voltages: is() ? whole.voltages.slice(0, 1) : whole.voltages,
    segments: is() ? [] : whole.segments,
    gaps: is() ? Array.from({ length: 30 }, (_, k) => ({ at: k, seconds: 0.5 })) : [],
    intervals: whole.intervals.filter(() => !is()).map((table) => lackingTable(table, is)),
    frequency: lackingSeries(whole.frequency, is),
    pst: whole.pst.filter(() => !is()).map((series) => lackingSeries(series, is)),
    plt: whole.plt.filter(() => !is()).map((series) => lackingSeries(series, is)),
    events: is() ? [] : whole.events.filter(() => !is()).map((event) => lackingEvent(event, is)),
  };
}

test("whatever is missing, the report is a page without NaN, undefined or a value of 1970", () => {
  const whole = examinedMinute();
  fc.assert(
    fc.property(
      fc.infiniteStream(fc.integer({ min: 0, max: 99 })),
      fc.constantFrom(0, 10, 35, 80),
      fc.constantFrom(63.5, 230, 11_547, 132_790),
      (numbers, percent, volts) => {
        const is = (): boolean => numbers.next().value < percent;
        const examination = lacking(whole, is, volts);
        const page = parsed(reportHtml(examination, { bounds: { plotted: 2 } }));
        const said = /NaN|undefined|null|Infinity|\[object|1970/.exec(page.text);
        assert.equal(said, null, said === null ? "" : page.text.slice(Math.max(0, said.index - 80), said.index + 20));
        for (const { attributes } of page.all("*")) {
          for (const [key, value] of attributes) assert.doesNotMatch(value, /NaN|undefined|Infinity/, key);
        }
        for (const id of ["summary", "measured", "settings", "en50160", "ieee519", "harmonics", "trends", "events"]) {
          assert.ok(
            page.all("section").some(({ attributes }) => attributes.get("id") === id),
            id,
          );
        }
      },
    ),
    { numRuns: 60 },
  );
});
