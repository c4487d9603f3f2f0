/** Where somebody can look at what passes on a link. */
export interface Tap {
  /** Whether anybody looks: while nobody does, nothing else is asked of it. */
  readonly on: boolean;
  /** Came from the peer. The bytes are the link's. */
  heard(bytes: Uint8Array): void;
  /** Went to the peer. */
  said(bytes: Uint8Array): void;
}

/** Nobody ever looks. */
export const noTap: Tap = { on: false, heard() {}, said() {} };
