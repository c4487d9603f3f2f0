/** The live page of a site: one meter at a time, refreshed at every calculation cycle; a panel is there when it has something to show. */
import type { LiveView, Nameplate } from "#quantity/meter-api.ts";
import { at } from "./elements.ts";
import { showReadings } from "./readings.ts";
import { showRecords } from "./records.ts";
import { leave, showVisitor } from "./visitor.ts";
import { drawWaveforms, type Waveforms } from "./waveform.ts";

at("leave").addEventListener("click", () => void leave());
await showVisitor();

const units = (await (await fetch("/api/units")).json()) as Readonly<Record<string, string>>;

function identityOf(live: LiveView): string {
  const { title, modelNumber, serial, firmware } = live;
  const wiring = live["wiring"] ?? (live["nameplate"] as Nameplate | undefined)?.connection;
  return [
    title,
    modelNumber,
    serial === "" ? "" : `serial number ${serial}`,
    firmware === "" ? "" : `firmware ${firmware}`,
    typeof wiring === "string" ? wiring : "",
  ]
    .filter((part) => part !== "")
    .join(", ");
}

function showWaveforms(waveforms: Waveforms | undefined): void {
  at("waveform-panel").toggleAttribute("hidden", waveforms === undefined);
  if (waveforms !== undefined) at("waveform-scale").textContent = drawWaveforms(at("waveform"), waveforms);
}

/** What everybody who looks has to know before anything else. */
function showTrouble(trouble: string | undefined): void {
  at("trouble").toggleAttribute("hidden", trouble === undefined);
  at("trouble").textContent =
    trouble === undefined
      ? ""
      : `Nothing can be kept (${trouble}): what is shown may be lost, and nothing can be changed.`;
}

function show(live: LiveView): void {
  showTrouble(live.trouble);
  at("identity").textContent = identityOf(live);
  document.title = `${live.name} · Polyphase`;
  showReadings(live, units);
  showWaveforms(live["waveforms"] as Waveforms | undefined);
  showRecords(live);
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
    show(JSON.parse(event.data) as LiveView);
    state("live", "live");
  });
  // The browser connects again by itself; the page only says that what it shows is old.
  stream.addEventListener("error", () => {
    state("no connection to the site", "lost");
    // Whoever's session has ended is shown the form; a site that is gone does not answer that either.
    showVisitor().catch(() => {});
  });
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
