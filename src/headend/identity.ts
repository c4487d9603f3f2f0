/** What a unit says that it is, whichever way it says it; and whether that is the model which it is taken for. */
import { catalogue } from "#model/catalogue.ts";
import type { MeterModel } from "#model/model.ts";
import type { Request, Response } from "#protocol/modbus/pdu.ts";

/** Asks one unit; undefined where no answer comes, or none that makes sense. */
export type Ask = (request: Request) => Promise<Response | undefined>;

export interface Identity {
  readonly by: "SunSpec" | "device identification" | "server id" | "identification register";
  /** In its own words. */
  readonly text: string;
  /** Of a register that says by a number what it is. */
  readonly code?: number;
}

export async function registersOf(ask: Ask, fn: 3 | 4, first: number, count: number): Promise<readonly number[]> {
  const response = await ask({ kind: "read", fn, first, count });
  return response?.kind === "registers" && response.values.length === count ? [...response.values] : [];
}

/** "SunS", where SunSpec maps may begin, and the words of their first model. */
const SUNSPEC_BASES = [40_000, 0, 50_000] as const;
const SUNSPEC_MARK = [0x5375, 0x6e53] as const;
const COMMON_MODEL = 1;

/** Printable characters. */
function textOf(bytes: Iterable<number>): string {
  return String.fromCharCode(...Array.from(bytes).filter((byte) => byte >= 0x20 && byte < 0x7f)).trim();
}

async function bySunSpec(ask: Ask): Promise<Identity | undefined> {
  for (const base of SUNSPEC_BASES) {
    const head = await registersOf(ask, 3, base, 4);
    if (head[0] !== SUNSPEC_MARK[0] || head[1] !== SUNSPEC_MARK[1] || head[2] !== COMMON_MODEL) continue;
    const words = await registersOf(ask, 3, base + 4, 64);
    const text = (from: number, count: number): string =>
      textOf(words.slice(from, from + count).flatMap((word) => [word >> 8, word & 255]));
    // Maker, product, (options), version, serial number.
    const parts = [text(0, 16), text(16, 16), text(40, 8), `serial ${text(48, 16)}`];
    return { by: "SunSpec", text: parts.join(" ").trim() };
  }
  return undefined;
}

async function byIdentification(ask: Ask): Promise<Identity | undefined> {
  const response = await ask({ kind: "device identification", code: 1, object: 0 });
  const text = response?.kind === "identification" ? [...response.objects.values()].join(" ").trim() : "";
  return text === "" ? undefined : { by: "device identification", text };
}

async function byServerId(ask: Ask): Promise<Identity | undefined> {
  const response = await ask({ kind: "report server id" });
  if (response?.kind !== "server id") return undefined;
  return { by: "server id", text: `${textOf(response.data.subarray(2))} (id ${response.data[0]})` };
}

/** Where Carlo Gavazzi's meters have the number of their product, when it is read alone. */
const CODE_REGISTER = 0x000b;
/** Of an EM24 with Ethernet, by its inputs and outputs, as Victron's dbus-modbus-client fe12d8c takes them. */
const EM24_CODES = [1648, 1653] as const;

/** Whether the code is one of the product that has `own`. */
function isCode(code: number, own: number | undefined): boolean {
  const [from, to] = EM24_CODES;
  return own !== undefined && (code === own || (own >= from && own <= to && code >= from && code <= to));
}

async function byCode(ask: Ask): Promise<Identity | undefined> {
  const [code] = await registersOf(ask, 3, CODE_REGISTER, 1);
  const model = catalogue.find(({ modbus }) => code !== undefined && isCode(code, modbus.map.alone?.[CODE_REGISTER]));
  if (code === undefined || model === undefined) return undefined;
  return { by: "identification register", text: `${model.manufacturer} ${model.product} (${code} in 0x000B)`, code };
}

/** The ways, in the order in which they are tried: what says most first. */
const ways: Readonly<Record<Identity["by"], (ask: Ask) => Promise<Identity | undefined>>> = {
  SunSpec: bySunSpec,
  "device identification": byIdentification,
  "server id": byServerId,
  "identification register": byCode,
};

/** The first that a unit says of itself by one of these ways; undefined where it says nothing. */
export async function identify(
  ask: Ask,
  by: readonly Identity["by"][] = ["SunSpec", "device identification", "server id"],
): Promise<Identity | undefined> {
  for (const way of by) {
    const identity = await ways[way](ask);
    if (identity !== undefined) return identity;
  }
  return undefined;
}

/** The models here that what a unit says of itself may be of. */
export function modelsOf(identity: Identity): readonly string[] {
  return catalogue.filter((one) => isOf(one, identity)).map(({ name }) => name);
}

/** Whether all of its registers are SunSpec's: then it is whatever speaks SunSpec. */
function isSunSpecAlone({ modbus: { map } }: MeterModel): boolean {
  return map.blocks.every(({ rows }) => rows.every(([register]) => register - map.base >= SUNSPEC_BASES[0]));
}

/** Letters and digits; the x of "PM8xx" stands for any digit. */
function holds(text: string, product: string): boolean {
  const plain = (one: string): string => one.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
  return new RegExp(plain(product).replaceAll("xx", "[0-9x]{2}")).test(plain(text));
}

function isOf(model: MeterModel, { by, text, code }: Identity): boolean {
  const { serverId, identification, map } = model.modbus;
  if (code !== undefined) return isCode(code, map.alone?.[CODE_REGISTER]);
  // What follows says what state it is in.
  if (by === "server id" && serverId !== undefined) return holds(text, serverId.text.split(" ").slice(0, 3).join(" "));
  const said = by === "device identification" ? identification?.product : undefined;
  return holds(text, typeof said === "string" ? said : model.product);
}

/**
 * What a person should know who takes a unit for a model: it says that it is another, with both names. Undefined where it says the
 * same, or nothing.
 */
export async function otherModel(ask: Ask, unit: number, model: MeterModel): Promise<string | undefined> {
  const isSunSpec = isSunSpecAlone(model);
  const identity = await identify(
    ask,
    isSunSpec
      ? ["SunSpec", "device identification", "server id", "identification register"]
      : ["device identification", "server id", "SunSpec", "identification register"],
  );
  if (identity === undefined) return otherCode(ask, unit, model);
  if (isOf(model, identity)) return undefined;
  if (isSunSpec && identity.by === "SunSpec") return undefined;
  const known = catalogue.filter((one) => isOf(one, identity));
  return isAnother(unit, identity, known, model.name);
}

/** The same of a model that says nothing of itself: its unit is another where it says that it is one that is known here. */
export async function knownModel(ask: Ask, unit: number, name: string): Promise<string | undefined> {
  const identity = await identify(ask);
  const known = identity === undefined ? [] : catalogue.filter((one) => isOf(one, identity));
  return identity === undefined || known.length === 0 ? undefined : isAnother(unit, identity, known, name);
}

function isAnother(unit: number, { by, text }: Identity, known: readonly MeterModel[], name: string): string {
  const which = known.length === 0 ? "none of the models here" : known.map((one) => one.name).join(" or ");
  return `unit ${unit} says by its ${by} that it is "${text}" (${which}); it was taken for ${name}: is --model right?`;
}

/** The same of a model that has a code where the unit has another. */
async function otherCode(ask: Ask, unit: number, { name, modbus: { map } }: MeterModel): Promise<string | undefined> {
  const own = map.alone?.[CODE_REGISTER];
  if (own === undefined) return undefined;
  const [code] = await registersOf(ask, 3, CODE_REGISTER, 1);
  if (code === undefined || isCode(code, own)) return undefined;
  return `unit ${unit} has ${code} in 0x000B, where ${name} has ${own}: is --model right?`;
}
