/** The API as people browse it: its operations, what goes in and comes out, and what a GET answers now. */
import { render } from "preact";
import { useEffect, useState } from "preact/hooks";
import { API } from "./address.ts";
import {
  isFound,
  listedIn,
  nameOf,
  shapeText,
  type Content,
  type Description,
  type Listed,
  type Schemas,
} from "./api-shapes.ts";
import "./api.css";
import { Trial } from "./api-try.tsx";
import { Notice } from "./notice.tsx";

/** What a body or an answer holds, and below it what has a name. */
function Held({ content, schemas }: { readonly content: Content; readonly schemas: Schemas }) {
  const { schema, example } = content;
  const events = Object.entries(content["x-events"] ?? {});
  return (
    <>
      {example === undefined ? null : <pre>{JSON.stringify(example)}</pre>}
      {events.map(([event, shape]) => (
        <div key={event}>
          <h4>event: {event}</h4>
          <Named name={nameOf(shape)} text={shapeText(shape)} schemas={schemas} />
        </div>
      ))}
      {schema === undefined || events.length > 0 ? null : (
        <Named name={nameOf(schema)} text={shapeText(schema)} schemas={schemas} />
      )}
    </>
  );
}

interface NamedProps {
  readonly name: string | undefined;
  readonly text: string;
  readonly schemas: Schemas;
}

function Named({ name, text, schemas }: NamedProps) {
  const shape = name === undefined ? undefined : schemas[name];
  if (name === undefined || shape === undefined) return <pre>{text}</pre>;
  return (
    <details>
      <summary>{name}</summary>
      <pre>{shapeText(shape)}</pre>
    </details>
  );
}

function Parameters({ parameters }: Pick<Listed, "parameters">) {
  if (parameters.length === 0) return null;
  return (
    <div class="scroll">
      <table class="facts">
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">In</th>
            <th scope="col">Values</th>
            <th scope="col">What it is</th>
          </tr>
        </thead>
        <tbody>
          {parameters.map(({ name, in: where, required, description = "", schema }) => (
            <tr key={`${where} ${name}`}>
              <th scope="row">
                <code>{name}</code>
              </th>
              <td>{required ? where : `${where}, or not at all`}</td>
              <td>{shapeText(schema)}</td>
              <td>{description}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** What all that is refused is told in, which the page says once. */
const PROBLEM = "application/problem+json";

function Answers({ listed, schemas }: { readonly listed: Listed; readonly schemas: Schemas }) {
  return (
    <div class="scroll">
      <table class="facts">
        <thead>
          <tr>
            <th scope="col">Status</th>
            <th scope="col">When</th>
            <th scope="col">Holds</th>
          </tr>
        </thead>
        <tbody>
          {Object.entries(listed.responses).map(([status, { description, content = {} }]) => (
            <tr key={status}>
              <th scope="row">{status}</th>
              <td>{description}</td>
              <td>
                {Object.entries(content).map(([type, of]) =>
                  type === PROBLEM ? (
                    "a problem"
                  ) : (
                    <div key={type}>
                      {type === "application/json" ? null : <code>{type}</code>} <Held content={of} schemas={schemas} />
                    </div>
                  ),
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Operation({ listed, schemas }: { readonly listed: Listed; readonly schemas: Schemas }) {
  const [isOpen, open] = useState(false);
  const { method, path, summary, operationId, parameters, requestBody } = listed;
  const body = requestBody?.content["application/json"];
  return (
    <details id={operationId} onToggle={({ currentTarget }) => open(currentTarget.open)}>
      <summary>
        <b class={`method ${method.toLowerCase()}`}>{method}</b> <code>{path}</code> <span>{summary}</span>
      </summary>
      {isOpen ? (
        <div class="operation">
          <p class="notice">From elsewhere it takes: {listed["x-takes"]}.</p>
          <Parameters parameters={parameters} />
          {body === undefined ? null : (
            <>
              <h3>Body</h3>
              <Held content={body} schemas={schemas} />
            </>
          )}
          <h3>Answers</h3>
          <Answers listed={listed} schemas={schemas} />
          <Trial {...listed} />
        </div>
      ) : null}
    </details>
  );
}

function ApiPage() {
  const [description, take] = useState<Description | string | undefined>(undefined);
  const [words, look] = useState("");
  useEffect(() => {
    fetch(`${API}/openapi.json`)
      .then(async (answer) => take(answer.ok ? ((await answer.json()) as Description) : `it answered ${answer.status}`))
      .catch(() => take("it does not answer"));
  }, []);
  const known = typeof description === "object" ? description : undefined;
  const found = known === undefined ? [] : listedIn(known).filter((one) => isFound(one, words));
  return (
    <>
      <header>
        <div class="bar">
          <h1>
            Polyphase <span>API {known?.info.version ?? ""}</span>
          </h1>
          <label id="look">
            Find <input type="search" value={words} onInput={({ currentTarget }) => look(currentTarget.value)} />
          </label>
          <p id="found" role="status">
            {known === undefined ? "" : `${found.length} of ${listedIn(known).length}`}
          </p>
          <p>
            <a href="/">the meters</a> · <a href={`${API}/openapi.json`}>openapi.json</a>
          </p>
        </div>
      </header>
      <main class="api">
        {known === undefined ? (
          <Notice kind={description === undefined ? "quiet" : "trouble"}>
            {description === undefined
              ? "Asking the site."
              : `The site says nothing of its API: ${String(description)}.`}
          </Notice>
        ) : (
          <>
            <div class="notice">
              {known.info.description} What is refused is a problem (<code>{PROBLEM}</code>, RFC 9457):
              <Named name="Problem" text="" schemas={known.components.schemas} />
            </div>
            {known.tags.map(({ name, description: what }) => (
              <section key={name} aria-label={what}>
                <h2>
                  {name}: {what}
                </h2>
                {found
                  .filter(({ tags }) => tags.includes(name))
                  .map((one) => (
                    <Operation key={one.operationId} listed={one} schemas={known.components.schemas} />
                  ))}
              </section>
            ))}
          </>
        )}
      </main>
    </>
  );
}

export function showApi(): void {
  document.title = "API · Polyphase";
  render(<ApiPage />, document.body);
}
