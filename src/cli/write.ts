import type { Command } from "commander";
import { looksDlms } from "#headend/dlms-url.ts";
import { looksDnp3 } from "#headend/dnp3-url.ts";
import { looksIec102 } from "#headend/iec102-url.ts";
import { looksMms } from "#headend/mms-url.ts";
import { openLine, parseModbusUrl } from "#headend/modbus-url.ts";
import { parseSetting, writeSetting } from "#headend/write-setting.ts";
import { catalogue, modelNamed } from "#model/catalogue.ts";
import { expectedOneOf } from "#quantity/nearest.ts";
import { anyModelOption, refusesAnother } from "./asked-model.ts";
import { KEYS_HELP } from "./dlms-secrets.ts";
import { dlmsWrite } from "./dlms-write.ts";
import { dnp3Write } from "./dnp3-write.ts";
import { Failure, orFail, orFailLater } from "./failure.ts";
import { iec102Write } from "./iec102-write.ts";
import { mmsWrite } from "./mms-write.ts";
import { asJson, say } from "./terminal.ts";

interface Options {
  readonly model?: string;
  readonly anyModel?: true;
  readonly lan?: true;
  readonly test?: true;
  readonly timeout: string;
  readonly json?: true;
}

export function addWrite(program: Command): void {
  program
    .command("write")
    .description("change a setting of a running meter by its name, and read it back")
    .argument("<url>", "over Modbus, DLMS, DNP3, IEC 60870-5-102 or IEC 61850, as for read")
    .argument(
      "<setting>",
      "its name, like phaseLossVoltage; over DLMS and IEC 60870-5-102 time; over DNP3 time, freeze or restart; over IEC 61850 a reference, like MMXU1.TotW.db, or an output, like Out_GGIO2.SPCSO1",
    )
    .argument(
      "[value]",
      "a number, or a word where the setting has words, like IEEE; a time, or now; of freeze clear, of restart warm; of an output on or off",
    )
    .option("--model <name>", "which model it is (see: npx polyphase models); over Modbus it is needed")
    .option(...anyModelOption)
    .option("--lan", "of DNP3's time: the meter marks when a message came, instead of measuring how long one takes")
    .option("--test", "of an output of IEC 61850: a command that is a test, and operates nothing")
    .option("--timeout <ms>", "how long to wait for each answer", "2000")
    .option("--json", "one JSON document, for programs")
    .addHelpText(
      "after",
      "\nOf a name that the model does not have it says which settings it has, and asks the meter nothing.\n\n" +
        "For example:\n" +
        "  npx polyphase write modbus://127.0.0.1:1502/1 phaseLossVoltage 15 --model leviton-s4100\n" +
        "  npx polyphase write 'dlms://192.0.2.7?client=1&auth=low' time now\n" +
        "  npx polyphase write dnp3://192.0.2.7/1 time now\n" +
        "  npx polyphase write dnp3://192.0.2.7/1 freeze\n" +
        "  npx polyphase write iec102://192.0.2.9/34572 time now\n" +
        "  npx polyphase write mms://127.0.0.1:1102/JEM01 Out_GGIO2.SPCSO1 on\n\n" +
        KEYS_HELP,
    )
    .action(write);
}

async function write(text: string, name: string, value: string | undefined, options: Options): Promise<void> {
  if (looksDnp3(text)) return dnp3Write(text, name, value, options);
  if (value === undefined && looksIec102(text) && name !== "time")
    throw new Failure(`over IEC 60870-5-102 the time can be written, with "time"; found "${name}"`, 2);
  if (value === undefined) throw new Failure(`${name}: what it is to be is missing`, 2);
  return writeValue(text, name, value, options);
}

async function writeValue(text: string, name: string, given: string, options: Options): Promise<void> {
  if (looksDlms(text)) return dlmsWrite({ url: text, setting: name, value: given }, options);
  if (looksMms(text)) return mmsWrite({ url: text, setting: name, value: given }, options);
  if (looksIec102(text)) return iec102Write({ url: text, setting: name, value: given }, options);
  const url = orFail(2, () =>
    parseModbusUrl(
      text,
      "is nothing that can be written; this works over Modbus, DLMS, DNP3, IEC 61850 and IEC 60870-5-102",
    ),
  );
  if (options.model === undefined)
    throw new Failure("--model is needed: which model it is (see: npx polyphase models)", 2);
  const model = modelNamed(options.model);
  if (model === undefined) {
    const names = catalogue.map((one) => one.name);
    throw new Failure(`--model: ${expectedOneOf(names, options.model)}`, 2);
  }
  const value = orFail(2, () => parseSetting(model, name, given));
  const timeoutMs = Number(options.timeout);
  if (!(timeoutMs > 0)) throw new Failure(`--timeout: expected milliseconds, found "${options.timeout}"`, 2);
  const client = await orFailLater(1, () => openLine(url, { timeoutMs }));
  const written = await orFailLater(1, async () => {
    await refusesAnother({ line: client, unit: url.unit }, { model, flag: "--model", any: options.anyModel });
    return writeSetting(client, url.unit, model, { name, value });
  }).finally(() => client.close());
  if (options.json) say(asJson({ url: text, setting: name, ...written }));
  else say(`${name}: ${written.before} before, ${written.after} now`);
}
