/** Writes PQDIF: the records of what is to be said, uncompressed or each by zlib. */
import { FormatError } from "#format/recording.ts";
import { bodySize } from "./body.ts";
import { deflate } from "./deflate.ts";
import { collection, scalar, type Element } from "./element.ts";
import { writeFields } from "./fields.ts";
import { compressionAlgorithms, compressionStyles } from "./ids.ts";
import {
  channelDefinitionFields,
  channelInstanceFields,
  channelSettingFields,
  containerFields,
  dataSourceFields,
  monitorSettingsFields,
  observationFields,
  seriesDefinitionFields,
  type ChannelDefinition,
  type ChannelInstance,
  type Container,
  type DataSource,
  type MonitorSettings,
  type Observation,
  type PqdifContent,
} from "./model.ts";
import { sizeOfRecord, writeRecords, type NewRecord } from "./records.ts";
import { tags } from "./tags.ts";
import { seriesInstance } from "./write-series.ts";

/** Version 1.5, readable by what reads 1.5: what is written here. */
const VERSION = [1, 5, 1, 5] as const;

export interface WriteOptions {
  /** Whether bodies are compressed by zlib, each on its own. */
  readonly compress?: boolean;
}

/** The bytes of a file. Throws FormatError for what PQDIF cannot say, with its place in the content. */
export async function writePqdif(
  content: PqdifContent,
  { compress = false }: WriteOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const steps = writeSteps(content, compress);
  let step = steps.next();
  while (step.done !== true) step = steps.next(await deflate(step.value));
  return step.value;
}

/** The same, compressed, at once: for whoever has a `deflate` that takes no turn of the event loop. */
export function writePqdifNow(
  content: PqdifContent,
  deflateNow: (bytes: Uint8Array) => Uint8Array,
): Uint8Array<ArrayBuffer> {
  const steps = writeSteps(content, true);
  let step = steps.next();
  while (step.done !== true) step = steps.next(deflateNow(step.value));
  return step.value;
}

function* writeSteps(
  content: PqdifContent,
  compress: boolean,
): Generator<Uint8Array, Uint8Array<ArrayBuffer>, Uint8Array> {
  const { container, observations } = content;
  const file = nameOf(container);
  const records: NewRecord[] = [containerRecord(container, compress)];
  const sources = new Emitted(content.sources ?? [], (source) => records.push(dataSourceRecord(file, source)));
  const settings = new Emitted(content.settings ?? [], (one) => records.push(settingsRecord(file, one)));
  observations.forEach((observation, k) => {
    sources.want(observation.source);
    if (observation.settings !== undefined) settings.want(observation.settings);
    else if (settings.current !== undefined) {
      throw new FormatError(
        file,
        `observation ${k}`,
        "expected monitor settings: those that stand before it would be its own",
      );
    }
    records.push(observationRecord(file, observation, k));
  });
  sources.finish();
  settings.finish();
  return yield* writeRecords(file, records, compress);
}

/** Records that hold for those after them: they are written in their order, and again where one that went before is wanted again. */
class Emitted<T> {
  readonly #list: readonly T[];
  readonly #write: (one: T) => unknown;
  #next = 0;
  current: T | undefined;

  constructor(list: readonly T[], write: (one: T) => unknown) {
    this.#list = list;
    this.#write = write;
  }

  want(one: T): void {
    if (one === this.current) return;
    const listed = this.#list.indexOf(one, this.#next);
    if (listed < 0) return this.#emit(one);
    while (this.#next <= listed) this.#emitNext();
  }

  finish(): void {
    while (this.#next < this.#list.length) this.#emitNext();
  }

  #emitNext(): void {
    const one = this.#list[this.#next++];
    if (one !== undefined) this.#emit(one);
  }

  #emit(one: T): void {
    this.current = one;
    this.#write(one);
  }
}

/** What a file is called when something about it is told. */
const nameOf = ({ fileName }: Container): string => fileName ?? "PQDIF";

const refuser =
  (file: string, place: string) =>
  (what: string): never => {
    throw new FormatError(file, place, what);
  };

function required<T extends object>(
  of: T,
  names: readonly (keyof T & string)[],
  refuse: (what: string) => never,
): void {
  for (const name of names) if (of[name] === undefined) refuse(`expected ${name}, which IEEE 1159.3 requires`);
}

function containerRecord(container: Container, isCompressed: boolean): NewRecord {
  const refuse = refuser(nameOf(container), "container");
  required(container, ["fileName", "created"], refuse);
  const elements = writeFields(containerFields, { version: VERSION, ...container }, refuse);
  elements.push(
    scalar(tags.compressionStyleID, "uint4", isCompressed ? compressionStyles.record : compressionStyles.none),
    scalar(
      tags.compressionAlgorithmID,
      "uint4",
      isCompressed ? compressionAlgorithms.zlib : compressionAlgorithms.none,
    ),
    ...(container.more ?? []),
  );
  return { tag: tags.container, elements };
}

function dataSourceRecord(file: string, source: DataSource): NewRecord {
  const refuse = refuser(file, `data source ${source.name ?? ""}`.trimEnd());
  required(source, ["type", "name", "effective"], refuse);
  const elements = [
    ...writeFields(dataSourceFields, source, refuse),
    collection(
      tags.channelDefns,
      source.channels.map((channel, c) => channelDefinition(channel, refuser(file, `definition of channel ${c}`))),
    ),
    ...(source.more ?? []),
  ];
  return { tag: tags.recDataSource, elements };
}

function channelDefinition(channel: ChannelDefinition, refuse: (what: string) => never): Element {
  required(channel, ["phase", "quantityType", "measured"], refuse);
  const series = channel.series.map((one) => {
    required(one, ["valueType", "unit", "characteristic", "storage"], refuse);
    return collection(tags.oneSeriesDefn, [...writeFields(seriesDefinitionFields, one, refuse), ...(one.more ?? [])]);
  });
  return collection(tags.oneChannelDefn, [
    ...writeFields(channelDefinitionFields, channel, refuse),
    collection(tags.seriesDefns, series),
    ...(channel.more ?? []),
  ]);
}

function settingsRecord(file: string, settings: MonitorSettings): NewRecord {
  const refuse = refuser(file, "monitor settings");
  required(settings, ["effective", "installed", "useCalibration", "useTransducer"], refuse);
  const channels = settings.channels.map((one) => {
    required(one, ["channel"], refuse);
    return collection(tags.oneChannelSetting, [...writeFields(channelSettingFields, one, refuse), ...(one.more ?? [])]);
  });
  const elements = [
    ...writeFields(monitorSettingsFields, settings, refuse),
    collection(tags.channelSettingsArray, channels),
    ...(settings.more ?? []),
  ];
  return { tag: tags.recMonitorSettings, elements };
}

function observationRecord(file: string, observation: Observation, k: number): NewRecord {
  const refuse = refuser(file, `observation ${k}`);
  required(observation, ["name", "created", "start", "triggerMethod"], refuse);
  const channels = observation.channels.map((channel, c) =>
    channelInstance(channel, observation, refuser(file, `observation ${k}, channel ${c}`)),
  );
  const elements = [
    ...writeFields(observationFields, observation, refuse),
    collection(tags.channelInstances, channels),
    ...(observation.more ?? []),
  ];
  return { tag: tags.recObservation, elements };
}

function channelInstance(channel: ChannelInstance, of: Observation, refuse: (what: string) => never): Element {
  const index = channel.definition ?? NaN;
  const definition = of.source.channels[index];
  if (definition === undefined) {
    return refuse(
      `expected the index of one of the ${of.source.channels.length} channels of the data source, found ${channel.definition ?? "none"}`,
    );
  }
  if (channel.series.length > definition.series.length) {
    return refuse(
      `expected ${definition.series.length} series as the channel is defined, found ${channel.series.length}`,
    );
  }
  const series = channel.series.map((one, s) => seriesInstance(one, [index, s], of, refuse));
  return collection(tags.oneChannelInst, [
    ...writeFields(channelInstanceFields, channel, refuse),
    collection(tags.seriesInstances, series),
    ...(channel.more ?? []),
  ]);
}

/** Bytes that an observation takes in a file, uncompressed and without the records before it. */
export function sizeOfObservation(observation: Observation): number {
  return sizeOfRecord(bodySize(observationRecord("", observation, 0).elements));
}

/**
 * Contents of files of `most` bytes at most before they are compressed, of an observation or more each, in order: what a maker's limit of
 * the size of a file asks for. One observation that is larger is a file of its own. `named` names each file by its number and its observations.
 */
export function splitPqdif(
  content: PqdifContent,
  most: number,
  named: (file: number, observations: readonly Observation[]) => string,
): PqdifContent[] {
  const name = nameOf(content.container);
  const files: Observation[][] = [];
  const contentOf = (observations: readonly Observation[], k: number): PqdifContent => ({
    container: { ...content.container, fileName: named(k, observations) },
    observations,
  });
  /** Bytes of its records but for the container. */
  let size = 0;
  let [source, settings]: [DataSource | undefined, MonitorSettings | undefined] = [undefined, undefined];
  const costs = (observation: Observation): number => {
    let bytes = sizeOfObservation(observation);
    if (observation.source !== source)
      bytes += sizeOfRecord(bodySize(dataSourceRecord(name, observation.source).elements));
    if (observation.settings !== undefined && observation.settings !== settings) {
      bytes += sizeOfRecord(bodySize(settingsRecord(name, observation.settings).elements));
    }
    return bytes;
  };
  for (const observation of content.observations) {
    const file = files.at(-1);
    const more = costs(observation);
    file?.push(observation);
    const own = file === undefined ? Infinity : sizeOfContainer(contentOf(file, files.length - 1).container);
    if (own + size + more <= most) {
      size += more;
    } else {
      file?.pop();
      files.push([observation]);
      [source, settings] = [undefined, undefined];
      size = costs(observation);
    }
    [source, settings] = [observation.source, observation.settings ?? settings];
  }
  return files.map(contentOf);
}

function sizeOfContainer(container: Container): number {
  return sizeOfRecord(bodySize(containerRecord(container, false).elements));
}
