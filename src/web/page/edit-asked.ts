/** What the page asks of the site file, and what comes of it. */
import type { SiteEditView } from "#quantity/site-edit-view.ts";
import { API } from "./address.ts";
import { say } from "./language.ts";
import { addTexts } from "./texts/add.ts";
import { request } from "./site-request.ts";

interface Asked {
  readonly body?: unknown;
  /** Of the file that it is for. */
  readonly tag?: string | undefined;
}

interface Problem {
  readonly detail?: string;
  readonly problems?: readonly string[];
}

/** An answer, as far as it is one. */
export async function askFor<T>(
  method: string,
  path: string,
  { body, tag }: Asked = {},
): Promise<{ readonly status: number; readonly value: T & Problem }> {
  const headers = {
    ...(body === undefined ? {} : { "Content-Type": "application/json" }),
    ...(tag === undefined ? {} : { "If-Match": tag }),
  };
  const answer = await request(`${API}/${path}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  // The session has ended: the form is what there is to see.
  if (answer.status === 401) location.reload();
  return { status: answer.status, value: (await answer.json()) as T & Problem };
}

/** What was, or would be, written; or what is wrong. */
export interface Edited {
  readonly edit?: SiteEditView;
  /** Somebody else has changed the file. */
  readonly isStale: boolean;
  readonly problems: readonly string[];
}

export async function askEdit(method: string, path: string, asked?: Asked): Promise<Edited> {
  try {
    const { status, value } = await askFor<SiteEditView>(method, path, asked);
    if (status === 200) return { edit: value, isStale: false, problems: [] };
    return { isStale: status === 412, problems: value.problems ?? [value.detail ?? String(status)] };
  } catch {
    return { isStale: false, problems: [say(addTexts.noAnswer)] };
  }
}
