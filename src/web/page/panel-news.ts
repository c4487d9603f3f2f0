/** What of a panel is announced to who listens: another screen whole, on the same screen what is new, and of what only counts nothing. */
import type { Picture } from "#panel/picture.ts";
import { inWords, saidOf, uncounted, type Said, type Saying } from "./panel-words.ts";

/** Whether a hand has been at the panel between two pictures. */
function isTouched(before: Picture, after: Picture): boolean {
  const hands = ({ held, open }: Picture): string => `${held.join(" ")}|${open.join(" ")}`;
  return before.held.length > 0 || after.held.length > 0 || hands(before) !== hands(after);
}

/** What is new, and what has only counted. */
function changed(before: Said, after: Said): { readonly news: readonly Saying[]; readonly counts: readonly Saying[] } {
  const known = new Map(before.sayings.map((one) => [one.at, one]));
  const [news, counts]: [Saying[], Saying[]] = [[], []];
  for (const one of after.sayings) {
    const { words = "", selected } = known.get(one.at) ?? {};
    if (one.selected === true && selected !== true) news.push(one);
    else if (one.counts !== true && uncounted(one.words) !== uncounted(words)) news.push(one);
    else if (one.words !== words) counts.push(one);
  }
  return { news, counts };
}

/**
 * What is to be said to somebody who knows what was seen before; empty where there is nothing. `isPressed` is whether that one has pressed
 * something since: then digits are said as well, on a colour screen those of the selected thing.
 */
export function panelNews(before: Picture, after: Picture, isPressed = false): string {
  const [was, is] = [saidOf(before), saidOf(after)];
  if (was.screen !== is.screen) return inWords(is.sayings);
  const { news, counts } = changed(was, is);
  const isByHand = isPressed || isTouched(before, after);
  if (!is.isShort) return inWords([...news, ...counts.filter(({ selected }) => isByHand && selected === true)]);
  const hasGone = was.sayings.length > is.sayings.length;
  return news.length > 0 || hasGone || (isByHand && counts.length > 0) ? inWords(is.sayings) : "";
}
