/** Texts of trends over days and years. */
import type { Texts } from "#quantity/text.ts";

export const trendTexts = {
  title: ["Trends over years", "Verläufe über Jahre"],
  series: ["Of", "Aus"],
  profile: ["load profile {n}, {interval}", "Lastgang {n}, {interval}"],
  log: ["measurement log {n}, {interval}", "Messwertspeicher {n}, {interval}"],
  cycles: ["150 or 180 cycles", "150 oder 180 Perioden"],
  channel: ["Quantity", "Größe"],
  span: ["How much is shown", "Wie viel gezeigt wird"],
  day: ["Day", "Tag"],
  week: ["Week", "Woche"],
  month: ["Month", "Monat"],
  year: ["Year", "Jahr"],
  all: ["All", "Alles"],
  earlier: ["Earlier", "Früher"],
  later: ["Later", "Später"],
  nearer: ["Nearer", "Näher"],
  farther: ["Farther", "Weiter"],
  move: ["Part of the time", "Ausschnitt der Zeit"],
  least: ["Least", "Kleinstes"],
  mean: ["Mean", "Mittel"],
  most: ["Most", "Größtes"],
  doubtful: ["Doubtful", "Zweifelhaft"],
  label: ["Trend of {measure}", "Verlauf von {measure}"],
  points: [
    "{points} points of {records} records, {from} to {to}. Draw over a part of it to come nearer.",
    "{points} Punkte aus {records} Datensätzen, {from} bis {to}. Ein Ausschnitt, über den man zieht, wird größer.",
  ],
  gaps: ["Gaps: {n}; nothing is known of {span}.", "Lücken: {n}; über {span} ist nichts bekannt."],
  flagged: [
    "Doubtful records (flagged by a dip or an interruption, of a clock that was set, a test or an overflow) are in no mean; points that have some: {n}.",
    "Zweifelhafte Datensätze (gekennzeichnet wegen eines Einbruchs oder einer Unterbrechung, einer gestellten Uhr, einer Prüfung oder eines Überlaufs) stehen in keinem Mittel; Punkte mit solchen: {n}.",
  ],
  none: ["Nothing was recorded in this time.", "In dieser Zeit wurde nichts aufgezeichnet."],
  nothing: ["This meter has recorded nothing yet.", "Dieser Zähler hat noch nichts aufgezeichnet."],
  table: ["As numbers", "Als Zahlen"],
  tableLabel: ["Points of the trend", "Punkte des Verlaufs"],
  when: ["From", "Ab"],
  until: ["To", "Bis"],
  csv: ["CSV", "CSV"],
} as const satisfies Texts;

/** Of what the page has seen since it was opened. */
export const sinceTexts = {
  title: ["Trends", "Verläufe"],
  power: ["Power", "Leistung"],
  volts: ["Volts", "Spannung"],
  amps: ["Amps", "Strom"],
  demand: ["Demand", "Leistungsmittel"],
  five: ["5 min", "5 min"],
  hour: ["1 h", "1 h"],
  all: ["All", "Alles"],
  what: ["What the trend shows", "Was der Verlauf zeigt"],
  howFar: ["How far back the trend goes", "Wie weit der Verlauf zurückreicht"],
  label: ["Trend of {what}", "Verlauf von {what}"],
  noDemand: [
    "There is no demand yet: the meter's first interval has not ended.",
    "Es gibt noch kein Leistungsmittel: das erste Intervall des Zählers ist noch nicht zu Ende.",
  ],
  none: ["Nothing of this has been read in that time.", "Davon wurde in dieser Zeit nichts gelesen."],
} as const satisfies Texts;
