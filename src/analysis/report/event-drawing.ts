/** One event: what it was, what it is explained by, its RMS by half cycles and its waveform. */
import type { EventWave, ExaminedEvent, Examination, RmsTrace } from "#analysis/examination.ts";
import { rmsPlot, waveformPlot, type Channel, type EventPlot } from "#analysis/svg/event-plots.ts";
import { classText, explanation, magnitudeText, openText, ringText, type NumberedEvent } from "./event-words.ts";
import { secondsText, type Figures } from "./figures.ts";
import type { Instants } from "./instants.ts";
import { figure, list, paragraph, section, tag, type Content, type Markup } from "./markup.ts";

/** Of a waveform so many seconds before the event are drawn, and at most so many of all. */
const BEFORE = 0.06;
const DRAWN = 0.4;
/** Of a transient, whose ring would be a line in these. */
const RING_BEFORE = 0.02;
const RING_DRAWN = 0.1;

export function eventDrawing(
  { number, event }: NumberedEvent,
  examination: Examination,
  figures: Figures,
  instants: Instants,
): Markup {
  const { at, seconds, trace, wave, channels, explained, settledVolts, within, byChannel, ring } = event;
  const open = openText(event);
  const said = [
    `${secondsText(seconds)}${open === "" ? "" : ` (${open})`}, ${magnitudeText(event, figures)}, on ${channels.join(", ")}`,
    `by channel ${byChannel.map(({ name, volts }) => `${name} ${figures.full("volts", volts)}`).join(", ")}`,
    ...(within === undefined
      ? []
      : [`within a dip of ${secondsText(within.seconds)} from ${instants.at(within.at)} on`]),
    ...(ring === undefined ? [] : [ringText(ring)]),
    ...(settledVolts === undefined ? [] : [`settled ${figures.full("volts", settledVolts)} from where it was`]),
  ];
  return section(
    `event-${number}`,
    3,
    `Event ${number}: ${classText(event)}, ${instants.at(at)}`,
    tag(
      "div",
      { class: "about" },
      paragraph(`${said.join("; ")}.`),
      explanation(explained).map(({ title, says }) => [tag("p", { class: "why" }, `${title}:`), list([...says])]),
    ),
    trace === undefined ? [] : rmsFigures(number, event, trace, examination),
    wave === undefined ? paragraph("The recording has no waveform of it.") : waveFigures(number, event, wave),
  );
}

function rmsFigures(number: number, event: ExaminedEvent, trace: RmsTrace, examination: Examination): Content {
  const { declared, limits, voltages } = examination;
  const { kind, at, seconds } = event;
  const isOf = (unit: "V" | "A", name: string): boolean =>
    unit === "V" ? voltages.includes(name) : name.startsWith("A.");
  const channelsOf = (unit: "V" | "A"): readonly Channel[] =>
    trace.channels
      .filter(({ name, rms }) => isOf(unit, name) && rms.some((value) => !Number.isNaN(value)))
      .map(({ name, rms }) => ({ name, values: rms }));
  const names: readonly ("dip" | "swell" | "interruption")[] =
    kind === "interruption" ? ["dip", "interruption"] : kind === "rapid change" || kind === "transient" ? [] : [kind];
  const thresholds = names.map((name) => ({
    at: limits[name] * declared.volts,
    name: `${name} ${Number((100 * limits[name]).toPrecision(4))} %`,
  }));
  const cut = trace.isCut ? " The trace ends before the event does." : "";
  return (["V", "A"] as const).flatMap((unit) => {
    const channels = channelsOf(unit);
    if (channels.length === 0) return [];
    const title = `Event ${number}: RMS of ${unit === "V" ? "voltages" : "currents"} by half cycles`;
    const plotted: EventPlot = {
      unit,
      channels,
      at: (place) => (trace.times[place] ?? NaN) - at,
      lasts: seconds,
      ...(unit === "V" ? { thresholds } : {}),
    };
    const heading = { id: `event-${number}-rms-${unit}`, title, isCaptioned: true };
    return [figure(title, rmsPlot(heading, plotted), `${title}; the event is shaded.${cut}`)];
  });
}

/** Samples are as they were recorded, of inputs: of a voltage of two terminals each stands for itself. */
function waveFigures(number: number, { kind, at, seconds }: ExaminedEvent, wave: EventWave): Content {
  const { rate } = wave;
  const [before, drawn] = kind === "transient" ? [RING_BEFORE, RING_DRAWN] : [BEFORE, DRAWN];
  const count = wave.channels[0]?.samples.length ?? 0;
  const first = Math.min(count, Math.max(0, Math.round((at - before - wave.at) * rate)));
  const end = Math.min(count, first + Math.round(drawn * rate));
  const isWhole = end === count || (end - first) / rate > seconds + before;
  const values = (samples: Float32Array): Float64Array => Float64Array.from(samples.subarray(first, end));
  const cut = isWhole ? "" : ` The first ${secondsText((end - first) / rate)} are drawn.`;
  return (["v", "i"] as const).flatMap((letter) => {
    const channels = wave.channels
      .filter(({ name }) => name.startsWith(letter))
      .map(({ name, samples }) => ({ name, values: values(samples) }));
    if (channels.length === 0) return [];
    const title = `Event ${number}: waveform of ${letter === "v" ? "voltages" : "currents"}`;
    const plotted: EventPlot = {
      unit: letter === "v" ? "V" : "A",
      channels,
      at: (place) => wave.at - at + (first + place) / rate,
      lasts: seconds,
    };
    const plot = waveformPlot({ id: `event-${number}-wave-${letter}`, title, isCaptioned: true }, plotted);
    return [figure(title, plot, `${title}, ${Number(rate.toPrecision(7))} samples a second.${cut}`)];
  });
}
