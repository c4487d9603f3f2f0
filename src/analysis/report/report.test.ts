/** The report as a browser takes it: what its tables say is what was examined, and what is not known is not there. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { AssessmentRow } from "#analysis/assessment.ts";
import { assessEn50160, usualEn50160 } from "#analysis/en50160.ts";
import type { Examination } from "#analysis/examination.ts";
import { harmonicRecord, supplyRecord } from "#analysis/examined-records.ts";
import { examine } from "#analysis/examine.ts";
import { assessIeee519, usualIeee519 } from "#analysis/ieee519.ts";
import { computedReader, mapOf } from "#analysis/wave-fixture.ts";
import { darkRules } from "./dark.ts";
import { parsed, type Parsed } from "./parsed-html.ts";
import { examinedMinute, examinedWeek, manyEvents, SECONDS, START } from "./report-fixture.ts";
import { reportHtml, type ReportOptions } from "./report-html.ts";

const pageOf = (examination: Examination, options: ReportOptions = {}): Parsed =>
  parsed(reportHtml(examination, options));

/** The rows of a table by its caption, below its heads. */
function rowsOf(page: Parsed, caption: string | RegExp): readonly (readonly string[])[] {
  const found = page.all("table").find((table) => {
    const text = table.all("caption")[0]?.text ?? "";
    return typeof caption === "string" ? text === caption : caption.test(text);
  });
  assert.ok(found, `no table ${caption}`);
  return found.all("tbody").map((body) =>
    body
      .all("tr")[0]!
      .children.filter((cell) => cell.name !== "#text")
      .map(({ text }) => text),
  );
}

/** The number of a cell, and by how much its last digit may be off. */
function figureOf(text: string): { readonly value: number; readonly half: number } {
  const [digits] = /^−?[\d,]+(\.\d+)?/.exec(text) ?? [];
  assert.ok(digits !== undefined, `no number in "${text}"`);
  const decimals = digits.split(".")[1]?.length ?? 0;
  return { value: Number(digits.replace("−", "-").replaceAll(",", "")), half: 0.5 * 10 ** -decimals };
}

function says(text: string, value: number, what: string): void {
  const { value: found, half } = figureOf(text);
  assert.ok(Math.abs(found - value) <= half * 1.000001, `${what}: "${text}", and it was ${value}`);
}

const site: ReportOptions = { ieee519: { loadCurrent: 45, shortCircuitRatio: 60 } };

test("the table of events has each event as it was examined", () => {
  const examination = examinedMinute();
  const rows = rowsOf(pageOf(examination), "Events");
  const { events } = examination;
  assert.equal(events.length, 5);
  assert.equal(rows.length, events.length);
  for (const [k, event] of events.entries()) {
    const [number, start, duration, , percent, volts, channels, itic, f47, type, direction, cause] = rows[k]!;
    assert.equal(number, String(k + 1));
    assert.equal(Date.parse(`${start!.replace(" ", "T")}Z`), Math.round(START + 1000 * event.at));
    says(duration!, event.seconds, "duration");
    says(percent!, event.percent, "percent");
    says(volts!, event.volts, "volts");
    assert.equal(channels, event.channels.join(", "));
    assert.equal(itic, event.itic === undefined ? "–" : event.itic.passes ? "borne" : `${event.itic.region} region`);
    assert.equal(f47, event.f47 === undefined ? "–" : event.f47.passes ? "borne" : "below");
    assert.equal(type?.[0], event.explained?.type?.letter ?? "–");
    assert.equal(direction, event.explained?.direction?.direction ?? "–");
    assert.equal(cause, event.explained?.cause?.cause ?? "–");
  }
});

test("a named cause stands with every criterion that it was named by", () => {
  const examination = examinedMinute();
  const page = pageOf(examination);
  const named = examination.events.filter(({ explained }) => explained?.cause?.cause === "fault");
  assert.ok(named.length >= 2);
  const [, , , , change] = examination.events;
  assert.equal(change?.explained?.cause?.cause, "unknown");
  assert.ok(page.text.includes("No cause has all of its criteria"));
  for (const cause of ["capacitor switching", "transformer energising", "motor start", "fault"]) {
    assert.ok(page.text.includes(`not ${cause}: `), cause);
  }
  for (const { byChannel } of examination.events) assert.equal(byChannel.length, 3);
  const drawings = page.all("section").filter(({ attributes }) => /^event-\d+$/.test(attributes.get("id") ?? ""));
  for (const [k, { text }] of drawings.entries()) {
    const volts = [...text.matchAll(/V\.([abc]) (\d+\.\d)\s+V/g)].map(([, phase, digits]) => [phase, Number(digits)]);
    assert.deepEqual(
      volts,
      examination.events[k]?.byChannel.map(({ name, volts }) => [name.slice(2), Number(volts.toFixed(1))]),
    );
  }
  for (const { explained } of named) {
    for (const { says } of explained?.cause?.criteria ?? []) assert.ok(page.text.includes(says), says);
  }
});

/** Rows of an assessment against a table of orders: a column of limits and one a channel. */
function ordersAgree(table: readonly (readonly string[])[], groups: readonly (readonly AssessmentRow[])[]): number {
  let compared = 0;
  for (const cells of table) {
    const what = /^\d+$/.test(cells[0]!) ? `harmonic ${cells[0]}` : cells[0]!;
    let at = 1;
    for (const rows of groups) {
      const channels = [...new Set(rows.map(({ name }) => name))];
      const limit = cells[at++]!;
      for (const name of channels) {
        const row = rows.find((one) => one.what === what && one.name === name);
        const text = cells[at++]!;
        if (row?.value === undefined) {
          assert.ok(text.startsWith("–"), `${what} of ${name}: ${text}`);
          continue;
        }
        assert.equal(Number(limit), Number(row.high?.toPrecision(6)), `limit of ${what}`);
        says(text, row.value, `${what} of ${name}`);
        // Never on the other side of the limit.
        assert.equal(figureOf(text).value > row.high!, row.value > row.high!, `${what} of ${name}`);
        assert.equal(text.includes("failed"), row.verdict === "fail");
        assert.equal(text.includes("undecided"), row.verdict === "undecided");
        compared++;
      }
    }
    assert.equal(cells.length, at, `cells of ${what}`);
  }
  return compared;
}

test("EN 50160: every figure and verdict of a week is the assessment's", () => {
  const week = examinedWeek();
  const [assessed] = assessEn50160(supplyRecord(week), { ...usualEn50160, nominal: 230 });
  const page = pageOf(week);
  const others = assessed!.rows.filter(({ what }) => !what.startsWith("harmonic"));
  const rows = rowsOf(page, "Supply voltage against EN 50160");
  assert.equal(rows.length, others.length);
  assert.equal(others.length, 2 + 6 + 3 + 1 + 3);
  for (const [k, row] of others.entries()) {
    const [what, name, clause, band, share, found, within, worst, worstAt, valid, flagged, verdict] = rows[k]!;
    assert.deepEqual([what, name, clause], [row.what, row.name, row.clause]);
    const limits = [...band!.matchAll(/[\d.]+/g)].map(([digits]) => Number(digits));
    assert.deepEqual(
      limits,
      [row.low, row.high].flatMap((limit) => (limit === undefined ? [] : [Number(limit.toPrecision(6))])),
    );
    says(share!, row.percent, "percent of intervals");
    says(found!, row.value!, `${row.what} of ${row.name}`);
    says(within!, row.share!, "share");
    says(worst!, row.worst!.value, "worst");
    assert.equal(Date.parse(`${worstAt!.replace(" ", "T")}Z`), row.worst!.utc);
    assert.equal(valid!.replaceAll(",", ""), `${row.valid} of ${row.expected}`);
    assert.equal(Number(flagged), row.flaggedOut);
    assert.ok(verdict!.includes({ pass: "passed", fail: "failed", undecided: "undecided" }[row.verdict]), `${verdict}`);
  }
  const harmonics = assessed!.rows.filter(({ what }) => what.startsWith("harmonic"));
  assert.equal(ordersAgree(rowsOf(page, /^Harmonic voltages by order, EN 50160/), [harmonics]), 3 * 24);
  // By construction the fifth of phase b is beyond in the evenings, and nothing else is.
  const failed = harmonics.filter(({ verdict }) => verdict === "fail").map(({ what, name }) => `${what} of ${name}`);
  assert.deepEqual(failed, ["harmonic 5 of V.b"]);
});

test("IEEE 519-2022: every order and total of a week is the assessment's", () => {
  const week = examinedWeek();
  const settings = { ...usualIeee519, busVolts: 230 * Math.sqrt(3), nominal: 230, ...site.ieee519 };
  const [assessed] = assessIeee519(harmonicRecord(week), settings);
  const of = (letter: string, of: string): readonly AssessmentRow[] =>
    assessed!.rows.filter(({ name, clause }) => name.startsWith(letter) && clause.endsWith(of));
  const page = pageOf(week, site);
  const volts = rowsOf(page, /^Harmonic voltages by order, IEEE 519/);
  assert.equal(ordersAgree(volts, [of("V", ", 95 % of 10 min of a week")]), 3 * 50);
  const amps = rowsOf(page, /^Harmonic currents by order, IEEE 519/);
  const [weekly, most] = [of("A", ", 1 x, 95 % of 10 min of a week"), of("A", ", 1.5 x, 99 % of 10 min of a week")];
  assert.equal(ordersAgree(amps, [most, weekly]), 2 * 3 * 50);
  assert.equal(amps[0]![0], "TDD");
});

test("the summary counts rows that failed and events of each class, and names the worst", () => {
  const week = examinedWeek();
  const page = pageOf(week, site);
  const [assessed] = assessEn50160(supplyRecord(week), { ...usualEn50160, nominal: 230 });
  const rows = rowsOf(page, "EN 50160, by quantity");
  assert.deepEqual(
    rows.map(([what]) => what),
    ["frequency", "voltage", "Plt", "unbalance", "THD", "harmonics of voltage"],
  );
  assert.equal(rows.at(-1)![1], `1 of ${assessed!.rows.filter(({ what }) => what.startsWith("harmonic")).length}`);
  assert.match(rows.at(-1)![2]!, /failed/);
  assert.match(rows[1]![2]!, /passed/);
  assert.deepEqual(
    rowsOf(page, "Events by class").map(([name, count, beyond]) => [name, count, beyond]),
    [
      ["instantaneous sag", "2", "2"],
      ["instantaneous swell", "1", "0"],
      ["momentary interruption", "1", "1"],
      ["rapid change", "1", "0"],
    ],
  );
  assert.match(page.text, /The worst is event 4: momentary interruption of 1\.\d{3}\s+s/);
});

test("what was measured: from and to in UTC and with the offset of the zone, gaps, settings and what was guessed", () => {
  const page = pageOf(examinedWeek(), { ...site, timeZone: "Europe/Berlin", files: ["a.pqd", "b.pqd"] });
  const said = new Map(rowsOf(page, "The recording").map(([what, value]) => [what, value]));
  assert.equal(said.get("files"), "a.pqd, b.pqd");
  assert.equal(said.get("first sample"), "2026-06-01 02:00:00.000+02:00 (Europe/Berlin), 2026-06-01 00:00:00.000 UTC");
  assert.equal(
    said.get("end of the last sample"),
    "2026-06-08 02:00:00.000+02:00 (Europe/Berlin), 2026-06-08 00:00:00.000 UTC",
  );
  assert.equal(said.get("without samples"), "1\u00a0gap, 3\u00a0h");
  assert.match(page.text, /2026-06-04 05:00:00\.000\+02:00: 3\s+h without samples/);
  const settings = new Map(
    rowsOf(page, "Settings and where they are from").map(([what, value, from]) => [what, [value, from] as const]),
  );
  assert.deepEqual(settings.get("declared voltage"), ["230\u00a0V", "settings"]);
  assert.deepEqual(settings.get("IEEE 519, load current IL"), ["45\u00a0A", "settings"]);
  assert.deepEqual(settings.get("EN 50160, edition"), ["2010", "as usual"]);
  const minute = rowsOf(pageOf(examinedMinute()), "Settings and where they are from");
  assert.match(minute[0]![2]!, /^guessed: the median of its first minute is 230\./);
  assert.throws(() => reportHtml(examinedMinute(), { timeZone: "Mars/Olympus" }), RangeError);
});

test("a gap is a gap in each line of a trend, and flagged intervals are marked", () => {
  const figure = pageOf(examinedWeek())
    .all("figure")
    .find(({ text }) => text.includes("Voltage, mean, least and largest"));
  const lines = figure!.all("path").filter(({ attributes }) => attributes.get("fill") === "none");
  assert.equal(lines.length, 3);
  // Two lines: before the gap and behind it.
  for (const { attributes } of lines) assert.equal(attributes.get("d")!.match(/M/g)!.length, 2);
  const [left, right] = [75 / 168, 78 / 168].map((part) => 58 + part * 646);
  for (const { attributes } of lines) {
    const xs = [...attributes.get("d")!.matchAll(/[ML]([\d.]+) /g)].map(([, x]) => Number(x));
    assert.ok(
      xs.every((x) => x <= left! || x >= right!),
      "nothing is drawn in the gap",
    );
  }
  const hatched = figure!.all("rect").filter(({ attributes }) => attributes.get("fill")?.startsWith("url("));
  assert.equal(hatched.length, 5 + 1, "five events and the legend");
});

test("what a recording cannot support is absent, with the reason", () => {
  const reader = computedReader({
    rate: 1600,
    seconds: 8,
    inputs: ["va"],
    value: (_, sample) => Math.SQRT2 * 118 * Math.sin((2 * Math.PI * 60 * sample) / 1600),
  });
  const page = pageOf(examine(reader, { wiring: "1-phase-ln", map: mapOf(["va"]) }));
  for (const words of [
    "nobody knows when it was: times count from it",
    "Not assessed: the line is of 60 Hz, and EN 50160 is of public networks of 50 Hz.",
    "current: the maximum demand load current IL is not set",
    "Current, mean, least and largest: the recording has no currents",
    "Frequency: no ten seconds of UTC have ended",
    "Unbalance, negative of positive sequence: there are fewer than three voltages or currents",
    "Short-term flicker severity Pst: no ten minutes have ended since measuring began",
    "No dip, swell, interruption, rapid change or transient.",
  ]) {
    assert.ok(page.text.includes(words), words);
  }
  assert.doesNotMatch(page.text, /NaN|undefined|Infinity|\[object/);
  // Times are of the recording, not of 1970.
  assert.doesNotMatch(page.text, /1970/);
  assert.ok(!page.all("figure").some(({ text }) => text.includes("Current, mean")));
});

test("a high voltage has no EN 50160, and volts are told in kV", () => {
  const week = examinedWeek();
  const page = pageOf({ ...week, declared: { ...week.declared, volts: 63_509 } });
  assert.ok(page.text.includes("Not assessed: 110001 V between lines: limits above 36 kV are not at hand."));
  assert.match(rowsOf(page, "Settings and where they are from")[0]![1]!, /^63\.509\s+kV$/);
});

const hostile = `"><img src=x onerror=alert(1)></title></style><script>alert("2")</script>&amp;\u0000\u202e'`;

test("names, reasons and remarks of others are words, whatever they are", () => {
  const week = examinedMinute();
  const rename = (name: string): string => (name === "V.a" ? `V.${hostile}` : name);
  const html = reportHtml(
    {
      ...week,
      file: hostile,
      channels: week.channels.map(rename),
      voltages: week.voltages.map(rename),
      declared: { ...week.declared, voltsFrom: hostile },
      warnings: [{ where: hostile, what: hostile }],
      absences: [{ from: 0, to: 1, reason: hostile }],
      left: [hostile],
      events: week.events.map((event) => ({
        ...event,
        channels: event.channels.map(rename),
        worst: rename(event.worst),
      })),
      intervals: week.intervals.map((table) => ({
        ...table,
        columns: table.columns.map((column) => ({ ...column, name: rename(column.name) })),
        harmonics: table.harmonics.map((column) => ({ ...column, name: rename(column.name) })),
      })),
    },
    { title: hostile, files: [hostile, "b"] },
  );
  const page = parsed(html);
  const names = new Set(page.all("*").map(({ name }) => name));
  for (const name of ["script", "img", "iframe", "object", "link", "base", "form", "foreignObject"]) {
    assert.ok(!names.has(name), name);
  }
  for (const { name, attributes } of page.all("*")) {
    for (const [key, value] of attributes) {
      assert.ok(!key.startsWith("on"), `${name} ${key}`);
      if (key === "href") assert.match(value, /^#/);
      assert.ok(key !== "src" && key !== "xlink:href", key);
    }
  }
  assert.ok(page.text.includes(`<img src=x onerror=alert(1)>`), "it is there, as words");
  assert.ok(!html.includes("\u0000"));
  assert.match(
    html,
    /<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">/,
  );
});

test("ids are unique, links lead somewhere, heads have scopes, and every plot has a title and a caption", () => {
  const page = pageOf(examinedWeek(), site);
  const ids = page.all("*").flatMap(({ attributes }) => attributes.get("id") ?? []);
  assert.equal(new Set(ids).size, ids.length);
  for (const { attributes } of page.all("a")) assert.ok(ids.includes(attributes.get("href")!.slice(1)));
  for (const { attributes } of page.all("th")) assert.match(attributes.get("scope") ?? "", /^(row|col|colgroup)$/);
  const figures = page.all("figure");
  assert.ok(figures.length > 20, `${figures.length}`);
  for (const figure of figures) {
    const [svg] = figure.all("svg");
    assert.equal(svg!.attributes.get("role"), "img");
    for (const id of svg!.attributes.get("aria-labelledby")!.split(" ")) assert.ok(ids.includes(id), id);
    assert.ok(figure.all("figcaption")[0]!.text.length > 10);
  }
  const levels = page.all("*").flatMap(({ name }) => (/^h[1-6]$/.test(name) ? [Number(name[1])] : []));
  for (const [k, level] of levels.entries()) assert.ok(k === 0 ? level === 1 : level <= levels[k - 1]! + 1);
});

test("every shade of a plot has its place on a dark screen", () => {
  const html = reportHtml(examinedWeek(), site);
  const shades = new Set([...html.matchAll(/ (?:fill|stroke)="(#[0-9a-f]+)"/g)].map(([, shade]) => shade!));
  assert.ok(shades.size >= 10);
  for (const shade of shades) assert.ok(darkRules.includes(`[fill="${shade}"]`), shade);
});

test("a thousand events, and ten thousand: less than three megabytes, and what is left out is said", () => {
  for (const [count, rows] of [
    [1000, 1000],
    [10_000, 1000],
  ] as const) {
    const html = reportHtml(examinedWeek(manyEvents(count)), site);
    const bytes = new TextEncoder().encode(html).length;
    assert.ok(bytes < 3_000_000, `${bytes} bytes of ${count} events`);
    const page = parsed(html);
    assert.equal(rowsOf(page, "Events").length, rows);
    const number = count.toLocaleString("en");
    const drawn = page.all("section").filter(({ attributes }) => /^event-\d+$/.test(attributes.get("id") ?? "")).length;
    assert.ok(drawn >= 5 && drawn <= 20, `${drawn} are drawn`);
    assert.ok(page.text.includes(`The worst ${drawn} of ${number}\u00a0events are drawn`));
    assert.equal(page.text.includes(`The first 1,000 of ${number}\u00a0events are listed.`), count > rows);
  }
});

test("of many weeks the first have tables, and each has its verdict", () => {
  const week = examinedWeek();
  const page = pageOf({ ...week, seconds: 53 * 7 * 86_400 });
  const sections = page.all("section").filter(({ attributes }) => /^en50160-\d+$/.test(attributes.get("id") ?? ""));
  assert.equal(sections.length, 4);
  assert.ok(page.text.includes("Of 49 more weeks the tables are not here:"));
  const items = page.all("li").filter(({ text }) => text.startsWith("EN 50160:2010, low voltage: "));
  assert.equal(items.length, 49);
  assert.match(items[0]!.text, /2026-06-29 00:00:00 to 2026-07-06 00:00:00 \? undecided$/);
});

test("no event is drawn where there is no room, and it is said", () => {
  const page = pageOf(examinedMinute(), { bounds: { characters: 1000 } });
  assert.ok(page.text.includes("None of them is drawn"));
  // What is not drawn is explained in the table.
  assert.match(page.text, /Likely cause, fault: the lowest phase falls by/);
});

test("the report of a minute is of the minute", () => {
  const page = pageOf(examinedMinute(), { title: "Feeder 3" });
  assert.equal(page.all("title")[0]!.text, "Feeder 3");
  assert.equal(page.all("h1")[0]!.text, "Feeder 3");
  const said = new Map(rowsOf(page, "The recording").map(([what, value]) => [what, value]));
  says(said.get("length")!, SECONDS, "length");
  assert.match(page.text, /4800\s+samples\/s/);
});
