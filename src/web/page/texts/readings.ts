/** Texts of what a meter measures now, and has counted. */
import type { Texts } from "#quantity/text.ts";

export const quantities = {
  lineNeutral: ["Volts to neutral", "Spannung gegen N"],
  lineLine: ["Volts line to line (AB, BC, CA)", "Außenleiterspannung (AB, BC, CA)"],
  amps: ["Amps", "Strom"],
  watts: ["Active power", "Wirkleistung"],
  vars: ["Reactive power", "Blindleistung"],
  voltamperes: ["Apparent power", "Scheinleistung"],
  powerFactor: ["Power factor", "Leistungsfaktor"],
  frequency: ["Frequency", "Frequenz"],
  thdVolts: ["THD of volts, %", "THD der Spannung, %"],
  thdAmps: ["THD of amps, %", "THD des Stroms, %"],
  activeImport: ["Active import", "Wirkenergie, Bezug"],
  activeExport: ["Active export", "Wirkenergie, Lieferung"],
  activeNet: ["Active net", "Wirkenergie, Saldo"],
  reactiveQ1: ["Reactive Q1", "Blindenergie Q1"],
  reactiveQ2: ["Reactive Q2", "Blindenergie Q2"],
  reactiveQ3: ["Reactive Q3", "Blindenergie Q3"],
  reactiveQ4: ["Reactive Q4", "Blindenergie Q4"],
  apparentImport: ["Apparent import", "Scheinenergie, Bezug"],
  apparentExport: ["Apparent export", "Scheinenergie, Lieferung"],
  active: ["Active", "Wirkleistung"],
  reactive: ["Reactive", "Blindleistung"],
  apparent: ["Apparent", "Scheinleistung"],
} as const satisfies Texts;

export const readingTexts = {
  now: ["Now", "Jetzt"],
  byPhase: ["Readings by phase", "Messwerte je Phase"],
  none: ["This meter has no readings by phase.", "Dieser Zähler hat keine Messwerte je Phase."],
  all: ["All", "Gesamt"],
  total: ["Total", "Summe"],
  dateAndRate: ["{date}, rate {rate}", "{date}, Tarif {rate}"],
  phasors: ["Phasors", "Zeiger"],
  phasorsAsNumbers: ["Phasors as numbers", "Zeiger als Zahlen"],
  fundamental: ["Fundamental", "Grundschwingung"],
  size: ["Size", "Betrag"],
  angle: ["Angle, °", "Winkel, °"],
  more: ["Other readings", "Weitere Messwerte"],
} as const satisfies Texts;

/** Of the transformers. */
export const sides = {
  primary: ["primary", "primär"],
  secondary: ["secondary", "sekundär"],
} as const satisfies Texts;
