/** Reads a site file: YAML or JSON to a checked description, or errors that name the key and what was expected. */
import { LineCounter, parseDocument } from "yaml";
import { describe, FileError } from "#product/file-error.ts";
import { catalogue, modelNamed } from "#model/catalogue.ts";
import type { Product } from "#product/product.ts";
import { modelNamesOf, productOf, products } from "./products.ts";
import { siteSchema, type MeterEntry, type SiteFile } from "./site-schema.ts";

/** Parses and checks; throws FileError with every problem found. */
export function parseSite(file: string, text: string, all: readonly Product[] = products): SiteFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  if (document.errors.length > 0) {
    const problems = document.errors.map((error) => {
      const { line, col } = lines.linePos(error.pos[0]);
      return `line ${line}, column ${col}: ${error.message}`;
    });
    throw new FileError(file, problems);
  }
  const parsed = siteSchema.safeParse(document.toJS());
  if (!parsed.success) throw new FileError(file, parsed.error.issues.flatMap(describe));
  const problems = checkSite(parsed.data, all);
  if (problems.length > 0) throw new FileError(file, problems);
  return parsed.data;
}

/** What no schema can say: names that must differ, settings that the model must have. */
function checkSite(site: SiteFile, all: readonly Product[]): string[] {
  const problems: string[] = [];
  const names = new Set<string>();
  const units = new Map<string, string>();
  site.meters.forEach((meter, k) => {
    const at = `meters[${k}]`;
    if (names.has(meter.name)) problems.push(`${at}.name: another meter is called ${meter.name}`);
    names.add(meter.name);
    const product = productOf(meter.model, all);
    if (product === undefined) {
      problems.push(`${at}.model: expected one of ${modelNamesOf(all).join(", ")}`);
      return;
    }
    problems.push(...product.check(meter).map((problem) => `${at}.${problem}`));
    problems.push(...checkListeners(meter, at, Number(meter.settings["address"] ?? 1), units));
  });
  site.devices.forEach((device, k) => {
    const at = `devices[${k}]`;
    if (names.has(device.name)) problems.push(`${at}.name: another meter or device is called ${device.name}`);
    names.add(device.name);
    problems.push(...checkListeners(device, at, 1, units));
  });
  return problems;
}

/** What is wrong with where one meter or device listens; `units` remembers who has which unit of which port. */
function checkListeners(
  { name, listen }: Pick<MeterEntry, "name" | "listen">,
  at: string,
  address: number,
  units: Map<string, string>,
): string[] {
  const problems: string[] = [];
  listen.forEach((entry, j) => {
    if (entry.face !== undefined && modelNamed(entry.face) === undefined) {
      problems.push(`${at}.listen[${j}].face: expected one of ${catalogue.map((model) => model.name).join(", ")}`);
    }
    const place = entry.modbus === "rtu" ? entry.device : `${entry.host}:${entry.port}`;
    if (entry.modbus !== "rtu" && entry.port === 0) return;
    const unit = entry.unit ?? address;
    const taken = units.get(`${place} ${unit}`);
    if (taken !== undefined) {
      problems.push(`${at}.listen[${j}]: ${taken} has unit ${unit} on ${place} already; give one of them another unit`);
    }
    units.set(`${place} ${unit}`, name);
    const kind = units.get(place);
    if (kind !== undefined && kind !== entry.modbus) {
      problems.push(`${at}.listen[${j}].modbus: ${place} carries ${kind} already`);
    }
    units.set(place, entry.modbus);
  });
  return problems;
}
