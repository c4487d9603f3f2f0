/** What records at a JEMStar II, as its configuration has it: captures and transients of the quality room. */
import { Captures } from "#quality/captures.ts";
import { capacityOf, type Capacity } from "#quality/capture-settings.ts";
import { Transient } from "#quality/transient.ts";
import { captureKinds, type CaptureKind } from "#quantity/captured.ts";
import { same } from "#quantity/same.ts";
import { wiringOf } from "#quantity/wiring.ts";
import type { CapturePart, RecordingMakers } from "#revenue/revenue-options.ts";
import type { Ordered } from "#revenue/settings/model-number.ts";
import type { CapturesSettings, RecordingsSettings } from "#revenue/settings/recordings.ts";

/** Instants a cycle of a revenue meter's grid. */
const GRID = 512;

/** The options of which one must have been ordered. */
export const recordingOptions = { highSpeedRms: ["PQ1", "PQ3"], waveform: ["PQ2", "PQ3"] } as const;

/** The kinds of recordings that were ordered. */
export function orderedKinds({ options }: Pick<Ordered, "options">): readonly CaptureKind[] {
  const has = (any: readonly string[]): boolean => any.some((one) => options.has(one));
  return captureKinds.filter((kind) => has(kind === "rms" ? recordingOptions.highSpeedRms : recordingOptions.waveform));
}

/** About how large a record of each kind is that was ordered, and how many are kept. */
export function capacitiesOf(
  { highSpeedRms, waveforms }: RecordingsSettings,
  ordered: Pick<Ordered, "options">,
): Readonly<Partial<Record<CaptureKind, Capacity>>> {
  const settingsOf = { rms: highSpeedRms, ...waveforms };
  return Object.fromEntries(orderedKinds(ordered).map((kind) => [kind, capacityOf(kind, settingsOf[kind])]));
}

/** What captures have of the meter that they are in at the moment. */
type OfMeter = Pick<CapturesSettings, "utc" | "onCapture">;

interface Kept {
  readonly settings: object;
  readonly part: CapturePart;
  readonly meter: OfMeter;
}

/** The values of each half cycle, where an instrument has measured them already. */
export interface Shared {
  urms: Parameters<Captures["half"]>[1];
}

/**
 * Makes what records at one meter: it goes on, with what it is recording, when a configuration is applied that says nothing new of it; else that
 * ends.
 */
export function recordings(shared: Shared): RecordingMakers {
  let kept: Kept | undefined;
  return {
    captures({ utc, onCapture, ...settings }) {
      if (kept !== undefined && same(kept.settings, settings)) {
        Object.assign(kept.meter, { utc, onCapture });
        return kept.part;
      }
      // What ends with it is handed to the meter of now.
      if (kept !== undefined) Object.assign(kept.meter, { utc, onCapture });
      kept?.part.end("configuration");
      kept = Object.keys(settings.kinds).length === 0 ? undefined : made(settings, { utc, onCapture }, shared);
      return kept?.part;
    },
    transient: ({ wiring, ratio, ...sought }) => new Transient(sought, wiringOf(wiring), ratio),
  };
}

function made(settings: Omit<CapturesSettings, keyof OfMeter>, meter: OfMeter, shared: Shared): Kept {
  const { wiring: name, nominalVolts, pqVoltage, ...rest } = settings;
  const wiring = wiringOf(name);
  // The nominal voltage is that of the volts that power quality is measured of; captures take the one to neutral where there is any.
  const isOther = pqVoltage === "ll" && wiring.ln.length > 0;
  const captures = new Captures({
    ...rest,
    wiring,
    pqVoltage,
    grid: GRID,
    nominalVolts: isOther ? nominalVolts * wiring.lnOverSystem : nominalVolts,
    utc: () => meter.utc(),
    onCapture: (captured) => meter.onCapture(captured),
  });
  const part: CapturePart = {
    begin: (at) => captures.begin(at),
    half(half) {
      captures.half(half, shared.urms);
      shared.urms = undefined;
    },
    pause: () => captures.pause(),
    trigger: (kind, id, at) => captures.trigger(kind, id, at),
    clear: (id, at) => captures.clear(id, at),
    isRunning: (kind) => captures.isRunning(kind),
    powerDown: () => captures.powerDown(),
    end: (why) => captures.end(why),
  };
  return { settings, part, meter };
}
