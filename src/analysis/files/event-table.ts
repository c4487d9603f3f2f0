/** The events of an examination, a row each. */
import { eventClassText } from "#analysis/limits/event-class.ts";
import type { ExaminedEvent, Examination } from "#analysis/examination.ts";
import { numbersOf, textOf, times, type FileTable, type TableColumn } from "./table.ts";

/** Whether it was borne, by a curve that says something of it. */
function region(of: { readonly region: string; readonly passes: boolean } | undefined): string | undefined {
  return of === undefined ? undefined : of.passes ? "borne" : of.region;
}

function causeText({ explained }: ExaminedEvent): string | undefined {
  return explained?.cause?.criteria.map(({ says }) => says).join("; ");
}

/** Of a dip that nothing is said about, why. */
function reasonText({ explained }: ExaminedEvent): string | undefined {
  return explained?.reason ?? explained?.direction?.reason;
}

export function eventTable({ startUtc, events, voltages }: Examination): FileTable {
  const of = <T>(value: (event: ExaminedEvent) => T) => {
    return (row: number): T => value(events[row]!);
  };
  const text = (name: string, value: (event: ExaminedEvent) => string | undefined): TableColumn =>
    textOf(name, of(value));
  const number = (name: string, value: (event: ExaminedEvent) => number | undefined): TableColumn =>
    numbersOf(name, of(value));
  return {
    name: "events",
    rows: events.length,
    columns: [
      ...times(
        "start",
        startUtc,
        of(({ at }) => at),
      ),
      text("kind", ({ kind }) => kind),
      number("duration (s)", ({ seconds }) => seconds),
      text("channels", ({ channels }) => channels.join(" ")),
      number("value (V)", ({ volts }) => volts),
      number("value (% of declared)", ({ percent }) => percent),
      text("worst channel", ({ worst }) => worst),
      ...voltages.map((channel) =>
        number(`${channel} (V)`, ({ byChannel }) => byChannel.find(({ name }) => name === channel)?.volts),
      ),
      number("settled change (V)", ({ settledVolts }) => settledVolts),
      number("ring (Hz)", ({ ring }) => ring?.hz),
      { name: "began before", type: "flag", at: of(({ sinceBefore }) => sinceBefore) },
      text("cut by", ({ cut }) => cut),
      text("IEEE 1159", ({ ieee1159 }) => (ieee1159 === undefined ? undefined : eventClassText(ieee1159))),
      text("ITIC", ({ itic }) => region(itic)),
      text("SEMI F47", ({ f47 }) => region(f47)),
      text("dip type", ({ explained }) => explained?.type?.letter),
      text("direction", ({ explained }) => explained?.direction?.direction),
      text("cause", ({ explained }) => explained?.cause?.cause),
      text("criteria", causeText),
      text("not explained", reasonText),
    ],
  };
}
