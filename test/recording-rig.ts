/** A whole meter with power quality on samples from a formula, and what its triggers leave: what tests of recordings stand on. */
import assert from "node:assert/strict";
import { instrumentOf } from "#product/jemstar/quality-instrument.ts";
import { recordings, type Shared } from "#product/jemstar/recordings.ts";
import { factoryCaptures } from "#quality/capture-settings.ts";
import type { Captured, CaptureKind } from "#quantity/captured.ts";
import type { LogKind } from "#quantity/log.ts";
import type { Observation } from "#quantity/observation.ts";
import type { RevenueConfiguration, TriggerSettings } from "#revenue/settings/configuration.ts";
import type { RecordingsSettings } from "#revenue/settings/recordings.ts";
import type { Source } from "#waveform/source.ts";
import { FormulaSource, radians, steady, type FormulaOptions } from "./formula-source.ts";
import { measure, plain, revenueRig, trigger } from "./revenue-rig.ts";

export const MIDNIGHT = Date.parse("2026-01-01T00:00:00Z");
export const HZ = 60;
const VOLTS = [120, 119, 121] as const;
const AMPS = [5, 4, 3] as const;

export const powerQuality: RecordingsSettings = {
  highSpeedRms: factoryCaptures.rms,
  waveforms: { low: factoryCaptures.low, medium: factoryCaptures.medium, high: factoryCaptures.high },
};

/** Part of the volts that is left of a phase, from a time on for so many seconds. */
export interface Dip {
  readonly phases: readonly number[];
  readonly at: number;
  readonly seconds: number;
  readonly residual: number;
}

export const levelAt = (dips: readonly Dip[], channel: number, t: number): number =>
  dips.find(({ phases, at, seconds }) => phases.includes(channel) && t >= at - 1e-9 && t < at + seconds - 1e-9)
    ?.residual ?? 1;

export const signal = [0, 1, 2, 3, 4, 5].map((c) => [
  { order: 1, rms: c < 3 ? VOLTS[c]! : AMPS[c - 3]!, degrees: -120 * (c % 3) - (c < 3 ? 0 : 30) },
]);

/** What a channel is at a time. */
export function valueAt(dips: readonly Dip[], channel: number, t: number): number {
  const { rms, degrees } = signal[channel]![0]!;
  return Math.SQRT2 * rms * Math.sin(2 * Math.PI * HZ * t + degrees * radians) * levelAt(dips, channel, t);
}

export const source = (dips: readonly Dip[], more: Partial<FormulaOptions> = {}): FormulaSource =>
  new FormulaSource({ signal, rate: 512 * HZ, turns: steady(HZ), envelope: (c, t) => levelAt(dips, c, t), ...more });

export const sagTrigger = (changes: Partial<TriggerSettings> = {}): TriggerSettings =>
  trigger(1, {
    label: "Sag",
    measure: measure("V", "bidirectional"),
    phase: "any",
    operator: "<",
    alarm: 108,
    reset: 110.4,
    records: "sagSwell",
    ...changes,
  });

export function meterOn(
  of: Source,
  changes: Partial<RevenueConfiguration>,
  more: Partial<Parameters<typeof revenueRig>[2]> = {},
) {
  const observed: Observation[] = [];
  const shared: Shared = { urms: undefined };
  const rig = revenueRig({ registers: { ...plain.registers, normal: [] }, powerQuality, ...changes }, undefined, {
    source: of,
    terminals: { auxiliary: true },
    powerQuality: true,
    quality: instrumentOf(shared),
    recording: recordings(shared),
    observe: (observation) => void observed.push(observation),
    ...more,
  });
  let elapsed = 0;
  return {
    rig,
    observed,
    run(seconds: number): void {
      for (const end = elapsed + 1000 * seconds; elapsed < end - 1e-6;) rig.meter.advance((elapsed += 250));
    },
    log: (kind: LogKind) => rig.meter.log.entries(kind),
  };
}

export function near(found: number, expected: number, tolerance: number, what: string): void {
  assert.ok(Math.abs(found - expected) <= tolerance, `${what}: ${found} for ${expected}`);
}

export const kindsOf = ({ captures }: Observation): readonly CaptureKind[] => captures.map(({ kind }) => kind);

/** Compares every value of a capture that is not beside an edge with the formula that it was sampled from; its largest difference. */
export function worst({ names, channels, times, at }: Captured, dips: readonly Dip[], scale = 1): number {
  const edges = dips.flatMap(({ at: begin, seconds }) => [begin, begin + seconds]);
  let most = 0;
  names.forEach((name, k) => {
    const channel = (name.startsWith("V") ? 0 : 3) + "abc".indexOf(name[2]!);
    times.forEach((after, n) => {
      const t = at + after;
      if (edges.some((edge) => Math.abs(edge - t) < 0.002)) return;
      most = Math.max(most, Math.abs(channels[k]![n]! - scale * valueAt(dips, channel, t)));
    });
  });
  return most;
}
