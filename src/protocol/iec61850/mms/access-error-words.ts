/** DataAccessError (ISO 9506-2, 14.3), in words. */
const words: Readonly<Record<number, string>> = {
  0: "object invalidated",
  1: "hardware fault",
  2: "temporarily unavailable",
  3: "object access denied",
  4: "object undefined",
  5: "invalid address",
  6: "type unsupported",
  7: "type inconsistent",
  8: "object attribute inconsistent",
  9: "object access unsupported",
  10: "object non-existent",
  11: "object value invalid",
};

export function accessErrorText(error: number): string {
  return words[error] ?? `error ${error}`;
}
