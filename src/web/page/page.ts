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

const units = (await (await fetch("/api/units")).json()) as Readonly<Record<string, string>>;

function inUnit(value: Value, name: string): string {
  return withUnit(value, units[name] ?? "");
}

/** A row of three phases and a total, each a name of the vocabulary; "" leaves a cell empty. */
function phaseRow(
  live: Live,
  label: string,
  names: readonly string[],
  show: (value: Value, name: string) => string = inUnit,
): HTMLElement[] {
  return [cell("th", label), ...names.map((name) => cell("td", name === "" ? "" : show(live.readings[name], name)))];
}

function showNow(live: Live): void {
  const r = live.readings;
  headline([
    [inUnit(r["W"], "W"), "active power"],
    [inUnit(r["var"], "var"), "reactive power"],
    [fixed(r["PF"], 3), "power factor"],
    [`${fixed(r["Hz"], 3)} Hz`, "frequency"],
  ]);
  fill(at("phases"), [
    [cell("th", ""), ...heads.map((head) => head.cloneNode(true) as HTMLElement), cell("th", "All")],
    phaseRow(live, "Volts to neutral", ["V.a", "V.b", "V.c", "V.ln"]),
    phaseRow(live, "Volts line to line (AB, BC, CA)", ["V.ab", "V.bc", "V.ca", "V.ll"]),
    phaseRow(live, "Amps", ["A.a", "A.b", "A.c", "A"]),
    phaseRow(live, "Active power", ["W.a", "W.b", "W.c", "W"]),
    phaseRow(live, "Reactive power", ["var.a", "var.b", "var.c", "var"]),
    phaseRow(live, "Apparent power", ["VA.a", "VA.b", "VA.c", "VA"]),
    phaseRow(live, "Power factor", ["PF.a", "PF.b", "PF.c", "PF"], (value) => fixed(value, 4)),
    phaseRow(live, "THD of volts, %", ["THD.V.a", "THD.V.b", "THD.V.c", ""], (value) => fixed(value, 2)),
    phaseRow(live, "THD of amps, %", ["THD.A.a", "THD.A.b", "THD.A.c", ""], (value) => fixed(value, 2)),
  ]);
}

function showEnergy(live: Live): void {
  const places = ["a.", "b.", "c.", ""];
  const row = (label: string, unit: string, direction: string): HTMLElement[] =>
    phaseRow(
      live,
      label,
      places.map((place) => `${unit}.${place}${direction}`),
    );
  fill(at("energy"), [
    [cell("th", ""), ...heads.map((head) => head.cloneNode(true) as HTMLElement), cell("th", "Total")],
    row("Active import", "Wh", "import"),
    row("Active export", "Wh", "export"),
    row("Active net", "Wh", "net"),
    row("Reactive Q1", "varh", "q1"),
    row("Reactive Q2", "varh", "q2"),
    row("Reactive Q3", "varh", "q3"),
    row("Reactive Q4", "varh", "q4"),
    row("Apparent import", "VAh", "import"),
    row("Apparent export", "VAh", "export"),
  ]);
  fill(at("demand"), [
    [cell("th", ""), cell("th", "Present"), cell("th", "Max. import"), cell("th", "Max. export")],
    ...["W", "var", "VA"].map((power) =>
      phaseRow(
        live,
        power,
        ["demand", "import.demand.max", "export.demand.max"].map((kind) => `${power}.${kind}`),
      ),
    ),
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
    const live = JSON.parse(event.data) as Live | (LiveView & { readonly kind: "revenue" });
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
