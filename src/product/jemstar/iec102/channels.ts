/** Which channel of a profile records a measure. */
import { measureName } from "#quantity/measure-name.ts";
import type { Measure } from "#quantity/measure.ts";

/** What a measurement log keeps of an interval that a load profile keeps as well: its total, or its average. */
function plain({ over, ...measure }: Measure): Measure | undefined {
  return over === undefined || over === "total" || over === "average" ? measure : undefined;
}

/** The place of the channel, from 0; undefined where there is none. */
export function channelOf(channels: readonly { readonly measure: Measure }[], measure: Measure): number | undefined {
  const name = measureName(measure);
  const place = channels.findIndex((one) => {
    const of = plain(one.measure);
    return of !== undefined && measureName(of) === name;
  });
  return place < 0 ? undefined : place;
}
