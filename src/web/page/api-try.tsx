/** Asks for a GET, and shows what comes; of what changes something it shows how a program asks. */
import { useState } from "preact/hooks";
import { addressOf, type Listed } from "./api-shapes.ts";

/** Characters of an answer that are shown. */
const SHOWN = 20_000;

interface Answered {
  readonly status: number;
  readonly text: string;
}

async function ask(address: string): Promise<Answered> {
  try {
    const answer = await fetch(address);
    const text = await answer.text();
    return { status: answer.status, text: wellSpaced(text) };
  } catch {
    return { status: 0, text: "the site does not answer" };
  }
}

function wellSpaced(text: string): string {
  try {
    const whole = JSON.stringify(JSON.parse(text), null, 2);
    return whole.length > SHOWN ? `${whole.slice(0, SHOWN)}\n… (${whole.length} characters)` : whole;
  } catch {
    return text.slice(0, SHOWN);
  }
}

export function Trial(listed: Listed) {
  const { method, operationId, parameters, requestBody, responses } = listed;
  const [values, change] = useState<Readonly<Record<string, string>>>({});
  const [answered, take] = useState<Answered | "asked" | undefined>(undefined);
  const media = Object.keys(responses["200"]?.content ?? {});
  const address = `${location.origin}${addressOf(listed, values)}`;
  const fields = parameters.filter((one) => one.in !== "header");
  const isTried =
    method === "GET" && !media.includes("text/event-stream") && !media.includes("application/octet-stream");
  const example = requestBody?.content["application/json"]?.example;
  const data =
    example === undefined
      ? ""
      : ` -H 'Content-Type: application/json' -d '${JSON.stringify(example).replaceAll("'", "")}'`;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        take("asked");
        void ask(address).then(take);
      }}
    >
      <h3>{isTried ? "Try it" : "As a program asks"}</h3>
      <div class="fields">
        {fields.map(({ name, required, schema }) => (
          <label key={name}>
            {name}{" "}
            {schema.enum === undefined ? (
              <input
                name={name}
                required={required}
                value={values[name] ?? ""}
                onInput={({ currentTarget }) => change({ ...values, [name]: currentTarget.value })}
              />
            ) : (
              <select
                name={name}
                required={required}
                value={values[name] ?? ""}
                onChange={({ currentTarget }) => change({ ...values, [name]: currentTarget.value })}
              >
                {["", ...schema.enum.map(String)].map((word) => (
                  <option key={word}>{word}</option>
                ))}
              </select>
            )}
          </label>
        ))}
        {isTried ? <button>Ask</button> : null}
      </div>
      <pre>
        curl{method === "GET" ? "" : ` -X ${method}`}
        {data} '{address}'
      </pre>
      {answered === undefined ? null : (
        <div class="answer" role="status" id={`answer-${operationId}`}>
          {answered === "asked" ? (
            "Asking."
          ) : (
            <>
              <p>
                Status <b>{answered.status}</b>
              </p>
              <pre tabIndex={0}>{answered.text}</pre>
            </>
          )}
        </div>
      )}
    </form>
  );
}
