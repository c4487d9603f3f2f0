/** Messages in what people have: hex with anything between, logs of exchanges with one message a line, files as they were on the wire. */
import { carryingOf } from "./dlms-frames.ts";
import { beginsDnp3 } from "./dnp3-frames.ts";
import { bytesOfHex } from "./hex-text.ts";
import { isSml } from "./sml.ts";
import { isTelegram } from "./telegram.ts";

export type Entry =
  | { readonly kind: "message"; readonly line: number; readonly label: string; readonly bytes: Uint8Array }
  /** A line that is none: what was asked, what somebody has noted. */
  | { readonly kind: "remark"; readonly line: number; readonly text: string };

/** A text as files of logs are: no byte that only binary data has. */
function textOf(bytes: Uint8Array): string | undefined {
  if (bytes.some((byte) => byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d)) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Fewer bytes are a number that somebody has noted. */
const LEAST_MESSAGE = 3;

/**
 * A line of hex, or of hex behind a word that says whose it is: "TX 7EA0...", "SERVER: 0001...". Behind more than one word, a time and a
 * direction, hex is a message where it begins like one.
 */
function entryOf(said: string, line: number): Entry {
  // What stands behind a semicolon is a remark on the message before it.
  const [, before = said] = /^([^;]*[^;\s])\s*;/.exec(said) ?? [];
  const entry = entryIn(before, line);
  return entry.kind === "message" ? entry : { kind: "remark", line, text: said };
}

function entryIn(text: string, line: number): Entry {
  const whole = bytesOfHex(text);
  if (whole !== undefined) return { kind: "message", line, label: "", bytes: whole };
  const words = text.split(/\s+/);
  const first = words.findLastIndex((word) => !/^(?:[0-9A-Fa-f]{2})+$/.test(word)) + 1;
  const bytes = bytesOfHex(words.slice(first).join(""));
  const label = words.slice(0, first).join(" ").replace(/:$/, "");
  const isMessage = bytes !== undefined && (first === 1 || (bytes.length >= LEAST_MESSAGE && isKnown(bytes)));
  return isMessage ? { kind: "message", line, label, bytes } : { kind: "remark", line, text };
}

function isKnown(bytes: Uint8Array): boolean {
  return isTelegram(bytes) || isSml(bytes) || beginsDnp3(bytes) || carryingOf(bytes) !== undefined;
}

/** A telegram's bytes that are not whole on a line of their own: SML, and texts. */
function beginsTelegram(bytes: Uint8Array): boolean {
  const [first, second] = bytes;
  return (first === 0x1b && second === 0x1b) || isTelegram(bytes);
}

/** What is in a file, in order. */
export function entriesOf(content: Uint8Array): readonly Entry[] {
  const all = (bytes: Uint8Array): readonly Entry[] => [{ kind: "message", line: 1, label: "", bytes }];
  if (isTelegram(content)) return all(content);
  const text = textOf(content);
  if (text === undefined) return all(content);
  const joined = bytesOfHex(text);
  if (joined !== undefined && beginsTelegram(joined)) return all(joined);
  return text
    .split("\n")
    .map((one, index) => [one.trim(), index + 1] as const)
    .filter(([one]) => one !== "")
    .map(([one, line]) => entryOf(one, line));
}
