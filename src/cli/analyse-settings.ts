/** What words of `analyse` say of how a recording is examined and judged. */
import { type EventLimits, eventLimitsOf, type ExamineSettings } from "#analysis/examine-settings.ts";
import type { JudgeSettings } from "#analysis/report/judged.ts";
import type { recordingReader } from "#fleet/recording-file.ts";
import { pairMap, suggestedMap } from "#fleet/suggested-map.ts";
import { type WiringName, wirings } from "#quantity/wiring.ts";
import { Failure, orFail } from "./failure.ts";

export interface SettingWords {
  readonly wiring?: string;
  readonly map?: string;
  readonly nominal?: string;
  readonly hz?: string;
  readonly start?: string;
  readonly dip?: string;
  readonly swell?: string;
  readonly interruption?: string;
  readonly rapidChange?: string;
  readonly transient?: string;
  readonly signal?: string;
  readonly edition?: string;
  readonly level?: string;
  readonly islanded?: true;
  readonly busVolts?: string;
  readonly loadCurrent?: string;
  readonly shortCircuitRatio?: string;
  readonly shortCircuitCurrent?: string;
  readonly generation?: string;
}

type RecordingReader = ReturnType<typeof recordingReader>;

/** What feeds the inputs of a meter, as `examine` takes it. */
type Map = ExamineSettings["map"];

/** What is said for all recordings: wiring and map are each one's own where they are not. */
export interface AllSettings extends Partial<Omit<ExamineSettings, "map" | "wiring">> {
  readonly map: Map | undefined;
  readonly wiring: WiringName | undefined;
  readonly judge: JudgeSettings;
}

const inputNames = ["va", "vb", "vc", "ia", "ib", "ic"] as const;

export function settingsOf(words: SettingWords): AllSettings {
  const { hz, nominal, start, wiring, map, loadCurrent, signal } = words;
  if (hz !== undefined && hz !== "50" && hz !== "60") throw new Failure(`--hz: expected 50 or 60, found "${hz}"`, 2);
  const demandAmps = loadCurrent === undefined ? undefined : numberOf("--load-current", loadCurrent);
  return {
    nominalVolts: nominal === undefined ? undefined : numberOf("--nominal", nominal),
    hz: hz === undefined ? undefined : hz === "50" ? 50 : 60,
    startUtc: start === undefined ? undefined : instantOf(start),
    limits: limitsOf(words),
    wiring: wiring === undefined ? undefined : wiringNamed(wiring),
    map: map === undefined ? undefined : mapOf(map),
    demandAmps,
    signalHz: signal === undefined ? undefined : numberOf("--signal", signal),
    judge: judgeOf(words, demandAmps),
  };
}

/** The settings of one recording: what is not said is of its channels. */
export function settingsFor(
  { head }: RecordingReader,
  { map: said, wiring, ...settings }: AllSettings,
): ExamineSettings & JudgeSettings {
  const { judge, ...others } = settings;
  const found = said === undefined ? suggested(head.channels) : { map: said, wiring: undefined };
  return { ...others, ...judge, map: found.map, wiring: wiring ?? found.wiring ?? wiringFor(found.map) };
}

function judgeOf(words: SettingWords, loadCurrent: number | undefined): JudgeSettings {
  const { edition, level, islanded, busVolts, shortCircuitRatio, shortCircuitCurrent, generation } = words;
  const number = (option: string, text: string | undefined): number | undefined =>
    text === undefined ? undefined : numberOf(option, text);
  return {
    en50160: {
      ...known("edition", edition && oneOf("--edition", edition, ["2010", "amended"] as const)),
      ...known("level", level && oneOf("--level", level, ["low", "medium"] as const)),
      ...known("connection", islanded && ("islanded" as const)),
    },
    ieee519: {
      ...known("busVolts", number("--bus-volts", busVolts)),
      ...known("loadCurrent", loadCurrent),
      ...known("shortCircuitRatio", number("--short-circuit-ratio", shortCircuitRatio)),
      ...known("shortCircuitCurrent", number("--short-circuit-current", shortCircuitCurrent)),
      ...known("generation", number("--generation", generation)),
    },
  };
}

/** What is not said is left out. */
function known<K extends string, T>(key: K, value: T | "" | undefined): { readonly [P in K]?: T } {
  return (value === undefined || value === "" ? {} : { [key]: value }) as { readonly [P in K]?: T };
}

function oneOf<T extends string>(option: string, text: string, names: readonly T[]): T {
  const found = names.find((name) => name === text);
  if (found === undefined) throw new Failure(`${option}: expected ${names.join(" or ")}, found "${text}"`, 2);
  return found;
}

function instantOf(text: string): number {
  try {
    return Temporal.Instant.from(text).epochMilliseconds;
  } catch {
    throw new Failure(`--start: expected an instant like 2026-03-14T06:29:50Z, found "${text}"`, 2);
  }
}

export function numberOf(option: string, text: string): number {
  const value = Number(text);
  if (!(value > 0 && Number.isFinite(value))) {
    throw new Failure(`${option}: expected a number above 0, found "${text}"`, 2);
  }
  return value;
}

/** Parts of the declared voltage, of those that are said. */
function limitsOf({ dip, swell, interruption, rapidChange, transient }: SettingWords): Partial<EventLimits> {
  const said = Object.entries({ dip, swell, interruption, rapidChange, transient }).flatMap(([name, text]) => {
    const option = `--${name.replace("C", "-c")}`;
    return text === undefined ? [] : [[name, numberOf(option, text) / 100] as const];
  });
  const limits = Object.fromEntries(said);
  orFail(2, () => eventLimitsOf(limits));
  return limits;
}

function wiringNamed(name: string): WiringName {
  if (Object.hasOwn(wirings, name)) return name as WiringName;
  throw new Failure(`--wiring: expected ${Object.keys(wirings).join(", ")}, found "${name}"`, 2);
}

function mapOf(text: string): Map {
  const entries = text.split(",").map((part) => {
    const [, input = "", channel = "", ratio] =
      /^\s*(v[abc]|i[abc])\s*=\s*(.+?)\s*(?:\*\s*([-+.\de]+))?\s*$/.exec(part) ?? [];
    const scale = ratio === undefined ? undefined : Number(ratio);
    if (input === "" || scale === 0 || Number.isNaN(scale)) {
      throw new Failure(`--map: expected ${inputNames.join(", ")}, each like va=U1 or va=3*1000, found "${part}"`, 2);
    }
    return [input, { channel, scale }] as const;
  });
  return Object.fromEntries(entries);
}

function suggested(channels: RecordingReader["head"]["channels"]): { map: Map; wiring: WiringName | undefined } {
  const found = suggestedMap(channels);
  const isToNeutral = Object.keys(found ?? {}).some((input) => input.startsWith("v"));
  const pairs = isToNeutral ? undefined : pairMap(channels);
  if (pairs !== undefined) {
    const isOnePair = Object.keys(pairs).filter((input) => input.startsWith("v")).length === 1;
    return { map: pairs, wiring: isOnePair ? "1-phase-ll" : "delta" };
  }
  if (found === undefined) {
    const names = channels.map(({ name }) => `"${name}"`).join(", ");
    throw new Error(`no channel is plainly an input of a meter; expected --map, of ${names}`);
  }
  const map = Object.fromEntries(Object.entries(found).map(([input, channel]) => [input, { channel }]));
  return { map, wiring: undefined };
}

/** The wiring of so many voltages to neutral. */
function wiringFor(map: Map): WiringName {
  const has = (phase: string): boolean => Object.hasOwn(map, `v${phase}`);
  if (has("a") && has("b") && has("c")) return "wye";
  if (has("a") && has("b")) return "network";
  if (has("a")) return "1-phase-ln";
  throw new Error(`there is no voltage of phase a among ${Object.keys(map).join(", ")}; expected --map with va`);
}
