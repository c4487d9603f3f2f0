/** What a meter says of its firmware and of what was ordered of it. */
export interface BoardFacts {
  readonly board: string;
  readonly version: string;
  /** Runs once the meter has rebooted. */
  readonly waiting?: string | undefined;
}

export interface FirmwareFacts {
  readonly boards: readonly BoardFacts[];
  /** It takes files of firmware. */
  readonly takes: boolean;
  /** As they count now. */
  readonly options: readonly string[];
  /** What a key can enable. */
  readonly enables: readonly string[];
  /** It is about to start anew. */
  readonly rebooting: boolean;
}
