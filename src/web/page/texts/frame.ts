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
  letGo: ["Let go to look at it", "Loslassen, um es anzusehen"],
  hasNone: ["This meter has no such thing.", "Dieser Zähler hat nichts dergleichen."],
  notYours: ["This takes the role {role}.", "Das verlangt die Rolle {role}."],
  leaveAsk: [
    "There are changes of a configuration that are not applied. Log out all the same, and lose them?",
    "Es gibt Änderungen einer Konfiguration, die nicht übernommen sind. Trotzdem abmelden, und sie verlieren?",
  ],
} as const satisfies Texts;

/** Names of sections. */
export const sectionNames = {
  now: ["Now", "Jetzt"],
  configuration: ["Configuration", "Konfiguration"],
  bench: ["Bench", "Prüfstand"],
  energy: ["Energy", "Energie"],
  profile: ["Load profile", "Lastgang"],
  bills: ["Bills", "Abrechnung"],
  trends: ["Trends", "Verläufe"],
  logs: ["Logs", "Protokolle"],
  meters: ["Meters", "Zähler"],
  add: ["Add a meter", "Zähler hinzufügen"],
  traffic: ["Traffic", "Verkehr"],
  quality: ["Power quality", "Spannungsqualität"],
  events: ["Events", "Ereignisse"],
  report: ["Report", "Bericht"],
  viewer: ["Viewer", "Betrachter"],
  waveforms: ["Waveforms", "Wellenformen"],
} as const satisfies Texts;
