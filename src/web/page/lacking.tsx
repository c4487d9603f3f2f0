/** What a meter has not, so that nobody waits for it. */
import type { LiveView } from "#quantity/meter-api.ts";
import { say } from "./language.ts";
import { lacks } from "./texts/states.ts";

/** "a, b and c". */
function listOf(words: readonly string[]): string {
  return [words.slice(0, -1).join(", "), ...words.slice(-1)].filter((part) => part !== "").join(` ${say(lacks.and)} `);
}

export function Lacking({ logs, profile, rms, readings }: LiveView) {
  const lacking = [
    ...(logs.length === 0 ? [lacks.log] : []),
    ...(profile === undefined ? [lacks.profile] : []),
    ...(rms === undefined ? [lacks.rms] : []),
    ...(Object.hasOwn(readings, "W.demand") ? [] : [lacks.demand]),
  ].map((one) => say(one));
  if (lacking.length === 0) return null;
  return (
    <p id="lacking">
      {say(lacks.all, { lacks: listOf(lacking) })}
      {say(rms === undefined ? lacks.trends : lacks.trendsAndSags)}
    </p>
  );
}
