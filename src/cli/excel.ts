import { asExcel } from "#headend/workbook.ts";
import { makeFile } from "#io/file.ts";

/** Writes rows as a workbook of Excel into a file that is not there yet; throws an Error that names it. */
export async function writeExcel(file: string, ...sheet: Parameters<typeof asExcel>): Promise<void> {
  makeFile(file, await asExcel(...sheet));
}
