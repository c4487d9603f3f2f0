/** What is written as COMTRADE: channels of samples, status channels, rates and times. */

export type ComtradeType = "BINARY" | "BINARY32" | "FLOAT32";

export interface ComtradeAnalog {
  readonly name: string;
  /** "A", "BC", ... */
  readonly phase?: string | undefined;
  /** The circuit or bus that is monitored. */
  readonly component?: string | undefined;
  /** As it is printed: samples in SI units are stored in it. */
  readonly unit: string;
  /** SI values on the primary side; NaN where there is none. */
  readonly samples: Float64Array;
  /** The transducer's ratio; 1 to 1 unless said. */
  readonly primary?: number | undefined;
  readonly secondary?: number | undefined;
  /** Whether secondary values are stored: samples by the ratio. */
  readonly isSecondary?: boolean | undefined;
  /** How much later than the sample instants this channel was sampled, in seconds. */
  readonly skew?: number | undefined;
}

export interface ComtradeStatus {
  readonly name: string;
  readonly phase?: string | undefined;
  readonly component?: string | undefined;
  /** Its state in normal service. */
  readonly normal?: 0 | 1 | undefined;
  readonly samples: Uint8Array;
}

export interface NewComtrade {
  readonly station: string;
  readonly device: string;
  readonly lineHz: number;
  readonly channels: readonly ComtradeAnalog[];
  readonly statuses?: readonly ComtradeStatus[] | undefined;
  /** Rates in their order; each begins a period after the last sample of the one before it. Their counts sum to the samples. */
  readonly rates: readonly { readonly rate: number; readonly count: number }[];
  /** Milliseconds since 1970, UTC, of the first sample; microseconds are kept. */
  readonly start: number;
  /** The same of the trigger; the first sample where it is not said. */
  readonly trigger?: number | undefined;
  /**
   * How good the clock is, as IRIG-B has it (7.4.11): 0 locked, 4 within a microsecond, 7 a millisecond, 10 a second, 11 ten, 15 not to be
   * relied on, which is written where nobody says it.
   */
  readonly clockQuality?: number | undefined;
  /** Of a leap second in the recording: none 0, one added 1, one taken out 2, the clock cannot say 3. */
  readonly leapSecond?: 0 | 1 | 2 | 3 | undefined;
}
