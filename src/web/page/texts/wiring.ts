/** Texts around the wiring check; what it says itself is in analysis/wiring. */
import type { Texts } from "#quantity/text.ts";

export const wiringTexts = {
  title: ["Wiring check", "Anschlussprüfung"],
  check: ["Check", "Prüfen"],
  close: ["Close", "Schließen"],
  notLoaded: [
    "The check could not be loaded: the site does not answer. Try again.",
    "Die Prüfung konnte nicht geladen werden: die Anlage antwortet nicht. Versuchen Sie es noch einmal.",
  ],
  what: [
    "Names reversed current transformers, swapped phases, missing voltages and wrong ratios, by what is measured now.",
    "Nennt verkehrte Stromwandler, vertauschte Phasen, fehlende Spannungen und falsche Verhältnisse, nach dem, was jetzt gemessen wird.",
  ],
  notKnown: ["not known", "nicht bekannt"],
  no: ["no", "nein"],
  yes: ["yes", "ja"],
  fourWireDelta: [
    "The check does not know how this meter is connected: a four-wire delta.",
    "Die Prüfung kennt den Anschluss dieses Zählers nicht: ein Vierleiterdreieck.",
  ],
  noVolts: ["This meter measures no voltages by phase.", "Dieser Zähler misst keine Spannungen je Phase."],
  measuredAt: ["By what was measured at {time}, as {system}.", "Nach dem, was um {time} gemessen wurde, als {system}."],
  explanations: [
    "What explains the measurement, the likeliest first",
    "Was die Messung erklärt, das Wahrscheinlichste zuerst",
  ],
  untold: ["What cannot be told", "Was sich nicht sagen lässt"],
  generates: ["The site can feed power back:", "Die Anlage kann einspeisen:"],
  nominal: ["Nominal volts, line to line:", "Nennspannung zwischen Außenleitern:"],
  again: ["Check again", "Noch einmal prüfen"],
  isRight: ["All is connected as it should be.", "Alles ist angeschlossen, wie es sein soll."],
  change: ["Change: {change}", "Ändern: {change}"],
  same: ["It would measure the same", "Dasselbe würde gemessen"],
} as const satisfies Texts;
