/**
 * Communicated measures: what other meters say, read by whoever runs this one. Of a count that runs over there the differences count here,
 * also over a silence; a value of the moment stands for the time since it was read before. What is silent has no value.
 */
import { namedState } from "#meter/named-state.ts";
import { communicatedColumn } from "#revenue/measuring/columns.ts";
import type { CommunicatedSettings } from "#revenue/settings/configuration.ts";
import type { IoContext } from "./digital-io.ts";

/** What a count was when it was read last; NaN before. */
const CountState = namedState("last");

/** Values that are not read again within so many periods are no more. */
const PERIODS = 2;

/** Counts of these formats begin again at zero. */
const ranges: Readonly<Partial<Record<CommunicatedSettings["format"], number>>> = { u16: 2 ** 16, u32: 2 ** 32 };

interface Moment {
  readonly value: number;
  /** Elapsed milliseconds. */
  readonly at: number;
}

/**
 * By how much a count has grown. One that has come back is another meter's, or was reset: what it was is not taken off, and what it is now
 * is where it begins. Only from the last quarter of its range into the first it has rolled over.
 */
export function grownBy(last: number, now: number, format: CommunicatedSettings["format"]): number {
  if (now >= last) return now - last;
  const range = ranges[format];
  return range !== undefined && last >= (3 * range) / 4 && now < range / 4 ? now + range - last : 0;
}

export class Communicated {
  readonly #channels: readonly CommunicatedSettings[];
  readonly #context: IoContext;
  readonly #counts: readonly InstanceType<typeof CountState>[];
  readonly #moments: (Moment | undefined)[] = [];

  constructor(channels: readonly CommunicatedSettings[], context: IoContext) {
    this.#channels = channels;
    this.#context = context;
    this.#counts = channels.map(
      (_, k) => new CountState(context.memory(`communicated.${k + 1}`, CountState.size, NaN)),
    );
    channels.forEach(({ kind }, k) => {
      const quantity = kind === "consumption" ? "communicated" : "communicated.value";
      const whole = { phase: "polyphase", direction: "bidirectional", compensated: false } as const;
      context.integrals.of({ quantity, ...whole, channel: k + 1 });
    });
  }

  /** A channel was read now: what its register has; undefined where nobody answered. Whether somebody did. */
  take(channel: number, raw: number | undefined): boolean {
    const settings = this.#channels[channel - 1];
    const read = raw === undefined || !Number.isFinite(raw) ? undefined : raw;
    if (settings?.kind === "consumption") this.#count(channel, read, settings);
    else if (settings !== undefined) this.#moment(channel, read, settings);
    return read !== undefined;
  }

  #count(channel: number, raw: number | undefined, { format, scale, everySeconds }: CommunicatedSettings): void {
    const count = this.#counts[channel - 1];
    if (count === undefined || raw === undefined) return;
    const grown = Number.isNaN(count.last) ? 0 : grownBy(count.last, raw, format);
    count.last = raw;
    this.#context.integrals.count(communicatedColumn("count", channel), grown * scale);
    // An interval without any is one in which nothing was heard.
    this.#context.integrals.count(communicatedColumn("seconds", channel), everySeconds);
  }

  #moment(channel: number, raw: number | undefined, { scale, everySeconds }: CommunicatedSettings): void {
    const before = this.#moments[channel - 1];
    const now = this.#context.elapsed();
    this.#moments[channel - 1] = raw === undefined ? undefined : { value: raw * scale, at: now };
    if (raw === undefined) return;
    const since = before === undefined ? everySeconds : (now - before.at) / 1000;
    const seconds = Math.min(since, everySeconds);
    this.#context.integrals.count(communicatedColumn("value", channel), raw * scale * seconds);
    this.#context.integrals.count(communicatedColumn("seconds", channel), seconds);
  }

  /** A count as far as it was counted here, a value as it was read last; undefined of what is silent, or not read yet. */
  value(channel: number): number | undefined {
    const settings = this.#channels[channel - 1];
    if (settings === undefined) return undefined;
    if (settings.kind === "consumption") {
      const last = this.#counts[channel - 1]?.last ?? NaN;
      return Number.isNaN(last) ? undefined : this.#context.integrals.at(communicatedColumn("count", channel));
    }
    const moment = this.#moments[channel - 1];
    const isFresh =
      moment !== undefined && this.#context.elapsed() - moment.at <= PERIODS * 1000 * settings.everySeconds;
    return isFresh ? moment.value : undefined;
  }
}
