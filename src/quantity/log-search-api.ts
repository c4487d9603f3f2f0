/** What a site's HTTP API says of entries that are looked for in all logs of a meter. */
import type { LogKind } from "./log.ts";
import type { Side } from "./measure.ts";
import type { LogEntryView } from "./meter-api.ts";

export interface FoundEntryView extends LogEntryView {
  readonly kind: LogKind;
}

export interface FoundEntriesView {
  readonly name: string;
  /** Of the transformers that values in details are on; absent of a meter that has but one side. */
  readonly side?: Side | undefined;
  /** Newest first. */
  readonly entries: readonly FoundEntryView[];
  /** The logs that there are, with how many entries each keeps; those that whoever asks may not read have none. */
  readonly logs: readonly { readonly kind: LogKind; readonly entries: number; readonly isBarred?: true | undefined }[];
  /** Where older ones go on; absent where there are none. */
  readonly older?: string | undefined;
}
