/** Writes one setting of a meter by its name, and reads it back. */
import type { MeterModel } from "#model/model.ts";
import type { Requester } from "#protocol/modbus/client.ts";
import { ClientError } from "#protocol/modbus/failing.ts";
import { wordsOf } from "#quantity/instrument-design.ts";
import { quotedWord } from "#quantity/nearest.ts";
import { describeDomain, inDomain, type Setting, type SettingRule } from "#quantity/setting.ts";
import { issueCommand, resultMeaning } from "./meter-command.ts";
import { realClock } from "./real-clock.ts";
import { readWords, writeWords, type Unit } from "./registers.ts";

/** The name or the value is none that the model has. */
export class SettingError extends Error {}

interface Writable {
  readonly register: number;
  /** The register's number times this is the setting. */
  readonly worth: number;
}

/** The settings of a model that a register can write. */
function writableSettings({ modbus }: MeterModel): ReadonlyMap<string, Writable> {
  const found = new Map<string, Writable>();
  for (const { rows } of modbus.map.blocks) {
    for (const [register, rw, , , , scale, is] of rows) {
      if (rw !== "R/W" || typeof is !== "object" || !("setting" in is)) continue;
      found.set(is.setting, { register, worth: typeof scale === "number" ? scale : 1 });
    }
  }
  return found;
}

/** A value as people write it, a number or a word; throws SettingError with what was expected. */
export function parseSetting(model: MeterModel, name: string, text: string): number {
  const writable = writableSettings(model);
  if (!writable.has(name)) {
    throw new SettingError(
      `${model.name} has no setting "${name}" to write; it has ${[...writable.keys()].join(", ")}`,
    );
  }
  const rule: SettingRule | undefined = model.instrument.settings[name as Setting];
  const words = wordsOf(model.instrument, name as Setting);
  const value = words?.[text] ?? (text.trim() === "" ? NaN : Number(text));
  if (rule !== undefined && inDomain(rule, value)) return value;
  const named = words === undefined ? "" : `${Object.keys(words).join(", ")}, or `;
  const found = Number.isFinite(Number(text)) && text.trim() !== "" ? text : quotedWord(text);
  throw new SettingError(
    `${name}: expected ${named}${rule === undefined ? "a number" : describeDomain(rule)}; found ${found}`,
  );
}

export interface Written {
  readonly before: number;
  readonly after: number;
}

/** Reads, writes, reads back; throws a ClientError that says what the meter refused or kept. */
export async function writeSetting(
  line: Requester,
  unit: number,
  model: MeterModel,
  { name, value }: { readonly name: string; readonly value: number },
): Promise<Written> {
  const place = writableSettings(model).get(name);
  if (place === undefined) throw new SettingError(`${model.name} has no setting "${name}" to write`);
  const { register, worth } = place;
  const at = { line, unit };
  // Some maps count from 0.
  const wire = register - model.modbus.map.base + 1;
  const read = async (): Promise<number> => ((await readWords(at, wire, 1))[0] ?? NaN) * worth;
  const before = await read();
  const word = Math.round(value / worth);
  const session = sessionOf(model);
  if (session !== undefined) await command(at, session.open, []);
  try {
    await writeWords(at, wire, [word]);
  } catch (error) {
    if (session !== undefined) await command(at, session.close, [DISCARD]);
    throw new ClientError(`${error instanceof Error ? error.message : String(error)}; ${name} stays ${before}`);
  }
  if (session !== undefined) await command(at, session.close, [SAVE]);
  const after = await read();
  if (Math.round(after / worth) !== word) {
    throw new ClientError(`unit ${unit} took ${word} in register ${register} (${name}) but shows ${after}`);
  }
  return { before, after };
}

const SAVE = 1;
const DISCARD = 0;
const ECHO_MS = 5000;

/** The commands between which a model's settings can be written, where it has sessions. */
function sessionOf({ modbus }: MeterModel): { readonly open: number; readonly close: number } | undefined {
  const rows = modbus.map.commands?.rows ?? [];
  const open = rows.find(([, , does]) => does === "openSetup")?.[0];
  const close = rows.find(([, , does]) => does === "closeSetup")?.[0];
  return open === undefined || close === undefined ? undefined : { open, close };
}

async function command(unit: Unit, code: number, parameters: readonly number[]): Promise<void> {
  const result = await issueCommand(unit, code, parameters, realClock, ECHO_MS);
  if (result === 0) return;
  throw new ClientError(`unit ${unit.unit} answered command ${code} with ${result}: ${resultMeaning(result)}`);
}
