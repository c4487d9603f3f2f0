/** Reading again and again, on a beat that does not drift: every so often after the start by a clock that nobody sets. */
import type { Clock } from "#clock/clock.ts";
import type { MeterSource, Progress, Reading } from "./meter-source.ts";

export interface Beat {
  readonly intervalMs: number;
  /** How many times in all. */
  readonly count: number;
  /** Ends it, whatever is under way. */
  readonly signal?: AbortSignal | undefined;
}

/** Once is a beat, too. */
export const once: Beat = { intervalMs: 1, count: 1 };

/** Waits until an elapsed time, or until `signal` ends it. */
function until(clock: Clock, elapsed: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) return resolve();
    const end = (): void => {
      signal?.removeEventListener("abort", end);
      cancel();
      resolve();
    };
    const cancel = clock.after(elapsed - clock.elapsed(), end);
    signal?.addEventListener("abort", end);
  });
}

/**
 * Runs now, and at every interval from now. What takes longer than an interval misses the beats that go by meanwhile: `missed` is
 * told how many, and they are not caught up.
 */
export async function onBeat(
  clock: Clock,
  { intervalMs, count, signal }: Beat,
  run: () => Promise<void>,
  missed: (beats: number) => void,
): Promise<void> {
  const start = clock.elapsed();
  const isOver = (): boolean => signal?.aborted === true;
  for (let [done, beat] = [0, 0]; !isOver();) {
    await run();
    if (++done >= count || isOver()) return;
    const next = Math.max(beat + 1, Math.ceil((clock.elapsed() - start) / intervalMs));
    if (next > beat + 1) missed(next - beat - 1);
    beat = next;
    await until(clock, start + beat * intervalMs, signal);
  }
}

/** Who wants to know what comes of it. What one of these throws ends all. */
export interface Told {
  taken(source: MeterSource, reading: Reading): void | Promise<void>;
  failed(source: MeterSource, error: unknown): void | Promise<void>;
  missed(sources: readonly MeterSource[], beats: number): void;
  progress?(source: MeterSource, ...done: Parameters<Progress>): void;
}

/** Reads meters on a beat: those on one line one after the other, those on different lines at once. */
export async function readOnBeat(sources: readonly MeterSource[], beat: Beat, told: Told, clock: Clock): Promise<void> {
  const lines = [...Map.groupBy(sources, ({ line }) => line).values()];
  const { signal } = beat;
  const readOne = async (source: MeterSource): Promise<void> => {
    let reading: Reading;
    try {
      reading = await source.read((done, of) => told.progress?.(source, done, of));
    } catch (error) {
      // What an end has cut short has not failed.
      if (signal?.aborted !== true) await told.failed(source, error);
      return;
    }
    await told.taken(source, reading);
  };
  const ended = new Promise<void>((resolve) => signal?.addEventListener("abort", () => resolve()));
  const read = lines.map((own) => {
    const all = async (): Promise<void> => {
      for (const source of own) if (signal?.aborted !== true) await readOne(source);
    };
    return onBeat(clock, beat, all, (beats) => told.missed(own, beats));
  });
  await (signal === undefined ? Promise.all(read) : Promise.race([Promise.all(read), ended]));
}
