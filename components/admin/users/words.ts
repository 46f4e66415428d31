import { sayCount } from "#components/ui/time-words.ts";

/** Every sentence of the users page. */
export const words = {
  title: "Users",
  notRead: "The people could not be read.",
  find: "Find a person",
  invite: "Invite",
  columns: {
    name: "Name",
    role: "Role",
    groups: "Groups",
    seen: "Last seen",
    actions: "Actions",
  },
  roles: { admin: "Admin", member: "Member" },
  you: "you",
  suspended: "Suspended",
  notSignedIn: "Not signed in",
  devices: (count: number) => sayCount(count, "device", "devices"),
  nobody: "Nobody fits this.",
  moreFor: (name: string) => `More for ${name}`,
  makeAdmin: "Make an admin",
  makeMember: "Make a member",
  editGroups: "Groups",
  suspend: "Suspend",
  lift: "Lift the suspension",
  resetLink: "Link for a new password",
  editEmail: "Change the e-mail address",
  emailTitle: (name: string) => `The e-mail address of ${name}`,
  emailText: "What they sign in with from now on. Tell them: Drover sends no mail.",
  emailLabel: "E-mail",
  emailChanged: (name: string, email: string) => `${name} signs in as ${email} from now on.`,
  devicesItem: "Signed-in devices",
  devicesTitle: (name: string) => `Where ${name} is signed in`,
  signOut: "Sign out everywhere",
  remove: "Delete the account",
  undo: "Undo",
  cancel: "Cancel",
  save: "Save",
  done: "Done",
  nowAdmin: (name: string) => `${name} is an admin now and signs in again.`,
  nowMember: (name: string) => `${name} is a member now and signs in again.`,
  nowSuspended: (name: string) => `${name} is suspended and signed out.`,
  nowLifted: (name: string) => `${name} may sign in again.`,
  signedOut: (name: string) => `${name} is signed out everywhere.`,
  removed: (name: string) => `Deleted: the account of ${name}`,
  removeTitle: (name: string) => `Delete the account of ${name}`,
  removeText:
    "Their chats and their rights on collections go for good. Documents that they added stay. Type the e-mail address to go on.",
  groupsOf: (name: string) => `Groups of ${name}`,
  noGroups: "There are no groups yet.",
  linkTitle: (name: string) => `A new password for ${name}`,
  linkText: "Send this link yourself. It works once, within an hour, and is not shown again.",
  linkLabel: "Link",
  inviteTitle: "Invite somebody",
  inviteEmail: "E-mail (optional)",
  inviteEmailHint: "With an address, only that person can use the link.",
  role: "Role",
  roleHints: {
    member: "Member: asks questions and reads what they were given.",
    admin: "Admin: manages people, every collection and the cluster.",
  },
  groups: "Groups",
  makeLink: "Make the link",
  inviteDone: "The invitation is ready",
  inviteDoneText:
    "Send this link yourself. It works once, within seven days, and is not shown again.",
  invitations: "Open invitations",
  anybody: "Whoever has the link",
  expires: (when: string) => `until ${when}`,
  invitedBy: (name: string) => `invited by ${name}`,
  revoke: "Revoke",
  revokeFor: (name: string) => `Revoke the invitation for ${name}`,
  revoked: "The invitation is revoked.",
  groupsHint: "Rights on a collection can be given to a group.",
  newGroup: "New group",
  groupName: "Name",
  members: "Members",
  memberCount: (count: number) => sayCount(count, "member", "members"),
  editGroup: (name: string) => `Edit ${name}`,
  edit: "Edit",
  removeGroup: "Delete the group",
  removedGroup: (name: string) => `Deleted: the group ${name}`,
} as const;

/** The first line of the page. */
export const sayPeople = (
  people: readonly { readonly role: string; readonly suspendedAt: string | null }[],
): string => {
  const admins = people.filter(({ role }) => role === "admin").length;
  const suspended = people.filter(({ suspendedAt }) => suspendedAt !== null).length;
  const parts = [
    sayCount(people.length, "person", "people"),
    sayCount(admins, "admin", "admins"),
    ...(suspended === 0 ? [] : [`${String(suspended)} suspended`]),
  ];
  return `${parts.join(", ")}.`;
};
