/** Exchanges between foreign clients and servers of DLMS/COSEM: test/fixtures/dlms and its README. */
import { readdirSync, readFileSync } from "node:fs";

const folder = new URL("./fixtures/dlms/", import.meta.url);

export interface Captured {
  readonly file: string;
  readonly line: number;
  readonly by: "client" | "server";
  /** As it was on the wire: a wrapper's frame, or HDLC frames. */
  readonly bytes: Uint8Array;
}

export const captureFiles: readonly string[] = readdirSync(folder).filter((name) => name.endsWith(".txt"));

export function captureText(file: string): string {
  return readFileSync(new URL(file, folder), "utf8");
}

export function captured(file: string): readonly Captured[] {
  return captureText(file)
    .split("\n")
    .flatMap((text, index) => {
      const found = /^(CLIENT|SERVER|TX|RX) ([0-9A-Fa-f]+)$/.exec(text);
      if (!found) return [];
      const by = found[1] === "CLIENT" || found[1] === "TX" ? "client" : "server";
      return [{ file, line: index + 1, by, bytes: new Uint8Array(Buffer.from(found[2] ?? "", "hex")) } as const];
    });
}

export function isWrapped({ bytes }: Captured): boolean {
  return bytes[0] === 0 && bytes[1] === 1;
}

/** What a wrapper's frame has in it. */
export function unwrapped({ bytes }: Captured): Uint8Array {
  return bytes.subarray(8);
}
