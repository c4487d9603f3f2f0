/**
 * What a PQDIF file says, the same when it is read and when it is written: tables of its fields (IEEE 1159.3, pqdif_lg.h), and what they
 * make. What is undefined is not in the file.
 */
import type { Remark } from "#format/recording.ts";
import { characteristics } from "./characteristics.ts";
import { disturbances } from "./disturbances.ts";
import type { Element, NumberType } from "./element.ts";
import { flag, named, numbered, real, reals, short, text, time, whole, wholes, type Fields } from "./fields.ts";
import {
  channelTriggers,
  connections,
  dataSourceTypes,
  instrumentTypes,
  phases,
  quantitiesMeasured,
  quantityTypes,
  storageMethods,
  transformerTypes,
  triggerMethods,
  units,
  valueTypes,
  type StorageMethod,
} from "./ids.ts";
import { equipment, vendors } from "./makers.ts";
import type { Checksum } from "./records.ts";
import { tags } from "./tags.ts";
import type { PqdifTime } from "./time.ts";

export const containerFields = {
  /** Version and oldest compatible version of the writer, each major and minor. */
  version: [tags.versionInfo, wholes],
  fileName: [tags.fileName, text],
  created: [tags.creation, time],
  lastSaved: [tags.lastSaved, time],
  timesSaved: [tags.timesSaved, whole],
  language: [tags.language, text],
  title: [tags.title, text],
  subject: [tags.subject, text],
  author: [tags.author, text],
  keywords: [tags.keywords, text],
  comments: [tags.comments, text],
  lastSavedBy: [tags.lastSavedBy, text],
  application: [tags.application, text],
  security: [tags.security, text],
  owner: [tags.owner, text],
  copyright: [tags.copyright, text],
  trademarks: [tags.trademarks, text],
  /** RTF, as the .hdr of COMTRADE. */
  notes: [tags.notes, text],
} as const;

export const dataSourceFields = {
  type: [tags.dataSourceTypeID, named(dataSourceTypes)],
  vendor: [tags.vendorID, named(vendors)],
  equipment: [tags.equipmentID, named(equipment)],
  instrumentType: [tags.instrumentTypeID, named(instrumentTypes)],
  modelName: [tags.instrumentModelName, text],
  modelNumber: [tags.instrumentModelNumber, text],
  serial: [tags.serialNumberDS, text],
  version: [tags.versionDS, text],
  name: [tags.nameDS, text],
  owner: [tags.ownerDS, text],
  location: [tags.locationDS, text],
  timeZone: [tags.timeZoneDS, text],
  coordinates: [tags.coordinatesDS, wholes],
  effective: [tags.effective, time],
} as const;

export const channelDefinitionFields = {
  name: [tags.channelName, text],
  phase: [tags.phaseID, numbered(phases)],
  otherIdentifier: [tags.otherChannelIdentifier, text],
  groupName: [tags.groupName, text],
  quantityType: [tags.quantityTypeID, named(quantityTypes)],
  measured: [tags.quantityMeasuredID, numbered(quantitiesMeasured)],
  physicalChannel: [tags.physicalChannel, whole],
  quantityName: [tags.quantityName, text],
  primarySeries: [tags.primarySeriesIdx, whole],
} as const;

export const seriesDefinitionFields = {
  valueType: [tags.valueTypeID, named(valueTypes)],
  /** What the file stores; values are in `siUnit` of it. */
  unit: [tags.quantityUnitsID, numbered(units)],
  characteristic: [tags.quantityCharacteristicID, named(characteristics)],
  storage: [tags.storageMethodID, storageKind()],
  valueTypeName: [tags.valueTypeName, text],
  significantDigits: [tags.quantitySignificantDigitsID, whole],
  resolution: [tags.quantityResolutionID, real],
  greekPrefix: [tags.hintGreekPrefixID, whole],
  preferredUnits: [tags.hintPreferredUnitsID, whole],
  defaultDisplay: [tags.hintDefaultDisplayID, whole],
  /** Between which percentiles, of a series of probability. */
  probabilityInterval: [tags.probInterval, real],
  probabilityPercentile: [tags.probPercentile, real],
  /** The nominal quantity that values may be shown in percent of. */
  nominal: [tags.seriesNominalQuantity, real],
} as const;

/** Scaled values are told by bit 2 of the number, increments by bit 4. */
function storageKind() {
  const kind = numbered(storageMethods);
  return {
    ...kind,
    read(leaf: Parameters<typeof whole.read>[0]): StorageMethod | undefined {
      const bits = whole.read(leaf);
      if (bits === undefined) return undefined;
      if ((bits & 4) !== 0) return (bits & 2) !== 0 ? "scaled increment" : "increment";
      return (bits & 2) !== 0 ? "scaled" : "values";
    },
    write: (tag: string, value: StorageMethod) => kind.write(tag, value),
  };
}

export const monitorSettingsFields = {
  effective: [tags.effective, time],
  installed: [tags.timeInstalled, time],
  removed: [tags.timeRemoved, time],
  useCalibration: [tags.useCalibration, flag],
  /** Whether what is stored is of the monitor's side of the transducers: values are handed out on the system's. */
  useTransducer: [tags.useTransducer, flag],
  nominalHz: [tags.nominalFrequency, real],
  connection: [tags.settingPhysicalConnection, numbered(connections)],
} as const;

export const channelSettingFields = {
  /** Index of the channel definition of the data source. */
  channel: [tags.channelDefnIdx, whole],
  /** Bits: too low 1, too high 2, rate 4, shape 8, other 16. */
  triggerType: [tags.triggerTypeID, whole],
  fullScale: [tags.fullScale, real],
  noiseFloor: [tags.noiseFloor, real],
  triggerShape: [tags.triggerShapeParam, reals],
  transformer: [tags.xDTransformerTypeID, numbered(transformerTypes)],
  systemSideRatio: [tags.xDSystemSideRatio, real],
  monitorSideRatio: [tags.xDMonitorSideRatio, real],
  transducerResponse: [tags.xDFrequencyResponse, reals],
  calibrationSkew: [tags.calTimeSkew, real],
  calibrationOffset: [tags.calOffset, real],
  calibrationRatio: [tags.calRatio, real],
  calibrationMustBeUsed: [tags.calMustUseARCal, flag],
  calibrationApplied: [tags.calApplied, reals],
  calibrationRecorded: [tags.calRecorded, reals],
  triggerHighHigh: [tags.triggerHighHigh, real],
  triggerHigh: [tags.triggerHigh, real],
  triggerLow: [tags.triggerLow, real],
  triggerLowLow: [tags.triggerLowLow, real],
  triggerDeadBand: [tags.triggerDeadBand, real],
  triggerRate: [tags.triggerRate, real],
} as const;

export const observationFields = {
  name: [tags.observationName, text],
  created: [tags.timeCreate, time],
  start: [tags.timeStart, time],
  triggerMethod: [tags.triggerMethodID, numbered(triggerMethods)],
  triggered: [tags.timeTriggered, time],
  /** Indices of the channel instances that triggered. */
  triggerChannels: [tags.channelTriggerIdx, wholes],
  serial: [tags.observationSerial, whole],
  aggregationSerial: [tags.observationAggregationSerial, whole],
  disturbance: [tags.disturbanceCategoryID, named(disturbances)],
  disturbanceDirection: [tags.charactDisturbDirection, whole],
  disturbanceDirectionQuality: [tags.charactDisturbDirectionQuality, whole],
} as const;

export const channelInstanceFields = {
  /** Index of the channel definition of the data source. */
  definition: [tags.channelDefnIdx, whole],
  /** The order of a harmonic, or another number of its group. */
  group: [tags.channelGroupID, short],
  duration: [tags.charactDuration, real],
  magnitude: [tags.charactMagnitude, real],
  frequency: [tags.charactFrequency, real],
  trigger: [tags.chanTriggerTypeID, numbered(channelTriggers)],
  triggerModule: [tags.chanTriggerModuleName, text],
  triggerModuleInfo: [tags.chanTriggerModuleInfo, whole],
  crossTriggerDevice: [tags.crossTriggerDeviceName, text],
  crossTriggerChannel: [tags.crossTriggerChanIdx, whole],
  channelHz: [tags.channelFrequency, real],
} as const;

export const seriesInstanceFields = {
  /** What values may be shown in percent of. */
  base: [tags.seriesBaseQuantity, real],
  /** Value = offset + scale x what is stored, where the definition says so. */
  scale: [tags.seriesScale, real],
  offset: [tags.seriesOffset, real],
} as const;

/** Elements that no field is for: of makers' own tags, or such as cannot be read. They are written as they are. */
interface WithMore {
  readonly more?: readonly Element[] | undefined;
}

export interface Container extends Fields<typeof containerFields>, WithMore {}

export interface SeriesDefinition extends Fields<typeof seriesDefinitionFields>, WithMore {}

export interface ChannelDefinition extends Fields<typeof channelDefinitionFields>, WithMore {
  readonly series: readonly SeriesDefinition[];
}

export interface DataSource extends Fields<typeof dataSourceFields>, WithMore {
  readonly channels: readonly ChannelDefinition[];
}

export interface ChannelSetting extends Fields<typeof channelSettingFields>, WithMore {}

export interface MonitorSettings extends Fields<typeof monitorSettingsFields>, WithMore {
  readonly channels: readonly ChannelSetting[];
}

/** Numbers that follow one another in even steps. */
export interface Run {
  readonly count: number;
  readonly step: number;
}

export interface SeriesInstance extends Fields<typeof seriesInstanceFields>, WithMore {
  /**
   * SI values on the system side, NaN where there is none; times in seconds from the observation's start. Empty where the file's cannot be read.
   */
  readonly values: Float64Array;
  /** What numbers are stored as; REAL8 unless said, INT2 where they are scaled. */
  readonly stored?: NumberType | undefined;
  /** The steps of which an increment's values are made: the first value is the offset, each run begins where the one before it ended. */
  readonly runs?: readonly Run[] | undefined;
  /** The series whose values these are: a channel instance of the observation, and a series of that. */
  readonly share?: { readonly channel: number; readonly series: number } | undefined;
}

export interface ChannelInstance extends Fields<typeof channelInstanceFields>, WithMore {
  /** As many as the definition has, or fewer, in its order. */
  readonly series: readonly SeriesInstance[];
}

export interface Observation extends Fields<typeof observationFields>, WithMore {
  readonly start: PqdifTime;
  readonly source: DataSource;
  readonly settings: MonitorSettings | undefined;
  readonly channels: readonly ChannelInstance[];
}

/** What is written. An observation's source and settings are those that stand last before it in the file. */
export interface PqdifContent {
  readonly container: Container;
  /** In the order of the file. Those of observations need not be named here when a file is written. */
  readonly sources?: readonly DataSource[] | undefined;
  readonly settings?: readonly MonitorSettings[] | undefined;
  readonly observations: readonly Observation[];
}

/** What was read. */
export interface Pqdif extends PqdifContent {
  readonly sources: readonly DataSource[];
  readonly settings: readonly MonitorSettings[];
  readonly isCompressed: boolean;
  /** Of each record in the order of the file: what its checksum was of. */
  readonly checksums: readonly Checksum[];
  /** Records of other tags, which are not read. */
  readonly unknownRecords: number;
  readonly warnings: readonly Remark[];
}
