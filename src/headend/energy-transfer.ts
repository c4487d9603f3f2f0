/**
 * Moves energy readings from one PowerLogic meter to another, as "Transferring energy readings between PowerLogic meters"
 * says: readings, the 28-register buffer, the pointers, command 6209, its status, verification. Before every step that
 * could change something the record says so; whatever interrupts, the meter has the old or the new readings, and the
 * record or the next run says which.
 */
import type { Clock } from "#clock/clock.ts";
import type { MeterModel } from "#model/model.ts";
import { ClientError } from "#protocol/modbus/failing.ts";
import { decodeMod10000 } from "#protocol/modbus/register-numbers.ts";
import type { Quantity } from "#quantity/quantity.ts";
import {
  byRegister,
  difference,
  GROUPS,
  inOrder,
  presetOrder,
  readEnergies,
  type Energies,
} from "./energy-readings.ts";
import { awaitEcho, commandRegister, MARK, pointerWords, resultMeaning } from "./meter-command.ts";
import { readWords, writeWords, type Unit } from "./registers.ts";

export const PRESET_ENERGIES = 6209;

/** Which readings the meter has: as far as is known from what it shows. */
export type Holds = "old readings" | "new readings" | "unknown";

/** What was read, written and found; one JSON document. */
export interface TransferRecord {
  readonly version: 1;
  readonly from: {
    readonly source: string;
    readonly model: string;
    readonly readAt: string;
    readonly registers: Readonly<Record<string, number>>;
  };
  readonly to: { readonly meter: string; readonly model: string };
  /** How far it got: nothing written, registers of the buffer written, the command sent, all looked at. */
  step: "planned" | "buffer" | "commanded" | "finished";
  before?: { readonly readAt: string; readonly registers: Readonly<Record<string, number>> };
  written?: { readonly by: "block" | "single"; readonly registers: Readonly<Record<string, number>> };
  commandedAt?: string;
  status?: { readonly result: number; readonly means: string };
  after?: { readonly readAt: string; readonly registers: Readonly<Record<string, number>> };
  /** Counts by which each energy has run on since the command, by register. */
  runOn?: Readonly<Record<string, string>>;
  holds: Holds;
  note: string;
}

export interface TransferPlan {
  readonly unit: Unit;
  readonly model: MeterModel;
  readonly clock: Clock;
  /** The readings to give, by quantity. */
  readonly energies: Energies;
  readonly record: TransferRecord;
  /** Keeps the record; called before each step that could change something, and at the end. */
  readonly keep: (record: TransferRecord) => void | Promise<void>;
  readonly single: boolean;
  /** How long to wait for the echo. */
  readonly waitMs: number;
  /** The largest load that the meter may have, W: bounds how far readings run on. */
  readonly mostWatts: number;
}

const MS_PER_HOUR = 3_600_000;

/** Each register shows whole counts, and a total is the sum of two of them. */
const ROUNDING = 2n;

/**
 * Whether `to` can be `from` some time later: in and out only grow, totals grow by their sum or move by their difference,
 * and nothing by more than the largest load gives.
 */
export function runsOn(from: Energies, to: Energies, elapsedMs: number, mostWatts: number): boolean {
  const most = BigInt(Math.ceil((mostWatts * Math.max(0, elapsedMs)) / MS_PER_HOUR)) + ROUNDING;
  const moved = (name: Quantity): bigint => difference(from.get(name) ?? [], to.get(name) ?? []);
  const grows = (counts: bigint): boolean => counts >= 0n && counts <= most;
  const near = (counts: bigint, expected: bigint): boolean =>
    counts - expected <= ROUNDING && expected - counts <= ROUNDING;
  for (const unit of ["Wh", "varh"] as const) {
    const [inward, outward] = [moved(`${unit}.import`), moved(`${unit}.export`)];
    if (!grows(inward) || !grows(outward)) return false;
    const total = moved(`${unit}.total`);
    if (!near(total, inward + outward) && !near(total, inward - outward)) return false;
  }
  return grows(moved("VAh.absolute"));
}

function stamp(clock: Clock): string {
  return Temporal.Instant.fromEpochMilliseconds(Math.round(clock.utc())).toString();
}

function since(clock: Clock, at: string): number {
  return clock.utc() - Temporal.Instant.from(at).epochMilliseconds;
}

export function newRecord(from: TransferRecord["from"], to: TransferRecord["to"]): TransferRecord {
  return { version: 1, from, to, step: "planned", holds: "old readings", note: "nothing has been written" };
}

/** Values of a record as energies of a model. */
function energiesOf(
  model: MeterModel,
  registers: Readonly<Record<string, number>>,
  order: readonly Quantity[],
): Energies {
  const firsts = Object.keys(byRegister(model, new Map(order.map((name) => [name, [0, 0, 0, 0]])))).map(Number);
  const values = firsts.sort((a, b) => a - b).map((register) => registers[String(register)] ?? 0);
  return new Map(order.map((name, k) => [name, values.slice(GROUPS * k, GROUPS * (k + 1))]));
}

/**
 * What an earlier run that was interrupted after its command left: looks at the meter and completes that run's record. With
 * "old readings" the transfer can simply be made again.
 */
export async function settle(earlier: TransferRecord, plan: Omit<TransferPlan, "energies" | "record">): Promise<Holds> {
  const { unit, model, clock, mostWatts } = plan;
  const order = presetOrder(model);
  const now = await readEnergies(unit, model);
  const [before, written, commandedAt] = [earlier.before, earlier.written, earlier.commandedAt];
  earlier.after = { readAt: stamp(clock), registers: byRegister(model, now) };
  if (before === undefined || written === undefined || commandedAt === undefined) return (earlier.holds = "unknown");
  const data = Object.values(written.registers);
  const given: Energies = new Map(order.map((name, k) => [name, data.slice(GROUPS * k, GROUPS * (k + 1))]));
  const isNew = runsOn(given, now, since(clock, commandedAt), mostWatts);
  const isOld = runsOn(energiesOf(model, before.registers, order), now, since(clock, before.readAt), mostWatts);
  if (isNew !== isOld) earlier.holds = isNew ? "new readings" : "old readings";
  else earlier.holds = isNew && (await echoStands(unit, data)) ? "new readings" : "unknown";
  if (earlier.holds !== "unknown") earlier.step = "finished";
  earlier.note = `looked at again at ${stamp(clock)}: the meter holds the ${earlier.holds === "unknown" ? "one or the other readings" : earlier.holds}`;
  return earlier.holds;
}

/** Whether the meter's registers still tell of the success of the command with this data. */
async function echoStands(unit: Unit, data: readonly number[]): Promise<boolean> {
  const [echo, result, ...rest] = await readWords(unit, commandRegister.echo, 2 + data.length);
  return echo === PRESET_ENERGIES && result === 0 && rest.every((word, k) => word === ((data[k] ?? 0) & 0xffff));
}

/** Carries the plan out and returns its record. Rejects only when the record could not be kept. */
export async function transfer(plan: TransferPlan): Promise<TransferRecord> {
  const { record, keep } = plan;
  try {
    await carryOut(plan);
  } catch (error) {
    if (!(error instanceof ClientError) && !(error instanceof Error && error.message.startsWith("cannot connect"))) {
      throw error;
    }
    record.note = `${record.note}: ${error.message}`;
  }
  await keep(record);
  return record;
}

async function carryOut(plan: TransferPlan): Promise<void> {
  const { unit, model, clock, energies, record, keep, single, waitMs } = plan;
  const order = presetOrder(model);
  const data = inOrder(order, energies);
  const before = await readEnergies(unit, model);
  record.before = { readAt: stamp(clock), registers: byRegister(model, before) };
  record.written = {
    by: single ? "single" : "block",
    registers: Object.fromEntries(data.map((value, k) => [String(commandRegister.data + k), value])),
  };
  record.step = "buffer";
  record.note = "interrupted while the buffer was written; the energies are as they were, transfer again";
  await keep(record);
  await fillBuffer(plan, data);

  record.step = "commanded";
  record.commandedAt = stamp(clock);
  record.holds = "unknown";
  record.note = "interrupted after the command; transfer again, which looks at the meter first";
  await keep(record);
  // Without its answer the command may have been taken or not; the echo tells.
  await writeWords(unit, commandRegister.command, [PRESET_ENERGIES]).catch((error: unknown) => {
    if (!(error instanceof ClientError) || error.reason === "other unit") throw error;
  });
  const echo = await awaitEcho(unit, PRESET_ENERGIES, clock, waitMs);
  if (echo.state === "answered") record.status = { result: echo.result, means: resultMeaning(echo.result) };
  const after = await readEnergies(unit, model);
  record.after = { readAt: stamp(clock), registers: byRegister(model, after) };
  const isNew = runsOn(energies, after, since(clock, record.commandedAt), plan.mostWatts);
  const isOld = runsOn(before, after, since(clock, record.before.readAt), plan.mostWatts);
  const same = order.every((name) => difference(before.get(name) ?? [], energies.get(name) ?? []) === 0n);
  const { holds, note } = conclude({ echo, isNew, isOld: isOld && !(same && isNew) });
  Object.assign(record, { holds, note, step: holds === "unknown" ? "commanded" : "finished" });
  if (holds !== "new readings") return;
  record.runOn = Object.fromEntries(
    order.map((name) => [name, String(difference(energies.get(name) ?? [], after.get(name) ?? []))]),
  );
}

/** Writes data, pointers and marks, and sees that all of it stands there: a meter that restarted has lost it. */
async function fillBuffer({ unit, single }: TransferPlan, data: readonly number[]): Promise<void> {
  await writeWords(unit, commandRegister.data, data, single);
  await writeWords(unit, commandRegister.echo, [MARK, MARK], single);
  await writeWords(unit, commandRegister.pointers, pointerWords, single);
  const expected = [...pointerWords, MARK, MARK, ...data.map((value) => value & 0xffff)];
  const found = await readWords(unit, commandRegister.pointers, expected.length);
  const wrong = expected.findIndex((word, k) => word !== found[k]);
  if (wrong < 0) return;
  const register = commandRegister.pointers + wrong;
  throw new ClientError(
    `register ${register} reads ${found[wrong]} where ${expected[wrong]} was written: the meter was restarted, or another program writes there; look, and transfer again`,
  );
}

interface Findings {
  readonly echo: Awaited<ReturnType<typeof awaitEcho>>;
  readonly isNew: boolean;
  readonly isOld: boolean;
}

/** What the meter said and what it shows, together. */
function conclude({ echo, isNew, isOld }: Findings): { readonly holds: Holds; readonly note: string } {
  const unclear = "look at the meter before anything else";
  if (echo.state === "answered") {
    const said = `status ${echo.result}: ${resultMeaning(echo.result)}`;
    if (echo.result === 0) {
      if (isNew) return { holds: "new readings", note: said };
      return { holds: "unknown", note: `${said}; but the energies are not those that were written: ${unclear}` };
    }
    if (isOld) return { holds: "old readings", note: `${said}; the energies are as they were` };
    return { holds: "unknown", note: `${said}; but the energies are not as they were: ${unclear}` };
  }
  const said = {
    restarted: "the meter lost its registers after the command: it was restarted, or another program uses them",
    silent: "the meter did not echo the command",
  }[echo.state];
  if (isNew === isOld) {
    const fits = isNew ? "both the old and the new readings" : "neither the old nor the new readings";
    return { holds: "unknown", note: `${said}, and what the energies show fits ${fits}: ${unclear}` };
  }
  if (isNew) return { holds: "new readings", note: `${said}, but the energies are the new ones` };
  return { holds: "old readings", note: `${said}, and the energies are as they were: transfer again` };
}

/** The value of groups in whole counts. */
export function counts(groups: readonly number[]): bigint {
  return decodeMod10000(groups);
}
