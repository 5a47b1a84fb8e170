import type { RoleArgs } from "./topology";

/** The roles that can log in, and so have a password. */
export function loginRoles<Role extends Pick<RoleArgs, "login">>(
  roles: Readonly<Record<string, Role>> = {},
): Record<string, Role> {
  return Object.fromEntries(Object.entries(roles).filter(([, { login }]) => login !== false));
}
