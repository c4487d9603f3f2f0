/** What a JEMStar II records, as series: its load profiles, and the groups of its measurement log. */
import { sideOf } from "#quantity/measure.ts";
import type { Profile, ProfileFacts, ProfileRecord } from "#quantity/profile.ts";
import { runsBetween, type Series } from "#quantity/series.ts";
import type { LogGroup } from "#revenue/log/log-group.ts";
import type { LoadProfile } from "#revenue/profile/load-profile.ts";
import { unitFactors } from "#revenue/settings/measurement-log.ts";

/** A profile with its records, by number. */
export function profileOf(profile: LoadProfile): Profile {
  const { settings, series } = profile;
  const { minutes: interval, data, channels } = settings;
  const total = (channel: number) => profile.total(channel);
  return Object.assign(seriesOf({ interval, data, channels, capacity: series.capacity }, series), { total });
}

/** A group of the measurement log likewise: values in the units of its channels. */
export function groupOf({ settings, series }: LogGroup): Profile {
  const channels = settings.channels.map(({ measure, method, side, units }) => ({
    measure: { ...measure, over: method },
    km: unitFactors[units],
    side: sideOf(measure, side),
  }));
  const scaled = (record: ProfileRecord): ProfileRecord => ({
    ...record,
    values: record.values.map((value, k) => (value === undefined ? undefined : value / (channels[k]?.km ?? 1))),
  });
  const facts = { interval: settings.interval, data: "scaled", channels, capacity: series.capacity } as const;
  return seriesOf(facts, series, scaled);
}

function seriesOf(
  facts: ProfileFacts,
  series: Series<ProfileRecord>,
  shown: (record: ProfileRecord) => ProfileRecord = (record) => record,
): Profile {
  return {
    ...facts,
    get first() {
      return series.first;
    },
    get next() {
      return series.next;
    },
    page: (from, most) => series.page(from, most).map(shown),
    seek: (utc) => series.seek(utc),
    between: (from, to) => runsBetween(series, from, to),
  };
}
