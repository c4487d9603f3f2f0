/** `write` over MMS: an attribute that can be set, or an output that is operated by its control model. */
import { withMeter } from "#headend/mms-meter.ts";
import { writeMms } from "#headend/mms-write.ts";
import { mmsAsked, overMms } from "./mms-asked.ts";
import { asJson, note, say } from "./terminal.ts";

export interface MmsWriteOptions {
  readonly timeout: string;
  readonly test?: true;
  readonly json?: true;
}

export async function mmsWrite(
  { url: text, setting, value }: { readonly url: string; readonly setting: string; readonly value: string },
  options: MmsWriteOptions,
): Promise<void> {
  const { url, settings } = mmsAsked(text, options);
  const written = await overMms(() =>
    withMeter(url, settings, (client) =>
      writeMms(client, url, { name: setting, value, options: { test: options.test === true } }),
    ),
  );
  const { reference, before, after, control, isOther } = written;
  if (isOther) note(`${reference}: the server has taken ${value}, and says ${after}`);
  if (options.json) return say(asJson({ url: text, ...written }));
  say(`${reference}: ${before} before, ${after} now${control === undefined ? "" : ` (${control})`}`);
}
