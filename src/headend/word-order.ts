/** Values of two registers whose words came the other way round: a setting of the meter, or a gateway that turns them. */
import type { MeterModel } from "#model/model.ts";
import { decodeRows } from "#protocol/modbus/register-decode.ts";
import { wordsOf, type PointMap, type Row } from "#protocol/modbus/register-table.ts";

/** The same map with the words of its two-register values the other way round. */
function turned<Scale extends string>(map: PointMap<Scale>): PointMap<Scale> {
  const { lowWordFirst, ...rest } = map;
  return lowWordFirst === true ? rest : { ...rest, lowWordFirst: true };
}

/** A model whose meter gives its two-register values so. */
export function wordsTurned(model: MeterModel): MeterModel {
  return { ...model, modbus: { ...model.modbus, map: turned(model.modbus.map) } };
}

/** Within what a frequency in Hz and a voltage in V lie on any network. */
function plausible(name: string, value: number): boolean {
  return name === "Hz" ? value > 40 && value < 70 : value > 1 && value < 1e6;
}

/**
 * What to say when frequency and voltages make sense only with their words the other way round; undefined when they make
 * sense as they are, or either way.
 */
export function wordOrderNote(
  map: PointMap,
  rows: readonly Row<string>[],
  word: (register: number) => number | undefined,
): string | undefined {
  const telling = rows.filter(([, , , format, , , is]) => {
    return typeof is === "string" && /^(Hz|V)\b/.test(is) && wordsOf(format, is) === 2;
  });
  const sane = (decoded: ReturnType<typeof decodeRows>) =>
    decoded.filter(({ row, value }) => typeof value === "number" && plausible(String(row[6]), value));
  if (sane(decodeRows(map, telling, word)).length > 0) return undefined;
  const [found] = sane(decodeRows(turned(map), telling, word));
  if (found === undefined) return undefined;
  const value = Number(Number(found.value).toPrecision(5));
  return `values of two registers make sense only with their words the other way round (${String(found.row[6])} = ${value}): set the word order in the meter or gateway, or read with --swap-words`;
}
