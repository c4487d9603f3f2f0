/**
 * COMTRADE, the common format for transient data exchange: IEEE C37.111-1991, -1999 and -2013 (IEC 60255-24), as a
 * pair of .cfg and .dat or as one .cff; ASCII, BINARY, BINARY32 and FLOAT32.
 */
import { parseComtradeConfig, type ComtradeConfig } from "./comtrade-config.ts";
import {
  FormatError,
  unitScale,
  type RecordedChannel,
  type RecordedStatus,
  type Recording,
  type Segment,
} from "./recording.ts";

/** Joins a .cfg and its .dat; throws FormatError with the line or byte. */
export function readComtrade(cfgFile: string, cfg: string, datFile: string, dat: Uint8Array): Recording {
  const config = parseComtradeConfig(cfgFile, cfg);
  return decodeData(config, datFile, dat);
}

/** Takes a .cff apart and reads it. */
export function readComtradeCff(file: string, bytes: Uint8Array): Recording {
  const sections = new Map<string, { from: number; to: number }>();
  const text = latin1.decode(bytes);
  const mark = /--- ?file type: ?(CFG|INF|HDR|DAT)(?: ([A-Za-z0-9]+))?(?:: ?(\d+))? ?---[ \t]*(?:\r\n|\n|\r)/gi;
  let open: { from: number; to: number } | undefined;
  for (let match = mark.exec(text); match !== null; match = mark.exec(text)) {
    if (open !== undefined) open.to = match.index;
    open = { from: mark.lastIndex, to: bytes.length };
    sections.set((match[1] ?? "").toUpperCase(), open);
    if ((match[1] ?? "").toUpperCase() === "DAT") {
      // Binary data may hold anything, a mark too: their length is what the mark says, or the rest of the file.
      if (match[3] !== undefined) open.to = Math.min(open.to, open.from + Number(match[3]));
      break;
    }
  }
  const cfg = sections.get("CFG");
  const dat = sections.get("DAT");
  if (cfg === undefined || dat === undefined) {
    throw new FormatError(file, "line 1", "expected the sections CFG and DAT of a combined COMTRADE file");
  }
  const config = parseComtradeConfig(file, decodeText(bytes.subarray(cfg.from, cfg.to)));
  return decodeData(config, file, bytes.subarray(dat.from, dat.to), dat.from);
}

const latin1 = new TextDecoder("latin1");

/** Text of a recorder: UTF-8 where it is that, else ISO 8859-1. */
export function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return latin1.decode(bytes);
  }
}

interface Rows {
  readonly count: number;
  /** Timestamps in counts of the file; NaN where missing. */
  readonly times: Float64Array;
  readonly analogs: readonly Float64Array[];
  readonly statuses: readonly Uint8Array[];
}

function decodeData(config: ComtradeConfig, file: string, dat: Uint8Array, base = 0): Recording {
  const rows = config.type === "ASCII" ? asciiRows(config, file, dat) : binaryRows(config, file, dat, base);
  const channels = config.analogs.map((analog, k): RecordedChannel => {
    const scale = unitScale(analog.unit);
    const raw = rows.analogs[k] ?? new Float64Array(0);
    const gain = analog.multiplier * analog.toPrimary * scale;
    const offset = analog.offset * analog.toPrimary * scale;
    const samples = raw.map((x) => gain * x + offset);
    return { name: analog.name, unit: analog.unit, scale, skew: analog.skewUs * 1e-6, samples };
  });
  const statuses = config.statuses.map((name, k): RecordedStatus => ({
    name,
    samples: rows.statuses[k] ?? new Uint8Array(0),
  }));
  const lineHz = config.lineHz > 0 ? config.lineHz : undefined;
  const segments = segmentsOf(config, rows, file);
  return { channels, statuses, segments, lineHz, start: config.start, trigger: config.trigger };
}

function segmentsOf(config: ComtradeConfig, rows: Rows, file: string): Segment[] {
  const segments: Segment[] = [];
  let done = 0;
  for (const { rate, end } of config.rates) {
    const count = Math.min(end, rows.count) - done;
    if (count > 0) segments.push({ rate, count });
    done = Math.max(done, Math.min(end, rows.count));
  }
  const last = config.rates.at(-1);
  if (done < rows.count) {
    // More samples than the rates name: they go on at the last rate, or are timed by their own stamps.
    if (last !== undefined) segments.push({ rate: last.rate, count: rows.count - done });
    else {
      const seconds =
        ((rows.times[rows.count - 1] ?? NaN) - (rows.times[0] ?? NaN)) * config.timeMultiplier * config.timeUnit;
      const rate = (rows.count - 1) / seconds;
      if (!(rate > 0 && Number.isFinite(rate))) {
        throw new FormatError(file, "line 1", "there is no sampling rate, and the timestamps do not rise");
      }
      segments.push({ rate, count: rows.count });
    }
  }
  return segments;
}

function asciiRows(config: ComtradeConfig, file: string, dat: Uint8Array): Rows {
  const text = latin1.decode(dat).replaceAll("\u001a", "");
  const lines = text.split(/\r\n|\n|\r/);
  while (lines.length > 0 && (lines.at(-1) ?? "").trim() === "") lines.pop();
  const count = lines.length;
  const { rows, nA, nD } = emptyRows(config, count);
  for (let k = 0; k < count; k++) {
    const fields = (lines[k] ?? "").split(",");
    if (fields.length !== 2 + nA + nD) {
      const found = `found ${fields.length}`;
      throw new FormatError(file, `line ${k + 1}`, `expected ${2 + nA + nD} fields, ${found}`);
    }
    const at = (field: number): number => {
      const part = (fields[field] ?? "").trim();
      if (part === "") return NaN;
      const value = Number(part);
      if (!Number.isFinite(value)) {
        throw new FormatError(file, `line ${k + 1}`, `field ${field + 1}: expected a number, found "${part}"`);
      }
      return value;
    };
    rows.times[k] = at(1);
    for (let c = 0; c < nA; c++) {
      const value = at(2 + c);
      // 99999 marks a missing value since 1999; in 1991 files it may be one.
      (rows.analogs[c] as Float64Array)[k] = value === 99999 ? NaN : value;
    }
    for (let c = 0; c < nD; c++) (rows.statuses[c] as Uint8Array)[k] = at(2 + nA + c) === 0 ? 0 : 1;
  }
  return rows;
}

function emptyRows(config: ComtradeConfig, count: number) {
  const nA = config.analogs.length;
  const nD = config.statuses.length;
  const rows = {
    count,
    times: new Float64Array(count),
    analogs: Array.from({ length: nA }, () => new Float64Array(count)),
    statuses: Array.from({ length: nD }, () => new Uint8Array(count)),
  };
  return { rows, nA, nD };
}

function binaryRows(config: ComtradeConfig, file: string, dat: Uint8Array, base: number): Rows {
  const width = config.type === "BINARY" ? 2 : 4;
  const words = Math.ceil(config.statuses.length / 16);
  const size = 8 + width * config.analogs.length + 2 * words;
  // A stray end-of-file mark or line end may follow the last record.
  const count = Math.floor(dat.length / size);
  const left = dat.length - count * size;
  if (left > 2) {
    const where = `byte ${base + count * size}`;
    throw new FormatError(file, where, `expected records of ${size} bytes, found ${left} at the end`);
  }
  const { rows, nA, nD } = emptyRows(config, count);
  const view = new DataView(dat.buffer, dat.byteOffset, dat.byteLength);
  for (let k = 0; k < count; k++) {
    let at = k * size;
    const stamp = view.getUint32(at + 4, true);
    rows.times[k] = stamp === 0xffffffff ? NaN : stamp;
    at += 8;
    for (let c = 0; c < nA; c++, at += width) {
      (rows.analogs[c] as Float64Array)[k] = binaryValue(view, at, config.type);
    }
    for (let c = 0; c < nD; c++) {
      const word = view.getUint16(at + 2 * (c >> 4), true);
      (rows.statuses[c] as Uint8Array)[k] = (word >> (c & 15)) & 1;
    }
  }
  return rows;
}

function binaryValue(view: DataView, at: number, type: ComtradeConfig["type"]): number {
  if (type === "FLOAT32") return view.getFloat32(at, true);
  if (type === "BINARY32") {
    const value = view.getInt32(at, true);
    return value === -0x80000000 ? NaN : value;
  }
  const value = view.getInt16(at, true);
  return value === -0x8000 ? NaN : value;
}
