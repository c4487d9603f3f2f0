/** What a report control block is set to, and how that of a buffered one is kept through a failure of the power. */
import { limits } from "#quantity/limits.ts";
import { BerReader, BerWriter } from "#wire/ber.ts";
import { crc32 } from "#wire/crc32.ts";
import { WireError } from "#wire/cursor.ts";
import type { ReportControl } from "#protocol/iec61850/model/ied.ts";
import type { NamedSet } from "./data-sets.ts";
import { fieldsOf, triggersOf } from "./report-bits.ts";

export interface ReportSettings {
  /** "" is the block's own reference. */
  readonly rptId: string;
  /** "JEM01MTR/LLN0$Energy"; "" of none. */
  readonly dataSet: string;
  readonly configRevision: number;
  /** OptFlds and TrgOps, of fieldBits and triggerBits. */
  readonly fields: number;
  readonly triggers: number;
  /** Milliseconds: how long changes wait for others, and between two reports of all; 0 is neither. */
  readonly bufferMs: number;
  readonly integrityMs: number;
}

/** Of the model: `place` is "JEM01MTR/LLN0". */
export function settingsOf(control: ReportControl, place: string, reference: string): ReportSettings {
  return {
    rptId: control.rptId ?? reference,
    dataSet: control.dataSet === undefined ? "" : `${place}$${control.dataSet}`,
    configRevision: control.configRevision,
    fields: fieldsOf(control.fields),
    triggers: triggersOf(control.triggers),
    bufferMs: Math.min(control.bufferMs, limits.reports.mostBufferMs),
    integrityMs: Math.min(control.integrityMs, limits.reports.mostIntegrityMs),
  };
}

/** Of settings and the data set: what is buffered with others is no longer good. */
export function fingerprintOf(settings: ReportSettings, set: NamedSet | undefined): number {
  const { rptId, dataSet, triggers, bufferMs, integrityMs } = settings;
  const members = set?.members.map(({ reference }) => reference) ?? [];
  return crc32(new TextEncoder().encode([rptId, dataSet, triggers, bufferMs, integrityMs, ...members].join("\n")));
}

/** What is kept of a block that a client has taken. */
export interface KeptBlock {
  /** Of the settings of the model: with others it is void. */
  readonly model: number;
  readonly settings: ReportSettings;
  /** The number of the last entry there was, whether or not it is still there. */
  readonly last: number;
}

export function encodeBlock({ model, settings, last }: KeptBlock): Uint8Array {
  return new BerWriter()
    .integer(0x82, last)
    .integer(0x82, settings.integrityMs)
    .integer(0x82, settings.bufferMs)
    .integer(0x82, settings.triggers)
    .integer(0x82, settings.fields)
    .integer(0x82, settings.configRevision)
    .latin1(0x81, settings.dataSet)
    .latin1(0x81, settings.rptId)
    .integer(0x82, model)
    .done();
}

/** Undefined of what is none. */
export function decodeBlock(octets: Uint8Array): KeptBlock | undefined {
  const reader = new BerReader(octets);
  const number = (): number => reader.expect(0x82, "a number").integer();
  const text = (): string => reader.expect(0x81, "a text").latin1();
  try {
    const model = number();
    const [rptId, dataSet] = [text(), text()];
    const [configRevision, fields, triggers, bufferMs, integrityMs] = [
      number(),
      number(),
      number(),
      number(),
      number(),
    ];
    const settings = { rptId, dataSet, configRevision, fields, triggers, bufferMs, integrityMs };
    return { model, settings, last: number() };
  } catch (error) {
    if (error instanceof WireError) return undefined;
    throw error;
  }
}
