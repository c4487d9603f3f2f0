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

export const meterSections: readonly MeterSection[] = [
  { id: "", title: sectionNames.now, has: () => true, load: () => import("./now-section.tsx") },
];

export const siteSections: readonly SiteSection[] = [
  { id: "", title: sectionNames.meters, load: () => import("./glance.tsx") },
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
