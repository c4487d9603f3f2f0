/** A part of the page with its heading. */
import type { ComponentChildren } from "preact";

interface Props {
  readonly id: string;
  readonly title: string;
  /** How much of the page's width it takes; a third unless said. */
  readonly width?: "wide" | "whole";
  /** What stands beside the heading. */
  readonly aside?: ComponentChildren;
  readonly children: ComponentChildren;
}

export function Panel({ id, title, width, aside, children }: Props) {
  return (
    <section id={`${id}-panel`} class={width} aria-labelledby={`${id}-title`}>
      <div class="head">
        <h2 id={`${id}-title`}>{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  );
}
