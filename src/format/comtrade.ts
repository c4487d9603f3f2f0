/**
 * COMTRADE, the common format for transient data exchange: IEEE C37.111-1991, -1999 and -2013 (IEC 60255-24), as a
 * pair of .cfg and .dat or as one .cff; ASCII, BINARY, BINARY32 and FLOAT32.
 */
import { headOf, readFully, type ByteSource } from "./bytes.ts";
import { AsciiRecords } from "./comtrade-ascii.ts";
import { BinaryRecords } from "./comtrade-binary.ts";
import { parseComtradeConfig, type ComtradeConfig } from "./comtrade-config.ts";
import type { ComtradeData } from "./comtrade-data.ts";
import { inMemory, whole } from "./gather.ts";
import type { RowSource } from "./reader.ts";
import { FormatError, type Recording } from "./recording.ts";
import { Remarks } from "./remarks.ts";
import { asUtf8, decodeText, encodingOf } from "./text-encoding.ts";
import { unitScale } from "./unit.ts";

/** More than this is no header. */
const LONGEST_HEADER = 1 << 26;

interface NamedBytes {
  readonly file: string;
  readonly source: ByteSource;
}

/** A .cfg and its .dat as a whole; throws FormatError with the line or byte. */
export function readComtrade(
  cfgFile: string,
  cfg: Uint8Array | string,
  datFile: string,
  dat: Uint8Array | string,
): Recording {
  return whole(comtradeRows({ file: cfgFile, source: inMemory(cfg) }, { file: datFile, source: inMemory(dat) }));
}

/** A .cff as a whole. */
export function readComtradeCff(file: string, bytes: Uint8Array): Recording {
  return whole(combinedRows({ file, source: inMemory(bytes) }));
}

/** A .cfg and its .dat; throws FormatError with the line or byte. */
export function comtradeRows(cfg: NamedBytes, dat: NamedBytes): RowSource {
  const remarks = new Remarks();
  const config = parseComtradeConfig(cfg.file, decodeText(headOf(cfg.source, LONGEST_HEADER)), remarks);
  return recordsOf(config, { ...dat, from: 0, to: dat.source.size, linesBefore: 0, remarks });
}

/** A .cff: both in one, in sections. */
export function combinedRows({ file, source }: NamedBytes): RowSource {
  const marks = sectionsOf(source);
  const cfg = marks.find(({ section }) => section === "CFG");
  const dat = marks.find(({ section }) => section === "DAT");
  if (cfg === undefined || dat === undefined) {
    throw new FormatError(file, "line 1", "expected the sections CFG and DAT of a combined COMTRADE file");
  }
  const header = new Uint8Array(Math.min(LONGEST_HEADER, cfg.to - cfg.from));
  const remarks = new Remarks();
  const config = parseComtradeConfig(
    file,
    decodeText(header.subarray(0, readFully(source, cfg.from, header))),
    remarks,
  );
  return recordsOf(config, { file, source, from: dat.from, to: dat.to, linesBefore: dat.line, remarks });
}

const latin1 = new TextDecoder("latin1");

/** The sections of a .cff. Those before the data are text, and mostly short. */
function sectionsOf(source: ByteSource): Section[] {
  for (let most = 1 << 16; ; most *= 8) {
    const sections = sectionsIn(source, Math.min(most, LONGEST_HEADER));
    if (most >= LONGEST_HEADER || most >= source.size || sections.at(-1)?.section === "DAT") return sections;
  }
}

interface Section {
  readonly section: string;
  readonly from: number;
  to: number;
  /** Lines of the file before it. */
  readonly line: number;
}

function sectionsIn(source: ByteSource, most: number): Section[] {
  const text = latin1.decode(headOf(source, most));
  const mark =
    /---\s*file\s+type\s*:?\s*(CFG|INF|HDR|DAT)(?:\s+([A-Za-z][A-Za-z0-9]*))?\s*(?:(?::|\s)\s*(\d+))?\s*---[ \t]*(?:\r\n|\n|\r)/gi;
  const sections: Section[] = [];
  let [line, counted] = [0, 0];
  for (let match = mark.exec(text); match !== null; match = mark.exec(text)) {
    const section = (match[1] ?? "").toUpperCase();
    const before = sections.at(-1);
    if (before !== undefined) before.to = match.index;
    const from = mark.lastIndex;
    line += text.slice(counted, from).split(/\r\n|\n|\r/).length - 1;
    counted = from;
    // Binary data may hold anything, a mark too: their length is what the mark says, or the rest of the file.
    const length = section === "DAT" && match[3] !== undefined ? Number(match[3]) : Infinity;
    sections.push({ section, from, to: Math.min(source.size, from + length), line });
    if (section === "DAT") break;
  }
  return sections;
}

function recordsOf(config: ComtradeConfig, data: Omit<ComtradeData, "config" | "head" | "gain" | "offset">): RowSource {
  const channels = config.analogs.map(({ name, unit, skewUs }) => ({
    name,
    unit,
    scale: unitScale(unit),
    skew: skewUs * 1e-6,
  }));
  const scale = config.analogs.map(({ toPrimary }, c) => toPrimary * (channels[c]?.scale ?? 1));
  const { statuses, start, trigger } = config;
  const lineHz = config.lineHz > 0 ? config.lineHz : undefined;
  const whole: ComtradeData = {
    ...data,
    config,
    head: { channels, statuses, lineHz, start, trigger },
    gain: Float64Array.from(config.analogs, ({ multiplier }, c) => multiplier * (scale[c] ?? 1)),
    offset: Float64Array.from(config.analogs, ({ offset }, c) => offset * (scale[c] ?? 1)),
  };
  if (config.type !== "ASCII") return new BinaryRecords(whole);
  const encoding = encodingOf(headOf(data.source, 1 << 12));
  if (data.from > 0 || (encoding !== "utf-16le" && encoding !== "utf-16be")) return new AsciiRecords(whole);
  const source = asUtf8(data.source, encoding);
  return new AsciiRecords({ ...whole, source, to: source.size });
}
