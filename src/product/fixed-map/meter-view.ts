/** One meter as pages and programs see it: plain values for JSON. */
import { alertTexts } from "#meter/alerts.ts";
import { quantities } from "#quantity/quantity.ts";
import { unitOf } from "#quantity/unit.ts";
import type { VirtualMeter } from "./virtual-meter.ts";

export interface MeterView {
  readonly name: string;
  readonly model: string;
  readonly title: string;
  readonly serial: string;
  readonly firmware: number;
  readonly cycle: number;
  readonly wiring: string;
  /** By name; null where the meter does not measure it, or not yet. */
  readonly readings: Readonly<Record<string, number | null>>;
  readonly settings: Readonly<Record<string, number>>;
  readonly alerts: readonly string[];
  readonly alarmContact: "closed" | "open";
}

export interface WaveformView {
  readonly hz: number | null;
  readonly cycles: number;
  /** va, vb, vc, ia, ib, ic. */
  readonly channels: readonly (readonly number[])[];
}

export function viewOf({ model, instrument }: VirtualMeter): MeterView {
  const readings: Record<string, number | null> = {};
  for (const name of quantities) {
    const value = instrument.read(name);
    readings[name] = Number.isFinite(value) ? value : null;
  }
  const { identity } = instrument;
  return {
    name: instrument.name,
    model: model.name,
    title: model.title,
    serial: identity.serial,
    firmware: identity.firmware,
    cycle: instrument.cycle,
    wiring: instrument.wiring.means,
    readings,
    settings: instrument.settings(),
    alerts: alertTexts(instrument.alerts),
    alarmContact: instrument.alarmClosed ? "closed" : "open",
  };
}

/** Cycles that a waveform view shows. */
const CYCLES = 3;

export function waveformsOf({ instrument }: VirtualMeter): WaveformView | undefined {
  const channels = instrument.measurement.waveforms(CYCLES);
  if (channels === undefined) return undefined;
  const hz = Number.isFinite(instrument.result.hz) ? instrument.result.hz : null;
  return {
    hz,
    cycles: CYCLES,
    channels: channels.map((samples) => Array.from(samples, (x) => Math.round(x * 1000) / 1000)),
  };
}

/** The unit that goes with each name, for pages. */
export const unitsByName: Readonly<Record<string, string>> = Object.fromEntries(
  quantities.map((name) => [name, unitOf(name)]),
);
