/** What a spreadsheet would take for a formula, whoever wrote it; numbers, offsets and dashes are none. */
function isFormula(text: string): boolean {
  return /^[=+\-@\t\r]/.test(text) && Number.isNaN(Number(text)) && !/^(-+|[-+]\d\d:\d\d)$/.test(text);
}

/**
 * Comma-separated values as RFC 4180 has them: lines end with CRLF, and what holds a comma, a quote or a line's end is quoted. Before what a
 * spreadsheet would run stands an apostrophe: names in it may be a stranger's.
 */
export function asCsv(rows: readonly (readonly string[])[]): string {
  const cell = (text: string): string => {
    const harmless = isFormula(text) ? `'${text}` : text;
    return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
  };
  return rows.map((row) => `${row.map(cell).join(",")}\r\n`).join("");
}
