/** Why there is no answer, told apart by what was heard instead; in the words that every command prints. */

/** What came while an answer was waited for. */
export interface Heard {
  /** Who was asked. */
  readonly unit: number;
  /** How long it was waited, milliseconds. */
  readonly waitedMs: number;
  /** After how long it was found to answer; undefined where it answers in time, or not at all. */
  readonly lateMs: number | undefined;
  /** Bytes that came, whatever they were. */
  readonly bytes: number;
  /** The request itself came back. */
  readonly echoed: boolean;
  /** Frames that would be the answer, but for their checksum. */
  readonly damaged: number;
  /** Good frames of other units: who, and how many. */
  readonly strangers: ReadonlyMap<number, number>;
  /** What a good frame of the unit was that is no answer to what was asked. */
  readonly wrong: string | undefined;
  /** Bytes that came of what began like the answer, and how many it has; undefined where nothing did. */
  readonly part: { readonly came: number; readonly of: number } | undefined;
  /** The first bytes that are part of no frame. */
  readonly noise: Uint8Array;
}

/** Why there is no answer; "closed": the link ended. "refused": there was one, a refusal of what cannot be done without. */
export type Failing =
  | "silence"
  | "late"
  | "part"
  | "echo"
  | "noise"
  | "checksum"
  | "other unit"
  | "nonsense"
  | "closed"
  | "refused";

function times(count: number): string {
  return count === 1 ? "once" : `${count} times`;
}

function named(strangers: Heard["strangers"]): string {
  const units = [...strangers].map(([unit, count]) => `${unit}${count > 1 ? ` (${times(count)})` : ""}`);
  return `unit${units.length > 1 ? "s" : ""} ${units.join(", ")}`;
}

/** Two digits each. */
function hex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
}

/** The first row that holds is the reason. */
const table: readonly {
  readonly failing: Failing;
  readonly holds: (heard: Heard) => boolean;
  readonly words: (heard: Heard) => string;
}[] = [
  {
    failing: "checksum",
    holds: ({ damaged }) => damaged > 0,
    words: ({ unit, damaged }) =>
      `unit ${unit} answered with a wrong checksum, ${times(damaged)}: noise on the line, a missing termination, or two devices with address ${unit}?`,
  },
  {
    failing: "late",
    holds: ({ lateMs }) => lateMs !== undefined,
    words: ({ unit, waitedMs, lateMs = NaN }) =>
      `unit ${unit} answers, but later than it was waited for: after ${Math.round(lateMs)} ms, where ${waitedMs} ms were waited; give it more with --timeout`,
  },
  {
    failing: "nonsense",
    holds: ({ wrong }) => wrong !== undefined,
    words: ({ unit, wrong }) => `unit ${unit}: ${wrong}; another program on the line, or noise?`,
  },
  {
    failing: "other unit",
    holds: ({ strangers }) => strangers.size > 0,
    words: ({ unit, strangers }) =>
      `asked unit ${unit}, but ${named(strangers)} answered; the gateway maps units wrongly, or two devices share an address`,
  },
  {
    failing: "part",
    holds: ({ part }) => part !== undefined,
    words: ({ unit, waitedMs, part = { came: 0, of: 0 } }) =>
      `unit ${unit} answered, but only ${part.came} of ${part.of} bytes came within ${waitedMs} ms: do line or adapter lose bytes, or are they slow? Fewer come with --max-registers, and are waited for longer with --timeout`,
  },
  {
    failing: "noise",
    holds: ({ noise }) => noise.length > 0,
    words: ({ unit, bytes, noise }) =>
      `unit ${unit} was asked, and ${bytes} byte${bytes === 1 ? "" : "s"} came that are no answer (${hex(noise)}${bytes > noise.length ? " …" : ""}): is the baud rate right, and the parity, or are the wires crossed?`,
  },
  {
    failing: "echo",
    holds: ({ echoed }) => echoed,
    words: ({ unit, waitedMs }) =>
      `unit ${unit} did not answer within ${waitedMs} ms; only the request itself came back: the adapter hands back what is sent; is its address ${unit}, and is it powered?`,
  },
  {
    failing: "silence",
    holds: () => true,
    words: ({ unit, waitedMs }) =>
      `unit ${unit} did not answer within ${waitedMs} ms; is its address ${unit}, and is it powered?`,
  },
];

export class ClientError extends Error {
  readonly reason: Failing;
  /** Of whom it is, and what was heard; undefined where it is not of an answer that was waited for. */
  readonly of: { readonly peer: string; readonly heard: Heard } | undefined;

  constructor(message: string, reason: Failing = "nonsense", of?: ClientError["of"]) {
    super(message);
    this.reason = reason;
    this.of = of;
  }
}

/** Of what a peer did instead of answering. */
export function failure(peer: string, heard: Heard): ClientError {
  const row = table.find(({ holds }) => holds(heard));
  return new ClientError(`${peer}: ${row?.words(heard) ?? ""}`, row?.failing, { peer, heard });
}

/** Of who failed once more in the same way: how often is counted together. */
export function again(first: ClientError | undefined, then: ClientError): ClientError {
  if (first?.of === undefined || then.of === undefined || first.reason !== then.reason) return then;
  const { peer, heard } = then.of;
  return failure(peer, { ...heard, damaged: first.of.heard.damaged + heard.damaged });
}

/** Nothing came. */
export const nothingHeard = {
  lateMs: undefined,
  part: undefined,
  bytes: 0,
  echoed: false,
  damaged: 0,
  strangers: new Map<number, number>(),
  wrong: undefined,
  noise: new Uint8Array(0),
} satisfies Partial<Heard>;
