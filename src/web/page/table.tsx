/** A table: a head of columns, and rows that begin with their name. */
import type { ComponentChildren } from "preact";

export interface Row {
  readonly key: string;
  readonly name: ComponentChildren;
  readonly cells: readonly ComponentChildren[];
}

interface Props {
  readonly id: string;
  /** What it is of, for who does not see it. */
  readonly label: string;
  /** Heads of the columns, the one of the names first; a head may have the style of its phase. */
  readonly heads: readonly (readonly [text: string, style?: string])[];
  readonly rows: readonly Row[];
  /** Values by phase: on a narrow screen they stand below the name, all of them. */
  readonly phased?: boolean;
  /** What its cells are: words may take several lines. */
  readonly kind?: "words";
}

export function Table({ id, label, heads, rows, phased, kind }: Props) {
  const style = [phased === true ? "phased" : "", kind ?? ""].join(" ").trim();
  return (
    <div class="scroll" tabIndex={phased === true ? undefined : 0} role="region" aria-label={label}>
      <table id={id} class={style === "" ? undefined : style} aria-label={label}>
        <thead>
          <tr>
            {heads.map(([text, of], k) =>
              text === "" ? (
                <td key={k} />
              ) : (
                <th key={k} scope="col" class={of}>
                  {text}
                </th>
              ),
            )}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, name, cells }) => (
            <tr key={key}>
              <th scope="row">{name}</th>
              {cells.map((cell, k) => (
                <td key={k}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
