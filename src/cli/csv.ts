/** Comma-separated values as RFC 4180 has them: lines end with CRLF, and what holds a comma, a quote or a line's end is quoted. */
export function asCsv(rows: readonly (readonly string[])[]): string {
  const cell = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return rows.map((row) => `${row.map(cell).join(",")}\r\n`).join("");
}
