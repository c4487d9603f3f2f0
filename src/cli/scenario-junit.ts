/** What became of scenarios in the XML that CI systems take of tests: a suite a scenario, a case an expectation or deed. */
import type { ScenarioOutcome } from "./scenario-run.ts";

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** Text of an attribute; characters that XML does not have are gone. */
function attribute(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.replace(/[\u0000-\u001f\u007f\ufffe\uffff]/g, " ").replace(/[&<>"]/g, (one) => entities[one] ?? one);
}

export function junitOf(outcomes: readonly ScenarioOutcome[]): string {
  const suites = outcomes.map(({ file, name, tookMs, steps }) => {
    const cases = steps.flatMap(({ utc, outcomes: all }) => all.map((one) => ({ utc, ...one })));
    const failed = cases.filter(({ ok }) => !ok).length;
    return [
      `  <testsuite name="${attribute(name)}" file="${attribute(file)}" tests="${cases.length}" failures="${failed}" time="${(tookMs / 1000).toFixed(3)}">`,
      ...cases.map(({ utc, what, ok, says }) => {
        const at = Temporal.Instant.fromEpochMilliseconds(Math.round(utc)).toString();
        const head = `    <testcase classname="${attribute(name)}" name="${attribute(`${at} ${what}`)}"`;
        return ok ? `${head}/>` : `${head}><failure message="${attribute(says)}"/></testcase>`;
      }),
      "  </testsuite>",
    ].join("\n");
  });
  return ['<?xml version="1.0" encoding="UTF-8"?>', "<testsuites>", ...suites, "</testsuites>", ""].join("\n");
}
