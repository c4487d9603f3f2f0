/** Reads a site file: YAML or JSON to a checked description, or errors that name the key and what was expected. */
import { FileError, firstOf } from "#product/file-error.ts";
import { siteBounds, valuesOf } from "#product/file-values.ts";
import type { Product } from "#product/product.ts";
import { checkedBy } from "#product/schema-problems.ts";
import { expectedOneOf, nearest } from "#quantity/nearest.ts";
import { lineOf, remoteProblems } from "#remote/entry.ts";
import { readableModels } from "./read-schema.ts";
import { Places } from "./places.ts";
import { modelNamesOf, productOf, products } from "./products.ts";
import { meterSchema, siteSchema, type MeterEntry, type SiteFile } from "./site-schema.ts";

/** Parses and checks; throws FileError with every problem found, by line and key. */
export function parseSite(file: string, text: string, all: readonly Product[] = products): SiteFile {
  const given = valuesOf(file, text, siteBounds);
  const { value, problems: wrong } = checkedBy(siteSchema, given);
  if (wrong !== undefined) throw new FileError(file, firstOf([...wrong, ...problemsBeside(given, all)]), text);
  const problems = checkSite(value, all);
  if (problems.length > 0) throw new FileError(file, firstOf(problems), text);
  return value;
}

interface Given {
  readonly model?: unknown;
  readonly settings?: unknown;
  readonly options?: unknown;
  readonly source?: { readonly read?: unknown } | null;
}

/** What is wrong with models and settings of a file whose shape is not right yet, as far as these can be seen. */
function problemsBeside(given: unknown, all: readonly Product[]): readonly string[] {
  const { meters } = (given ?? {}) as { readonly meters?: unknown };
  if (!Array.isArray(meters)) return [];
  const models = modelNamesOf(all);
  return meters.flatMap((meter: Given | null, k) => {
    const at = `meters[${k}]`;
    const { model, settings, options, source } = meter ?? {};
    if (typeof model !== "string") return [];
    if (source?.read !== undefined)
      return readableModels.some(({ name }) => name === model)
        ? []
        : [
            `${at}.model: ${expectedOneOf(
              readableModels.map(({ name }) => name),
              model,
            )}`,
          ];
    const unknown = models.includes(model) ? [] : [`${at}.model: ${expectedOneOf(models, model)}`];
    const meant = unknown.length === 0 ? model : nearest(model, models);
    const product = meant === undefined ? undefined : productOf(meant, all);
    // What is wrong with settings asks for nothing of the entry but its options.
    const plain = meterSchema.safeParse({ name: "m", model: meant, source: { live: {} }, settings, options });
    if (product === undefined || !plain.success) return unknown;
    const found = product.check(plain.data).filter((problem) => problem.startsWith("settings."));
    return [...unknown, ...found.map((problem) => `${at}.${problem}`)];
  });
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
    if (meter.source.read !== undefined) {
      problems.push(...remoteProblems(meter, meter.source.read).map((problem) => `${at}.${problem}`));
      return;
    }
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
  return [...problems, ...lineProblems(site, places)];
}

function addressIn({ settings }: MeterEntry): number {
  return Number(settings["address"] ?? 1);
}

/** Meters that are read share lines with each other, not with who listens on them, nor each at his own pace. */
function lineProblems({ meters }: SiteFile, places: Places): string[] {
  const first = new Map<string, { readonly name: string; readonly line: string; readonly pace: string }>();
  return meters.flatMap(({ name, source: { read } }, k): readonly string[] => {
    const line = read && lineOf(read.url);
    if (read === undefined || line === undefined) return [];
    const at = `meters[${k}].source.read`;
    const pace = `timeout ${read.timeout}, maxRegisters ${read.maxRegisters ?? "unsaid"}`;
    const key = line.device ?? line.name;
    const other = first.get(key);
    first.set(key, other ?? { name, line: line.name, pace });
    const taken = line.device === undefined ? undefined : places.carriedBy(line.device);
    if (taken !== undefined) return [`${at}.url: ${taken} on ${line.device} already; it cannot be read there, too`];
    if (other !== undefined && other.line !== line.name)
      return [`${at}.url: ${other.name} is read over ${other.line}; a line carries one protocol`];
    if (other === undefined || other.pace === pace) return [];
    return [`${at}: ${other.name} is read on the same line, with ${other.pace}; expected the same, found ${pace}`];
  });
}
