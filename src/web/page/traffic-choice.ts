/** What somebody chooses of the traffic, and the query of it. */

export interface Chosen {
  readonly meter: string;
  readonly protocol: string;
  readonly listener: string;
  readonly peer: string;
  readonly text: string;
  readonly wrong: boolean;
  readonly secrets: boolean;
}

export const anything: Chosen = {
  meter: "",
  protocol: "",
  listener: "",
  peer: "",
  text: "",
  wrong: false,
  secrets: false,
};

/** What is chosen, as a query; a capture has no choice of messages. */
export function queryOf({ wrong, secrets, ...words }: Chosen, ofCapture = false): URLSearchParams {
  const query = new URLSearchParams();
  for (const [word, value] of Object.entries(words))
    if (value !== "" && !(ofCapture && word === "text")) query.set(word, value);
  if (wrong && !ofCapture) query.set("wrong", "true");
  if (secrets && !ofCapture) query.set("secrets", "shown");
  return query;
}
