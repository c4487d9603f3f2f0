/** Texts of a meter's firmware and options. */
import type { Texts } from "#quantity/text.ts";

export const firmware = {
  title: ["Firmware", "Firmware"],
  lacks: ["This meter says nothing of its firmware.", "Dieser Zähler sagt nichts über seine Firmware."],
  none: [
    "This meter has no firmware that could be changed.",
    "Dieser Zähler hat keine Firmware, die man ändern könnte.",
  ],
  board: ["Board", "Platine"],
  version: ["Version", "Version"],
  waiting: ["Waits for a reboot", "Wartet auf einen Neustart"],
  file: ["File of firmware", "Firmware-Datei"],
  fileSays: ["{name}:", "{name}:"],
  upload: ["Upload", "Hochladen"],
  uploadReboot: ["Upload and reboot", "Hochladen und neu starten"],
  uploaded: ["Uploaded. With that:", "Hochgeladen. Damit:"],
  cancel: ["Cancel", "Abbrechen"],
  options: ["Options: {options}", "Optionen: {options}"],
  noOptions: ["none", "keine"],
  enables: ["A key can enable: {options}", "Ein Schlüssel kann freischalten: {options}"],
  key: ["Option key", "Optionsschlüssel"],
  tryKey: ["What would it enable?", "Was würde er freischalten?"],
  enable: ["Enable and reboot", "Freischalten und neu starten"],
  keySays: ["This key would do:", "Dieser Schlüssel würde:"],
  reboot: ["Reboot the meter", "Zähler neu starten"],
  rebootAsk: [
    "Reboot the meter? Sessions with it end, and what it measures has a gap.",
    "Den Zähler neu starten? Sitzungen mit ihm enden, und was er misst, hat eine Lücke.",
  ],
  rebootNow: ["Reboot now", "Jetzt neu starten"],
  rebooting: ["The meter reboots.", "Der Zähler startet neu."],
} as const satisfies Texts;
