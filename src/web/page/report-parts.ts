/** What the report says, of a meter as it was at one instant: health, clock, how near each channel comes to its limits. */
import { circumstancesOf, type ViewOfWiring } from "#analysis/wiring/circumstances.ts";
import { observationOf } from "#analysis/wiring/observation.ts";
import { checkWiring } from "#analysis/wiring/wiring-check.ts";
import { toldWiring, type ToldWiring } from "#analysis/wiring/words.ts";
import type { HarmonicBar } from "#analysis/svg/harmonics-plot.ts";
import type { LiveView } from "#quantity/meter-api.ts";
import type { QualityChannelView } from "#quantity/quality-view.ts";
import { language, say } from "./language.ts";
import { localMs, span } from "./local-time.ts";
import { limitsOf, percentOf, type LimitChoice } from "./spectrum-limits.ts";
import { reportTexts as texts } from "./texts/report.ts";

/** A name and what is said of it. */
export type Fact = readonly [name: string, value: string];

/** Milliseconds by which the meter's clock is ahead of the site's; whole seconds are all that it shows. */
export function aheadMs({ local, offsetMinutes, utc }: Pick<LiveView, "local" | "offsetMinutes" | "utc">): number {
  const ahead = localMs(local) - 60_000 * offsetMinutes - utc;
  return Math.abs(ahead) <= 2000 ? 0 : ahead;
}

function clockText(live: LiveView): string {
  const ahead = aheadMs(live);
  const by = span(Math.abs(ahead) / 1000);
  const is = ahead === 0 ? say(texts.clockSame) : say(ahead > 0 ? texts.clockAhead : texts.clockBehind, { span: by });
  return live.timeSource === undefined ? is : `${is}; ${say(texts.clockFrom, { source: live.timeSource })}`;
}

const listed = (words: readonly string[]): string => (words.length === 0 ? say(texts.none) : words.join("; "));

function sourceText({ source, absence }: LiveView): string {
  if (absence !== undefined) return absence;
  if (source.ended) return say(texts.ended);
  return say(source.pushed?.silent === true ? texts.silent : texts.measures);
}

function alarmText({ id, label, description }: LiveView["alarms"][number]): string {
  const name = label === "" ? String(id) : label;
  return description === undefined ? name : `${name} (${description})`;
}

export function healthOf(live: LiveView): readonly Fact[] {
  const { powered, battery, conditions, failures, alarms } = live;
  return [
    [say(texts.power), say(powered ? texts.powered : texts.notPowered)],
    [say(texts.source), sourceText(live)],
    [say(texts.clock), clockText(live)],
    [say(texts.battery), battery.state],
    [say(texts.conditions), listed(conditions.map(({ text }) => text))],
    [say(texts.failures), listed(failures)],
    [say(texts.alarms), listed(alarms.map(alarmText))],
  ];
}

export function identityOf(live: LiveView): readonly Fact[] {
  const { title, modelNumber, serial, firmware, nameplate, wiring, name } = live;
  const connection = wiring ?? nameplate?.connection;
  const { pt, ct } = nameplate?.ratings ?? {};
  const ratio = (rated: { readonly primary: number; readonly secondary: number }): string =>
    `${rated.primary}:${rated.secondary}`;
  const all: readonly Fact[] = [
    [say(texts.meter), name],
    [say(texts.model), [title, modelNumber].filter((part) => part !== "").join(", ")],
    [say(texts.serial), serial],
    [say(texts.firmware), firmware],
    [say(texts.connection), typeof connection === "string" ? connection : ""],
    [say(texts.transformers), pt === undefined || ct === undefined ? "" : `PT ${ratio(pt)}, CT ${ratio(ct)}`],
  ];
  return all.filter(([, value]) => value !== "");
}

/** What the wiring check says of what was measured; undefined where it cannot judge. */
export function wiringOf(live: LiveView): ToldWiring | undefined {
  const known = circumstancesOf(live as LiveView & ViewOfWiring);
  const observation = known === undefined ? undefined : observationOf(live.readings, known);
  return observation === undefined ? undefined : toldWiring(checkWiring(observation), language.value);
}

/** The orders of a channel as they are drawn: known or not, with their limits. */
export function plottedOf(channel: QualityChannelView, choice: LimitChoice): readonly HarmonicBar[] {
  const limits = limitsOf(choice, channel);
  return channel.harmonics.slice(1, 50).map((percent, k) => ({
    order: k + 2,
    percent: percentOf(limits, percent, channel.fundamental),
    limit: limits?.limitOf(k + 2) ?? null,
  }));
}

/** The order that is the largest part of its limit; undefined where nothing has one. */
export function nearestOf(
  channel: QualityChannelView,
  choice: LimitChoice,
): { readonly order: number; readonly percent: number; readonly limit: number } | undefined {
  const known = plottedOf(channel, choice).flatMap(({ order, percent, limit }) =>
    percent === null || limit === null ? [] : [{ order, percent, limit }],
  );
  return known.toSorted((a, b) => b.percent / b.limit - a.percent / a.limit)[0];
}
