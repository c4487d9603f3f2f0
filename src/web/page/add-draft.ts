/** A meter that somebody is about to add: what he has typed, as the site file would have it, and to which field what is wrong belongs. */
import type { AdditionsView, ScanView } from "#quantity/site-edit-view.ts";

export interface Draft {
  readonly kind: "made" | "read";
  readonly name: string;
  readonly model: string;
  readonly source: "synthetic" | "live";
  readonly hz: string;
  readonly volts: string;
  readonly amps: string;
  readonly pf: string;
  readonly settings: string;
  /** "modbus tcp"; empty where it listens nowhere. */
  readonly listener: string;
  /** A port, or a serial device. */
  readonly place: string;
  readonly unit: string;
  readonly url: string;
  readonly every: string;
}

/** What is typed into, by name. */
export type Field = keyof Draft;

export const emptyDraft: Draft = {
  kind: "made",
  name: "",
  model: "",
  source: "synthetic",
  hz: "50",
  volts: "230",
  amps: "10",
  pf: "1",
  settings: "",
  listener: "",
  place: "",
  unit: "1",
  url: "",
  every: "5s",
};

/** A number where a text is one; what is none stays what was typed, and the site says what it expected. */
function numberOr(text: string): number | string {
  const plain = text.trim();
  return plain !== "" && Number.isFinite(Number(plain)) ? Number(plain) : plain;
}

/** "277" or "277, 278, 276": one for all phases, or one for each. */
function perPhase(text: string): unknown {
  const parts = text.split(/[,;\s]+/).filter((part) => part !== "");
  return parts.length === 1 ? numberOr(parts[0] ?? "") : parts.map(numberOr);
}

/** "ctPrimary: 100", a line each. */
function settingsIn(text: string): Readonly<Record<string, unknown>> | undefined {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  if (lines.length === 0) return undefined;
  return Object.fromEntries(
    lines.map((line) => {
      const [name = "", ...rest] = line.split(":");
      return [name.trim(), numberOr(rest.join(":"))];
    }),
  );
}

export type Listener = AdditionsView["listeners"][number];

export function listenerNamed(text: string, all: readonly Listener[]): Listener | undefined {
  return all.find(({ protocol, transport }) => `${protocol} ${transport}` === text);
}

/** Listeners that a model can have, of those that a field or two say: certificates and networks are for the file. */
export function listenersOf(
  { models, listeners }: Pick<AdditionsView, "models" | "listeners">,
  model: string,
): readonly Listener[] {
  const spoken = models.find(({ name }) => name === model)?.protocols ?? [];
  return listeners.filter(({ protocol, over }) => spoken.includes(protocol) && ["tcp", "udp", "serial"].includes(over));
}

/** As the site file has it. */
export function entryOf(draft: Draft, listeners: readonly Listener[]): Readonly<Record<string, unknown>> {
  const { kind, name, model } = draft;
  if (kind === "read") return { name, model, source: { read: { url: draft.url.trim(), every: draft.every.trim() } } };
  const { hz, volts, amps, pf } = draft;
  const synthetic = { hz: numberOr(hz), volts: perPhase(volts), amps: perPhase(amps), pf: perPhase(pf) };
  const settings = settingsIn(draft.settings);
  const listener = listenerNamed(draft.listener, listeners);
  return {
    name,
    model,
    source: draft.source === "live" ? { live: {} } : { synthetic },
    ...(settings === undefined ? {} : { settings }),
    ...(listener === undefined ? {} : { listen: [listenOf(listener, draft)] }),
  };
}

function listenOf({ protocol, transport, over }: Listener, { place, unit }: Draft): Readonly<Record<string, unknown>> {
  const where = over === "serial" ? { device: place.trim() } : { port: numberOr(place) };
  return { [protocol]: transport, ...where, ...(protocol === "modbus" ? { unit: numberOr(unit) } : {}) };
}

/** Whether enough is said that it is worth asking what would come of it. */
export function isBegun({ kind, name, model, url }: Draft): boolean {
  return name !== "" && model !== "" && (kind === "made" || url.trim() !== "");
}

/** Which field what is wrong is about; undefined of what is about none. */
export function fieldOf(problem: string): Field | undefined {
  const rows: readonly (readonly [key: string, field: Field])[] = [
    ["name", "name"],
    ["model", "model"],
    ["source.synthetic.hz", "hz"],
    ["source.synthetic.volts", "volts"],
    ["source.synthetic.amps", "amps"],
    ["source.synthetic.pf", "pf"],
    ["source.read.url", "url"],
    ["source.read.every", "every"],
    ["settings", "settings"],
    ["listen[0].unit", "unit"],
    ["listen[0]", "place"],
    ["listen", "listener"],
  ];
  return rows.find(([key]) => problem.startsWith(key) && /^[.:[\s]/.test(problem.slice(key.length)))?.[1];
}

/** What is wrong, by field; what is about none under "". */
export function problemsByField(problems: readonly string[]): ReadonlyMap<Field | "", readonly string[]> {
  return Map.groupBy(problems, (one) => fieldOf(one) ?? "");
}

/** A unit that a scan has found, to be added: `taken` are the names that there are. */
export function draftOf(found: ScanView["found"][number], taken: ReadonlySet<string>): Draft {
  const { unit, models, url } = found;
  const [model = ""] = models;
  const stem = model === "" ? `unit-${unit}` : `${model.replace(/^[a-z0-9]+-/, "")}-${unit}`;
  let name = stem;
  for (let k = 2; taken.has(name); k++) name = `${stem}.${k}`;
  return { ...emptyDraft, kind: "read", name, model, url };
}
