/** The events of a meter as the page has read them: the newest at once, older ones when they are asked for, new ones as they come. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { FileView, LiveView } from "#quantity/meter-api.ts";
import { listedOf, readNewer, readNewest, readOlder, unreadOf, type ReadLog } from "./event-pages.ts";
import { eventLogs, withFiles, type Nominal, type PqEvent } from "./pq-events.ts";
import { askFiles, askLog } from "./site.ts";

/** Entries of each log that are read at once. */
const PAGE = 200;
/** Milliseconds between two looks for what has come. */
const LOOK_MS = 3000;

/** What voltages should be: as the meter says, or else as was typed; and what the log's volts are multiplied by. */
export function nominalOf({ quality, sides, nameplate }: LiveView, typed: number | undefined): Nominal {
  const declared = new Map((quality?.channels ?? []).map(({ name, declared: volts }) => [name, volts]));
  const { primary = 1, secondary = 1 } = nameplate?.ratings.pt ?? {};
  const isOther = sides?.log === "secondary" && sides.readings === "primary";
  const { ll, ln } = nameplate?.nominal ?? {};
  const set = (name: string): number | undefined => (/^V\.(ab|bc|ca)$/.test(name) ? ll : ln);
  return { of: (name) => declared.get(name) ?? set(name) ?? typed, factor: isOther ? primary / secondary : 1 };
}

/** Whether somebody has to say what the voltages should be. */
export function asksNominal({ quality, nameplate }: LiveView): boolean {
  if (nameplate !== undefined) return false;
  return (quality?.channels ?? []).every(({ declared }) => declared === undefined);
}

export interface EventsOf {
  readonly state: "reading" | "failed" | "read";
  readonly events: readonly PqEvent[];
  readonly files: readonly FileView[];
  /** Entries that have not been read. */
  readonly unread: number;
  readonly older: () => void;
  readonly again: () => void;
}

interface Read {
  readonly logs: readonly ReadLog[];
  readonly files: readonly FileView[];
}

export function useEvents(live: LiveView, nominal: Nominal): EventsOf {
  const { name } = live;
  const [read, take] = useState<Read | "failed" | undefined>(undefined);
  const [asked, ask] = useState(0);
  const latest = useRef<Read | undefined>(undefined);
  const isBusy = useRef(false);
  const newest = useRef(live);
  newest.current = live;
  const hasFiles = live.files !== undefined;
  const kinds = eventLogs.filter((kind) => live.logs.includes(kind));
  const reader = (kind: ReadLog["kind"], from: number, most: number) => askLog(name, kind, from, most);
  const put = (next: Read): void => take((latest.current = next));
  /** One after the other: what is read is made of what was read before. */
  const run = async (work: () => Promise<Read>): Promise<void> => {
    if (isBusy.current) return;
    isBusy.current = true;
    try {
      put(await work());
    } catch {
      if (latest.current === undefined) take("failed");
    } finally {
      isBusy.current = false;
    }
  };
  const readFiles = async (): Promise<readonly FileView[]> => (hasFiles ? (await askFiles(name)).files : []);
  useEffect(() => {
    take(undefined);
    let seen = "";
    const mark = (): string => `${newest.current.logEntries} ${newest.current.files?.count ?? ""}`;
    const look = (): void => {
      const now = mark();
      if (now === seen) return;
      void run(async () => {
        const known = latest.current?.logs;
        const logs = await Promise.all(
          kinds.map((kind) => {
            const log = known?.find((one) => one.kind === kind);
            return log === undefined ? readNewest(reader, kind, PAGE) : readNewer(reader, log, PAGE);
          }),
        );
        const next = { logs, files: await readFiles() };
        // What could not be read is looked for again.
        seen = now;
        return next;
      });
    };
    look();
    const timer = setInterval(look, LOOK_MS);
    return () => clearInterval(timer);
  }, [name, asked]);
  const older = (): void =>
    void run(async () => {
      const { logs = [], files = [] } = latest.current ?? {};
      return { logs: await Promise.all(logs.map((log) => readOlder(reader, log, PAGE))), files };
    });
  const again = (): void => ask(asked + 1);
  if (read === undefined || read === "failed")
    return { state: read ?? "reading", events: [], files: [], unread: 0, older, again };
  const { events, since } = listedOf(read.logs, nominal);
  return {
    state: "read",
    events: withFiles(events, read.files, since),
    files: read.files,
    unread: unreadOf(read.logs),
    older,
    again,
  };
}
