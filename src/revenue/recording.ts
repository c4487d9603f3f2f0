/** What records at a meter's terminals: made by whoever makes the meter, told what its configuration says, and switched off with its power. */
import type { Captured } from "#quantity/captured.ts";
import type { GridSink } from "#waveform/grid-feed.ts";
import type { SeekTransient } from "#revenue/events/triggers.ts";
import { connections } from "#revenue/settings/connections.ts";
import { kindsOf } from "#revenue/settings/recordings.ts";
import { switched } from "#waveform/switched-sink.ts";
import type { CapturePart, RevenueMeterOptions } from "./revenue-options.ts";

export interface CapturesContext {
  readonly utc: () => number;
  readonly isPowered: () => boolean;
  readonly captured: (captured: Captured) => void;
}

/** The part of a meter on which power quality is enabled and some trigger records; undefined of others, and of sources that have no samples. */
export function capturesOf(
  options: RevenueMeterOptions,
  { utc, isPowered, captured }: CapturesContext,
): CapturePart | undefined {
  const { configuration, powerQuality = false, source, recording, transformers, hz = 60 } = options;
  if (!powerQuality || source.kind !== "samples") return undefined;
  const { connection, nominalVoltage, pqVoltage } = configuration.primary;
  const part = recording?.captures({
    wiring: connections[connection].wiring,
    hz: hz === 50 ? 50 : 60,
    nominalVolts: nominalVoltage * transformers.pt,
    pqVoltage,
    kinds: kindsOf(configuration.triggers, configuration.powerQuality),
    utc,
    onCapture: captured,
  });
  if (part === undefined) return undefined;
  return {
    ...switched(part, isPowered),
    trigger: (kind, id, at) => part.trigger(kind, id, at),
    clear: (id, at) => part.clear(id, at),
    isRunning: (kind) => part.isRunning(kind),
    powerDown: () => part.powerDown(),
    end: (why) => part.end(why),
  };
}

/** What looks for transients; undefined where there are no samples, or nobody who can. */
export function seekerOf({
  configuration,
  source,
  recording,
  transformers: { pt },
}: RevenueMeterOptions): SeekTransient | undefined {
  if (source.kind !== "samples" || recording === undefined) return undefined;
  const { wiring, neutral } = connections[configuration.primary.connection];
  return ({ measure, phase, alarm = 0, transient = { samples: 1, reset: 1 } }) => {
    const volts = measure?.quantity === "V.ll" || !neutral ? "ll" : "ln";
    const of = phase === "a" || phase === "b" || phase === "c" ? phase : "any";
    return {
      ratio: pt,
      sought: recording.transient({ ...transient, volts, phase: of, level: alarm, wiring, ratio: pt }),
    };
  };
}

/** A sink of the grid for what records, and for whoever looks at half cycles after it while there is power: what it sees next is behind a gap. */
export function recordingSink(
  captures: CapturePart | undefined,
  look: GridSink["half"],
  isPowered: () => boolean,
): GridSink {
  const looking = switched({ half: look }, isPowered);
  return {
    begin: (at) => captures?.begin?.(at),
    half(taken) {
      captures?.half(taken);
      looking.half(taken);
    },
    pause: () => captures?.pause?.(),
    finish: () => captures?.finish?.(),
  };
}
