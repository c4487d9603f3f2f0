/** A part of the page with its heading. */
import type { ComponentChildren } from "preact";

interface Props {
  readonly id: string;
  readonly title: string;
  /** It takes the whole width of the page, not that of a column. */
  readonly whole?: boolean;
  /** What stands beside the heading. */
  readonly aside?: ComponentChildren;
  readonly children: ComponentChildren;
}

export function Panel({ id, title, whole, aside, children }: Props) {
  return (
    <section id={`${id}-panel`} class={whole === true ? "whole" : undefined} aria-labelledby={`${id}-title`}>
      <div class="head">
        <h2 id={`${id}-title`}>{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  );
}
