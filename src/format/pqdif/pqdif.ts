/**
 * PQDIF, the power quality data interchange format of IEEE 1159.3, read and written (docs/pqdif.md). Nothing of it needs Node: it runs in a
 * browser, too.
 */
export { readPqdif, readPqdifNow } from "./read.ts";
export { sizeOfObservation, splitPqdif, writePqdif, writePqdifNow, type WriteOptions } from "./write.ts";
export { missedByReaders } from "./readers.ts";
export {
  magnitudeDurationTimeChannel,
  phasorChannel,
  valueLogChannel,
  waveformChannel,
  xyChannel,
  type ChannelOf,
} from "./channels.ts";
export { valuesOfRuns } from "./series.ts";
export { knownUtcOf, later, secondsBetween, timeOf, utcOf, type PqdifTime } from "./time.ts";
export type { Inflated } from "./deflate.ts";
export { siUnit } from "./units.ts";
export { defaultLimits, type PqdifLimits } from "./limits.ts";
export type {
  ChannelDefinition,
  ChannelInstance,
  ChannelSetting,
  Container,
  DataSource,
  MonitorSettings,
  Observation,
  Pqdif,
  PqdifContent,
  Run,
  SeriesDefinition,
  SeriesInstance,
} from "./model.ts";
export type { Collection, Element, Leaf, NumberType } from "./element.ts";
export type { Checksum } from "./records.ts";
