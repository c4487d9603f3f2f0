/** Texts of load profiles: what is shown of one, and what is remarkable about a record. */
import type { Texts } from "#quantity/text.ts";

export const profileTexts = {
  title: ["Load profile", "Lastgang"],
  channel: ["Channel", "Kanal"],
  which: ["Profile", "Lastgang"],
  span: ["How much is shown", "Wie viel gezeigt wird"],
  day: ["Day", "Tag"],
  week: ["Week", "Woche"],
  month: ["Month", "Monat"],
  when: ["Day, week or month of the load profile", "Tag, Woche oder Monat des Lastgangs"],
  before: ["Before", "Davor"],
  today: ["Today", "Heute"],
  after: ["After", "Danach"],
  go: ["Day", "Tag"],
  dayOf: ["{day}; {measure} in {interval}", "{day}; {measure} in {interval}"],
  dayOfHours: [
    "{day}, a day of {hours} hours; {measure} in {interval}",
    "{day}, ein Tag mit {hours} Stunden; {measure} in {interval}",
  ],
  weekOf: ["{from} to {to}; {measure} in {interval}", "{from} bis {to}; {measure} in {interval}"],
  asking: ["Asking for the records.", "Die Datensätze werden geholt."],
  none: ["Nothing was recorded in this time.", "In dieser Zeit wurde nichts aufgezeichnet."],
  tooMany: [
    "There are more records than can be shown: this is a part of them. The table as CSV has all.",
    "Es gibt mehr Datensätze, als gezeigt werden können: das ist ein Teil davon. Die Tabelle als CSV hat alle.",
  ],
  label: ["Load profile of {what}", "Lastgang von {what}"],
  sum: ["In all of it", "In allem zusammen"],
  sumWords: ["{sum} in {n} records", "{sum} in {n} Datensätzen"],
  more: ["and {n} more", "und {n} weitere"],
  counts: [
    "Records and files have what the meter counts: a value times what stands behind its x.",
    "Datensätze und Dateien enthalten, was der Zähler zählt: ein Wert mal dem, was hinter dem x steht.",
  ],
  records: ["Records, as they are", "Datensätze, wie sie sind"],
  recordsLabel: ["Records of the load profile", "Datensätze des Lastgangs"],
  interval: ["Interval", "Intervall"],
  to: ["To", "Bis"],
  further: ["{n} more are in the table that can be taken away.", "{n} weitere stehen in der Tabelle zum Mitnehmen."],
  takeCsv: ["CSV", "CSV"],
  takeExcel: ["Excel", "Excel"],
  take: ["Take what is shown away as", "Das Gezeigte mitnehmen als"],
  minutes: ["{n} min", "{n} min"],
  aDay: ["a day", "einem Tag"],
  aWeek: ["a week", "einer Woche"],
  aMonth: ["a month", "einem Monat"],
  fromTo: ["{from} to {to}", "{from} bis {to}"],
  nothing: ["nothing recorded", "nichts aufgezeichnet"],
  whichCut: [", which cut the interval short", ", was das Intervall verkürzte"],
} as const satisfies Texts;

/** What ended a record. */
export const profileEventTexts = {
  powerFail: ["power failed", "die Versorgung fiel aus"],
  timeSet: ["the clock was set", "die Uhr wurde gestellt"],
  daylightSaving: ["daylight saving changed", "die Sommerzeit wechselte"],
  testMode: ["test mode", "Prüfbetriebsart"],
  configuration: ["the configuration was changed", "die Konfiguration wurde geändert"],
  freeze: ["freeze", "Einfrieren"],
  billingReset: ["billing reset", "Rückstellung"],
  preset: ["registers were preset", "Register wurden gesetzt"],
  midnight: ["midnight", "Mitternacht"],
  recalibration: ["recalibrated", "neu kalibriert"],
  diagnostic: ["a diagnostic", "eine Diagnose"],
} as const satisfies Texts;

/** What was so while it lasted. */
export const profileStatusTexts = {
  overflow: ["more counts than fit", "mehr Impulse, als hineinpassen"],
  partial: ["only a part of an interval", "nur ein Teil eines Intervalls"],
  powerLost: ["power was lost in it", "darin fiel die Versorgung aus"],
  testMode: ["test mode in it", "darin war Prüfbetriebsart"],
  timeChanged: ["the clock changed in it", "darin sprang die Uhr"],
  noInputs: ["no inputs in it", "darin fehlten die Eingänge"],
  unanswered: ["another meter was silent in it", "darin schwieg ein anderer Zähler"],
} as const satisfies Texts;
