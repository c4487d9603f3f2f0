/** What everything was judged by, and where each setting is from. */
import type { En50160Settings } from "#analysis/en50160.ts";
import type { Examination } from "#analysis/examination.ts";
import { usualEventLimits, type EventLimits } from "#analysis/examine-settings.ts";
import type { Ieee519Settings } from "#analysis/ieee519.ts";
import { withUnit, type Figures } from "./figures.ts";
import type { JudgedRecord, JudgeSettings } from "./judged.ts";
import { section, type Markup } from "./markup.ts";
import { table, words, type TableRow } from "./table.ts";

type Row = readonly [what: string, value: string, from: string];

const USUAL = "as usual";
const GIVEN = "settings";

export function settingsSection(
  examination: Examination,
  judged: JudgedRecord,
  given: JudgeSettings,
  figures: Figures,
): Markup {
  const { declared, limits, signalHz } = examination;
  const rows: readonly Row[] = [
    ["declared voltage", figures.limit("volts", declared.volts), declared.voltsFrom],
    ["nominal frequency", withUnit(String(declared.hz), "Hz"), declared.hzFrom],
    ...limitRows(limits),
    ...(signalHz === undefined ? [] : [["mains signal", withUnit(String(signalHz), "Hz"), GIVEN] as const]),
    ...("settings" in judged.en50160 ? en50160Rows(judged.en50160.settings, given.en50160 ?? {}) : []),
    ...("settings" in judged.ieee519 ? ieee519Rows(judged.ieee519.settings, given.ieee519 ?? {}) : []),
  ];
  return section(
    "settings",
    2,
    "Settings",
    table({
      caption: "Settings and where they are from",
      columns: [words("what"), words("value"), words("from")],
      rows: rows.map((cells): TableRow => ({ cells: [...cells] })),
    }),
  );
}

function limitRows(limits: EventLimits): readonly Row[] {
  const row = (what: string, key: keyof EventLimits, words: (percent: string) => string): Row => {
    const percent = withUnit(String(Number((100 * limits[key]).toPrecision(4))), "%");
    const from = limits[key] === usualEventLimits[key] ? USUAL : GIVEN;
    return [what, words(percent), from];
  };
  return [
    row("dip", "dip", (percent) => `below ${percent} of the declared voltage`),
    row("swell", "swell", (percent) => `above ${percent}`),
    row("interruption", "interruption", (percent) => `all voltages below ${percent}`),
    row("hysteresis of the three", "hysteresis", (percent) => percent),
    row("rapid change", "rapidChange", (percent) => `more than ${percent} from the mean of a second`),
    row("transient", "transient", (percent) => `more than ${percent} of the peak of the declared voltage`),
  ];
}

function en50160Rows(
  { edition, level, connection, nominal, flagged, leastKnown }: En50160Settings,
  given: Partial<En50160Settings>,
): readonly Row[] {
  const from = (key: keyof En50160Settings, usual: string): string => (given[key] === undefined ? usual : GIVEN);
  return [
    ["EN 50160, edition", edition, from("edition", USUAL)],
    ["EN 50160, network", `${level} voltage`, from("level", "by the declared voltage")],
    ["EN 50160, connection", connection, from("connection", USUAL)],
    ["EN 50160, nominal voltage", withUnit(String(nominal), "V"), from("nominal", "the declared voltage")],
    ["EN 50160, flagged intervals", flagged, from("flagged", USUAL)],
    ["EN 50160, least that has to be known of a week", withUnit(String(leastKnown), "%"), from("leastKnown", USUAL)],
  ];
}

function ieee519Rows(settings: Ieee519Settings, given: Partial<Ieee519Settings>): readonly Row[] {
  const { busVolts, loadCurrent, shortCircuitRatio, shortCircuitCurrent, generation, flagged, leastKnown } = settings;
  const from = (key: keyof Ieee519Settings, usual: string): string => (given[key] === undefined ? usual : GIVEN);
  const known = (what: string, value: number | undefined, unit: string): readonly Row[] =>
    value === undefined ? [] : [[what, withUnit(String(value), unit), GIVEN]];
  const bus = withUnit(String(Number(busVolts.toPrecision(5))), "V");
  return [
    ["IEEE 519, bus, line to line", bus, from("busVolts", "by the declared voltage and the wiring")],
    ...(loadCurrent === undefined
      ? [["IEEE 519, load current IL", "not given", ""] as const]
      : known("IEEE 519, load current IL", loadCurrent, "A")),
    ...known("IEEE 519, Isc/IL", shortCircuitRatio, ""),
    ...known("IEEE 519, short-circuit current Isc", shortCircuitCurrent, "A"),
    ...known("IEEE 519, generation of the average load demand", generation, "%"),
    ["IEEE 519, flagged intervals", flagged, from("flagged", USUAL)],
    [
      "IEEE 519, least that has to be known of a day or week",
      withUnit(String(leastKnown), "%"),
      from("leastKnown", USUAL),
    ],
  ];
}
