/** Writes one setting of a meter by its name, and reads it back. */
import type { MeterModel } from "#model/model.ts";
import { ClientError, exceptionName, type Requester } from "#protocol/modbus/client.ts";
import { describeDomain, inDomain, type Setting, type SettingRule } from "#quantity/setting.ts";

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
  const value = rule?.words?.[text] ?? (text.trim() === "" ? NaN : Number(text));
  if (rule !== undefined && inDomain(rule, value)) return value;
  const words = rule?.words === undefined ? "" : `${Object.keys(rule.words).join(", ")}, or `;
  throw new SettingError(
    `${name}: expected ${words}${rule === undefined ? "a number" : describeDomain(rule)}; found "${text}"`,
  );
}

export interface Written {
  readonly before: number;
  readonly after: number;
}

/** Reads, writes, reads back; throws a ClientError that says what the meter refused or kept. */
export async function writeSetting(
  client: Requester,
  unit: number,
  model: MeterModel,
  { name, value }: { readonly name: string; readonly value: number },
): Promise<Written> {
  const place = writableSettings(model).get(name);
  if (place === undefined) throw new SettingError(`${model.name} has no setting "${name}" to write`);
  const first = place.register - model.modbus.map.base;
  const read = async (): Promise<number> => {
    const response = await client.request(unit, { kind: "read", fn: 3, first, count: 1 });
    if (response.kind === "registers") return (response.values[0] ?? NaN) * place.worth;
    const why = response.kind === "exception" ? exceptionName(response.exception) : "it answered something else";
    throw new ClientError(`unit ${unit}: register ${place.register} (${name}) could not be read: ${why}`);
  };
  const before = await read();
  const word = Math.round(value / place.worth);
  const response = await client.request(unit, { kind: "write", fn: 6, first, values: Uint16Array.of(word) });
  if (response.kind !== "written") {
    const why = response.kind === "exception" ? exceptionName(response.exception) : "it answered something else";
    throw new ClientError(
      `unit ${unit} refused ${word} in register ${place.register} (${name}): ${why}; it keeps ${before}`,
    );
  }
  const after = await read();
  if (Math.round(after / place.worth) !== word) {
    throw new ClientError(`unit ${unit} took ${word} in register ${place.register} (${name}) but shows ${after}`);
  }
  return { before, after };
}
