/**
 * A recording of an observation of PQDIF alone, as COMTRADE (C37.111-2013, one file, 16 bits). Its instants are parts of the line's own cycles:
 * where the line's frequency changes it has as many rates as they are even with.
 */
import { writeComtradeCff, type ComtradeAnalog } from "#format/comtrade-writer.ts";
import { utcOf, type Observation } from "#format/pqdif/pqdif.ts";
import type { RecordingPlace } from "./capture-channels.ts";
import { evenStretches } from "./even-stretches.ts";

const letters: Readonly<Record<string, string>> = {
  "A-N": "A",
  "B-N": "B",
  "C-N": "C",
  "N-G": "N",
  "A-B": "AB",
  "B-C": "BC",
  "C-A": "CA",
};

/** The bytes of the file; undefined where the observation has no such recording. */
export function recordingComtrade(
  { source, settings, start, triggered, channels }: Observation,
  { from, count }: RecordingPlace,
  station: string,
): Uint8Array<ArrayBuffer> | undefined {
  const instances = channels.slice(from, from + count);
  const times = instances[0]?.series[0]?.values;
  if (times === undefined || times.length === 0) return undefined;
  const analogs = instances.flatMap(({ definition = NaN, series }): ComtradeAnalog[] => {
    const channel = source.channels[definition];
    if (channel === undefined) return [];
    const ratio = settings?.channels.find((one) => one.channel === definition)?.systemSideRatio ?? 1;
    const phase = letters[String(channel.phase)] ?? "";
    const name = channel.name ?? "";
    return series
      .slice(1)
      .map(({ values }, k): ComtradeAnalog =>
        channel.series[k + 1]?.valueType === "phase angle"
          ? { name: `${name} angle`, phase, unit: "deg", samples: values }
          : { name, phase, unit: channel.measured === "current" ? "A" : "V", samples: values, primary: ratio },
      );
  });
  const first = times[0] ?? 0;
  const startUtc = utcOf(start);
  return writeComtradeCff(
    {
      station,
      device: source.serial ?? "",
      lineHz: settings?.nominalHz ?? 0,
      channels: analogs,
      rates: evenStretches(times),
      start: startUtc + 1000 * first,
      ...(triggered === undefined ? {} : { trigger: utcOf(triggered) }),
    },
    "BINARY",
  );
}
