/** Reads a running meter over Modbus by its model's point map. */
import type { MeterModel } from "#model/model.ts";
import type { Requester } from "#protocol/modbus/client.ts";
import { Exception } from "#protocol/modbus/pdu.ts";
import {
  decodeImage,
  readingPlan,
  wordsTurned,
  type DecodedBlock,
  type ReadPart,
} from "#protocol/modbus/register-decode.ts";
import { registerText } from "#protocol/modbus/register-table.ts";
import { modbusTransports } from "#protocol/modbus/transports.ts";
import { isModbus, openLine } from "./modbus-url.ts";
import { UrlError } from "./place.ts";
import type { LineSettings, MeterUrl } from "./reader.ts";
import { refusal } from "./registers.ts";

export interface MeterReading {
  /** Function 0x2B: vendor, product, revision; empty when the meter does not say. */
  readonly identification: readonly string[];
  readonly blocks: readonly DecodedBlock[];
  /** What a person should look at: words in the wrong order. */
  readonly notes: readonly string[];
}

/** Told how many requests of how many are done. */
export type Progress = (done: number, of: number) => void;

/** Opens a line, reads every block; what an option adds is left out when the meter has no such registers. */
export async function readMeter(
  url: MeterUrl,
  model: MeterModel,
  settings: LineSettings,
  progress: Progress = () => {},
): Promise<MeterReading> {
  if (!isModbus(url)) {
    const taken = modbusTransports.map(({ scheme }) => `${scheme}://`).join(", ");
    throw new UrlError(`a ${model.name} is read over Modbus only, not ${url.protocol}; expected ${taken}`);
  }
  const line = await openLine(url, settings);
  try {
    return await readUnit(line, url.unit, model, progress);
  } finally {
    line.close();
  }
}

/** A model whose meter gives the words of its two-register values the other way round. */
export function withWordsTurned(model: MeterModel): MeterModel {
  const { lowWordFirst, ...map } = model.modbus.map;
  return { ...model, modbus: { ...model.modbus, map: lowWordFirst === true ? map : { ...map, lowWordFirst: true } } };
}

/** Reads one of the units of a line; requests of several readings may be under way at once. */
export async function readUnit(
  line: Requester,
  unit: number,
  model: MeterModel,
  progress: Progress = () => {},
): Promise<MeterReading> {
  const id = await line.request(unit, { kind: "device identification", code: 1, object: 0 });
  const identification = id.kind === "identification" ? [...id.objects.values()] : [];
  const plan = readingPlan(model.modbus);
  const image = new Uint16Array(plan.size);
  const of = plan.parts.reduce((sum, { requests }) => sum + requests.length, 0);
  let done = 0;
  const present: boolean[] = [];
  for (const part of plan.parts) {
    present.push(await readPart({ line, unit, model }, part, image, () => progress(++done, of)));
  }
  const turned = wordsTurned(plan, image, present);
  const notes: string[] = [];
  if (turned !== undefined) {
    const value = Number(Number(turned.value).toPrecision(5));
    notes.push(
      `unit ${unit}: values of two registers make sense only with their words the other way round (${String(turned.row[6])} = ${value}): set the word order in the meter or gateway, or read with --swap-words`,
    );
  }
  return { identification, blocks: decodeImage(plan, image, present), notes };
}

/** Reads one part into its places; false when the meter has no such registers and need not. */
async function readPart(
  { line, unit, model }: { readonly line: Requester; readonly unit: number; readonly model: MeterModel },
  { optional, fn, requests }: ReadPart,
  image: Uint16Array,
  done: () => void,
): Promise<boolean> {
  const { map } = model.modbus;
  let there = true;
  for (const { first, count, at } of requests) {
    if (there) {
      const response = await line.request(unit, { kind: "read", fn, first, count });
      if (response.kind === "registers") image.set(response.values, at);
      else {
        const exception = response.kind === "exception" ? response.exception : NaN;
        if (!optional || exception !== Exception.illegalDataAddress) {
          const [from, to] = [first, first + count - 1].map((address) => registerText(map, address + map.base));
          throw refusal(unit, `registers ${from} to ${to}`, exception);
        }
        there = false;
      }
    }
    done();
  }
  return there;
}
