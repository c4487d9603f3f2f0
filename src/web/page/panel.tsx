/** A part of the page with its heading. */
import type { ComponentChildren } from "preact";

interface Props {
  readonly id: string;
  readonly title: string;
  /** It has more than there is room for: it takes the height that its column has left, and scrolls within it. */
  readonly long?: boolean;
  /** It takes the whole width of the page, not that of a column. */
  readonly whole?: boolean;
  /** What it shows is not of now, or of an interval that counts less. */
  readonly state?: "old" | "flagged" | undefined;
  /** What stands beside the heading. */
  readonly aside?: ComponentChildren;
  readonly children: ComponentChildren;
}

export function Panel({ id, title, whole, long, state, aside, children }: Props) {
  const place = whole === true ? "whole" : long === true ? "long" : "";
  const style = [place, state ?? ""].join(" ").trim();
  return (
    <section id={`${id}-panel`} class={style === "" ? undefined : style} aria-labelledby={`${id}-title`}>
      <div class="head">
        <h2 id={`${id}-title`}>{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  );
}
