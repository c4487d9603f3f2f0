/** Reads a site file: YAML or JSON to a checked description, or errors that name the key and what was expected. */
import { FileError, firstOf } from "#product/file-error.ts";
import { siteBounds, valuesOf } from "#product/file-values.ts";
import type { Product } from "#product/product.ts";
import { checkedBy } from "#product/schema-problems.ts";
import { expectedOneOf, nearest } from "#quantity/nearest.ts";
import { Places } from "./places.ts";
import { modelNamesOf, productOf, products } from "./products.ts";
import { siteSchema, type MeterEntry, type SiteFile } from "./site-schema.ts";

/** Parses and checks; throws FileError with every problem found, by line and key. */
export function parseSite(file: string, text: string, all: readonly Product[] = products): SiteFile {
  const { value, problems: wrong } = checkedBy(siteSchema, valuesOf(file, text, siteBounds));
  if (wrong !== undefined) throw new FileError(file, wrong, text);
  const problems = checkSite(value, all);
  if (problems.length > 0) throw new FileError(file, firstOf(problems), text);
  return value;
}

/** What no schema can say: names that must differ, settings that the model must have. */
function checkSite(site: SiteFile, all: readonly Product[]): string[] {
  const problems: string[] = [];
  const names = new Set<string>();
  const models = modelNamesOf(all);
  const places = new Places();
  if (site.web !== undefined) places.addPages(site.web);
  site.meters.forEach((meter, k) => {
    const at = `meters[${k}]`;
    if (names.has(meter.name)) problems.push(`${at}.name: another meter is called ${meter.name}`);
    names.add(meter.name);
    if (!models.includes(meter.model)) problems.push(`${at}.model: ${expectedOneOf(models, meter.model)}`);
    // What else is wrong is said of the model that was meant.
    const model = models.includes(meter.model) ? meter.model : nearest(meter.model, models);
    const product = model === undefined ? undefined : productOf(model, all);
    if (model === undefined || product === undefined) return;
    problems.push(...product.check({ ...meter, model }).map((problem) => `${at}.${problem}`));
    const { address = addressIn } = product;
    problems.push(...places.add(meter.name, meter.listen, at, address(meter)));
  });
  site.devices.forEach((device, k) => {
    const at = `devices[${k}]`;
    if (names.has(device.name)) problems.push(`${at}.name: another meter or device is called ${device.name}`);
    names.add(device.name);
    problems.push(...places.add(device.name, device.listen, at, 1));
  });
  return problems;
}

function addressIn({ settings }: MeterEntry): number {
  return Number(settings["address"] ?? 1);
}
