import type { Command } from "commander";
import { readSelfReads } from "#headend/site-meter.ts";
import type { SelfReadsView, RegisterView } from "#quantity/meter-api.ts";
import { PASSWORDS_HELP, readingUser, siteUser, type Asking } from "./credentials.ts";
import { csvOption, excelOption, jsonOption, print, type PrintOptions } from "./print.ts";
import { atMeter, pageOf, pageOptions, siteUrl, type PageOptions } from "./site-meter.ts";

type Options = PrintOptions & PageOptions & Asking;

export function addSelfReads(program: Command): void {
  program
    .command("self-reads")
    .description(
      "print the registers that a revenue meter of a running site has kept by itself, every day or as it is set",
    )
    .argument(...siteUrl)
    .option(...pageOptions[0])
    .option(...pageOptions[1])
    .option(...csvOption)
    .option(...jsonOption)
    .option(...excelOption)
    .option(...readingUser)
    .option(...siteUser)
    .addHelpText(
      "after",
      "\nA line a self read, a column a register that is marked selfRead in the meter's configuration; values are in the\n" +
        "registers' own digits and units. Times are the meter's local ones.\n\n" +
        "For example:\n" +
        "  npx polyphase self-reads http://127.0.0.1:8080/api/meters/substation-7 --csv\n" +
        PASSWORDS_HELP,
    )
    .action(async (url: string, options: Options) => {
      const page = pageOf(options);
      const { selfReads } = await atMeter(url, options, (at, pass) => readSelfReads(at, page, pass));
      const rows = rowsOf(selfReads);
      const registers = (rows[0] ?? []).map((_, k) => k).filter((k) => k >= FIXED);
      await print(options, { document: { url, selfReads }, rows, right: registers });
    });
}

/** Columns before those of the registers. */
const FIXED = 2;

/** Registers may have been others before the last configuration: each has a column of its own. */
function rowsOf(selfReads: SelfReadsView["selfReads"]): string[][] {
  const heads = new Map<string, string>();
  const key = ({ id, label }: RegisterView): string => `${id} ${label}`;
  for (const { registers } of selfReads)
    for (const one of registers) heads.set(key(one), one.label === "" ? `register ${one.id}` : one.label);
  return [
    ["time", "health", ...heads.values()],
    ...selfReads.map(({ at, health, registers }) => {
      const texts = new Map(registers.map((one) => [key(one), one.text]));
      return [at, health.join(", "), ...[...heads.keys()].map((one) => texts.get(one) ?? "")];
    }),
  ];
}
