/** What a revenue meter is set up to do: the shape of its configuration, section by section. Values only. */
import type { DaylightSaving } from "#clock/local-time.ts";
import type { Rate, TouSchedule } from "#clock/tou-schedule.ts";
import type { Measure, MeasurePhase } from "#quantity/measure.ts";
import type { ItemType, List, RegisterType, Storage } from "#quantity/register.ts";
import type { LogGroupSettings } from "./measurement-log.ts";
import type { RecordingsSettings, TransientFilter, Waveform } from "./recordings.ts";

export type Tariff = "total" | Rate;

interface Shown {
  /** 0 to 49 normal, 100 to 149 alternate, 200 to 249 test. */
  readonly id: number;
  readonly label: string;
  /** Which screen of its list it stands on, from 1; the next unless said. */
  readonly screen?: number | undefined;
  /** Of the 8 normal and 8 alternate ones that a self read keeps. */
  readonly selfRead: boolean;
}

export interface MeasuredRegister extends Shown {
  readonly type: RegisterType;
  readonly measure: Measure;
  readonly tariff: Tariff;
  readonly storage: Storage;
  readonly units: "units" | "kilo" | "mega";
  /** Digits that the register has, and how many of them stand behind the point. */
  readonly digits: number;
  readonly decimals: number;
  /** What fills the digits before the first one; nothing unless said. */
  readonly leading?: "zeros" | "blanks" | undefined;
  readonly scaling: "primary" | "secondary";
  /** Of a test register: energy of a pulse of the optical port while it is followed, at the meter's terminals. */
  readonly pulseWeight?: number | undefined;
  /** The register whose peak a coincident value or a time of peak belongs to. */
  readonly of?: number | undefined;
}

export interface ItemRegister extends Shown {
  readonly type: ItemType;
  /** Which identification string, 1 to 10, or which input, 1 to 8. */
  readonly number?: number | undefined;
}

export type RegisterSettings = MeasuredRegister | ItemRegister;

export interface ProfileChannel {
  readonly measure: Measure;
  /** One count is worth this, in primary units of the measure. */
  readonly km: number;
  /** Records always, or only while a TOU override input is closed. */
  readonly records: "always" | "override";
}

export interface ProfileSettings {
  readonly channels: readonly ProfileChannel[];
  /** Length of an interval: minutes, or a day, week (from Sunday) or month of local time. */
  readonly minutes: number | "day" | "week" | "month";
  /** Intervals end when an interval sync input closes, not by the clock. */
  readonly externalSync: boolean;
  readonly data: "counts" | "engineering";
  /** Events are recorded between the intervals. */
  readonly events: boolean;
  /** Freezes end an interval, and leave a record. */
  readonly freezeMarkers: boolean;
}

export interface DemandSettings {
  readonly subIntervalMinutes: number;
  readonly subIntervals: number;
  /** A thermal demand shows 90 % of a step after this. */
  readonly thermalMinutes: number;
  /** After an outage of at least so many seconds no demand is calculated for so many seconds. */
  readonly deferSeconds: number;
  readonly deferAfterOutageSeconds: number;
  /** Sub-intervals end when an interval sync input closes, not by the clock. */
  readonly externalSync: boolean;
}

/** A time at which something happens by itself. */
export interface Schedule {
  readonly every: "hour" | "day" | "week" | "month" | "subInterval" | "interval" | "billingReset" | "never";
  /** Minute of the hour or day; weekday (0 is Sunday), or day of the month (its last where it is shorter). */
  readonly minute: number;
  readonly day: number;
}

export const ioModes = [
  "none",
  "outputEnergyPulse",
  "outputAlarm",
  "outputEndOfInterval",
  "outputClockPulse",
  "inputStatus",
  "inputPulseCounter",
  "inputTouOverride",
  "inputIntervalSync",
] as const;

export const contacts = ["toggle", "kyz", "oneShot"] as const;

export interface InputOutputSettings {
  readonly mode: (typeof ioModes)[number];
  /** Of an energy pulse: what it counts, and what one transition is worth, primary. */
  readonly measure?: Measure | undefined;
  readonly ke: number;
  /** Of an energy pulse: each is one change of state (of a form A contact, or of both of a KYZ), or closes for `pulseMs`. */
  readonly contact: (typeof contacts)[number];
  /** How an output rests; open unless said. */
  readonly normally?: "open" | "closed" | undefined;
  readonly pulseMs: number;
  /** Of a clock pulse: how many minutes of local time lie between two. */
  readonly everyMinutes: number;
  /** An input is what its contact has been for so long; what comes faster is the contact's bouncing. */
  readonly debounceMs: number;
}

export interface TestPulseSettings {
  readonly led: "Wh" | "varh";
  readonly optical: "Wh" | "varh";
  /** Energy of a pulse, at the meter's terminals. */
  readonly kt: number;
}

export interface TotalizationSettings {
  /** The meter's own registration, which is added when enabled. */
  readonly measure?: Measure | undefined;
  readonly enabled: boolean;
  readonly tariff: Tariff;
  /** Pulses of inputs, in primary units. */
  readonly inputs: readonly { readonly channel: number; readonly weight: number; readonly subtract: boolean }[];
}

/** What a channel of another meter's is, however it is read. */
export interface CommunicatedSettings {
  /** A count that runs, whose differences count here; or a value of the moment. */
  readonly kind: "consumption" | "instantaneous";
  /** As its register has it: what it rolls over at. */
  readonly format: "u16" | "i16" | "u32" | "i32" | "f32";
  /** What one of the register is worth. */
  readonly scale: number;
  /** How often it is read. */
  readonly everySeconds: number;
}

/** Logs of voltage events, by the trigger that fills them. */
export const triggerLogs = ["sagSwell", "interruption", "rapidVoltageChange"] as const;

export interface TriggerSettings {
  readonly id: number;
  readonly enabled: boolean;
  readonly label: string;
  /** One of the three: what is measured, what a register shows, or an input that closes. */
  readonly measure?: Measure | undefined;
  readonly register?: number | undefined;
  readonly input?: number | undefined;
  readonly phase: "any" | "all" | MeasurePhase;
  readonly operator: "<" | ">" | "=";
  /** Levels of measures are secondary, those of registers as they are displayed; inputs need none. */
  readonly alarm?: number | undefined;
  readonly reset?: number | undefined;
  readonly delayMs: number;
  readonly resetDelayMs: number;
  /**
   * The log that it leaves entries in, besides that of alarms. Of rapid voltage changes alarm and reset are the threshold and,
   * less, what ends them (IEC 61000-4-30), volts.
   */
  readonly records?: (typeof triggerLogs)[number] | undefined;
  /** The alarm output that it closes, or none; those that no trigger names close with any alarm but of those with none. */
  readonly output?: number | "none" | undefined;
  /** What it records: RMS of two values a cycle, waveforms; nothing unless said. */
  readonly highSpeedRms?: boolean | undefined;
  readonly waveform?: Waveform | undefined;
  /** It looks for transients of volts, by how much samples are above those of the cycle before: it has a level, and no other end than its reset. */
  readonly transient?: TransientFilter | undefined;
}

/** In the unit of what is looked at, or, of volts, in percent of the nominal voltage. */
export type TriggerLevel = number | `${number} %`;

/** A trigger as it stands in a configuration. */
export interface ConfiguredTrigger extends Omit<TriggerSettings, "alarm" | "reset"> {
  readonly alarm?: TriggerLevel | undefined;
  readonly reset?: TriggerLevel | undefined;
}

/** Connections of form 5 (two elements), then of form 9 (three). */
export const connectionTypes = [
  "3 wire delta",
  "open delta",
  "3 wire wye",
  "network",
  "4 wire wye",
  "4 wire delta",
] as const;

/** How the phases of a site follow each other. */
export const rotations = ["abc", "acb"] as const;

/** Losses of one direction of flow, at the terminals: iron by V² and V⁴, copper and line by A². */
export interface LossCoefficients {
  readonly ironW: number;
  readonly ironVar: number;
  readonly copperW: number;
  readonly copperVar: number;
  readonly lineW: number;
  readonly lineVar: number;
}

export interface RevenueConfiguration {
  readonly identification: { readonly strings: readonly string[] };
  readonly primary: {
    readonly pt: number;
    readonly ct: number;
    readonly nominalVoltage: number;
    readonly nominalCurrent: number;
    readonly connection: (typeof connectionTypes)[number];
    /** Of which volts power quality is measured; the nominal voltage is theirs. */
    readonly pqVoltage: "ln" | "ll";
    /** The lamp of the flickermeter, volts (IEC 61000-4-15). */
    readonly flickerLamp: 120 | 230;
    /** The maximum demand load current of TDD (IEEE 519), at the terminals; the nominal current unless said. */
    readonly demandCurrent?: number | undefined;
    /** Of the mains signals that power quality measures, in Hz; none unless said. */
    readonly signalFrequency?: number | undefined;
    /** How the phases of the site follow each other. */
    readonly rotation: (typeof rotations)[number];
  };
  readonly registers: Readonly<Record<List, readonly RegisterSettings[]>>;
  readonly profiles: readonly ProfileSettings[];
  /** Its groups, in order; none unless said. */
  readonly measurementLog?: readonly LogGroupSettings[] | undefined;
  readonly demand: DemandSettings;
  readonly tou: TouSchedule;
  readonly timekeeping: {
    /** What keeps the clock: its crystal, the frequency of the line, or a time server, with the line as its fallback. */
    readonly sync: "crystal" | "line" | "ntp";
    /** Time servers, and how often they are asked: whoever runs the meter does so. */
    readonly servers?: readonly string[];
    readonly pollSeconds?: number;
    /** How far the clock may be from the time server's before bit 7 says so. */
    readonly toleranceMs: number;
    readonly utcOffsetMinutes: number;
    readonly daylightSaving?: DaylightSaving | undefined;
    readonly freeze: Schedule;
    readonly billingReset: Schedule;
  };
  readonly selfRead: Schedule;
  /** Transformer gain correction, by phase: ratio, and angle in minutes of arc (ahead is positive). */
  readonly correction?:
    | {
        readonly pt: readonly { readonly ratio: number; readonly minutes: number }[];
        readonly ct: readonly { readonly ratio: number; readonly minutes: number }[];
      }
    | undefined;
  readonly losses?: { readonly delivered: LossCoefficients; readonly received: LossCoefficients } | undefined;
  readonly resetLockoutMinutes: number;
  /** Eight channels, the last of them an input only. */
  readonly io: readonly InputOutputSettings[];
  readonly testPulses: TestPulseSettings;
  readonly testMode: { readonly timeoutMinutes: number };
  readonly totalization: readonly TotalizationSettings[];
  /** What is read of other meters, by channel from 1; nothing unless said. */
  readonly communicated?: readonly CommunicatedSettings[] | undefined;
  /** The rate while a TOU override input is closed; the calendar's where there is none. */
  readonly overrideRate?: Rate | undefined;
  /** Levels are secondary, at the meter's terminals. */
  readonly triggers: readonly ConfiguredTrigger[];
  /** For each bit of the trigger word, the triggers that must all be in alarm. */
  readonly triggerBits: readonly (readonly number[])[];
  /** How triggers record; none does without. */
  readonly powerQuality?: RecordingsSettings | undefined;
}

export function isMeasured(register: RegisterSettings): register is MeasuredRegister {
  return "measure" in register;
}
