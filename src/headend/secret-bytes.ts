/** Passwords and keys as people write them, as bytes. */

/** As text; what begins with 0x is hexadecimal. */
export function passwordBytes(password: string): Uint8Array {
  return (password.startsWith("0x") ? hexBytes(password.slice(2)) : undefined) ?? new TextEncoder().encode(password);
}

/** Of hexadecimal digits, two a byte; undefined of others. */
export function hexBytes(text: string): Uint8Array | undefined {
  const digits = text.replaceAll(/[\s:-]/g, "");
  return /^(?:[0-9A-Fa-f]{2})+$/.test(digits) ? Uint8Array.fromHex(digits) : undefined;
}
