/** Texts of the log-in to a meter: who somebody is there, and what he may. */
import type { Texts } from "#quantity/text.ts";

export const meterSession = {
  loggedIn: ["{user} at the meter", "{user} am Zähler"],
  logIn: ["Log in to the meter", "Am Zähler anmelden"],
  logOut: ["Log out of the meter", "Vom Zähler abmelden"],
  notNow: ["Not now", "Jetzt nicht"],
  user: ["User", "Benutzer"],
  password: ["Password", "Passwort"],
  siteSilent: ["The site does not answer.", "Die Anlage antwortet nicht."],
  whyNeeded: [
    "That takes a user of the meter. What was entered stays.",
    "Das verlangt einen Benutzer des Zählers. Was eingegeben wurde, bleibt.",
  ],
  whyAsked: ["A user of the meter may more.", "Ein Benutzer des Zählers darf mehr."],
  whyEnded: [
    "The session with the meter has ended. What was entered stays; log in again to go on.",
    "Die Sitzung mit dem Zähler ist zu Ende. Was eingegeben wurde, bleibt; weiter geht es nach der Anmeldung.",
  ],
  whyReading: ["This meter is read by its own users only.", "Diesen Zähler lesen nur seine eigenen Benutzer."],
  closed: [
    "{meter} is read by its own users only: nothing of it is shown until one of them logs in, above.",
    "{meter} wird nur von seinen eigenen Benutzern gelesen: nichts davon wird gezeigt, bis einer von ihnen sich oben anmeldet.",
  ],
  barred: [
    "{user} may not read what this page shows of {meter}: readings, registers, load profiles, and the logs of events, alarms and diagnostics.",
    "{user} darf nicht lesen, was diese Seite von {meter} zeigt: Messwerte, Register, Lastgänge, und die Protokolle der Ereignisse, Alarme und Diagnosen.",
  ],
  reads: ["May read", "Darf lesen"],
  does: ["May do", "Darf tun"],
  logs: ["logs: {logs}", "Protokolle: {logs}"],
  session: ["Session", "Sitzung"],
  nothing: ["nothing", "nichts"],
  ends: [
    "The session ends after {minutes} minutes in which nothing is done here, and with the browser.",
    "Die Sitzung endet, wenn hier {minutes} Minuten lang nichts getan wird, und mit dem Browser.",
  ],
  leaveAsk: [
    "There are changes of the configuration that are not applied. Log out of the meter all the same, and lose them?",
    "Es gibt Änderungen der Konfiguration, die nicht übernommen sind. Trotzdem vom Zähler abmelden, und sie verlieren?",
  ],
} as const satisfies Texts;

/** What of a meter can be read. */
export const placeTexts = {
  readings: ["readings", "Messwerte"],
  registers: ["registers", "Register"],
  profiles: ["load profiles", "Lastgänge"],
  "measurement log": ["the measurement log", "das Messwertprotokoll"],
  configuration: ["the configuration", "die Konfiguration"],
  files: ["files", "Dateien"],
} as const satisfies Texts;

/** What a meter can be told. */
export const commandTexts = {
  freeze: ["freeze registers", "Register einfrieren"],
  billingReset: ["reset for billing", "zur Abrechnung rückstellen"],
  setTime: ["set the clock", "die Uhr stellen"],
  preset: ["preset registers", "Register vorgeben"],
  outputs: ["switch outputs", "Ausgänge schalten"],
  enterTestMode: ["test mode", "Prüfbetrieb"],
  calibrate: ["calibrate", "kalibrieren"],
  ratios: ["transformer ratios", "Wandlerverhältnisse"],
  resetUsers: ["reset users", "Benutzer zurücksetzen"],
  secret: ["set secrets of protocols", "Geheimnisse der Protokolle setzen"],
  removeFile: ["remove files", "Dateien entfernen"],
  uploadFirmware: ["firmware and options", "Firmware und Optionen"],
  reboot: ["reboot", "neu starten"],
  coldStart: ["cold start", "Kaltstart"],
} as const satisfies Texts;
