/** Reads PQDIF: what the records' elements mean (IEEE 1159.3, the logical structure). */
import { FormatError } from "#format/recording.ts";
import { Remarks } from "#format/remarks.ts";
import { inflate, type Inflated } from "./deflate.ts";
import { isDamaged } from "./element.ts";
import { FieldReader, moreOf } from "./field-reader.ts";
import { instancesOf, type ValueBudget } from "./instances.ts";
import { defaultLimits, type PqdifLimits } from "./limits.ts";
import {
  channelDefinitionFields,
  channelInstanceFields,
  channelSettingFields,
  containerFields,
  dataSourceFields,
  monitorSettingsFields,
  observationFields,
  seriesDefinitionFields,
  type Container,
  type DataSource,
  type MonitorSettings,
  type Observation,
  type Pqdif,
} from "./model.ts";
import { readRecords, type PqdifRecord, type Reading } from "./records.ts";
import { tags } from "./tags.ts";

/** Reads a file; what is wrong with it and can be read all the same is a warning. Throws FormatError with the byte. */
export async function readPqdif(file: string, bytes: Uint8Array, limits: Partial<PqdifLimits> = {}): Promise<Pqdif> {
  const reading = readingOf(file, bytes, limits);
  let step = reading.next();
  while (step.done !== true) step = reading.next(await inflate(step.value.stream, step.value.most));
  return step.value;
}

/** The same without waiting, by an inflater that does not wait: Node has one, browsers do not. */
export function readPqdifNow(
  file: string,
  bytes: Uint8Array,
  inflateNow: (stream: Uint8Array, most: number) => Inflated,
  limits: Partial<PqdifLimits> = {},
): Pqdif {
  const reading = readingOf(file, bytes, limits);
  let step = reading.next();
  while (step.done !== true) step = reading.next(inflateNow(step.value.stream, step.value.most));
  return step.value;
}

function* readingOf(file: string, bytes: Uint8Array, limits: Partial<PqdifLimits>): Reading<Pqdif> {
  const remarks = new Remarks();
  const all = { ...defaultLimits, ...limits };
  const records = yield* readRecords(file, bytes, remarks, all);
  const reader = new LogicalReader(file, remarks, all.values);
  for (const record of records) reader.take(record);
  return reader.done(records);
}

class LogicalReader {
  readonly #file: string;
  readonly #remarks: Remarks;
  readonly #budget: ValueBudget;
  #container: Container | undefined;
  readonly #sources: DataSource[] = [];
  readonly #settings: MonitorSettings[] = [];
  /** The data source and the settings of what follows; undefined where there are none, or those there are cannot be read. */
  #source: DataSource | undefined;
  #monitor: MonitorSettings | undefined;
  #isRatioKnown = true;
  readonly #observations: Observation[] = [];
  #unknown = 0;

  constructor(file: string, remarks: Remarks, values: number) {
    this.#file = file;
    this.#remarks = remarks;
    this.#budget = { file, most: values, left: values };
  }

  take(record: PqdifRecord): void {
    const { tag } = record.body;
    const fields = new FieldReader(record, this.#remarks);
    if (tag === tags.container) this.#takeContainer(fields);
    else if (tag === tags.recDataSource) this.#takeSource(fields);
    else if (tag === tags.recMonitorSettings) this.#takeSettings(fields);
    else if (tag === tags.recObservation) this.#takeObservation(fields);
    else if (tag !== tags.blank) {
      this.#unknown++;
      fields.warn(undefined, "unknown record", `a record of the unknown tag ${tag} is left out`);
    }
  }

  done(records: readonly PqdifRecord[]): Pqdif {
    if (this.#container === undefined)
      throw new FormatError(this.#file, "byte 0", "expected a container that can be read");
    return {
      container: this.#container,
      sources: this.#sources,
      settings: this.#settings,
      observations: this.#observations,
      isCompressed: records.some(({ isCompressed }) => isCompressed),
      checksums: records.map(({ checksum }) => checksum),
      unknownRecords: this.#unknown,
      warnings: this.#remarks.list,
    };
  }

  #takeContainer(reader: FieldReader): void {
    if (this.#container !== undefined) {
      return reader.warn(undefined, "container", "expected one container, found another: the first counts");
    }
    const { fields, rest } = reader.fields(containerFields, reader.body);
    const [major] = fields.version ?? [];
    if (major !== undefined && major !== 1) {
      reader.warn(undefined, "version", `expected version 1 of PQDIF, found ${major}: it is read as one of 1`);
    }
    // How bodies are compressed is the file's, not the content's.
    const more = rest.filter(({ tag }) => tag !== tags.compressionStyleID && tag !== tags.compressionAlgorithmID);
    this.#container = { ...fields, ...moreOf(more) };
  }

  #takeSource(reader: FieldReader): void {
    this.#source = undefined;
    if (isDamaged(reader.body)) {
      return reader.warn(
        undefined,
        "damaged source",
        "a data source cannot be read: observations after it are left out",
      );
    }
    this.#source = dataSource(reader);
    this.#sources.push(this.#source);
  }

  #takeSettings(reader: FieldReader): void {
    this.#monitor = undefined;
    this.#isRatioKnown = false;
    if (isDamaged(reader.body)) {
      return reader.warn(
        undefined,
        "damaged settings",
        "monitor settings cannot be read: observations after them have none",
      );
    }
    const { settings, isRatioKnown } = monitorSettings(reader);
    this.#monitor = settings;
    this.#isRatioKnown = isRatioKnown;
    this.#settings.push(settings);
  }

  #takeObservation(reader: FieldReader): void {
    const source = this.#source;
    if (source === undefined) {
      return reader.warn(undefined, "observation", "an observation without a data source before it is left out");
    }
    const { fields, rest } = reader.fields(observationFields, reader.body);
    const { start } = fields;
    if (start === undefined) {
      return reader.warn(
        undefined,
        "observation",
        "an observation without a start is left out: nothing in it has a time",
      );
    }
    const settings = this.#monitor;
    if (settings?.useCalibration === true) {
      reader.warn(
        undefined,
        "calibration",
        "calibration is said to be still to be applied; values are handed out without it",
      );
    }
    const [instances, more] = reader.listOf(rest, tags.channelInstances, tags.oneChannelInst);
    const raw = instances.map((instance) => ({ instance, ...reader.fields(channelInstanceFields, instance) }));
    const nominalHz = settings?.nominalHz;
    const context = { start, source, settings, nominalHz, isRatioKnown: this.#isRatioKnown };
    this.#observations.push({
      ...fields,
      start,
      source,
      settings,
      channels: instancesOf(raw, context, reader, this.#budget),
      ...moreOf(more),
    });
  }
}

function dataSource(reader: FieldReader): DataSource {
  const { fields, rest } = reader.fields(dataSourceFields, reader.body);
  const [definitions, more] = reader.listOf(rest, tags.channelDefns, tags.oneChannelDefn);
  const channels = definitions.map((definition) => {
    const { fields, rest } = reader.fields(channelDefinitionFields, definition);
    const [list, more] = reader.listOf(rest, tags.seriesDefns, tags.oneSeriesDefn);
    const series = list.map((one) => {
      const { fields, rest } = reader.fields(seriesDefinitionFields, one);
      return { ...fields, ...moreOf(rest) };
    });
    return { ...fields, series, ...moreOf(more) };
  });
  return { ...fields, channels, ...moreOf(more) };
}

/** Settings, and whether they say which ratios of transducers have to be applied. */
function monitorSettings(reader: FieldReader): { readonly settings: MonitorSettings; readonly isRatioKnown: boolean } {
  const { fields, broken, rest } = reader.fields(monitorSettingsFields, reader.body);
  const [list, more, isWhole] = reader.listOf(rest, tags.channelSettingsArray, tags.oneChannelSetting);
  let isRatioKnown = isWhole;
  const channels = list.map((one) => {
    const { fields, broken, rest } = reader.fields(channelSettingFields, one);
    if (broken.has("channel") || broken.has("systemSideRatio") || broken.has("monitorSideRatio")) isRatioKnown = false;
    return { ...fields, ...moreOf(rest) };
  });
  if (broken.has("useTransducer")) isRatioKnown = false;
  else if (fields.useTransducer !== true) isRatioKnown = true;
  return { settings: { ...fields, channels, ...moreOf(more) }, isRatioKnown };
}
