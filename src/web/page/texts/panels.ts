/** Texts around front panels; what stands on one, and what is read out of it, is the meter's. */
import type { Texts } from "#quantity/text.ts";

export const panelTexts = {
  title: ["Front panel", "Bedienfeld"],
  close: ["Close", "Schließen"],
  show: ["Show", "Zeigen"],
  notKnown: ["This model has no front panel that is known.", "Dieses Modell hat kein bekanntes Bedienfeld."],
  keys: [
    "Keys, once the panel is clicked or reached with Tab: {keys}",
    "Tasten, wenn das Bedienfeld angeklickt oder mit Tab erreicht ist: {keys}",
  ],
  lost: [
    "There is no connection; this is what was seen last.",
    "Es gibt keine Verbindung; das ist, was zuletzt zu sehen war.",
  ],
  lookOnly: [
    "You may look; pressing its buttons is an operator's.",
    "Sie dürfen zusehen; seine Tasten zu drücken verlangt die Rolle operator.",
  ],
  noAnswer: ["the site does not answer", "die Anlage antwortet nicht"],
  answered: ["the site answered {status}", "die Anlage antwortete {status}"],
} as const satisfies Texts;
