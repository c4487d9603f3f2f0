/** Texts of the logs of a meter; what an entry says is the meter's. */
import type { Texts } from "#quantity/text.ts";

export const logTexts = {
  title: ["Logs", "Protokolle"],
  label: ["Entries of the logs, newest first", "Einträge der Protokolle, neueste zuerst"],
  which: ["Which logs", "Welche Protokolle"],
  every: ["All", "Alle"],
  some: ["{n} of {all} logs", "{n} von {all} Protokollen"],
  text: ["Text", "Text"],
  textHint: ["what, who, details", "was, wer, Einzelheiten"],
  from: ["From", "Von"],
  to: ["To", "Bis"],
  barred: ["not yours to read", "nicht für Sie lesbar"],
  time: ["Time", "Zeit"],
  log: ["Log", "Protokoll"],
  what: ["What", "Was"],
  by: ["By", "Durch"],
  details: ["Details", "Einzelheiten"],
  automatic: ["automatic", "selbsttätig"],
  none: ["There is no such entry.", "Es gibt keinen solchen Eintrag."],
  nothing: ["Nothing has been logged yet.", "Es wurde noch nichts protokolliert."],
  lookedOn: [
    "There is none among those that were looked at; there are older ones.",
    "Unter den angesehenen ist keiner; es gibt ältere.",
  ],
  older: ["Older ones", "Ältere"],
  newest: ["The newest", "Die neuesten"],
  pages: ["Pages", "Seiten"],
  take: ["Take all of these away as", "Alle davon mitnehmen als"],
  csv: ["CSV", "CSV"],
  excel: ["Excel", "Excel"],
  measured: ["What was measured", "Was gemessen wurde"],
  least: ["Least", "Kleinstes"],
  most: ["Most", "Größtes"],
  average: ["Average", "Mittel"],
} as const satisfies Texts;

/** Names of logs. */
export const logNames = {
  event: ["Events", "Ereignisse"],
  diagnostic: ["Diagnostics", "Diagnose"],
  security: ["Security", "Sicherheit"],
  configuration: ["Configuration", "Konfiguration"],
  powerOutage: ["Outages", "Ausfälle"],
  timeChange: ["Clock", "Uhr"],
  freeze: ["Freezes", "Einfrieren"],
  billingReset: ["Billing resets", "Rückstellungen"],
  testMode: ["Test mode", "Prüfbetriebsart"],
  calibration: ["Calibration", "Kalibrierung"],
  alarm: ["Alarms", "Alarme"],
  sagSwell: ["Sags and swells", "Einbrüche und Überhöhungen"],
  interruption: ["Interruptions", "Unterbrechungen"],
  rapidVoltageChange: ["Rapid changes", "Schnelle Änderungen"],
} as const satisfies Texts;

/** What the entries of a log are, for who has not read the manual. */
export const logMeanings = {
  alarm: [
    "a trigger went beyond its level, or came back within its reset level",
    "ein Auslöser überschritt seine Schwelle oder kam hinter seine Rücksetzschwelle zurück",
  ],
  sagSwell: [
    "a voltage left its band and came back; below is what was measured while it lasted",
    "eine Spannung verließ ihr Band und kam zurück; darunter steht, was dabei gemessen wurde",
  ],
  interruption: [
    "all voltages were below the level of its trigger",
    "alle Spannungen lagen unter der Schwelle seines Auslösers",
  ],
  rapidVoltageChange: [
    "the voltage moved from one steady value to another without leaving its band: Umax is the largest change, Uss the one that stayed",
    "die Spannung ging von einem ruhigen Wert zu einem anderen, ohne ihr Band zu verlassen: Umax ist die größte Änderung, Uss die bleibende",
  ],
  powerOutage: ["the meter was without supply", "der Zähler war ohne Versorgung"],
  timeChange: ["the meter's clock was set", "die Uhr des Zählers wurde gestellt"],
  freeze: ["registers were copied at one instant", "Register wurden in einem Augenblick festgehalten"],
  billingReset: ["a billing period ended", "eine Abrechnungsperiode endete"],
  testMode: [
    "the meter was in test mode, in which nothing is billed",
    "der Zähler war in der Prüfbetriebsart, in der nichts verrechnet wird",
  ],
  configuration: ["what the meter is set up to do was changed", "die Einstellungen des Zählers wurden geändert"],
  diagnostic: ["what the meter found of itself", "was der Zähler an sich selbst fand"],
} as const satisfies Texts;

/** Details of entries. */
export const detailTexts = {
  trigger: ["trigger {value}", "Auslöser {value}"],
  below: ["below", "unter"],
  above: ["above", "über"],
  value: ["value {value}", "Wert {value}"],
  phase: ["phase {value}", "Phase {value}"],
  from: ["from {value}", "von {value}"],
  to: ["to {value}", "bis {value}"],
  milliseconds: ["for {value} ms", "für {value} ms"],
  seconds: ["for {value} s", "für {value} s"],
  cycle: ["{value} cycle", "{value} Periode"],
  cycles: ["{value} cycles", "{value} Perioden"],
  live: ["voltage on {value} meanwhile", "inzwischen Spannung an {value}"],
  times: ["{value} times", "{value}-mal"],
  last: ["the last one {value}", "zuletzt {value}"],
  lastPeer: ["then by {value}", "dann von {value}"],
} as const satisfies Texts;
