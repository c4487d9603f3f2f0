/** Rows of a profile or a log as they come from a meter, whatever it speaks. */

export interface ProfileColumn {
  /** By the glossary where it has a name, else as the protocol calls it. */
  readonly name: string;
  /** What the protocol calls it, where that is another name. */
  readonly code?: string | undefined;
  readonly unit: string;
}

/** Values of the columns, in their order; undefined where there is none. Instants are ISO 8601, in the meter's local time. */
export type ProfileValues = readonly (number | string | undefined)[];

export interface ProfileRows {
  /** As the protocol calls it. */
  readonly profile: string;
  readonly columns: readonly ProfileColumn[];
  /** What somebody should know of the rows. */
  readonly notes: readonly string[];
  rows(): AsyncGenerator<ProfileValues, void>;
  close(): Promise<void>;
}

/**
 * Which rows: of the meter's local time, both ends included; of what is stamped with its end, as over IEC 60870-5-102, what ended as the range
 * begins is not. What is not said goes as far as there are rows.
 */
export interface ProfileAsked {
  /** A number, as the meter's profiles have; or as the protocol calls it. */
  readonly profile: string;
  readonly isLog: boolean;
  readonly from?: Temporal.PlainDateTime | undefined;
  readonly to?: Temporal.PlainDateTime | undefined;
  /** Today, and so many days before, by the meter's clock. */
  readonly days?: number | undefined;
}
