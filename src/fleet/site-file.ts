/** Reads a site file: YAML or JSON to a checked description, or errors that name the key and what was expected. */
import { LineCounter, parseDocument } from "yaml";
import { describe, FileError } from "#product/file-error.ts";
import { modelNamed, modelNames, revenueModelNamed } from "#model/catalogue.ts";
import { describeDomain, inDomain, type Setting, type SettingRule } from "#quantity/setting.ts";
import { Places } from "./places.ts";
import { siteSchema, type MeterEntry, type SiteFile } from "./site-schema.ts";

/** Parses and checks; throws FileError with every problem found. */
export function parseSite(file: string, text: string): SiteFile {
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
  const problems = checkSite(parsed.data);
  if (problems.length > 0) throw new FileError(file, problems);
  return parsed.data;
}

/** What no schema can say: names that must differ, settings that the model must have. */
function checkSite(site: SiteFile): string[] {
  const problems: string[] = [];
  const names = new Set<string>();
  const places = new Places();
  site.meters.forEach((meter, k) => {
    const at = `meters[${k}]`;
    if (names.has(meter.name)) problems.push(`${at}.name: another meter is called ${meter.name}`);
    names.add(meter.name);
    const revenue = revenueModelNamed(meter.model) !== undefined;
    if (!revenue && modelNamed(meter.model) === undefined) {
      problems.push(`${at}.model: expected one of ${modelNames.join(", ")}`);
      return;
    }
    for (const key of ["configuration", "modelNumber"] as const) {
      if (!revenue && meter[key] !== undefined) problems.push(`${at}.${key}: ${meter.model} is set up by settings`);
    }
    if (revenue && Object.keys(meter.settings).length > 0) {
      problems.push(`${at}.settings: ${meter.model} is set up by its configuration file (configuration: FILE)`);
    } else problems.push(...settingsOf(meter).problems.map((problem) => `${at}.settings.${problem}`));
    problems.push(...places.add(meter.name, meter.listen, at, Number(meter.settings["address"] ?? 1)));
  });
  site.devices.forEach((device, k) => {
    const at = `devices[${k}]`;
    if (names.has(device.name)) problems.push(`${at}.name: another meter or device is called ${device.name}`);
    names.add(device.name);
    problems.push(...places.add(device.name, device.listen, at, 1));
  });
  return problems;
}

/** A meter's settings as numbers, with what is wrong with them by name. */
export function settingsOf(meter: MeterEntry): { values: Map<Setting, number>; problems: string[] } {
  const values = new Map<Setting, number>();
  const problems: string[] = [];
  const rules = modelNamed(meter.model)?.instrument.settings ?? {};
  for (const [name, given] of Object.entries(meter.settings)) {
    const rule: SettingRule | undefined = rules[name as Setting];
    if (rule === undefined || (rule.option !== undefined && !meter.options[rule.option])) {
      const missing = rule?.option === undefined ? "" : ` without options.${rule.option}`;
      problems.push(`${name}: ${meter.model} has no such setting${missing}; it has ${Object.keys(rules).join(", ")}`);
      continue;
    }
    const word = rule.words?.[String(given)];
    const value = word ?? Number(given);
    if (inDomain(rule, value)) values.set(name as Setting, value);
    else {
      const words = rule.words === undefined ? "" : `${Object.keys(rule.words).join(", ")}, or `;
      problems.push(`${name}: expected ${words}${describeDomain(rule)}; found ${given}`);
    }
  }
  return { values, problems };
}
