/** What each screen of the Leviton panels says now: asked of the meter's surface, in the words of the menus. */
import type {
  AlertScreen,
  CountScreen,
  InfoScreen,
  MainScreen,
  Notation,
  PanelGroup,
  PanelMenus,
  PanelScreen,
  PanelUnit,
  ParameterScreen,
  ResetScreen,
  ValueScreen,
} from "#model/leviton-panel.ts";
import { abbreviations, activePhases, systemVoltage } from "#model/leviton-panel.ts";
import type { MeterSurface } from "#quantity/meter-surface.ts";
import { measureOf, type MeasuredName } from "#quantity/quantity.ts";
import type { Setting } from "#quantity/setting.ts";
import { ABSENT, counted, grown, inDigits, labelled } from "./digits.ts";

/** What is seen: the number row, the text row, an arrow. */
export interface Shown {
  readonly value: string;
  readonly label: string;
  readonly arrow?: "import" | "export" | undefined;
}

/** A piece of a text that is longer than the number row. */
export interface PieceScreen {
  readonly label: string;
  readonly piece: string;
}

export type DataScreen = PanelScreen | PieceScreen;
export type DataRing = readonly DataScreen[];

/** Decimals of a power factor, which is below 1. */
const FACTOR_DECIMALS = 4;
/** Lit where a phase has an alert; a place without one has a dash. */
const phaseLetters = ["A", "b", "C"] as const;

const energies: ReadonlySet<PanelUnit> = new Set(["energy", "reactiveEnergy", "apparentEnergy"]);
const powers: ReadonlySet<PanelUnit> = new Set(["power", "reactive", "apparent"]);

export class Screens {
  readonly #surface: MeterSurface;
  readonly #menus: PanelMenus;

  constructor(surface: MeterSurface, menus: PanelMenus) {
    this.#surface = surface;
    this.#menus = menus;
  }

  /** What is set, but for what is secret. */
  settings(): Readonly<Record<string, number>> {
    return this.#surface.configuration() as Readonly<Record<string, number>>;
  }

  get #notation(): Notation {
    return this.settings()["displayUnits"] === 0 ? "IEC" : "IEEE";
  }

  get #phases(): string {
    return String(activePhases[this.settings()["systemType"] ?? 0] ?? "");
  }

  get alerts(): number {
    return this.#surface.state("alerts") ?? 0;
  }

  heading(main: MainScreen): Shown {
    if ("first" in main) return this.shown(main.first);
    if ("summary" in main) return { value: "", label: this.#phases + main.summary };
    return { value: "", label: "heading" in main ? main.heading : main.guarded };
  }

  /** To the right of a screen of the main menu; a long serial number has several screens. */
  columns(main: MainScreen): readonly DataRing[] {
    if ("guarded" in main) return [];
    return main.columns.flatMap((ring): readonly DataRing[] => {
      const [screen] = ring;
      if (screen === undefined || !("info" in screen) || screen.info !== "serial") return [ring];
      const { digits } = this.#menus;
      // By characters: people write serial numbers in their own script.
      const serial = Array.from(this.#surface.identity.serial);
      const pieces = Array.from({ length: Math.max(1, Math.ceil(serial.length / digits)) }, (_, k) => k * digits);
      return pieces.map((from) => [{ label: screen.label, piece: serial.slice(from, from + digits).join("") }]);
    });
  }

  /** The groups and parameters that this meter has: the rope-style one has no CT V. */
  groups(main: MainScreen): readonly PanelGroup[] {
    if (!("guarded" in main)) return [];
    const settings = this.settings();
    const has = (screen: PanelScreen | undefined): boolean =>
      screen !== undefined &&
      (!("setting" in screen) || screen.setting.endsWith("Password") || settings[screen.setting] !== undefined);
    return main.groups.flatMap((group) => {
      const columns = group.columns.filter(([screen]) => has(screen));
      const isAbsent = group.unless !== undefined && settings[group.unless[0]] === group.unless[1];
      return columns.length === 0 || isAbsent ? [] : [{ ...group, columns }];
    });
  }

  shown(screen: DataScreen): Shown {
    if ("piece" in screen) return { value: screen.piece, label: screen.label };
    if ("value" in screen) return this.#value(screen);
    if ("count" in screen) return this.#count(screen);
    if ("bits" in screen) return this.#alert(screen);
    if ("info" in screen) return this.#info(screen);
    if ("shows" in screen) return this.#state(screen);
    return { value: "", label: this.labelOf(screen) };
  }

  /** Of a parameter that is entered, and of a reset. */
  labelOf(screen: Extract<ParameterScreen, { readonly setting: Setting }> | ResetScreen): string {
    if (!("setting" in screen) || screen.setting !== systemVoltage.setting) return screen.label;
    const { toNeutral } = systemVoltage;
    return this.settings()["systemType"] === toNeutral.systemType ? toNeutral.label : screen.label;
  }

  #read(name: MeasuredName): number | undefined {
    return this.#surface.read(measureOf(name), "primary").value;
  }

  #value({ value: name, prefix, unit, arrow }: ValueScreen): Shown {
    const value = this.#read(name);
    const { text, scale } = this.#sized(value, unit);
    const notation = this.#notation;
    const before =
      prefix === "phases"
        ? this.#phases
        : prefix === "demand" || prefix === "maximum"
          ? abbreviations[prefix][notation]
          : prefix;
    return { value: text, label: labelled(before, scale + abbreviations[unit][notation]), arrow };
  }

  /** What is absent has the unit that stands for thousands, in which the manual names powers and energies. */
  #sized(value: number | undefined, unit: PanelUnit): { readonly text: string; readonly scale: string } {
    const { digits } = this.#menus;
    const grows = energies.has(unit) || powers.has(unit);
    if (value === undefined) return { text: ABSENT, scale: grows ? "K" : "" };
    if (energies.has(unit)) return counted(value, digits);
    if (powers.has(unit)) return grown(value, digits);
    const text = unit === "powerFactor" ? inDigits(value, digits, FACTOR_DECIMALS) : inDigits(value, digits);
    return { text: text ?? ABSENT, scale: "" };
  }

  /** The last digits of a count: it rolls over as a mechanical register does. */
  #count({ count, label }: CountScreen): Shown {
    const value = this.#read(count);
    return { value: value === undefined ? ABSENT : String(value % 10 ** this.#menus.digits), label };
  }

  #alert({ label, bits }: AlertScreen): Shown {
    const { alerts } = this;
    const isOn = (bit: number): boolean => ((alerts >> bit) & 1) === 1;
    if ("is" in bits) return { value: bits.is.find(([bit]) => isOn(bit))?.[1] ?? "nonE", label };
    const letters = phaseLetters.map((letter, k) => (isOn(bits.from + k) ? letter : "-"));
    return { value: letters.every((letter) => letter === "-") ? "nonE" : letters.join(""), label };
  }

  #info({ label, info }: InfoScreen): Shown {
    const { identity } = this.#surface;
    const texts = {
      model: this.#menus.model,
      operatingSystem: identity.firmware,
      resetSystem: this.#menus.resetSystem,
      serial: identity.serial,
    };
    return { value: texts[info], label };
  }

  #state({ label, shows, unit, times = 1 }: Extract<ParameterScreen, { readonly shows: unknown }>): Shown {
    const value = this.#surface.state(shows);
    if (unit === undefined) return { value: value === undefined ? ABSENT : String(Math.round(value * times)), label };
    const { text, scale } = this.#sized(value, unit);
    return { value: text, label: labelled(label, scale + abbreviations[unit][this.#notation]) };
  }
}
