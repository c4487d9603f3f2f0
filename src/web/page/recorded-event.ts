/** The meter's own recording of an event: which observation of a file holds it, and what was before, meanwhile and after. */
import type { FileContentView, TrackView } from "#quantity/meter-api.ts";

export type Observation = FileContentView["observations"][number];

/** Milliseconds by which the begin of an event and that of its recording may be told otherwise. */
const ASIDE_MS = 50;

function spanOf(observation: Observation): readonly [from: number, to: number] | undefined {
  const { utc, tracks } = observation;
  if (utc === undefined) return undefined;
  const ends = tracks.flatMap(({ times }) => [times[0], times.at(-1)]).filter((time) => time !== undefined);
  if (ends.length === 0) return undefined;
  const begin = Date.parse(utc);
  return [begin + 1000 * Math.min(...ends), begin + 1000 * Math.max(...ends)];
}

/** The observation that was triggered when the event began, or else one that was being recorded then. */
export function observationOf({ observations }: FileContentView, utc: number): Observation | undefined {
  const triggered = observations.find(
    (one) =>
      one.utc !== undefined &&
      one.triggered !== undefined &&
      one.tracks.length > 0 &&
      Math.abs(Date.parse(one.utc) + 1000 * one.triggered - utc) <= ASIDE_MS,
  );
  if (triggered !== undefined) return triggered;
  return observations.find((one) => {
    const span = spanOf(one);
    return span !== undefined && span[0] <= utc && utc <= span[1];
  });
}

/** Of one channel of RMS: its mean before, its least and largest meanwhile, its mean after; undefined of what was not recorded. */
export interface Around {
  readonly name: string;
  readonly before: number | undefined;
  readonly least: number | undefined;
  readonly most: number | undefined;
  readonly after: number | undefined;
}

/** Seconds next to an edge that are of both sides: the window of a cycle. */
const EDGE = 0.02;

/** From `start` to `end`, seconds of the track. */
export function aroundOf({ times, channels }: TrackView, start: number, end: number): readonly Around[] {
  return channels.map(({ name, values }) => {
    const pick = (isIn: (time: number) => boolean): readonly number[] =>
      values.filter((value, k): value is number => value !== null && isIn(times[k] ?? NaN));
    const mean = (some: readonly number[]): number | undefined =>
      some.length === 0 ? undefined : some.reduce((sum, one) => sum + one, 0) / some.length;
    const during = pick((time) => time >= start && time <= end);
    return {
      name,
      before: mean(pick((time) => time < start - EDGE)),
      least: during.length === 0 ? undefined : Math.min(...during),
      most: during.length === 0 ? undefined : Math.max(...during),
      after: mean(pick((time) => time > end + EDGE)),
    };
  });
}
