/** Replies of FTP (RFC 959, 4.2): three digits, and words for people. */
import { limits } from "#quantity/limits.ts";

/** Lines between the first and the last are indented, so that none looks like the last (RFC 959, 4.2). */
export type Reply = readonly [code: number, first: string, ...rest: string[]];

export function encodeReply([code, first, ...rest]: Reply): Uint8Array {
  const last = rest.pop();
  const lines =
    last === undefined
      ? [`${code} ${line(first)}`]
      : [`${code}-${line(first)}`, ...rest.map((one) => ` ${line(one)}`), `${code} ${line(last)}`];
  return new TextEncoder().encode(lines.map((one) => `${one}\r\n`).join(""));
}

/** Nothing that would end it or move the cursor, and no more than a terminal shows. */
function line(words: string): string {
  return words.slice(0, limits.ftp.replyCharacters).replaceAll(/[\p{Cc}\p{Cf}]+/gu, " ");
}
