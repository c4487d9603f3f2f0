/** What a site's HTTP API says of changing its file, and of looking for meters. */

/** A line of the site file that comes ("+"), goes ("-"), or stays beside those. */
export interface DifferenceLine {
  readonly sign: " " | "+" | "-";
  /** Its number: of a line that goes in the text of before, else in that of now. */
  readonly line: number;
  readonly text: string;
}

/** What came, or would come, of a change of the site file. */
export interface SiteEditView {
  readonly ok: true;
  /** Nothing was changed. */
  readonly checked: boolean;
  /** Of the file as it is now. */
  readonly tag: string;
  readonly difference: readonly DifferenceLine[];
  /** What the reload has changed, in words. */
  readonly changes: readonly string[];
  /** What whoever asks should know besides. */
  readonly notes: readonly string[];
}

/** What can be added to a site. */
export interface AdditionsView {
  /** The site file, and its tag. */
  readonly file: string;
  readonly tag: string;
  /** Why it cannot be changed from here; absent where it can. */
  readonly barred?: string | undefined;
  /** Models that the site makes itself; what can be read of those that are there. */
  readonly models: readonly {
    readonly name: string;
    readonly title: string;
    readonly protocols: readonly string[];
    readonly made: boolean;
    readonly read: boolean;
  }[];
  /** By which keys what feeds a meter is said. */
  readonly sources: readonly string[];
  /** What a meter can listen with, and on which port unless said. */
  readonly listeners: readonly {
    readonly protocol: string;
    readonly title: string;
    readonly transport: string;
    readonly over: string;
    readonly port?: number | undefined;
  }[];
  /** URLs by which meters are read, in words. */
  readonly urls: readonly string[];
  /** JSON Schema of a meter, as the site file has it. */
  readonly schema: Readonly<Record<string, unknown>>;
}

export interface ScanAsked {
  readonly url: string;
  readonly from: number;
  readonly to: number;
  /** Milliseconds that each answer is waited for. */
  readonly timeout: number;
}

/** "none": nobody has asked for one yet. */
export const scanStates = ["none", "running", "done", "stopped", "failed"] as const;

export interface ScanFound {
  /** Its unit, outstation or client. */
  readonly unit: number;
  /** How it was recognised. */
  readonly by: string;
  /** What it says that it is. */
  readonly text: string;
  readonly url: string;
  /** Models that it may be. */
  readonly models: readonly string[];
}

export interface ScanView {
  readonly url: string;
  readonly from: number;
  readonly to: number;
  readonly state: (typeof scanStates)[number];
  /** The one that is looked at, of Modbus. */
  readonly unit: number;
  readonly found: readonly ScanFound[];
  /** How many did not answer; 0 until all have been looked at. */
  readonly silent: number;
  /** What is being tried, why it failed, or what else came instead of answers. */
  readonly words: string;
}
