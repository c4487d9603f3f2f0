/** Reads a running meter over Modbus by its model's point map. */
import type { MeterModel } from "#model/model.ts";
import type { Requester } from "#protocol/modbus/client.ts";
import { ClientError } from "#protocol/modbus/failing.ts";
import { Exception, type Request } from "#protocol/modbus/pdu.ts";
import type { Span } from "#protocol/modbus/read-plan.ts";
import {
  decodeImage,
  readingPlan,
  wordsTurned,
  type DecodedBlock,
  type ReadingPlan,
  type ReadPart,
  type ReadRequest,
} from "#protocol/modbus/register-decode.ts";
import { registerText } from "#protocol/modbus/register-table.ts";
import { AskedUnit } from "./asked-unit.ts";
import { otherModel } from "./identity.ts";
import type { Progress } from "./meter-source.ts";
import { refusal } from "./registers.ts";

export interface MeterReading {
  /** Function 0x2B: vendor, product, revision; empty when the meter does not say. */
  readonly identification: readonly string[];
  readonly blocks: readonly DecodedBlock[];
  /** What a person should look at: another model, words in the wrong order. */
  readonly notes: readonly string[];
}

/** A model whose meter gives the words of its two-register values the other way round. */
export function withWordsTurned(model: MeterModel): MeterModel {
  const { lowWordFirst, ...map } = model.modbus.map;
  return { ...model, modbus: { ...model.modbus, map: lowWordFirst === true ? map : { ...map, lowWordFirst: true } } };
}

/** Function 0x2B: vendor, product, revision. */
const BASIC: Request = { kind: "device identification", code: 1, object: 0 };

/**
 * Reads one of the units of a line; requests of several readings may be under way at once. Who says by a plan what is wanted asks for no other
 * values. What the unit says that it is, it is asked when its registers have been read, or refused: some keep silent on such questions.
 */
export async function readUnit(
  line: Requester,
  unit: number,
  model: MeterModel,
  { progress = () => {}, plan: wanted, known = false }: ReadingOptions = {},
): Promise<MeterReading> {
  const plan = wanted ?? readingPlan(model.modbus);
  const image = new Uint16Array(plan.size);
  const of = plan.parts.reduce((sum, { requests }) => sum + requests.length, 0);
  let done = 0;
  const meter = new AskedUnit(line, unit);
  const present: boolean[] = [];
  try {
    for (const part of plan.parts) {
      present.push(await readPart({ line: meter, unit, model }, part, image, () => progress(++done, of)));
    }
  } catch (error) {
    if (!(error instanceof ClientError) || error.reason !== "refused" || known) throw error;
    const other = await otherModel(meter.ask, unit, model);
    throw other === undefined ? error : new ClientError(`${error.message}; ${other}`, error.reason);
  }
  const id = wanted === undefined ? await meter.ask(BASIC) : undefined;
  const identification = id?.kind === "identification" ? [...id.objects.values()] : [];
  const notes: string[] = [];
  const other = known ? undefined : await otherModel(meter.ask, unit, model);
  if (other !== undefined) notes.push(other);
  const turned = wordsTurned(plan, image, present);
  if (turned !== undefined) {
    const value = Number(Number(turned.value).toPrecision(5));
    notes.push(
      `unit ${unit}: values of two registers make sense only with their words the other way round (${String(turned.row[6])} = ${value}): set the word order in the meter or gateway, or read with --swap-words`,
    );
  }
  return { identification, blocks: decodeImage(plan, image, present), notes };
}

export interface ReadingOptions {
  readonly progress?: Progress | undefined;
  /** What is wanted of the model; all that it has unless said. */
  readonly plan?: ReadingPlan | undefined;
  /** That it is the model has been found before. */
  readonly known?: boolean;
}

/** Reads one part into its places; false when the meter has no such registers and need not. */
async function readPart(
  { line, unit, model }: { readonly line: Requester; readonly unit: number; readonly model: MeterModel },
  { optional, fn, requests, blocks }: ReadPart,
  image: Uint16Array,
  done: () => void,
): Promise<boolean> {
  const { map } = model.modbus;
  let there = true;
  for (const { first, count, at } of requests) {
    if (there) {
      const request = { kind: "read", fn, first, count } as const;
      const response = await line.request(unit, request, { values: valuesIn(blocks, { first, count, at }) });
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

/** The values that a request brings. */
function valuesIn(blocks: ReadPart["blocks"], { first, count, at }: ReadRequest): Span[] {
  const places = blocks.flatMap((block) => block.places);
  const own = places.filter((place) => place.at >= at && place.at + place.words <= at + count);
  return own.map((place): Span => ({ first: first + place.at - at, count: place.words }));
}
