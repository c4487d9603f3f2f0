/** Statuses of the model, and what each follows: health, power, contacts, sags and swells, recordings, the clock. */
import { nodeName, type Ied, type LogicalNode } from "#protocol/iec61850/model/ied.ts";
import type { LeafValue } from "#protocol/iec61850/model/value.ts";
import type { MeterStatus, MeterSurface } from "#quantity/meter-surface.ts";

/** The meter at one moment. */
export interface Moment {
  readonly surface: MeterSurface;
  readonly status: MeterStatus;
  readonly triggers: readonly WatchedTrigger[];
  /** Files of recordings on its shelf. */
  readonly recordings: number;
}

/** A trigger, as far as statuses follow it. */
export interface WatchedTrigger {
  readonly id: number;
  readonly enabled: boolean;
  readonly records?: string | undefined;
  readonly operator: string;
  readonly phase: string;
  readonly quantity: string | undefined;
  readonly input?: number | undefined;
}

export interface ConfiguredTrigger extends Omit<WatchedTrigger, "quantity"> {
  readonly measure?: { readonly quantity: string } | undefined;
}

/** Triggers of a configuration. */
export function watchedTriggers(triggers: readonly ConfiguredTrigger[]): readonly WatchedTrigger[] {
  return triggers.map(({ id, enabled, records, operator, phase, input, measure }) => ({
    id,
    enabled,
    records,
    operator,
    phase,
    input,
    quantity: measure?.quantity,
  }));
}

export interface StatusRow {
  /** "LLN0.Health", of what has a stVal. */
  readonly path: string;
  readonly of: (moment: Moment) => LeafValue;
  /** The input that it is of: it is known at once when that changes. */
  readonly input?: number;
}

const ON = 1;
const health = { ok: 1, warning: 2, alarm: 3 } as const;
/** Bit 2 of the status word, from 1: auxiliary power is lost. */
const AUXILIARY_LOST = 0b10;

/** Diagnostics that have found something are an alarm, whatever else wants looking after a warning (7-4, HealthKind). */
export function healthOf({ failures, conditions }: MeterStatus): number {
  if (failures.length > 0) return health.alarm;
  return conditions.some(({ trouble }) => trouble) ? health.warning : health.ok;
}

/** A row for each data object of the model that is a status; `recorded` are the recorder's channels. */
export function statusRows(ied: Ied, recorded: readonly string[]): readonly StatusRow[] {
  return ied.devices.flatMap(({ nodes }) =>
    nodes.flatMap((node) =>
      node.objects.flatMap(({ name }) => {
        const of = sourceOf(node, name, recorded);
        if (of === undefined) return [];
        const row = { path: `${nodeName(node)}.${name}`, of };
        const input = inputOf(node, name);
        return [input === undefined ? row : { ...row, input }];
      }),
    ),
  );
}

type Source = StatusRow["of"];

const everywhere: Readonly<Record<string, Source>> = {
  Mod: () => ON,
  Beh: () => ON,
  Health: ({ status }) => healthOf(status),
};

const physical: Readonly<Record<string, Source>> = {
  PhyHealth: ({ status }) => healthOf(status),
  Proxy: () => false,
  NumPwrUp: ({ surface }) => surface.eventCounts()?.outages,
  PwrSupAlm: ({ status: { systemBits } }) => (systemBits === undefined ? undefined : (systemBits & AUXILIARY_LOST) > 0),
};

const variation: Readonly<Record<string, Source>> = {
  VaStr: (moment) => isAlarm(moment, ({ records }) => records === "sagSwell" || records === "interruption"),
  DipStr: (moment) => isAlarm(moment, ({ records, operator }) => records === "sagSwell" && operator === "<"),
  SwlStr: (moment) => isAlarm(moment, ({ records, operator }) => records === "sagSwell" && operator === ">"),
  IntrStr: (moment) => isAlarm(moment, ({ records }) => records === "interruption"),
};

const recorder: Readonly<Record<string, Source>> = {
  RcdMade: ({ recordings }) => recordings > 0,
  FltNum: ({ recordings }) => recordings,
};

const sources = { unknown: 1, sntp: 2 } as const;
const syncs = { internal: 0, global: 2 } as const;

const clock: Readonly<Record<string, Source>> = {
  TmSrc: ({ status: { timeSource } }) => timeSource,
  TmSrcTyp: ({ status: { timeSource } }) => (timeSource === "ntp" ? sources.sntp : sources.unknown),
  TmSyn: ({ surface, status: { timeSource } }) =>
    timeSource === "ntp" && surface.now().synchronised ? syncs.global : syncs.internal,
};

const byClass: Readonly<Record<string, Readonly<Record<string, Source>>>> = {
  LPHD: physical,
  QVVR: variation,
  RDRE: recorder,
  LTMS: clock,
};

function sourceOf(
  { prefix, lnClass, inst }: { readonly prefix: string; readonly lnClass: string; readonly inst: string },
  name: string,
  recorded: readonly string[],
): Source | undefined {
  const own = byClass[lnClass]?.[name] ?? (lnClass === "LPHD" ? undefined : everywhere[name]);
  if (own !== undefined) return own;
  if (lnClass === "GGIO") return contactOf(prefix, name);
  if (name !== "ChTrg") return undefined;
  const number = Number(inst);
  return lnClass === "RADR" ? analogueTrigger(recorded[number - 1] ?? "") : binaryTrigger(number);
}

function channelOf(name: string): number | undefined {
  const [, channel] = /^(?:Ind|SPCSO)(\d)$/.exec(name) ?? [];
  return channel === undefined ? undefined : Number(channel);
}

function inputOf({ prefix, lnClass }: Pick<LogicalNode, "prefix" | "lnClass">, name: string): number | undefined {
  return lnClass === "GGIO" && prefix === "IN_" ? channelOf(name) : undefined;
}

function contactOf(prefix: string, name: string): Source | undefined {
  const channel = channelOf(name);
  if (channel === undefined) return undefined;
  const point = prefix === "IN_" ? { input: channel } : { output: channel };
  return ({ surface }) => surface.isOn(point);
}

/** Whether any of the triggers that are of a kind is in alarm. */
function isAlarm({ surface, triggers }: Moment, isOfKind: (trigger: WatchedTrigger) => boolean): boolean {
  return triggers.some((one) => one.enabled && isOfKind(one) && surface.isOn({ trigger: one.id }) === true);
}

/** "Volts AB", "Amps C": triggers of one of all phases are of each. */
function analogueTrigger(title: string): Source {
  const [what, places = ""] = title.split(" ");
  const quantities = what === "Volts" ? ["V", "V.ll", "THD.V"] : ["A", "THD.A"];
  const letter = places.charAt(0).toLowerCase();
  return (moment) =>
    isAlarm(
      moment,
      ({ quantity = "", phase }) =>
        quantities.includes(quantity) && (phase === "any" || phase === "all" || phase === letter),
    );
}

/** Inputs in their order. */
function binaryTrigger(number: number): Source {
  return (moment) => {
    const inputs = moment.surface.channels.filter(({ mode }) => mode.startsWith("input"));
    const channel = inputs[number - 1]?.channel;
    return isAlarm(moment, ({ input }) => input !== undefined && input === channel);
  };
}
