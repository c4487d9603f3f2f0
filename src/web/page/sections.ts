/** The sections of the page: what there is of a meter, and of the site. Each is loaded when somebody goes there. */
import type { ComponentType } from "preact";
import type { LiveView } from "#quantity/meter-api.ts";
import type { Sections } from "./address.ts";
import { sectionNames } from "./texts/frame.ts";
import type { Text } from "#quantity/text.ts";

interface Row {
  /** Behind the "/" of an address; "" is where one comes first. */
  readonly id: string;
  readonly title: Text;
  /** The role that it takes, where somebody has logged in; looking takes none. */
  readonly takes?: "operator" | "owner";
}

export interface OfMeter {
  readonly live: LiveView;
}

export interface MeterSection extends Row {
  /** Whether a meter has such a thing. */
  readonly has: (live: LiveView) => boolean;
  readonly load: () => Promise<{ readonly Section: ComponentType<OfMeter> }>;
}

export interface SiteSection extends Row {
  readonly load: () => Promise<{ readonly Section: ComponentType }>;
}

/** Logs of what has befallen the voltage. */
const voltageLogs: LiveView["logs"] = ["sagSwell", "interruption", "rapidVoltageChange"];

/** Energies of a meter are readings, or registers of it. */
const countsEnergy = ({ readings, registers }: LiveView): boolean =>
  registers.length > 0 || Object.keys(readings).some((name) => /^(Wh|varh|VAh)\b/.test(name));
/** What it has recorded over time. */
const hasProfile = ({ profile }: LiveView): boolean => profile !== undefined;
const hasQuality = ({ quality, intervals, measurementLogs }: LiveView): boolean =>
  quality !== undefined || intervals !== undefined || measurementLogs !== undefined;
const hasEvents = ({ rms, files, logs }: LiveView): boolean =>
  rms !== undefined || files !== undefined || voltageLogs.some((kind) => logs.includes(kind));
/** Who samples has the RMS of half cycles; waveforms are sent to those who are there. */
const hasWaveforms = ({ rms, files }: LiveView): boolean => rms !== undefined || files !== undefined;
const always = (): boolean => true;

// prettier-ignore
export const meterSections: readonly MeterSection[] = [
  { id: "",              title: sectionNames.now,           has: always,       load: () => import("./now-section.tsx") },
  { id: "energy",        title: sectionNames.energy,        has: countsEnergy, load: () => import("./energy-section.tsx") },
  { id: "profile",       title: sectionNames.profile,       has: hasProfile,   load: () => import("./profile-section.tsx") },
  { id: "bills",         title: sectionNames.bills,         has: hasProfile,   load: () => import("./bills-section.tsx") },
  { id: "quality",       title: sectionNames.quality,       has: hasQuality,   load: () => import("./quality-section.tsx") },
  { id: "waveforms",     title: sectionNames.waveforms,     has: hasWaveforms, load: () => import("./waveforms-section.tsx") },
  { id: "events",        title: sectionNames.events,        has: hasEvents,    load: () => import("./events-section.tsx") },
  { id: "trends",        title: sectionNames.trends,        has: hasProfile,   load: () => import("./trends-section.tsx") },
  { id: "logs",          title: sectionNames.logs,          has: ({ logs }) => logs.length > 0, load: () => import("./logs-section.tsx") },
  { id: "report",        title: sectionNames.report,        has: always,       load: () => import("./report-section.tsx") },
  { id: "configuration", title: sectionNames.configuration, has: always,       load: () => import("./configuration-section.tsx") },
  { id: "bench",         title: sectionNames.bench,         has: ({ source }) => source.bench === true, takes: "operator", load: () => import("./bench-section.tsx") },
  { id: "traffic",       title: sectionNames.traffic,       has: always,       takes: "operator", load: () => import("./traffic-section.tsx") },
];

/** Of the whole site, where a meter's section is of that meter. */
const siteTraffic = () => import("./traffic-section.tsx").then(({ SiteTraffic }) => ({ Section: SiteTraffic }));

// prettier-ignore
export const siteSections: readonly SiteSection[] = [
  { id: "",        title: sectionNames.meters,  load: () => import("./glance.tsx") },
  { id: "add",     title: sectionNames.add,     takes: "owner",    load: () => import("./add-section.tsx") },
  { id: "traffic", title: sectionNames.traffic, takes: "operator", load: siteTraffic },
  { id: "viewer",  title: sectionNames.viewer,  load: () => import("./viewer-section.tsx") },
];

export const sections: Sections = {
  ofMeter: meterSections.map(({ id }) => id).filter((id) => id !== ""),
  ofSite: siteSections.map(({ id }) => id).filter((id) => id !== ""),
};

const roles: readonly string[] = ["viewer", "operator", "owner"];

/** Whether somebody may be in a section; where nobody logs in, everybody may. */
export function isOpen({ takes }: Pick<Row, "takes">, role: string | undefined): boolean {
  return takes === undefined || role === undefined || roles.indexOf(role) >= roles.indexOf(takes);
}
