/** Texts of the section of power quality. */
import type { Texts } from "#quantity/text.ts";

/** Limits that a spectrum is held against, as they stand in a sentence; and in a list. */
export const limitNames = {
  none: ["no limits", "keine Grenzwerte"],
  public: [
    "the compatibility levels of public low-voltage networks (IEC 61000-2-2)",
    "die Verträglichkeitspegel öffentlicher Niederspannungsnetze (IEC 61000-2-2)",
  ],
  class1: [
    "the compatibility levels of plants, class 1 (IEC 61000-2-4)",
    "die Verträglichkeitspegel von Anlagen, Klasse 1 (IEC 61000-2-4)",
  ],
  class2: [
    "the compatibility levels of plants, class 2 (IEC 61000-2-4)",
    "die Verträglichkeitspegel von Anlagen, Klasse 2 (IEC 61000-2-4)",
  ],
  class3: [
    "the compatibility levels of plants, class 3 (IEC 61000-2-4)",
    "die Verträglichkeitspegel von Anlagen, Klasse 3 (IEC 61000-2-4)",
  ],
  en50160: ["the limits of EN 50160", "die Grenzwerte der EN 50160"],
  ieee519: ["the limits of IEEE 519-2022", "die Grenzwerte der IEEE 519-2022"],
} as const satisfies Texts;

export const standardNames = {
  none: ["None", "Keine"],
  public: ["IEC 61000-2-2", "IEC 61000-2-2"],
  class1: ["IEC 61000-2-4, class 1", "IEC 61000-2-4, Klasse 1"],
  class2: ["IEC 61000-2-4, class 2", "IEC 61000-2-4, Klasse 2"],
  class3: ["IEC 61000-2-4, class 3", "IEC 61000-2-4, Klasse 3"],
  en50160: ["EN 50160", "EN 50160"],
  ieee519: ["IEEE 519-2022", "IEEE 519-2022"],
} as const satisfies Texts;

export const qualityTexts = {
  title: ["Power quality", "Spannungsqualität"],
  volts: ["Volts", "Spannungen"],
  lineToLine: ["Line to line", "Außenleiter"],
  amps: ["Amps", "Ströme"],
  ofWhat: ["Of what the harmonics are", "Wovon die Oberschwingungen sind"],
  spectrum: ["What lies between", "Was dazwischen liegt"],
  harmonics: ["Harmonics", "Oberschwingungen"],
  interharmonics: ["Interharmonics", "Zwischenharmonische"],
  limits: ["Limits", "Grenzwerte"],
  limit: ["Limit", "Grenzwert"],
  limitOf: ["limit {percent}", "Grenzwert {percent}"],
  busVolts: ["Nominal volts of the bus, line to line", "Nennspannung der Schiene zwischen den Außenleitern, V"],
  shortCircuit: ["Isc, A", "Isc, A"],
  loadCurrent: ["IL, A", "IL, A"],
  asksBus: [
    "IEEE 519 has its limits by the nominal volts of the bus: enter them.",
    "IEEE 519 hat ihre Grenzwerte nach der Nennspannung der Schiene: bitte eingeben.",
  ],
  asksCurrents: [
    "IEEE 519 has limits of amps by Isc and IL: the short-circuit current at the point of common coupling, and the largest demand load current. Enter them.",
    "IEEE 519 hat Grenzwerte der Ströme nach Isc und IL: dem Kurzschlussstrom am Verknüpfungspunkt und dem größten mittleren Laststrom. Bitte eingeben.",
  ],
  noneOfAmps: ["These limits are of voltages only.", "Diese Grenzwerte sind nur von Spannungen."],
  momentary: [
    "What stands here is of 10 or 12 cycles. The standards judge how often it is so: percentiles of a day or a week.",
    "Was hier steht, ist von 10 oder 12 Perioden. Die Normen beurteilen, wie oft das so ist: Perzentile eines Tages oder einer Woche.",
  ],
  beyond: ["Beyond {which}: {what}.", "Über {which}: {what}."],
  within: ["Within {which}.", "Innerhalb: {which}."],
  withinAsKnown: ["Within {which}, as far as is measured.", "Innerhalb, soweit gemessen wird: {which}."],
  beyondOrder: [
    "harmonic {order} of {of}: {percent} % of {limit} %",
    "Oberschwingung {order} von {of}: {percent} % von {limit} %",
  ],
  beyondThd: ["THD of {of}: {percent} % of {limit} %", "THD von {of}: {percent} % von {limit} %"],
  beyondTdd: ["TDD of {of}: {percent} % of {limit} %", "TDD von {of}: {percent} % von {limit} %"],
  percentOfFundamental: ["percent of the fundamental", "Prozent der Grundschwingung"],
  percentOfLoad: ["percent of the load current", "Prozent des Laststroms"],
  percentOfNominal: ["percent of the nominal voltage", "Prozent der Nennspannung"],
  spectrumOf: ["{spectrum} of {kind}, {percent}", "{spectrum}, {kind}, {percent}"],
  barsOf: ["Bars of {what}; they stand as numbers below", "Balken: {what}; die Zahlen stehen darunter"],
  allOf: ["All {what}", "Alle: {what}"],
  allOrders: ["All orders as numbers", "Alle Ordnungen als Zahlen"],
  order: ["Order", "Ordnung"],
  angles: ["Angles of the harmonics", "Winkel der Oberschwingungen"],
  anglesOf: [
    "Angles of the harmonics, degrees against the fundamental of the first voltage",
    "Winkel der Oberschwingungen in Grad gegen die Grundschwingung der ersten Spannung",
  ],
  takeAngles: ["Take them again", "Noch einmal lesen"],
  anglesAt: ["As they were at {time}.", "Wie sie um {time} waren."],
  noAngles: ["This meter tells no angles.", "Dieser Zähler nennt keine Winkel."],
  byPhase: ["Distortion and flicker by phase", "Verzerrung und Flicker je Phase"],
  thd: ["THD, %", "THD, %"],
  thdOdd: ["THD of odd orders, %", "THD ungerader Ordnungen, %"],
  thdEven: ["THD of even orders, %", "THD gerader Ordnungen, %"],
  crest: ["Crest factor", "Scheitelfaktor"],
  tdd: ["TDD, %", "TDD, %"],
  k: ["K factor", "K-Faktor"],
  pinst: ["Flicker now, Pinst", "Flicker jetzt, Pinst"],
  pst: ["Flicker of ten minutes, Pst", "Flicker von zehn Minuten, Pst"],
  plt: ["Flicker of two hours, Plt", "Flicker von zwei Stunden, Plt"],
  unbalances: ["Unbalance of volts and amps", "Unsymmetrie der Spannungen und Ströme"],
  u2: ["Unbalance, negative sequence u2, %", "Unsymmetrie, Gegensystem u2, %"],
  u0: ["Zero sequence u0, %", "Nullsystem u0, %"],
  hz10s: ["Frequency of the last 10 s", "Frequenz der letzten 10 s"],
  endedAgo: [
    "The last block of {cycles} cycles ended {ago} ago.",
    "Der letzte Block von {cycles} Perioden endete vor {ago}.",
  ],
  flagged: [
    "Flagged: a dip, a swell, an interruption or a jump of the phase was in these {cycles} cycles (IEC 61000-4-30).",
    "Gekennzeichnet: in diesen {cycles} Perioden war ein Einbruch, eine Erhöhung, eine Unterbrechung oder ein Phasensprung (IEC 61000-4-30).",
  ],
  flaggedPst: [
    "Flagged: a dip, a swell or an interruption was in the ten minutes of Pst of {names}.",
    "Gekennzeichnet: in den zehn Minuten von Pst von {names} war ein Einbruch, eine Erhöhung oder eine Unterbrechung.",
  ],
  flaggedPlt: [
    "Flagged: a dip, a swell or an interruption was in the two hours of Plt of {names}.",
    "Gekennzeichnet: in den zwei Stunden von Plt von {names} war ein Einbruch, eine Erhöhung oder eine Unterbrechung.",
  ],
  notKnown: ["Not known: {what}.", "Nicht bekannt: {what}."],
  nothingYet: ["No block has been measured yet.", "Es ist noch kein Block gemessen."],
} as const satisfies Texts;

export const intervalTexts = {
  title: ["Intervals that have ended", "Abgeschlossene Intervalle"],
  length: ["How long the interval is", "Wie lang das Intervall ist"],
  table: ["Least, mean and largest of each value in {length}", "Kleinster, mittlerer und größter Wert in {length}"],
  least: ["Least", "Kleinster"],
  mean: ["Mean", "Mittel"],
  largest: ["Largest", "Größter"],
  from: ["{from} to {until}", "{from} bis {until}"],
  noTime: ["At a time that is not known", "Zu unbekannter Zeit"],
  oneValue: ["1 value", "1 Wert"],
  values: ["{parts} values", "{parts} Werte"],
  notComplete: [
    "not complete: the clock was set in it, or the source began, stopped or had a gap",
    "nicht vollständig: die Uhr wurde gestellt, oder die Quelle begann, endete oder hatte eine Lücke",
  ],
  isFlagged: [
    "flagged: a dip, a swell, an interruption or a jump of the phase was in it",
    "gekennzeichnet: ein Einbruch, eine Erhöhung, eine Unterbrechung oder ein Phasensprung war darin",
  ],
} as const satisfies Texts;

/** What values of intervals are called. */
export const intervalNames = {
  volts: ["Volts", "Spannung"],
  amps: ["Amps", "Strom"],
  thdVolts: ["THD of volts", "THD der Spannung"],
  thdAmps: ["THD of amps", "THD des Stroms"],
  under: ["Below nominal volts", "Unter Nennspannung"],
  over: ["Above nominal volts", "Über Nennspannung"],
  unbalanceVolts: ["Unbalance of volts", "Unsymmetrie der Spannungen"],
  unbalanceAmps: ["Unbalance of amps", "Unsymmetrie der Ströme"],
  negativeVolts: ["Unbalance of volts, negative sequence u2", "Unsymmetrie der Spannungen, Gegensystem u2"],
  negativeAmps: ["Unbalance of amps, negative sequence u2", "Unsymmetrie der Ströme, Gegensystem u2"],
  zeroVolts: ["Unbalance of volts, zero sequence u0", "Unsymmetrie der Spannungen, Nullsystem u0"],
  zeroAmps: ["Unbalance of amps, zero sequence u0", "Unsymmetrie der Ströme, Nullsystem u0"],
} as const satisfies Texts;

export const percentileTexts = {
  title: ["Percentiles of the measurement log", "Perzentile des Messprotokolls"],
  group: ["Which group of the log", "Welche Gruppe des Protokolls"],
  groupName: ["{number}: {length}", "{number}: {length}"],
  minutes: ["{n} min", "{n} min"],
  cycles: ["150/180 cycles", "150/180 Perioden"],
  period: ["How far back", "Wie weit zurück"],
  day: ["Last day", "Letzter Tag"],
  week: ["Last week", "Letzte Woche"],
  table: [
    "Percentiles of what the measurement log has, and their limits",
    "Perzentile der Werte des Messprotokolls und ihre Grenzwerte",
  ],
  beyondShare: ["Beyond, %", "Darüber, %"],
  limit: ["Limit", "Grenzwert"],
  asking: ["Asking for the records.", "Die Aufzeichnungen werden gelesen."],
  failed: ["The records cannot be read now. ", "Die Aufzeichnungen können gerade nicht gelesen werden. "],
  again: ["Try again", "Noch einmal"],
  none: ["No records of this time.", "Aus dieser Zeit gibt es keine Aufzeichnungen."],
  counts: [
    "Of {known} intervals of {expected}; {flagged} flagged ones are left out.",
    "Von {known} Intervallen von {expected}; {flagged} gekennzeichnete zählen nicht.",
  ],
  isBeyond: [
    "{name}: the {percent}th percentile, {value}, is beyond {limit}",
    "{name}: das {percent}. Perzentil, {value}, liegt über {limit}",
  ],
  verdictBeyond: ["Beyond: {what}.", "Überschritten: {what}."],
  verdictWithin: ["All that has a limit is within it.", "Alles, was einen Grenzwert hat, hält ihn ein."],
  rule: [
    "EN 50160 asks that 95 % of the 10-minute values of a week are within; IEEE 519 that 95 % of them are, and 99 % of the 3-second values of a day within 1.5 times the limit (of amps 2 times).",
    "EN 50160 verlangt, dass 95 % der 10-Minuten-Werte einer Woche eingehalten werden; IEEE 519 ebenso, und 99 % der 3-Sekunden-Werte eines Tages das 1,5-Fache des Grenzwerts (bei Strömen das 2-Fache).",
  ],
} as const satisfies Texts;
