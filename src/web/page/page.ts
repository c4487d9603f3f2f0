/** The live page of a site: one meter at a time, refreshed at every calculation cycle. */
import { at, cell, fill, headline } from "./elements.ts";
import type { LiveView } from "#quantity/meter-api.ts";
import { showRevenue } from "./revenue.ts";
import { fixed, withUnit, type Value } from "./numbers.ts";
import { drawPhasors } from "./phasor.ts";
import { drawWaveforms, type Waveforms } from "./waveform.ts";

interface Live {
  readonly kind: "instrument";
  readonly name: string;
  readonly title: string;
  readonly serial: string;
  readonly wiring: string;
  readonly readings: Readonly<Record<string, Value>>;
  readonly alerts: readonly string[];
  readonly alarmContact: string;
  readonly waveforms?: Waveforms;
}

const phases = ["a", "b", "c"] as const;
const heads = phases.map((phase) => cell("th", phase.toUpperCase(), phase));

/** A row of three phases and a total, each a name of the vocabulary; "" leaves a cell empty. */
function phaseRow(live: Live, label: string, names: readonly string[], show: (value: Value) => string): HTMLElement[] {
  return [cell("th", label), ...names.map((name) => cell("td", name === "" ? "" : show(live.readings[name])))];
}

function showNow(live: Live): void {
  const r = live.readings;
  headline([
    [withUnit(r["W"], "W"), "active power"],
    [withUnit(r["var"], "var"), "reactive power"],
    [fixed(r["PF"], 3), "power factor"],
    [`${fixed(r["Hz"], 3)} Hz`, "frequency"],
  ]);
  const volt = (value: Value): string => withUnit(value, "V");
  fill(at("phases"), [
    [cell("th", ""), ...heads.map((head) => head.cloneNode(true) as HTMLElement), cell("th", "All")],
    phaseRow(live, "Volts to neutral", ["V.a", "V.b", "V.c", "V.ln"], volt),
    phaseRow(live, "Volts line to line (AB, BC, CA)", ["V.ab", "V.bc", "V.ca", "V.ll"], volt),
    phaseRow(live, "Amps", ["A.a", "A.b", "A.c", "A"], (value) => withUnit(value, "A")),
    phaseRow(live, "Active power", ["W.a", "W.b", "W.c", "W"], (value) => withUnit(value, "W")),
    phaseRow(live, "Reactive power", ["var.a", "var.b", "var.c", "var"], (value) => withUnit(value, "var")),
    phaseRow(live, "Apparent power", ["VA.a", "VA.b", "VA.c", "VA"], (value) => withUnit(value, "VA")),
    phaseRow(live, "Power factor", ["PF.a", "PF.b", "PF.c", "PF"], (value) => fixed(value, 4)),
    phaseRow(live, "THD of volts, %", ["THD.V.a", "THD.V.b", "THD.V.c", ""], (value) => fixed(value, 2)),
    phaseRow(live, "THD of amps, %", ["THD.A.a", "THD.A.b", "THD.A.c", ""], (value) => fixed(value, 2)),
  ]);
}

function showEnergy(live: Live): void {
  const places = ["a.", "b.", "c.", ""];
  const row = (label: string, kind: string, direction: string, unit: string): HTMLElement[] =>
    phaseRow(
      live,
      label,
      places.map((place) => `${kind}.${place}${direction}`),
      (value) => withUnit(value, unit),
    );
  fill(at("energy"), [
    [cell("th", ""), ...heads.map((head) => head.cloneNode(true) as HTMLElement), cell("th", "Total")],
    row("Active import", "Wh", "import", "Wh"),
    row("Active export", "Wh", "export", "Wh"),
    row("Active net", "Wh", "net", "Wh"),
    row("Reactive Q1", "varh", "q1", "varh"),
    row("Reactive Q2", "varh", "q2", "varh"),
    row("Reactive Q3", "varh", "q3", "varh"),
    row("Reactive Q4", "varh", "q4", "varh"),
    row("Apparent import", "VAh", "import", "VAh"),
    row("Apparent export", "VAh", "export", "VAh"),
  ]);
  const units: readonly (readonly [string, string])[] = [
    ["W", "W"],
    ["var", "var"],
    ["VA", "VA"],
  ];
  fill(at("demand"), [
    [cell("th", ""), cell("th", "Present"), cell("th", "Max. import"), cell("th", "Max. export")],
    ...units.map(([name, unit]) => [
      cell("th", name),
      ...["demand", "import.demand.max", "export.demand.max"].map((kind) =>
        cell("td", withUnit(live.readings[`${name}.${kind}`], unit)),
      ),
    ]),
  ]);
}

function show(live: Live): void {
  at("identity").textContent = `${live.title}, serial ${live.serial}, ${live.wiring}`;
  document.title = `${live.name} · Polyphase`;
  showNow(live);
  showEnergy(live);
  drawPhasors(at("phasor"), live.readings);
  at("waveform-scale").textContent = drawWaveforms(at("waveform"), live.waveforms);
  const items = live.alerts.length > 0 ? live.alerts : ["none"];
  at("alerts").replaceChildren(
    ...items.map((text) => {
      const item = document.createElement("li");
      item.textContent = text;
      if (live.alerts.length === 0) item.className = "none";
      return item;
    }),
  );
}

function state(text: string, style: string): void {
  const place = at<HTMLElement>("state");
  place.textContent = text;
  place.className = style;
}

let stream: EventSource | undefined;

function follow(name: string): void {
  stream?.close();
  stream = new EventSource(`/api/meters/${encodeURIComponent(name)}/live`);
  stream.addEventListener("message", (event: MessageEvent<string>) => {
    const live = JSON.parse(event.data) as Live | LiveView;
    document.body.className = live.kind;
    if (live.kind === "revenue") showRevenue(live);
    else show(live);
    state("live", "live");
  });
  // The browser connects again by itself; the page only says that what it shows is old.
  stream.addEventListener("error", () => state("no connection to the site", "lost"));
}

const { meters } = (await (await fetch("/api/meters")).json()) as { meters: readonly { name: string }[] };
const select = at<HTMLSelectElement>("meter");
select.replaceChildren(...meters.map(({ name }) => new Option(name, name)));
const wanted = decodeURIComponent(location.hash.slice(1));
if (meters.some(({ name }) => name === wanted)) select.value = wanted;
select.addEventListener("change", () => {
  location.hash = encodeURIComponent(select.value);
  follow(select.value);
});
follow(select.value);
