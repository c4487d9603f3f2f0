/**
 * What a site's HTTP API says of a revenue meter: the shapes that its server, its clients and its page share. Local times are
 * "2026-07-31 16:45:00".
 */

/** What a register shows: a number, or a text where it is none. */
export interface ShownRegister {
  readonly id: number;
  readonly label: string;
  /** Left out where there is none. */
  readonly value?: number | undefined;
  /** Value in the register's own digits and units. */
  readonly text: string;
}

/** A contact of the meter. */
export interface ChannelView {
  readonly channel: number;
  readonly mode: string;
  /** Closed, of an input or an output; of a KYZ output that is between K and Y. */
  readonly closed: boolean;
  /** Pulses that an input counted, or that an output gave. */
  readonly count: number;
}

/** What a bit of the status word says. */
export interface Condition {
  readonly text: string;
  /** Somebody should look after it. */
  readonly trouble: boolean;
}

/** What is printed on the meter and shown by its identification displays. */
export interface Nameplate {
  readonly serial: string;
  readonly form: string;
  readonly connection: string;
  readonly classAmps: number;
  readonly hz: number;
  readonly ports: readonly string[];
  readonly options: readonly string[];
  readonly mid: boolean;
  readonly strings: readonly string[];
  readonly firmware: Readonly<Record<string, string>>;
  /** Year and week of manufacture, of a serial number that begins with them. */
  readonly made?: string | undefined;
  readonly wires: "3 phase, 3 wire" | "3 phase, 4 wire";
  readonly volts: string;
  readonly amps: string;
  /** Pulses of the LED and the optical port for a kWh or kvarh, and energy of one of them. */
  readonly impulses: number;
  readonly kt: number;
}

/** A revenue meter as it is now. */
export interface RevenueView {
  readonly name: string;
  readonly model: string;
  readonly title: string;
  readonly modelNumber: string;
  readonly local: string;
  readonly rate: string;
  readonly powered: boolean;
  /** What it runs on, and what keeps its clock. */
  readonly supply: "inputs" | "auxiliary" | "none";
  readonly timeSource: string;
  /** What its diagnostics find. */
  readonly failures: readonly string[];
  readonly testMode: boolean;
  /** Pulses given so far. */
  readonly testPulses: { readonly led: number; readonly optical: number };
  readonly nameplate: Nameplate;
  readonly battery: { readonly state: string; readonly warning: boolean };
  readonly systemBits: number;
  /** What the system bits say. */
  readonly conditions: readonly Condition[];
  readonly triggerBits: number;
  /** Ids of the triggers in alarm. */
  readonly alarms: readonly { readonly id: number; readonly label: string; readonly value: number }[];
  readonly io: readonly ChannelView[];
  readonly instantaneous: Readonly<Record<string, number>>;
  readonly registers: readonly ShownRegister[];
}

/** Records of a load profile, and what their values are. */
export interface ProfileView {
  /** Minutes, or "day", "week", "month". */
  readonly minutes: number | string;
  readonly data: string;
  readonly channels: readonly string[];
  readonly records: readonly {
    readonly sequence: number;
    readonly type: string;
    readonly start: string;
    readonly end: string;
    readonly until: string;
    /** The same in UTC, "2026-07-31T20:45:00Z", and minutes that local time was ahead of it. */
    readonly utc: { readonly start: string; readonly end: string; readonly until: string };
    readonly offsetMinutes: { readonly start: number; readonly end: number; readonly until: number };
    readonly status: readonly string[];
    readonly values: readonly number[];
  }[];
}

/** What the page is sent: the view, the newest records of the first profile, the newest entries of all logs. */
export interface RevenueLive extends RevenueView {
  readonly kind: "revenue";
  readonly profile?: ProfileView | undefined;
  readonly log: readonly {
    readonly at: string;
    readonly what: string;
    readonly by: string;
    readonly details: string;
  }[];
}
