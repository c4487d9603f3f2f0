/** The waveforms and half-cycle RMS of a file: volts and amps, each with a mark where it was triggered. */
import { useEffect, useState } from "preact/hooks";
import type { FileContentView, TrackView } from "#quantity/meter-api.ts";
import { Chart } from "./chart.tsx";
import { preciseClockText } from "./local-time.ts";
import { Notice } from "./notice.tsx";
import { askFile } from "./site.ts";

interface Props {
  readonly meter: string;
  readonly file: string;
  readonly offsetMinutes: number;
}

/** What each track is, by its kind and unit. */
const titles = {
  waveform: { V: "Waveforms of the volts", A: "Waveforms of the amps" },
  rms: { V: "Volts of each half cycle", A: "Amps of each half cycle" },
} as const;

/** The style of a phase: "A-N" is a's. */
function styleOf(phase: string): string {
  const [first = ""] = phase;
  return /[ABC]/.test(first) ? first.toLowerCase() : "apparent";
}

export function RecordedFile({ meter, file, offsetMinutes }: Props) {
  const [content, take] = useState<FileContentView | "failed" | undefined>(undefined);
  useEffect(() => {
    let isOver = false;
    askFile(meter, file).then(
      (found) => isOver || take(found),
      () => isOver || take("failed"),
    );
    return () => {
      isOver = true;
    };
  }, [meter, file]);
  if (content === undefined) return <Notice>Asking for the file.</Notice>;
  if (content === "failed") return <Notice kind="trouble">The file cannot be read, or is no more.</Notice>;
  return (
    <div id="recorded">
      {content.observations.map(({ name, disturbance, utc, triggered, tracks }, k) => (
        <div key={k} role="group" aria-label={`${name} at ${utc ?? "no known time"}`}>
          <h3>{[name, disturbance].filter((part) => part !== undefined && part !== "").join(", ")}</h3>
          {tracks.map((track, n) => (
            <Track
              key={n}
              id={`recorded-${k}-${n}`}
              track={track}
              begin={utc === undefined ? 0 : Date.parse(utc) + 60_000 * offsetMinutes}
              triggered={triggered}
            />
          ))}
        </div>
      ))}
    </div>
  );
}

interface TrackProps {
  readonly id: string;
  readonly track: TrackView;
  /** Milliseconds of the wall clock. */
  readonly begin: number;
  readonly triggered: number | undefined;
}

function Track({ id, track: { kind, unit, times, channels }, begin, triggered }: TrackProps) {
  const title = titles[kind][unit];
  const at = (seconds: number): number => begin + 1000 * seconds;
  return (
    <>
      <p class="scale">{title}</p>
      <Chart
        id={id}
        label={title}
        times={times.map(at)}
        lines={channels.map(({ name, phase, values }) => ({ name, style: styleOf(phase), unit, values }))}
        marks={triggered === undefined ? [] : [{ at: at(triggered) }]}
        timeText={(ms) => preciseClockText(ms)}
        height={170}
      />
    </>
  );
}
