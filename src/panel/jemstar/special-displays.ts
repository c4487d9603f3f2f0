/** Displays that show no register (sections Special Displays, Phasor Display, Communication Status Display, Alarm Display). */
import { NO_ALARMS, ports, protocols, states } from "#model/jemstar-panel.ts";
import type { Measure } from "#quantity/measure.ts";
import type { MeterSurface, PortState } from "#quantity/meter-surface.ts";
import type { Part, Tone, Vector } from "#panel/picture.ts";
import { nameplateOf, textOf, within } from "./setup.ts";
import { alarmTime } from "./times.ts";

const phases = ["a", "b", "c"] as const;
const level = (quantity: "V" | "V.ll" | "A", phase: Measure["phase"]): Measure => ({
  quantity,
  phase,
  direction: "bidirectional",
  compensated: false,
});
const angleOf = (measure: Measure): Measure => ({ ...measure, method: "fundamental", part: "angle" });

/** Made once: a surface remembers where it finds what it has been asked for. */
const vectorsOf = (volts: "V" | "V.ll", names: readonly string[]) =>
  [
    { of: "volts" as const, quantity: volts, names, unit: "V" },
    { of: "amps" as const, quantity: "A" as const, names: ["Ia", "Ib", "Ic"], unit: "A" },
  ].flatMap(({ of, quantity, names: all, unit }) =>
    phases.map((phase, k) => {
      const measure = level(quantity, phase);
      return { of, unit, name: all[k] ?? "", measure, angle: angleOf(measure) };
    }),
  );
const toNeutral = vectorsOf("V", ["Va", "Vb", "Vc"]);
const lineToLine = vectorsOf("V.ll", ["Vab", "Vbc", "Vca"]);

/** Volts and amps at the terminals, with their angles; the solid lines are volts. */
export function phasorPart(surface: MeterSurface): Part {
  const hasNeutral = !/3 wire|open delta/.test(textOf(nameplateOf(surface)["connection"]));
  const read = (measure: Measure): number | undefined => surface.read(measure, "secondary").value;
  const shown = (hasNeutral ? toNeutral : lineToLine).map(({ of, unit, name, measure, angle }) => {
    const value = read(measure);
    return { of, unit, name, value, angle: value === undefined ? undefined : read(angle) };
  });
  const longest = (of: Vector["of"]): number =>
    Math.max(0, ...shown.filter((one) => one.of === of).map(({ value = 0 }) => value));
  return {
    part: "phasor",
    vectors: shown.map(({ of, unit, name, value, angle }) => ({
      name,
      of,
      magnitude: value === undefined ? undefined : `${value.toFixed(of === "volts" ? 2 : 3)} ${unit}`,
      angle,
      length: longest(of) === 0 ? 0 : (value ?? 0) / longest(of),
    })),
  };
}

/** Every protocol on every port; what is not installed is grey. */
export function matrixPart(surface: MeterSurface, configuration: unknown): Part {
  const there = within(configuration, "communications");
  const stateOf = ({ port, section }: (typeof ports)[number], protocol: string | undefined): PortState => {
    if (port === undefined || protocol === undefined) return "absent";
    const state = surface.port(port, protocol);
    if (state !== "absent" || within(there, section)["protocol"] !== protocol) return state;
    // "The port and protocol have been configured and are ready for operation": also where nobody has plugged in a line.
    const isFree = protocols.every(
      (one) => one.protocol === undefined || surface.port(port, one.protocol) === "absent",
    );
    return isFree ? "Ready" : state;
  };
  return {
    part: "matrix",
    columns: ports.map(({ column, section }) => ({
      name: column,
      there: section !== undefined && there[section] !== undefined,
    })),
    rows: protocols.map(({ row, protocol }) => ({
      name: row,
      cells: ports.map((port) => {
        const state = stateOf(port, protocol);
        const known = states.find((one) => one.state === state);
        return known === undefined
          ? { text: "", tone: "grey" as Tone }
          : { text: known.state, tone: known.tone as Tone };
      }),
    })),
    legend: states.map(({ state, tone }) => ({ text: state, tone })),
  };
}

/** Alarms that a screen has room for. */
const ALARMS_A_SCREEN = 8;

export function alarmScreens(surface: MeterSurface): number {
  return Math.max(1, Math.ceil(surface.status().alarms.length / ALARMS_A_SCREEN));
}

/** A screen of the alarms that are on, from 0. */
export function alarmParts(surface: MeterSurface, screen: number): readonly Part[] {
  const from = ALARMS_A_SCREEN * screen;
  const table: Part = {
    part: "table",
    columns: ["Trigger", "Trigger Description", "Value", "Date/Time"],
    rows: surface
      .status()
      .alarms.slice(from, from + ALARMS_A_SCREEN)
      .map((alarm) => [
        String(alarm.id),
        alarm.description ?? alarm.label,
        alarm.value.toFixed(3),
        alarmTime(alarm.since),
      ]),
  };
  return table.rows.length > 0 ? [table] : [table, { part: "lines", lines: [{ text: NO_ALARMS, tone: "good" }] }];
}
