/** Who looks at the page: his name and a way out, of whoever has logged in to the site. */
import { at } from "./elements.ts";

/** Shows who is logged in; a stranger is shown the form, which is what the page is to him. */
export async function showVisitor(): Promise<void> {
  const answer = await fetch("/api/session");
  if (answer.status === 401) return location.reload();
  const { user, role } = (await answer.json()) as { user: string | null; role: string };
  at("visitor").toggleAttribute("hidden", user === null);
  at("who").textContent = `${user ?? ""}, ${role}`;
}

export async function leave(): Promise<void> {
  await fetch("/api/session", { method: "DELETE" });
  location.reload();
}
