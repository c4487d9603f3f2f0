/** The front panel of a meter of a running site, over the site's HTTP API. */
import type { Control } from "#panel/panel.ts";
import type { Picture } from "#panel/picture.ts";
import { ask, type Pass } from "./site-meter.ts";

export interface SeenPanel {
  readonly name: string;
  readonly controls: readonly Control[];
  readonly picture: Picture;
}

/** `url` is the meter's. */
export function readPanel(url: string, pass?: Pass): Promise<SeenPanel> {
  return ask(`${url}/panel`, { pass });
}

/** A control goes down, or comes up; what is seen then. */
export async function touchPanel(
  url: string,
  touch: { readonly press: string } | { readonly release: string },
  pass?: Pass,
): Promise<Picture> {
  return (await ask<{ picture: Picture }>(`${url}/panel`, { method: "POST", body: touch, pass })).picture;
}
