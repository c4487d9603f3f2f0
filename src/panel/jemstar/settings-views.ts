/** What the menu Meter Settings leads to (section Meter Settings). */
import { channelWords, menus, MOST_RATIO, NOT_PROVIDED } from "#model/jemstar-panel.ts";
import { LocalTime, type DaylightSaving } from "#clock/local-time.ts";
import { instantOf, wallTimeOf, type WallTime } from "#clock/meter-clock.ts";
import { isRefused, type MeterCommand } from "#quantity/authority.ts";
import { isPresettable, type List, type RegisterReading } from "#quantity/register.ts";
import { localOf } from "#quantity/stamp.ts";
import { formView, type FormField } from "./form-view.ts";
import { lookView, menuView, questionView } from "./menu-view.ts";
import { displayOf, list, numberOf, plain, textOf, within } from "./setup.ts";
import { shownRegister } from "./register-screens.ts";
import { two } from "./times.ts";
import type { Desk, Key, View } from "./view.ts";

export function settingsView(desk: Desk): View {
  const views: Readonly<Record<string, () => View>> = {
    "Date & Time": () => timeView(desk),
    "PT/CT": () => ratioView(desk),
    "Digital I/O": () => digitalView(desk),
    "Analog I/O": () => lookView("Menu -> Analog I/O", () => [said(NOT_PROVIDED)]),
    "Normal Preset Registers": () => presetView(desk, "normal"),
    "Alternate Preset Registers": () => presetView(desk, "alternate"),
  };
  return menuView(
    menus.settings.title,
    menus.settings.items.map((row) =>
      row.map((text) => {
        const view = views[text];
        return { text, set: view === undefined ? undefined : () => desk.open(view()) };
      }),
    ),
    { isLockable: true },
  );
}

function said(text: string) {
  return { part: "lines" as const, lines: [{ text, tone: "plain" as const }] };
}

/** Fields of a wall clock, with how far each goes. */
const parts = [
  ["Month", "month", 1, 12],
  ["Day", "day", 1, 31],
  ["Year", "year", 2000, 2099],
  ["Hour", "hour", 0, 23],
  ["Minute", "minute", 0, 59],
  ["Second", "second", 0, 59],
] as const;

/** Date and time by the wall clock; what has not been turned goes on with it. What is saved is by the meter's own rules of daylight saving. */
function timeView(desk: Desk): View {
  const turned: Partial<Record<keyof WallTime, number>> = {};
  const wall = (): WallTime => ({ ...wallTimeOf(localOf(desk.surface.now())), ...turned });
  const field = ([label, name, from, to]: (typeof parts)[number]): FormField => ({
    label,
    text: () => (name === "year" ? String(wall().year) : two(wall()[name])),
    may: () => desk.may("setTime"),
    turn: (by) => {
      const span = to - from + 1;
      // A clock that has lost its time is at 1970: the first year is the first that can be set.
      const now = Math.max(from, wall()[name]) - (wall()[name] < from ? by : 0);
      turned[name] = from + ((((now - from + by) % span) + span) % span);
    },
  });
  const [month, day, year, hour, minute, second] = parts.map(field);
  const rows = [
    [month, day, year],
    [hour, minute, second],
  ].map((row) => row.filter((one) => one !== undefined));
  return formView(desk, {
    title: "Menu -> Set Time & Date",
    rows,
    forget: () => {
      for (const [, name] of parts) delete turned[name];
    },
    save: () => {
      if (!desk.may("setTime") || Object.keys(turned).length === 0) return;
      const local = instantOf(wall());
      if (local === undefined) return desk.say(["there is no such date"], "bad");
      const { utcOffsetMinutes, daylightSaving } = within(desk.configuration, "timekeeping");
      const zone = new LocalTime(numberOf(utcOffsetMinutes, 0), daylightSaving as DaylightSaving | undefined);
      // An hour that clocks show twice is the one that they are in.
      const inThis = local - 60_000 * desk.surface.now().offsetMinutes;
      const utc = zone.local(inThis) === local ? inThis : zone.utcOf(local);
      // Where clocks go forward an hour is left out.
      if (zone.local(utc) !== local) return desk.say(["there is no such time"], "bad");
      desk.tell({ command: "setTime", utc: Temporal.Instant.fromEpochMilliseconds(utc).toString() });
    },
  });
}

/** Ratios are edited as they are, or by their primaries; their secondaries are the configuration's. What nobody typed is as the meter has it. */
function ratioView(desk: Desk): View {
  const typed: { pt?: number; ct?: number } = {};
  const primary = () => within(desk.configuration, "primary");
  const ratio = (name: "pt" | "ct"): number => typed[name] ?? numberOf(primary()[name], 1);
  const row = (name: "pt" | "ct"): FormField[] => {
    const label = name.toUpperCase();
    const may = (): boolean => desk.may("ratios");
    const secondary = (): number => numberOf(primary()[`${name}Secondary`], 1);
    const enter = (per: () => number) => (text: string) => {
      const value = Number(text) / per();
      if (text === "" || !(value >= 1 && value <= MOST_RATIO)) return false;
      typed[name] = value;
      return true;
    };
    return [
      {
        label: `${label} Pri`,
        text: () => short(ratio(name) * secondary()),
        may,
        enter: enter(secondary),
        expects: `a ratio of 1 to ${MOST_RATIO}`,
      },
      { label: `${label} Sec`, text: () => short(secondary()) },
      {
        label: `${label} Ratio`,
        text: () => short(ratio(name)),
        may,
        enter: enter(() => 1),
        expects: `1 to ${MOST_RATIO}`,
      },
    ];
  };
  return formView(desk, {
    title: "Menu -> PT/CT",
    rows: [row("pt"), row("ct")],
    forget: () => {
      delete typed.pt;
      delete typed.ct;
    },
    save: () => {
      if (desk.may("ratios"))
        asked(desk, "Menu -> PT/CT", () => ({ command: "ratios", pt: ratio("pt"), ct: ratio("ct") }));
    },
  });
}

/**
 * What another configuration or other ratios would begin anew is said before it is done. What is told is made of the meter as it is when
 * it is told: when somebody else has changed it since the question was put, it is put again.
 */
export function asked(desk: Desk, title: string, make: () => Asking): void {
  const command = make();
  const { epoch } = desk.surface;
  desk.tell({ ...command, check: true }, (outcome) => {
    if (isRefused(outcome)) return;
    const yes = (): void => {
      desk.back();
      if (desk.surface.epoch === epoch) desk.tell(command);
      else asked(desk, title, make);
    };
    const words = [...outcome.consequences, "Do you want to save the changes?"];
    desk.open(questionView(title, words, yes, () => desk.back()));
  });
}

/** What can be asked what it would do. */
type Asking = Extract<MeterCommand, { readonly command: "configure" | "ratios" }>;

export function short(value: number): string {
  return String(Number(value.toPrecision(9)));
}

/** Channels that a screen has room for. */
const CHANNELS_A_SCREEN = 4;

/** Up and Down lead to the other channels. */
function digitalView(desk: Desk): View {
  let from = 0;
  const settings = (): readonly Readonly<Record<string, unknown>>[] => list(plain(desk.configuration)["io"]);
  /** What a pulse of an input is worth, where it is counted into totals. */
  const weightOf = (input: number): unknown =>
    list(plain(desk.configuration)["totalization"])
      .flatMap(({ inputs }) => list(inputs))
      .find(({ channel }) => channel === input)?.["weight"];
  const row = (one: Readonly<Record<string, unknown>>, k: number): readonly string[] => {
    const [type = "", words = ""] = channelWords[textOf(one["mode"])] ?? [];
    const channel = desk.surface.channels.find((other) => other.channel === k + 1);
    const state = type === "" ? "" : channel?.closed === true ? "ON" : "OFF";
    return [String(k + 1), type, functionOf(textOf(one["mode"]), words, one, weightOf(k + 1)), state];
  };
  return {
    ...lookView("Menu -> Digital I/O", () => {
      const all = settings();
      if (!all.some(({ mode }) => mode !== "none")) return [said(NOT_PROVIDED)];
      const rows = all.map(row).slice(from, from + CHANNELS_A_SCREEN);
      const other = from === 0 ? "Down: channels 5 to 8" : "Up: channels 1 to 4";
      return [{ part: "table", columns: ["CH", "TYPE", "FUNCTION", "STATE"], rows }, said(other)];
    }),
    take(key: Key): boolean {
      const next = from + (key === "down" ? CHANNELS_A_SCREEN : key === "up" ? -CHANNELS_A_SCREEN : 0);
      if (next === from || next < 0 || next >= settings().length) return false;
      from = next;
      return true;
    },
  };
}

/** "ENERGY PULSE, Wh delivered, pke=0.1, Form A", "INTERVAL SYNC, Scaling - None, TOU rate T, Form A". */
function functionOf(mode: string, words: string, settings: Readonly<Record<string, unknown>>, weight: unknown): string {
  if (mode.startsWith("input"))
    return `${words}, Scaling - ${weight === undefined ? "None" : textOf(weight)}, TOU rate T, Form A`;
  if (mode === "outputEnergyPulse") {
    const { quantity, phase, direction } = plain(settings["measure"]);
    return `${words}, ${[quantity, phase, direction].map(textOf).join(" ")}, pke=${textOf(settings["ke"])}, Form ${settings["contact"] === "kyz" ? "C" : "A"}`;
  }
  return words === "" ? "" : `${words}, Form A`;
}

/** Whether a register of the same number shows something else. */
function isAnother(before: RegisterReading, now: RegisterReading | undefined): boolean {
  const whatOf = ({ kind, storage, tariff, measure, unit, label }: RegisterReading): string =>
    JSON.stringify([kind, storage, tariff, measure, unit, label]);
  return now === undefined || whatOf(before) !== whatOf(now);
}

function presetView(desk: Desk, name: List & ("normal" | "alternate")): View {
  const values = new Map<number, number>();
  const display = displayOf(desk.configuration);
  const offered = desk.surface.registers(name).filter(isPresettable);
  const rows = offered.map((reading): FormField[] => [
    {
      label: `${String(reading.id).padStart(3, "0")} ${reading.label}`,
      text: () => {
        const value = values.get(reading.id);
        if (value !== undefined) return short(value);
        const shown = shownRegister(desk.surface.register(reading.id) ?? reading, display, true);
        return `${shown.text} ${shown.unit}`.trim();
      },
      may: () => desk.may("presets"),
      enter: (text) => {
        const value = Number(text);
        if (text === "" || !Number.isFinite(value)) return false;
        values.set(reading.id, value);
        return true;
      },
    },
  ]);
  return formView(desk, {
    title: `Menu -> ${name === "normal" ? "Normal" : "Alternate"} Preset Registers`,
    rows,
    forget: () => values.clear(),
    isPreset: true,
    save: () => {
      if (!desk.may("presets") || values.size === 0) return;
      // Numbers are of the registers that were there when the form was opened.
      if (offered.some((one) => values.has(one.id) && isAnother(one, desk.surface.register(one.id)))) {
        desk.back();
        return desk.say(["the registers have been changed meanwhile: nothing was saved"], "bad");
      }
      desk.tell(
        { command: "presets", values: [...values].map(([register, value]) => ({ register, value })) },
        (outcome) => {
          if (isRefused(outcome)) return;
          values.clear();
          desk.say(["SAVED"], "good");
        },
      );
    },
  });
}
