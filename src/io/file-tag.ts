/** The tag by which whoever asks over HTTP knows a file again (RFC 9110, 8.8.3): of its bytes, wherever they lie. */
import { createHash } from "node:crypto";

/** Characters of Base64: 132 bits. */
const LENGTH = 22;

export function fileTag(bytes: Uint8Array): string {
  return `"${createHash("sha256").update(bytes).digest("base64url").slice(0, LENGTH)}"`;
}
