/** Texts of what stands around everything: header, sections, footer. */
import type { Texts } from "#quantity/text.ts";

export const frame = {
  allMeters: ["All meters", "Alle Zähler"],
  site: ["Site", "Anlage"],
  meter: ["Meter", "Zähler"],
  logOut: ["Log out", "Abmelden"],
  sectionsOfMeter: ["What there is of this meter", "Was es von diesem Zähler gibt"],
  sectionsOfSite: ["What there is of this site", "Was es von dieser Anlage gibt"],
  language: ["Language", "Sprache"],
  loading: ["Loading.", "Wird geladen."],
  notLoaded: [
    "This part of the page could not be loaded: the site does not answer. ",
    "Dieser Teil der Seite konnte nicht geladen werden: die Anlage antwortet nicht. ",
  ],
  again: ["Try again", "Noch einmal"],
  hasNone: ["This meter has no such thing.", "Dieser Zähler hat nichts dergleichen."],
  notYours: ["This takes the role {role}.", "Das verlangt die Rolle {role}."],
} as const satisfies Texts;

/** Names of sections. */
export const sectionNames = {
  now: ["Now", "Jetzt"],
  meters: ["Meters", "Zähler"],
} as const satisfies Texts;
