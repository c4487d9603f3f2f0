/** Texts of what a meter counts: energies, demand, tariffs, registers. */
import type { Texts } from "#quantity/text.ts";

export const energyTexts = {
  noAnswer: ["The site does not answer this.", "Die Anlage antwortet darauf nicht."],
  energy: ["Energy", "Energie"],
  byPhase: ["Energies by phase", "Energie je Phase"],
  byRate: ["Energy by rate", "Energie je Tarif"],
  byRateLabel: ["Energies by rate, of registers", "Energie je Tarif, aus Registern"],
  quantity: ["Quantity", "Größe"],
  rate: ["Rate {rate}", "Tarif {rate}"],
  total: ["Total", "Summe"],
  registers: ["Registers", "Register"],
  registersLabel: ["Registers of the meter's display", "Register der Anzeige des Zählers"],
  registersCount: ["{n} of them; the list scrolls", "{n} Stück; die Liste lässt sich rollen"],
  list: ["Which registers", "Welche Register"],
  number: ["No.", "Nr."],
  register: ["Register", "Register"],
  shows: ["Shows", "Zeigt"],
  noRegisters: ["There are no registers in this list.", "In dieser Liste stehen keine Register."],
  normal: ["Normal", "Normal"],
  alternate: ["Alternate", "Weitere"],
  test: ["Test", "Prüfung"],
  frozen: ["Frozen", "Eingefroren"],
} as const satisfies Texts;

/** Demands by the measure that the API calls them by. */
export const demandNames: Texts = {
  "W.import": ["Active power, import", "Wirkleistung, Bezug"],
  "W.export": ["Active power, export", "Wirkleistung, Lieferung"],
  "var.import": ["Reactive power, import", "Blindleistung, Bezug"],
  "var.export": ["Reactive power, export", "Blindleistung, Lieferung"],
  "VA.import": ["Apparent power, import", "Scheinleistung, Bezug"],
  "VA.export": ["Apparent power, export", "Scheinleistung, Lieferung"],
};

export const demandTexts = {
  demand: ["Demand", "Leistungsmittel"],
  demands: ["Demands", "Leistungsmittelwerte"],
  present: ["Present", "Aktuell"],
  maxImport: ["Max. import", "Max. Bezug"],
  maxExport: ["Max. export", "Max. Lieferung"],
  block: ["Demand is the mean power over {length}.", "Das Leistungsmittel ist die mittlere Leistung über {length}."],
  rolling: [
    "Demand is the mean power over {count} sub-intervals of {length}.",
    "Das Leistungsmittel ist die mittlere Leistung über {count} Teilintervalle von {length}.",
  ],
  byInput: [
    "Demand is the mean power over an interval that an input ends.",
    "Das Leistungsmittel ist die mittlere Leistung über ein Intervall, das ein Eingang beendet.",
  ],
  isNew: ["The first interval has not ended yet.", "Das erste Intervall ist noch nicht zu Ende."],
  running: ["The running interval", "Das laufende Intervall"],
  over: ["{over} of {length} are over; it ends at {time}.", "{over} von {length} sind vorbei; es endet um {time}."],
  overNoEnd: [
    "{over} of it are over; nobody knows when it ends.",
    "{over} davon sind vorbei; wann es endet, weiß niemand.",
  ],
  runningLabel: ["The running interval by quantity", "Das laufende Intervall je Größe"],
  soFar: ["So far", "Bisher"],
  forecast: ["Will be", "Wird sein"],
  byMean: [
    "What it will be, if the load stays what it was on average in the running sub-interval.",
    "Was es sein wird, wenn die Last bleibt, wie sie im laufenden Teilintervall im Mittel war.",
  ],
  byPower: [
    "What it will be, if the power stays what it is now.",
    "Was es sein wird, wenn die Leistung bleibt, wie sie jetzt ist.",
  ],
  peaks: ["Peaks of this billing period", "Höchstwerte dieser Abrechnungsperiode"],
  peaksLabel: ["Peaks with their times", "Höchstwerte mit ihren Zeiten"],
  peak: ["Peak", "Höchstwert"],
  when: ["When", "Wann"],
  noTime: ["not known", "nicht bekannt"],
} as const satisfies Texts;

/** Why nobody can say what an interval will come to. */
export const unforeseenTexts = {
  noLength: ["an input ends the interval", "ein Eingang beendet das Intervall"],
  cut: [
    "the sub-interval was cut by an outage, a clock that was set or a start",
    "ein Ausfall, ein Stellen der Uhr oder ein Start hat das Teilintervall zerschnitten",
  ],
  deferred: ["demands wait after an outage", "nach einem Ausfall wird gewartet"],
  testMode: ["the meter is in test mode", "der Zähler ist in der Prüfbetriebsart"],
  notWhole: ["not enough whole sub-intervals have ended yet", "es sind noch nicht genug ganze Teilintervalle zu Ende"],
  notBegun: ["it has just begun", "es hat eben erst begonnen"],
  notMeasured: ["nothing is measured", "es wird nichts gemessen"],
} as const satisfies Texts;

export const tariffTexts = {
  tariffs: ["Tariffs", "Tarife"],
  now: ["Rate {rate} counts now.", "Jetzt zählt Tarif {rate}."],
  none: ["No rate counts now.", "Jetzt zählt kein Tarif."],
  overridden: [
    "An input says which rate counts, whatever the calendar has.",
    "Ein Eingang bestimmt den Tarif, was immer der Kalender sagt.",
  ],
  season: ["Season {n}.", "Saison {n}."],
  nextLabel: ["When which rate counts", "Wann welcher Tarif zählt"],
  from: ["From", "Ab"],
  rate: ["Rate", "Tarif"],
  noRate: ["none", "keiner"],
  always: [
    "The meter's calendar has no other rate within a year.",
    "Der Kalender des Zählers hat innerhalb eines Jahres keinen anderen Tarif.",
  ],
} as const satisfies Texts;
