/** Texts of the wiring check: what is wrong, what to change, and what cannot be told. */
import type { Text, Texts } from "#quantity/text.ts";
import { wirings, type WiringName } from "#quantity/wiring.ts";
import type { Untold } from "./wiring-check.ts";

export const verdictTexts = {
  sure: ["{percent} sure", "{percent} sicher"],
  right: ["The wiring is right ({sure}).", "Der Anschluss ist richtig ({sure})."],
  wrong: ["The wiring is wrong ({sure}).", "Der Anschluss ist falsch ({sure})."],
  backward: ["The phases follow each other as A, C, B.", "Die Phasen folgen einander als A, C, B."],
  ratioOpen: [
    "What is connected where is right ({sure}); whether a current transformer has another ratio is open.",
    "Was wo angeschlossen ist, ist richtig ({sure}); ob ein Stromwandler ein anderes Verhältnis hat, ist offen.",
  ],
  several: [
    "What is measured can be explained in several ways.",
    "Was gemessen wird, lässt sich auf mehrere Arten erklären.",
  ],
  noVoltage: ["Nothing can be told: there is no voltage.", "Nichts lässt sich sagen: es gibt keine Spannung."],
  unexplained: [
    "Nothing that is known explains what is measured.",
    "Nichts, was bekannt ist, erklärt, was gemessen wird.",
  ],
  voltsOnly: [
    "The voltages are right ({sure}); of the currents nothing can be told.",
    "Die Spannungen sind richtig ({sure}); über die Ströme lässt sich nichts sagen.",
  ],
} as const satisfies Texts;

export const detailTexts = {
  and: ["and", "und"],
  turns: [
    "The phases of the service follow each other as A, C, B.",
    "Die Phasen des Netzes folgen einander als A, C, B.",
  ],
  allRight: ["All is right.", "Alles ist richtig."],
  lagging: ["{phase} {factor} lagging", "{phase} {factor} induktiv"],
  leading: ["{phase} {factor} leading", "{phase} {factor} kapazitiv"],
  unity: ["{phase} {factor}", "{phase} {factor}"],
  toSupply: ["{factor} to the supply", "{factor} zum Netz"],
  factors: ["Power factors: {list}", "Leistungsfaktoren: {list}"],
  almostAll: ["more than 99.9 %", "mehr als 99,9 %"],
  fromTo: ["from {from} to {to}", "von {from} nach {to}"],
  of: ["of {phase}", "von {phase}"],
} as const satisfies Texts;

interface MistakeText {
  readonly wrong: Text;
  readonly change: Text;
}

/** By kind; `first` and `second` are phases, `list` those that the inputs A, B and C have, `which` names a voltage transformer. */
export const mistakeTexts = {
  allReversedAmps: {
    wrong: ["All current transformers ({list}) are reversed.", "Alle Stromwandler ({list}) sind verkehrt herum."],
    change: [
      "Turn all of them round, or swap the two leads of each at the meter; or the meter is set to count the other direction.",
      "Alle umdrehen, oder die beiden Leitungen eines jeden am Zähler tauschen; oder der Zähler ist auf die andere Richtung eingestellt.",
    ],
  },
  reversedAmps: {
    wrong: ["The current transformer of {first} is reversed.", "Der Stromwandler von {first} ist verkehrt herum."],
    change: [
      "Turn the current transformer of {first} round, or swap its two leads at the meter; short it before its leads are opened.",
      "Den Stromwandler von {first} umdrehen, oder seine beiden Leitungen am Zähler tauschen; ihn kurzschließen, bevor eine Leitung gelöst wird.",
    ],
  },
  swappedAmps: {
    wrong: [
      "The currents of {first} and {second} are swapped.",
      "Die Ströme von {first} und {second} sind vertauscht.",
    ],
    change: [
      "Swap the leads of the current transformers of {first} and {second} at the meter, or the transformers on their conductors.",
      "Die Leitungen der Stromwandler von {first} und {second} am Zähler tauschen, oder die Wandler auf ihren Leitern.",
    ],
  },
  rotatedAmps: {
    wrong: [
      "The currents are rotated by one phase: inputs A, B and C have those of {list}.",
      "Die Ströme sind um eine Phase verschoben: die Eingänge A, B und C haben die von {list}.",
    ],
    change: [
      "Move the leads of each current transformer to the input of its own phase.",
      "Die Leitungen jedes Stromwandlers an den Eingang seiner eigenen Phase legen.",
    ],
  },
  misplacedAmps: {
    wrong: [
      "The current input of {first} measures the conductor of {second}.",
      "Der Stromeingang von {first} misst den Leiter von {second}.",
    ],
    change: [
      "Put the current transformer of {first} on the conductor of {first}.",
      "Den Stromwandler von {first} auf den Leiter von {first} setzen.",
    ],
  },
  deadAmps: {
    wrong: [
      "The current transformer of {first} is shorted, open or not connected, or {first} has no load.",
      "Der Stromwandler von {first} ist kurzgeschlossen, offen oder nicht angeschlossen, oder {first} hat keine Last.",
    ],
    change: [
      "See whether {first} has a load; then open the shorting link, and look for a broken lead.",
      "Nachsehen, ob {first} eine Last hat; dann die Kurzschlussbrücke öffnen und nach einer gebrochenen Leitung suchen.",
    ],
  },
  ampsRatio: {
    wrong: [
      "The current of {first}{off}: its transformer has another ratio, or its load is so.",
      "Der Strom von {first}{off}: sein Wandler hat ein anderes Verhältnis, oder seine Last ist so.",
    ],
    change: [
      "Compare the nameplate of the current transformer of {first} with the setting, or its amps with a clamp meter.",
      "Das Schild des Stromwandlers von {first} mit der Einstellung vergleichen, oder seinen Strom mit einer Stromzange.",
    ],
  },
  swappedVolts: {
    wrong: [
      "The voltages of {first} and {second} are swapped.",
      "Die Spannungen von {first} und {second} sind vertauscht.",
    ],
    change: [
      "Swap the voltage leads of {first} and {second} at the meter.",
      "Die Spannungsleitungen von {first} und {second} am Zähler tauschen.",
    ],
  },
  rotatedVolts: {
    wrong: [
      "The voltages are rotated by one phase: inputs A, B and C have those of {list}.",
      "Die Spannungen sind um eine Phase verschoben: die Eingänge A, B und C haben die von {list}.",
    ],
    change: [
      "Move each voltage lead to the terminal of its own phase.",
      "Jede Spannungsleitung an die Klemme ihrer eigenen Phase legen.",
    ],
  },
  misplacedVolts: {
    wrong: [
      "The voltage terminal of {first} is connected to {second}.",
      "Die Spannungsklemme von {first} ist mit {second} verbunden.",
    ],
    change: [
      "Connect the voltage terminal of {first} to {first}.",
      "Die Spannungsklemme von {first} mit {first} verbinden.",
    ],
  },
  deadVolts: {
    wrong: ["The voltage of {first} is missing.", "Die Spannung von {first} fehlt."],
    change: [
      "Look for a blown fuse, an open disconnect or a broken lead of {first}.",
      "Nach einer ausgelösten Sicherung, einem offenen Trenner oder einer gebrochenen Leitung von {first} suchen.",
    ],
  },
  reversedVolts: {
    wrong: ["The voltage transformer {which} is reversed.", "Der Spannungswandler {which} ist verkehrt herum."],
    change: [
      "Swap the two secondary leads of the voltage transformer {which}.",
      "Die beiden Sekundärleitungen des Spannungswandlers {which} tauschen.",
    ],
  },
  voltsRatio: {
    wrong: [
      "The voltage {which}{off}: its transformer has another ratio.",
      "Die Spannung {which}{off}: ihr Wandler hat ein anderes Verhältnis.",
    ],
    change: [
      "Compare the nameplate of the voltage transformer {which} with the others.",
      "Das Schild des Spannungswandlers {which} mit den anderen vergleichen.",
    ],
  },
  allVoltsRatio: {
    wrong: [
      "All voltages are off{by} against the nominal one.",
      "Alle Spannungen weichen{by} von der Nennspannung ab.",
    ],
    change: [
      "Check the ratio of the voltage transformers and the nominal voltage that the meter is set to{hint}.",
      "Das Verhältnis der Spannungswandler und die eingestellte Nennspannung prüfen{hint}.",
    ],
  },
  neutralSwapped: {
    wrong: [
      "The neutral and the voltage of {first} are swapped.",
      "Der Neutralleiter und die Spannung von {first} sind vertauscht.",
    ],
    change: [
      "Swap the leads at the terminals of the neutral and of {first}.",
      "Die Leitungen an den Klemmen des Neutralleiters und von {first} tauschen.",
    ],
  },
} as const satisfies Readonly<Record<string, MistakeText>>;

/** What stands in the places of mistakes: by how much something is off, and a hint. */
export const placeTexts = {
  off: [" is off against the others", " weicht von den anderen ab"],
  offBy: [" is off by a factor of {factor} against the others", " weicht um den Faktor {factor} von den anderen ab"],
  by: [" by a factor of {factor}", " um den Faktor {factor}"],
  hint: [
    " (line to line and line to neutral seem to be mistaken for each other)",
    " (Außenleiter- und Sternspannung scheinen verwechselt)",
  ],
} as const satisfies Texts;

const toSystem: Text = [
  "Set the meter to the system that there is, and connect it as its manual shows it.",
  "Den Zähler auf das Netz einstellen, das es gibt, und ihn anschließen, wie sein Handbuch es zeigt.",
];

export const serviceTexts = {
  "split-phase": {
    wrong: [
      "The service is a split phase: A and B are opposite to each other.",
      "Das Netz ist ein Einphasen-Dreileiternetz: A und B sind einander entgegengesetzt.",
    ],
    change: toSystem,
  },
  network: {
    wrong: [
      "The service is two phases of a wye, a third of a turn apart, not a split phase.",
      "Das Netz sind zwei Phasen eines Sterns, ein Drittel einer Umdrehung auseinander, kein Einphasen-Dreileiternetz.",
    ],
    change: toSystem,
  },
  "four-wire wye": {
    wrong: [
      "The service has a neutral that carries current: the currents of A, B and C do not add up to nothing.",
      "Das Netz hat einen Neutralleiter, der Strom führt: die Ströme von A, B und C ergeben zusammen nicht null.",
    ],
    change: [
      "Set the meter to a four-wire wye, and connect its neutral terminal.",
      "Den Zähler auf einen Vierleiterstern einstellen und seine Klemme des Neutralleiters anschließen.",
    ],
  },
  "single phase": {
    wrong: ["All voltage terminals are on one phase.", "Alle Spannungsklemmen liegen an einer Phase."],
    change: [
      "Connect each terminal to its own phase, or set the meter to a single phase.",
      "Jede Klemme mit ihrer eigenen Phase verbinden, oder den Zähler auf eine Phase einstellen.",
    ],
  },
  "high-leg delta": {
    wrong: [
      "The service is a four-wire delta whose high leg is {first}.",
      "Das Netz ist ein Vierleiterdreieck, dessen hoher Leiter {first} ist.",
    ],
    change: toSystem,
  },
  "corner-grounded delta": {
    wrong: [
      "The service is a delta without a neutral, of which {first} is grounded.",
      "Das Netz ist ein Dreieck ohne Neutralleiter, von dem {first} geerdet ist.",
    ],
    change: [
      "Set the meter to a delta, and connect nothing to its neutral terminal.",
      "Den Zähler auf ein Dreieck einstellen und an seine Klemme des Neutralleiters nichts anschließen.",
    ],
  },
} as const satisfies Readonly<Record<string, MistakeText>>;

export const untoldTexts: Readonly<Record<Untold, Text>> = {
  noVolts: ["There is no voltage to judge by.", "Es gibt keine Spannung, nach der zu urteilen wäre."],
  noLoad: [
    "No current flows: how current transformers are connected cannot be told. Check again with a load.",
    "Es fließt kein Strom: wie Stromwandler angeschlossen sind, lässt sich nicht sagen. Mit einer Last noch einmal prüfen.",
  ],
  noAngles: [
    "Of some currents it is not known when they flow: their phase has no voltage, or the meter tells neither angles nor both active and reactive power.",
    "Von einigen Strömen ist nicht bekannt, wann sie fließen: ihre Phase hat keine Spannung, oder der Zähler nennt weder Winkel noch Wirk- und Blindleistung.",
  ],
  noNominal: [
    "The nominal voltage is not known: voltages that are all off by one factor cannot be found.",
    "Die Nennspannung ist nicht bekannt: Spannungen, die alle um einen Faktor abweichen, lassen sich nicht finden.",
  ],
  mayExport: [
    "Power that flows to the supply is measured like power to loads with all current transformers reversed: say whether the site can generate.",
    "Leistung zum Netz wird gemessen wie Leistung zu Lasten, wenn alle Stromwandler verkehrt herum sind: sagen Sie, ob die Anlage einspeisen kann.",
  ],
  unusualLoad: [
    "The power factor would be one that is seldom (under 0.7 lagging or 0.95 leading): check again with another load before anything is changed.",
    "Der Leistungsfaktor wäre ein seltener (unter 0,7 induktiv oder 0,95 kapazitiv): mit einer anderen Last noch einmal prüfen, bevor etwas geändert wird.",
  ],
  unbalanced: [
    "The currents differ by more than loads usually do: by their loads, or by the ratio of a transformer. Compare them with a clamp meter.",
    "Die Ströme unterscheiden sich stärker, als Lasten es sonst tun: durch ihre Lasten oder das Verhältnis eines Wandlers. Mit einer Stromzange vergleichen.",
  ],
  rotation: [
    "Without angles of the voltages it is not known in which order the phases follow each other.",
    "Ohne Winkel der Spannungen ist nicht bekannt, in welcher Folge die Phasen einander folgen.",
  ],
  ratios: [
    "Ratios of current transformers that are all off by one factor, or as much as loads differ, cannot be told from a measurement: compare with a clamp meter.",
    "Verhältnisse von Stromwandlern, die alle um einen Faktor abweichen oder so sehr, wie Lasten sich unterscheiden, verrät keine Messung: mit einer Stromzange vergleichen.",
  ],
};

const inGerman: Readonly<Record<WiringName, string>> = {
  "1-phase-ln": "eine Phase, A und N",
  "1-phase-ll": "eine Phase, A und B",
  "split-phase": "Einphasen-Dreileiternetz, A, B und N",
  delta: "Dreileiterdreieck, drei Stromwandler",
  wye: "Vierleiterstern, A, B, C und N (ANSI-Form 9)",
  "two-element": "Dreileiter, zwei Messsysteme, Phase B gemeinsam (ANSI-Form 5)",
  network: "Netz aus zwei Phasen eines Sterns mit Neutralleiter",
  "open-delta": "Dreileiterdreieck, zwei Spannungswandler, drei Stromwandler",
};

/** How a meter is connected. */
export function wiringText(system: WiringName): Text {
  return [wirings[system].means, inGerman[system]];
}
