/** Screens that scroll: one to four registers each, or a special display (sections Register Display Modes, Special Displays). */
import { NOT_SET, units } from "#model/jemstar-panel.ts";
import type { MeterSurface } from "#quantity/meter-surface.ts";
import type { Stamp } from "#quantity/stamp.ts";
import type { List, RegisterReading } from "#quantity/register.ts";
import type { Part, ShownRegister } from "#panel/picture.ts";
import { displayOf, screensOf, type DisplaySettings } from "./setup.ts";
import { alarmParts, alarmScreens, matrixPart, phasorPart } from "./special-displays.ts";
import { dateText, hourText, numberText } from "./times.ts";

export type RegisterScreen =
  | { readonly kind: "registers"; readonly ids: readonly number[] }
  | { readonly kind: "phasor" }
  | { readonly kind: "communication" }
  | { readonly kind: "alarms"; readonly screen: number; readonly of: number };

const MOST = 4;
const special: Readonly<Record<string, "phasor" | "communication" | "alarms">> = {
  phasorDisplay: "phasor",
  communicationStatus: "communication",
  alarmDisplay: "alarms",
};

/** The screens of a list: those that have a number in its order, then the others as they come. */
export function screensFor(surface: MeterSurface, configuration: unknown, name: List): readonly RegisterScreen[] {
  const numbered = screensOf(configuration);
  const { registersPerScreen } = displayOf(configuration);
  const groups = new Map<number, RegisterReading[]>();
  const others: RegisterReading[] = [];
  for (const reading of surface.registers(name)) {
    const screen = numbered.get(reading.id);
    if (screen === undefined) others.push(reading);
    else groups.set(screen, [...(groups.get(screen) ?? []), reading]);
  }
  const ordered = [...groups].toSorted(([a], [b]) => a - b).flatMap(([, group]) => laidOut(group, MOST, surface));
  return [...ordered, ...laidOut(others, registersPerScreen, surface)];
}

/** Special displays have a screen to themselves. */
function laidOut(readings: readonly RegisterReading[], most: number, surface: MeterSurface): RegisterScreen[] {
  const screens: RegisterScreen[] = [];
  let ids: number[] = [];
  const close = (): void => {
    if (ids.length > 0) screens.push({ kind: "registers", ids });
    ids = [];
  };
  for (const { id, kind } of readings) {
    const own = special[kind];
    if (own !== undefined) {
      close();
      if (own === "alarms") {
        const of = alarmScreens(surface);
        for (let screen = 0; screen < of; screen++) screens.push({ kind: own, screen, of });
      } else screens.push(own === "phasor" ? { kind: "phasor" } : { kind: "communication" });
      continue;
    }
    ids.push(id);
    if (ids.length >= most) close();
  }
  close();
  return screens;
}

/** What of a register is seen; while the display has not been loaded it has no value (section Meter Power Up Sequence). */
export function shownRegister(reading: RegisterReading, display: DisplaySettings, isLoaded: boolean): ShownRegister {
  const { id, label, unit, kind } = reading;
  const number = String(id).padStart(3, "0");
  if (kind === "blank") return { number: "", label: "", text: "", unit: "" };
  return { number, label, text: isLoaded ? textFor(reading, display) : NOT_SET, unit: unitText(unit) };
}

/** What a time or a date shows that has not been: "midnight, January 1, 1970" (section Default Time Displays). */
const noTime: Stamp = { utc: 0, offsetMinutes: 0, daylightSaving: false, synchronised: false };
const times: ReadonlySet<string> = new Set(["timeOfPeak", "lastBillingReset", "lastFreeze", "lastSeasonChange"]);

function textFor({ value, valid, text, time, kind }: RegisterReading, display: DisplaySettings): string {
  const shown = time ?? (times.has(kind) ? noTime : undefined);
  if (shown !== undefined) return `${dateText(shown, display.dateFormat)} ${hourText(shown)}`;
  const isNumber = kind !== "idString" && kind !== "rate" && kind !== "firmwareVersions";
  if (isNumber && valid === "invalid" && value === undefined) return NOT_SET;
  return isNumber ? numberText(text, display.numberFormat) : text;
}

/** "kWh" is "kW-Hr" here. */
function unitText(unit: string): string {
  if (unit === "") return "";
  const plainUnit = units[unit];
  if (plainUnit !== undefined) return plainUnit;
  const rest = units[unit.slice(1)];
  return /^[kM]/.test(unit) && rest !== undefined ? unit.slice(0, 1) + rest : unit;
}

/** Title and parts of one of the screens. */
export function screenParts(
  surface: MeterSurface,
  configuration: unknown,
  screen: RegisterScreen | undefined,
  isLoaded: boolean,
): { readonly title: string; readonly parts: readonly Part[] } {
  if (screen === undefined) return { title: "", parts: [] };
  if (screen.kind === "phasor") return { title: "Phasor Display", parts: [phasorPart(surface)] };
  if (screen.kind === "communication")
    return { title: "Communication Status", parts: [matrixPart(surface, configuration)] };
  if (screen.kind === "alarms") return alarmDisplay(surface, screen.screen, screen.of);
  const display = displayOf(configuration);
  const registers = screen.ids.flatMap((id) => {
    const reading = surface.register(id);
    return reading === undefined ? [] : [shownRegister(reading, display, isLoaded)];
  });
  return { title: "", parts: [{ part: "registers", registers }] };
}

export function alarmDisplay(surface: MeterSurface, screen: number, of: number) {
  return { title: `Site Alarm Display  ${screen + 1} of ${of}`, parts: alarmParts(surface, screen) };
}
