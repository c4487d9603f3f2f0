/** Which bytes of a file a request wants: one range of RFC 9110, 14.1.2; several, or another unit, are all of it, as the standard allows. */

export interface ByteRange {
  readonly from: number;
  /** The byte after the last. */
  readonly to: number;
}

/** Undefined where all is wanted; "none" of a range that lies outside. */
export function rangeOf(header: string | undefined, size: number): ByteRange | "none" | undefined {
  const found = /^bytes=\s*(\d*)-(\d*)\s*$/i.exec(header ?? "");
  if (found === null) return undefined;
  const [, first = "", last = ""] = found;
  if (first === "" && last === "") return undefined;
  if (first === "") {
    const from = Math.max(0, size - Number(last));
    return Number(last) === 0 || size === 0 ? "none" : { from, to: size };
  }
  // The last before the first is no range.
  if (last !== "" && Number(last) < Number(first)) return undefined;
  if (Number(first) >= size) return "none";
  return { from: Number(first), to: last === "" ? size : Math.min(size, Number(last) + 1) };
}
