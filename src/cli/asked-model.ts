/** Whether a meter that is to be written to is the one that it is taken for: the registers of another mean something else. */
import { AskedUnit } from "#headend/asked-unit.ts";
import { otherModel } from "#headend/identity.ts";
import type { Unit } from "#headend/registers.ts";
import type { MeterModel } from "#model/model.ts";
import { Failure } from "./failure.ts";
import { note } from "./terminal.ts";

export const anyModelOption = ["--any-model", "write even though the meter says that it is another model"] as const;

interface Taken {
  readonly model: MeterModel;
  /** The option that says so. */
  readonly flag: string;
  /** It is only said that it is another. */
  readonly any: boolean | undefined;
}

/** Rejects where a unit says that it is another model than it is taken for; one that says nothing is what it is taken for. */
export async function refusesAnother({ line, unit }: Unit, { model, flag, any }: Taken): Promise<void> {
  const asked = new AskedUnit(line, unit);
  const { base, blocks } = model.modbus.map;
  // Whatever the answer is: it shows how long the unit takes, and so how long it is waited for that may keep silent on the rest.
  await asked.request(unit, { kind: "read", fn: 3, first: (blocks[0]?.rows[0]?.[0] ?? base) - base, count: 1 });
  const said = await otherModel(asked.ask, unit, model);
  if (said === undefined) return;
  const other = said.replace("--model", flag);
  if (any !== true) throw new Failure(`${other} Nothing is written; --any-model writes all the same`, 1);
  note(other);
}
