/**
 * What a station of IEC 60870-5-102 knows of the meter behind it: its settings, totals by period, closures, values of the moment,
 * events, its clock. A product makes it of a meter's surface.
 */
import type { Peer } from "#quantity/authority.ts";
import type { Stamp } from "#quantity/stamp.ts";

/** The base standard's types alone, or with those of the Spanish companion profile (Red Eléctrica de España). */
export type Companion = "base" | "ree";

export interface Iec102Settings {
  /** Link address, of one or two octets. */
  readonly address: number;
  readonly addressOctets: 1 | 2;
  readonly companion: Companion;
  /** Measuring point, 1 to 65,535. */
  readonly measuringPoint: number;
  /** Manufacturer's code, 0 to 255. */
  readonly manufacturer: number;
  readonly deviceNumber: number;
  /** What totals are counted in; kWh unless said. */
  readonly unit?: "Wh" | "kWh" | "MWh" | undefined;
  /** Whether totals are asked for only in a session that a password began. */
  readonly password: boolean;
  /** After which a session that nobody uses ends. */
  readonly sessionMs: number;
  /** How long the rest of a frame is waited for. */
  readonly interCharacterMs: number;
}

/** Bits of the quality octet of the REE profile; the base standard has 0x80, 0x40 and 0x20 alone, and a sequence number below. */
export const qualityBits = {
  invalid: 0x80,
  synchronised: 0x40,
  overflow: 0x20,
  timeVerified: 0x10,
  parameters: 0x08,
  intrusion: 0x04,
  incomplete: 0x02,
} as const;

/** An instant on the wire: local time with its daylight saving. */
export interface StationTime {
  readonly stamp: Stamp;
  /** It is not certain. */
  readonly invalid?: boolean | undefined;
  /** Of the rate that counts then, 0 where nothing is said. */
  readonly tariff?: number | undefined;
}

/** A total; undefined is absent, which is sent as 0 and invalid. */
export interface Total {
  /** 1 to 255: 1 active in, 2 active out, 3 to 6 reactive by quadrant, 7 and 8 in reserve. */
  readonly object: number;
  readonly value: number | undefined;
  /** Of `qualityBits`. */
  readonly quality: number;
}

/** Totals of one period. */
export interface Period {
  /** Its end, as which it is stamped. */
  readonly at: StationTime;
  readonly totals: readonly Total[];
}

/** Which totals: by record address (11 to 13 the integration periods, 21 to 23 days), absolute or of the period alone. */
export interface TotalsAsked {
  readonly record: number;
  readonly incremental: boolean;
  /** UTC, both included; undefined is the oldest. */
  readonly from: number | undefined;
  readonly to: number | undefined;
}

/** The totals of a tariff in a billing period. */
export interface Closure {
  /** 20 the total, 21 to 29 the periods of the tariff. */
  readonly object: number;
  readonly active: { readonly absolute: number; readonly incremental: number; readonly quality: number } | undefined;
  readonly inductive: { readonly absolute: number; readonly incremental: number; readonly quality: number } | undefined;
  readonly capacitive:
    | { readonly absolute: number; readonly incremental: number; readonly quality: number }
    | undefined;
  readonly maximum: { readonly value: number; readonly at: StationTime; readonly quality: number } | undefined;
  readonly excess: { readonly value: number; readonly quality: number } | undefined;
  readonly start: StationTime;
  readonly end: StationTime;
}

/** Values of the moment, SI at the line: undefined is not known. */
export interface Instantaneous {
  readonly at: StationTime;
  /** Energies since the beginning: active in and out, reactive by quadrant, in the unit of the totals. */
  readonly totals: readonly (number | undefined)[];
  /** W, var, power factor: of all phases, a, b, c. Import is positive. */
  readonly powers: readonly {
    readonly active: number | undefined;
    readonly reactive: number | undefined;
    readonly factor: number | undefined;
    readonly quadrant: 1 | 2 | 3 | 4 | undefined;
  }[];
  /** A and V: of phases a, b, c. */
  readonly phases: readonly {
    readonly amps: number | undefined;
    readonly volts: number | undefined;
  }[];
}

/** A single-point event, by the addresses of the profile. */
export interface StationEvent {
  readonly address: number;
  readonly qualifier: number;
  readonly on: boolean;
  readonly at: Stamp;
}

/** What the parameters of the station say (type 142 of the REE profile). */
export interface StationParameters {
  readonly model: string;
  readonly firmware: number;
  /** Percent; undefined is not known. */
  readonly battery: number | undefined;
  readonly baud: number;
  readonly volts: { readonly primary: number; readonly secondary: number };
  readonly amps: { readonly primary: number; readonly secondary: number };
  /** Minutes, of three integration periods; 0 is not there. */
  readonly periods: readonly [number, number, number];
}

/** What became of what somebody told. */
export type Told = "done" | "refused" | "unsupported";

/** A conversation of somebody who has shown the password, or needs none. */
export interface StationSession {
  setTime(utc: number): Told;
  leave(): void;
}

export interface Iec102Host {
  /** Grows when the settings are others, or the meter has started anew: sessions and queues are void. */
  readonly epoch: number;
  readonly settings: Iec102Settings;
  answers(): boolean;
  /** The meter's clock, to the millisecond. */
  now(): StationTime;
  /** UTC of a local time as a telegram has it; `summer` tells the repeated hour apart. Undefined of one that does not exist. */
  utcOf(local: LocalTime): number | undefined;
  /** A session of whoever shows this key, or of nobody where none is needed; undefined where it is wrong, or locked out. */
  open(key: number | undefined, peer: Peer): Promise<StationSession | undefined>;
  /** Oldest first, in pieces, so that years need no memory; undefined where there is no such record address. */
  totals(asked: TotalsAsked): Iterable<Period> | undefined;
  /** Closures of a contract (1 to 3) whose ends lie between two instants; `running` is that of now. */
  closures(contract: number, from: number, to: number): Iterable<Closure> | undefined;
  running(contract: number): readonly Closure[] | undefined;
  instantaneous(): Instantaneous;
  /** Events of a record address (52 to 55, 128 to 133), oldest first; undefined where there is no such record address. */
  events(record: number, from: number, to: number): Iterable<StationEvent> | undefined;
  readonly parameters: StationParameters;
  /** Contracted powers of a contract (1 to 3), and since when; left out, or undefined, where there are none. */
  contracted?(contract: number): ContractedPowers | undefined;
  /** Days that are holidays in a contract; left out, or undefined, where there are none. */
  holidays?(contract: number): readonly LocalDay[] | undefined;
}

export interface ContractedPowers {
  /** 21 to 29 the periods of the tariff; kW. */
  readonly powers: readonly { readonly object: number; readonly value: number }[];
  readonly since: StationTime;
}

export interface LocalDay {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
}

export interface LocalTime {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly millisecond: number;
  readonly summer: boolean;
}
