/** Texts of how fresh what is shown is, and of what is wrong with a site or a meter. */
import type { Texts } from "#quantity/text.ts";

export const freshnessTexts = {
  noMeter: ["the site that answers has no meter {meter}", "die Anlage, die antwortet, hat keinen Zähler {meter}"],
  noReading: ["no reading yet", "noch kein Messwert"],
  connecting: ["connecting", "wird verbunden"],
  lost: ["no connection to the site since {time}", "keine Verbindung zur Anlage seit {time}"],
  missing: ["no reading since {time}", "kein Messwert seit {time}"],
  live: ["live", "aktuell"],
  notPushed: ["nothing pushed since {time}: {words}", "nichts übergeben seit {time}: {words}"],
} as const satisfies Texts;

/** Why a meter measures nothing, or nothing new; what its source says of that is the source's. */
export const silenceTexts = {
  supply: ["the meter has no supply", "der Zähler ist ohne Versorgung"],
  ended: ["the recording has been played to its end", "die Aufzeichnung ist zu Ende"],
  never: ["nothing has been pushed into this meter yet", "diesem Zähler wurde noch nichts übergeben"],
  held: ["the values are held", "die Werte werden gehalten"],
  forgotten: ["nothing is known any more", "nichts ist mehr bekannt"],
  notMeasured: ["nothing has been measured yet", "noch nichts gemessen"],
  tooOld: ["what was pushed last is too old", "was zuletzt übergeben wurde, ist zu alt"],
} as const satisfies Texts;

/** Lengths of time. */
export const spans = {
  seconds: ["{n} s", "{n} s"],
  minutes: ["{n} min", "{n} min"],
  hours: ["{n} h", "{n} h"],
  hoursMinutes: ["{h} h {min} min", "{h} h {min} min"],
  days: ["{n} days", "{n} Tage"],
  fromTo: ["{from} to {to}", "{from} bis {to}"],
} as const satisfies Texts;

export const siteTexts = {
  gone: [
    "There is no meter {meter} at this address: it is named otherwise, it was removed, or another site answers. The meters of now: ",
    "Unter dieser Adresse gibt es keinen Zähler {meter}: er heißt anders, wurde entfernt, oder eine andere Anlage antwortet. Die Zähler von jetzt: ",
  ],
  goneNow: [
    "There is no meter {meter} at this address any more: it was renamed or removed, or another site answers. Below is what it said last. The meters of now: ",
    "Unter dieser Adresse gibt es keinen Zähler {meter} mehr: er wurde umbenannt oder entfernt, oder eine andere Anlage antwortet. Unten steht, was er zuletzt gesagt hat. Die Zähler von jetzt: ",
  ],
  andMore: ["and {n} more in the list above", "und {n} weitere in der Liste oben"],
  noMeters: ["none", "keine"],
  trouble: [
    "Nothing can be kept ({trouble}): what is shown may be lost, and nothing can be changed.",
    "Nichts kann aufbewahrt werden ({trouble}): was hier steht, kann verloren gehen, und nichts kann geändert werden.",
  ],
  behind: ["The site is slower than it should be: {behind}.", "Die Anlage ist langsamer, als sie sein soll: {behind}."],
} as const satisfies Texts;

export const lacks = {
  all: ["This meter has {lacks}. ", "Dieser Zähler hat {lacks}. "],
  log: ["no event log", "kein Ereignisprotokoll"],
  profile: ["no load profile", "keinen Lastgang"],
  rms: ["no trace of each half cycle", "keine Spur der Halbschwingungen"],
  demand: ["no reading of demand", "keinen Messwert der Bezugsleistung"],
  trends: [
    "Trends are what the page has seen since it was opened.",
    "Verläufe sind, was die Seite gesehen hat, seit sie geöffnet wurde.",
  ],
  trendsAndSags: [
    "Trends are what the page has seen since it was opened, and so are sags and swells.",
    "Verläufe sind, was die Seite gesehen hat, seit sie geöffnet wurde, Einbrüche und Überhöhungen auch.",
  ],
  and: ["and", "und"],
} as const satisfies Texts;

export const alertTexts = {
  title: ["Alerts", "Meldungen"],
  none: ["none", "keine"],
  noReading: ["no reading", "kein Messwert"],
  noSupply: ["no supply", "keine Versorgung"],
  noSupplyMeans: [
    "the meter measures and answers nothing until it has one",
    "der Zähler misst und antwortet nichts, bis er eine hat",
  ],
  testMode: ["test mode", "Prüfbetrieb"],
  testModeMeans: ["nothing is billed meanwhile", "nichts wird unterdessen abgerechnet"],
  trigger: ["trigger {id}", "Auslöser {id}"],
  until: ["{level}, until {reset}", "{level}, bis {reset}"],
  isClosed: ["{what} is closed", "{what} ist geschlossen"],
  withoutReading: ["what the meter says without a reading", "was der Zähler ohne Messwert sagt"],
  byInputs: ["It is supplied by its voltage inputs.", "Er wird aus seinen Spannungseingängen versorgt."],
  byTerminals: ["It is supplied by its auxiliary terminals.", "Er wird aus seinen Hilfsklemmen versorgt."],
  clockBy: ["Its clock is kept by its {source}.", "Seine Uhr führt: {source}."],
  statusWords: ["Its status words: {words}.", "Seine Statuswörter: {words}."],
  systemWord: ["system {word}", "System {word}"],
  triggerWord: ["triggers {word}", "Auslöser {word}"],
  contacts: ["Inputs and outputs", "Eingänge und Ausgänge"],
  contactsLabel: ["State of each contact", "Zustand jedes Kontakts"],
  contact: ["Contact", "Kontakt"],
  state: ["State", "Zustand"],
  count: ["Count", "Zählerstand"],
  closed: ["closed", "geschlossen"],
  open: ["open", "offen"],
} as const satisfies Texts;

export const glanceTexts = {
  silent: ["Silent", "Stumm"],
  alarm: ["Alarm", "Alarm"],
  attention: ["Attention", "Hinweis"],
  measuring: ["Measuring", "Misst"],
  closed: ["Closed", "Geschlossen"],
  all: ["All", "Alle"],
  meter: ["Meter", "Zähler"],
  model: ["Model", "Modell"],
  state: ["State", "Zustand"],
  power: ["Power", "Leistung"],
  last: ["Last reading", "Letzter Messwert"],
  never: ["never", "nie"],
  one: ["One meter", "Ein Zähler"],
  many: ["{n} meters", "{n} Zähler"],
  search: ["Search for a meter by name or model", "Einen Zähler nach Name oder Modell suchen"],
  searchHint: ["Name or model", "Name oder Modell"],
  saidLast: ["{trouble}; below is what it said last.", "{trouble}; unten steht, was sie zuletzt gesagt hat."],
  chips: ["Meters by what they are like", "Zähler nach ihrem Zustand"],
  found: ["{n} found", "{n} gefunden"],
  noMeters: ["This site has no meters.", "Diese Anlage hat keine Zähler."],
  noneLike: ["No meter is like that.", "Kein Zähler ist so."],
  meters: ["Meters", "Zähler"],
  pages: ["Pages of the list", "Seiten der Liste"],
  before: ["Before", "Zurück"],
  next: ["Next", "Weiter"],
  range: ["{from} to {to} of {all}", "{from} bis {to} von {all}"],
  noAnswer: ["the site does not answer", "die Anlage antwortet nicht"],
  answered: ["the site answered {status}", "die Anlage antwortete {status}"],
} as const satisfies Texts;

export const identityTexts = {
  serial: ["serial number {serial}", "Seriennummer {serial}"],
  firmware: ["firmware {firmware}", "Firmware {firmware}"],
} as const satisfies Texts;
