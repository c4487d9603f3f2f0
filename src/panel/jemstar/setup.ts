/** What the panel takes from the meter's configuration, which comes as plain values. */
import type { MeterSurface } from "#quantity/meter-surface.ts";

type Plain = Readonly<Record<string, unknown>>;

export interface DisplaySettings {
  readonly registersPerScreen: number;
  readonly scrolling: boolean;
  readonly scrollSeconds: number;
  readonly timeoutSeconds: number;
  readonly menuTimeoutSeconds: number | undefined;
  readonly userMenuSeconds: number;
  readonly presetMinutes: number;
  readonly dateFormat: string;
  readonly numberFormat: string;
}

export function plain(value: unknown): Plain {
  return typeof value === "object" && value !== null ? (value as Plain) : {};
}

/** What lies behind keys; empty where it does not. */
export function within(value: unknown, ...keys: readonly string[]): Plain {
  return keys.reduce((at, key) => plain(at[key]), plain(value));
}

export function list(value: unknown): readonly Plain[] {
  return Array.isArray(value) ? value.map(plain) : [];
}

export function numberOf(value: unknown, usual: number): number {
  return typeof value === "number" ? value : usual;
}

export function textOf(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

/** The factory's where the configuration does not say (Appendix A, Display Setup). */
export function displayOf(configuration: unknown): DisplaySettings {
  const display = within(configuration, "display");
  const menu = display["menuTimeoutSeconds"];
  return {
    registersPerScreen: numberOf(display["registersPerScreen"], 1),
    scrolling: display["scrolling"] !== false,
    scrollSeconds: numberOf(display["scrollSeconds"], 10),
    timeoutSeconds: numberOf(display["timeoutSeconds"], 15),
    menuTimeoutSeconds: typeof menu === "number" ? menu : undefined,
    userMenuSeconds: numberOf(display["userMenuSeconds"], 120),
    presetMinutes: numberOf(display["presetMinutes"], 1),
    dateFormat: textOf(display["dateFormat"]) || "MM/DD/YYYY",
    numberFormat: textOf(display["numberFormat"]) || "1234.5",
  };
}

/** The screen of each register that has one of its own. */
export function screensOf(configuration: unknown): ReadonlyMap<number, number> {
  const lists = Object.values(within(configuration, "registers")).flatMap(list);
  return new Map(
    lists.flatMap(({ id, screen }) => (typeof id === "number" && typeof screen === "number" ? [[id, screen]] : [])),
  );
}

export function nameplateOf(surface: MeterSurface): Plain {
  return plain(surface.extra()["nameplate"]);
}

/** A number; undefined of what is none. */
export function optional(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}
