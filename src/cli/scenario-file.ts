/** A scenario as it lies there, checked with the site that it is of. */
import { parseSite } from "#fleet/site-file.ts";
import type { SiteFile } from "#fleet/site-schema.ts";
import { folderOf, readText, resolvePath } from "#io/file.ts";
import { FileError, firstOf } from "#product/file-error.ts";
import { siteBounds, valuesOf } from "#product/file-values.ts";
import { checkedBy } from "#product/schema-problems.ts";
import { expectedOneOf } from "#quantity/nearest.ts";
import { instantOf, scenarioSchema, type Scenario } from "./scenario-schema.ts";

export interface ScenarioFile {
  readonly file: string;
  readonly scenario: Scenario;
  /** Where files lie that the site names. */
  readonly siteFile: string;
  readonly site: SiteFile;
  /** Milliseconds of UTC at which it begins. */
  readonly start: number;
}

/** Begins where neither scenario nor site say it. */
const START = "2026-01-01T00:00:00Z";
/** Ten years: nobody waits for the end of more. */
const MOST_MS = 3_653 * 86_400_000;

/** Throws FileError with what is wrong, by line and key. */
export function readScenario(file: string): ScenarioFile {
  const text = readText(file);
  const { value: scenario, problems } = checkedBy(scenarioSchema, valuesOf(file, text, siteBounds));
  if (problems !== undefined) throw new FileError(file, firstOf(problems), text);
  const siteFile = typeof scenario.site === "string" ? resolvePath(folderOf(file), scenario.site) : file;
  const site = siteOf(scenario, { file, text, siteFile });
  const start = instantOf(scenario.start ?? site.clock?.start ?? START, NaN);
  const wrong = problemsOf(scenario, site, start);
  if (wrong.length > 0) throw new FileError(file, firstOf(wrong), text);
  return { file, scenario, siteFile, site, start };
}

function siteOf(
  { site }: Scenario,
  { file, text, siteFile }: { readonly file: string; readonly text: string; readonly siteFile: string },
): SiteFile {
  if (typeof site === "string") return parseSite(siteFile, readText(siteFile));
  try {
    return parseSite(file, JSON.stringify(site));
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    // By the lines of the scenario.
    const told = error.problems.map((one) => (/^and \d+ more$/.test(one) ? one : `site.${one}`));
    throw new FileError(file, told, text);
  }
}

/** What no schema can say: meters that there are not, steps that come before others. */
function problemsOf({ steps }: Scenario, { meters }: SiteFile, start: number): readonly string[] {
  const names = meters.map(({ name }) => name);
  const problems: string[] = [];
  let last = start;
  steps.forEach(({ at, do: does = [], expect = [] }, k) => {
    const here = instantOf(at, start);
    if (here < last)
      problems.push(`steps[${k}].at: expected no instant before ${k === 0 ? "the start" : "the step before"}`);
    if (here > start + MOST_MS) problems.push(`steps[${k}].at: expected at most ten years after the start`);
    last = Math.max(last, here);
    for (const [key, list] of [
      ["do", does],
      ["expect", expect],
    ] as const)
      list.forEach(({ meter }, j) => {
        if (meter !== undefined && !names.includes(meter))
          problems.push(`steps[${k}].${key}[${j}].meter: ${expectedOneOf(names, meter)}`);
      });
  });
  return problems;
}
