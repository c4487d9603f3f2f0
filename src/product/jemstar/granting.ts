/** What somebody who may configure users may make of them: nobody gives what he has not, and somebody is always left who can. */
import type { Refused } from "#quantity/authority.ts";
import type { Privilege, User } from "#revenue/people/security.ts";
import { refused } from "./commanded.ts";
import type { RevenueFile } from "./configuration-schema.ts";

type Users = RevenueFile["users"];

/** Whom logs name who are no users. */
const reserved: ReadonlySet<string> = new Set(["automatic", "hardware", "site", "timeout", "Modbus", "DNP", "HTTP"]);

/** Nobody could put right what is wrong with users when none of them may configure users. */
export function lacksAdministrator(before: Users, after: Users): Refused | undefined {
  const may = (users: Users): boolean => users.some(({ privileges }) => privileges.includes("configureUsers"));
  return may(after) || !may(before)
    ? undefined
    : refused("invalid", "users: at least one of them must have the privilege configureUsers");
}

/** The first privilege that somebody lacks. */
export function lacks({ privileges }: User, wanted: readonly Privilege[]): Privilege | undefined {
  return wanted.find((one) => !privileges.includes(one));
}

/** Why somebody may not make those users of these; passwords in `after` are those that are to be others. */
export function granting(who: User, before: Users, after: Users): Refused | undefined {
  for (const [k, { name, privileges, password }] of after.entries()) {
    const was = before.find((one) => one.name === name);
    if (was === undefined && reserved.has(name))
      return refused("invalid", `users[${k}].name: ${name} is nobody's name: logs have it for others than users`);
    const granted = lacks(
      who,
      privileges.filter((one) => was?.privileges.includes(one) !== true),
    );
    if (granted !== undefined)
      return refused("privilege", `${who.name} has not the privilege ${granted}, and cannot grant it`);
    // Whoever sets a password can log in with it.
    const taken = password === undefined || name === who.name ? undefined : lacks(who, privileges);
    if (taken !== undefined)
      return refused(
        "privilege",
        `${who.name} has not the privilege ${taken} of ${name}, and cannot set that password`,
      );
  }
  return undefined;
}
