/** What a site says to whoever runs it: the one shape of all that goes to its log. */

/** From what only somebody who looks for a cause wants to know, to what has to be mended. */
export const levels = ["debug", "info", "warn", "error"] as const;
export type Level = (typeof levels)[number];

export interface Notice {
  readonly level: Level;
  /** The meter or device that it is about; of the site as a whole unless said. */
  readonly meter?: string | undefined;
  readonly words: string;
}

export function textOf({ meter, words }: Notice): string {
  return meter === undefined ? words : `${meter}: ${words}`;
}
