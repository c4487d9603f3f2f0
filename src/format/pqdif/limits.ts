/** What a file may cost: whoever opens one says it, or these are taken. A file that asks for more is refused. */
export interface PqdifLimits {
  /** Bytes that all records together may inflate to. */
  readonly inflated: number;
  /** Bytes that records may inflate to whatever their size; of all that do. Waves without noise are more than 200 times their stream, zlib's most is 1,032 times. */
  readonly inflatedFreely: number;
  /** How often its own size a record may inflate to once they have. */
  readonly inflatedRatio: number;
  readonly records: number;
  /** Elements of all records. */
  readonly elements: number;
  /** Numbers of all series, once increments are written out. */
  readonly values: number;
}

export const defaultLimits: PqdifLimits = {
  inflated: 1 << 29,
  inflatedFreely: 1 << 26,
  inflatedRatio: 200,
  records: 1_000_000,
  elements: 2_000_000,
  values: 1 << 26,
};

/** Collections in collections: the standard's go five deep. */
export const MAX_DEPTH = 32;

/**
 * How often the bytes of a body, or those of a file, may be in what they hold: blocks of an honest file do not overlap, and what may is
 * read in a time that grows with the file's size.
 */
export const MAX_OVERLAP = 8;

/** Bytes of a text, and numbers of a field that is a list of them. */
export const MAX_TEXT = 1 << 20;
export const MAX_LIST = 1 << 16;

/** Series that share with one that shares. */
export const MAX_SHARES = 16;
