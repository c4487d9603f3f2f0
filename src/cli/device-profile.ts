/** The device profile of DNP3: what integrators load into their master stations. */
import type { Command } from "commander";
import { reachedAt } from "#headend/dnp3-url.ts";
import { readConfiguration, readMeters, readMeterView } from "#headend/site-meter.ts";
import { parseSiteUrl, siteUrlForm } from "#headend/site-url.ts";
import { readText } from "#io/file.ts";
import type { ProfiledDevice } from "#product/product.ts";
import { asOrdered, configurationsOf, configuredModels, FACTORY } from "./configured.ts";
import { PASSWORDS_HELP, readingUser, siteUser, type Asking } from "./credentials.ts";
import { orFail } from "./failure.ts";
import { atMeter } from "./site-meter.ts";
import { say } from "./terminal.ts";

interface Options extends Asking {
  readonly model: string;
  readonly modelNumber?: string;
  readonly port?: string;
}

export function addDeviceProfile(config: Command): void {
  config
    .command("device-profile")
    .description("print the DNP3 device profile of a running meter, or of a configuration file, as XML")
    .argument("<meter>", `${siteUrlForm}, or a file, YAML or JSON; ${FACTORY} is the factory's`)
    .option("--port <name>", 'the meter\'s port: "ethernet 1", "serial 3"; its first that has DNP3 enabled unless said')
    .option("--model <name>", "of a file: the meter's model", configuredModels[0] ?? "")
    .option("--model-number <number>", "of a file: what was ordered; the usual unless said")
    .option(...readingUser)
    .option(...siteUser)
    .addHelpText("after", PASSWORDS_HELP)
    .action(deviceProfile);
}

async function deviceProfile(meter: string, options: Options): Promise<void> {
  const named = orFail(2, () => parseSiteUrl(meter));
  if (named === undefined) return say(ofFile(meter, options));
  const { port, model: _model, modelNumber: _order, ...asking } = options;
  await atMeter(meter, asking, async (at, pass) => {
    const { model: name, ...identity } = await readMeterView(at, pass);
    const configuration = JSON.stringify(await readConfiguration(at, pass));
    const listed = (await readMeters(named.site, pass)).find((one) => one.name === identity.name);
    const reached = reachedAt(listed?.urls ?? []);
    const { dnp3Profile } = configurationsOf(name);
    say(orFail(2, () => dnp3Profile(meter, configuration, { ...identity, port, reached })).trimEnd());
  });
}

/** Of a meter that nobody has made yet. */
function ofFile(file: string, { model, modelNumber, port }: Options): string {
  const { usualOrder, dnp3Profile } = configurationsOf(model);
  const text = file === FACTORY ? "" : orFail(2, () => readText(file));
  const profiled = (order: string): ProfiledDevice => ({
    name: file,
    serial: "",
    firmware: "",
    modelNumber: order,
    port,
  });
  return asOrdered(modelNumber, usualOrder, (order) => dnp3Profile(file, text, profiled(order))).trimEnd();
}
