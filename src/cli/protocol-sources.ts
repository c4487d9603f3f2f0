/** Meters that are read over a protocol: what they have the protocol tells, or their model, or their configuration. */
import type { DlmsSecrets } from "#headend/dlms-secrets.ts";
import { isDeviceProfile, profilePoints } from "#headend/dnp3-device-profile.ts";
import { FixedMapSource } from "#headend/fixed-map-source.ts";
import { Lines } from "#headend/lines.ts";
import type { MeterSource } from "#headend/meter-source.ts";
import { parseMeterUrl, readerOf, sourceOf } from "#headend/meter-url.ts";
import { parseModbusUrl } from "#headend/modbus-url.ts";
import { ConfiguredSource, TellingSource } from "#headend/point-source.ts";
import { withWordsTurned } from "#headend/read-meter.ts";
import { realClock } from "#headend/real-clock.ts";
import { readText } from "#io/file.ts";
import type { SourceAsked } from "#headend/reader.ts";
import { catalogue, modelNamed, revenueModelNamed, revenueModels } from "#model/catalogue.ts";
import { didYouMean } from "#quantity/nearest.ts";
import { Failure, orFail } from "./failure.ts";
import type { ReadingWords } from "./reading-words.ts";

/** What a configuration says of points of DNP3. */
type DnpPoints = Awaited<ReturnType<NonNullable<SourceAsked["dnp3Points"]>>>;

export interface ProtocolOptions {
  /** One of all meters that need one, or one of each in their order. */
  readonly model: readonly string[];
  readonly swapWords?: true;
  readonly configuration?: string | undefined;
  readonly modelNumber?: string | undefined;
  readonly timeoutMs: number;
  readonly maxRegisters?: number | undefined;
  readonly secrets: DlmsSecrets;
  /** Every quantity once, where nothing is named. */
  readonly byName: boolean;
}

/** What all meters over Modbus of one command have in common. */
interface Together extends ProtocolOptions {
  readonly lines: Lines;
  readonly names: readonly string[];
}

/** Throws UrlError, UnknownName, or Failure of status 2. */
export async function protocolSources(
  { urls, names }: ReadingWords,
  options: ProtocolOptions,
): Promise<readonly MeterSource[]> {
  // What is wrong with any URL comes before what is missing of one.
  for (const url of urls) parseMeterUrl(url);
  const { model: models, timeoutMs, maxRegisters, secrets } = options;
  const modelled = urls.filter((url) => readerOf(url) === undefined && sourceOf(url) === undefined);
  if (models.length > 1 && models.length !== modelled.length)
    throw new Failure(`--model: expected one, or one of each of ${modelled.length} meters; found ${models.length}`, 2);
  if (models.length > 0 && modelled.length === 0 && options.configuration === undefined)
    throw new Failure(`--model: expected none; what ${urls.join(" and ")} has, it tells itself`, 2);
  const together: Together = { ...options, lines: new Lines({ timeoutMs, maxRegisters }), names };
  const held = new Map<string, () => Promise<void>>();
  const sources: MeterSource[] = [];
  for (const url of urls) {
    const [read, source] = [readerOf(url), sourceOf(url)];
    const model = models.length > 1 ? models[modelled.indexOf(url)] : models[0];
    const dnp3Points = (): Promise<DnpPoints> => dnp3PointsOf(model, options);
    if (source !== undefined) sources.push(await source({ names, timeoutMs, secrets, held, dnp3Points }));
    else if (read === undefined) sources.push(await modelledSource(url, model, together));
    else sources.push(new TellingSource(url, () => read({ timeoutMs }), { clock: realClock, names }));
  }
  return sources;
}

async function modelledSource(text: string, name: string | undefined, together: Together): Promise<MeterSource> {
  if (name === undefined) throw new Failure("--model is needed: which model it is (see: npx polyphase models)", 2);
  const model = modelNamed(name);
  if (model === undefined) return configuredSource(text, name, together);
  const { lines, names, byName, swapWords } = together;
  const wanted = names.length > 0 ? { names } : byName ? "quantities" : "all";
  const read = swapWords ? withWordsTurned(model) : model;
  return new FixedMapSource({ text, at: parseModbusUrl(text) }, read, { lines, clock: realClock, wanted });
}

/** What a configuration says of the points of a meter over DNP3; nothing where none is named: it tells its points itself. */
async function dnp3PointsOf(
  model: string | undefined,
  { configuration, modelNumber }: ProtocolOptions,
): Promise<DnpPoints> {
  if (configuration === undefined) return [];
  const { asOrdered, configurationsOf, configuredModels, FACTORY } = await import("./configured.ts");
  const [file, said] =
    configuration === FACTORY
      ? ["the factory's configuration", ""]
      : [configuration, orFail(2, () => readText(configuration))];
  if (isDeviceProfile(said)) return orFail(2, () => profilePoints(file, said));
  const { usualOrder, dnp3Points } = configurationsOf(model ?? configuredModels[0] ?? "");
  return asOrdered(modelNumber, usualOrder, (order) => dnp3Points(file, said, order));
}

async function configuredSource(text: string, model: string, together: Together): Promise<MeterSource> {
  if (revenueModelNamed(model) === undefined) {
    const known = [...catalogue, ...revenueModels].map(({ name }) => name);
    throw new Failure(
      `there is no model "${model}"; expected one of ${known.join(", ")}${didYouMean(model, known)}`,
      2,
    );
  }
  const at = parseModbusUrl(text);
  const { configuration, modelNumber, lines, names } = together;
  if (configuration === undefined)
    throw new Failure(
      `what the registers of ${model} are, its configuration says: --configuration FILE names it, --configuration factory says that it has the factory's (npx polyphase config show URL prints that of a meter of a site)`,
      2,
    );
  // The product itself is the largest part of this program.
  const { asOrdered, configurationsOf, FACTORY } = await import("./configured.ts");
  const { usualOrder, modbusPoints } = configurationsOf(model);
  const lists = asOrdered(modelNumber, usualOrder, (order) => {
    const [file, said] =
      configuration === FACTORY ? ["the factory's configuration", ""] : [configuration, readText(configuration)];
    return modbusPoints(file, said, order);
  });
  return new ConfiguredSource({ text, at, model }, lists, { lines, clock: realClock, names });
}
