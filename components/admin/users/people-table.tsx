"use client";

import type { ReactElement } from "react";

import table from "#components/ui/table.module.css";
import type { Group, Person } from "#components/api/people-shapes.ts";
import { useSession } from "#components/shell/session.tsx";
import { IconButton } from "#components/ui/button.tsx";
import { useSlowNow } from "#components/ui/clock.ts";
import { Menu, type MenuItem } from "#components/ui/menu.tsx";
import { sayExactly, sayMoment } from "#components/ui/time-words.ts";
import { VisuallyHidden } from "#components/ui/visually-hidden.tsx";

import { changePerson, signOutEverywhere } from "./users-store.ts";
import { words } from "./words.ts";

/** A dialog about one person. */
export type PersonDialog = "groups" | "email" | "devices" | "link" | "remove";

type Open = (dialog: PersonDialog, person: Person) => void;

const roleItem = (person: Person): MenuItem =>
  person.role === "admin"
    ? {
        label: words.makeMember,
        icon: "person",
        run: () =>
          void changePerson(person, { role: "member" }, words.nowMember(person.name), {
            role: "admin",
          }),
      }
    : {
        label: words.makeAdmin,
        icon: "person",
        run: () =>
          void changePerson(person, { role: "admin" }, words.nowAdmin(person.name), {
            role: "member",
          }),
      };

const suspensionItem = (person: Person): MenuItem =>
  person.suspendedAt === null
    ? {
        label: words.suspend,
        icon: "stop",
        run: () =>
          void changePerson(person, { suspended: true }, words.nowSuspended(person.name), {
            suspended: false,
          }),
      }
    : {
        label: words.lift,
        icon: "check",
        run: () =>
          void changePerson(person, { suspended: false }, words.nowLifted(person.name), {
            suspended: true,
          }),
      };

const itemsFor = (person: Person, isSelf: boolean, open: Open): readonly MenuItem[] => [
  {
    label: words.editGroups,
    icon: "books",
    run: () => {
      open("groups", person);
    },
  },
  {
    label: words.editEmail,
    icon: "pencil",
    run: () => {
      open("email", person);
    },
  },
  ...(isSelf ? [] : [roleItem(person)]),
  {
    label: words.resetLink,
    icon: "retry",
    run: () => {
      open("link", person);
    },
  },
  ...(isSelf
    ? []
    : [
        {
          label: words.devicesItem,
          icon: "devices" as const,
          run: () => {
            open("devices", person);
          },
        },
        {
          label: words.signOut,
          icon: "signOut" as const,
          run: () => void signOutEverywhere(person),
        },
        suspensionItem(person),
        {
          label: words.remove,
          icon: "trash" as const,
          dangerous: true,
          run: () => {
            open("remove", person);
          },
        },
      ]),
];

const Seen = ({ person }: { readonly person: Person }): ReactElement => {
  const nowMs = useSlowNow();
  if (person.suspendedAt !== null) return <>{words.suspended}</>;
  if (person.lastSeenAt === null) return <>{words.notSignedIn}</>;
  const atMs = Date.parse(person.lastSeenAt);
  return (
    <>
      <time dateTime={person.lastSeenAt} title={sayExactly(atMs)}>
        {sayMoment(atMs, nowMs ?? atMs)}
      </time>
      <span className={table["soft"]}> · {words.devices(person.sessionCount)}</span>
    </>
  );
};

const PersonRow = ({
  person,
  groups,
  onOpen,
}: {
  readonly person: Person;
  readonly groups: readonly Group[];
  readonly onOpen: Open;
}): ReactElement => {
  const isSelf = useSession().user.id === person.id;
  return (
    <tr>
      <th scope="row">
        <span className={table["name"]}>
          {person.name}
          {isSelf ? <span className={table["soft"]}> ({words.you})</span> : null}
        </span>
        <span className={table["soft"]}>{person.email}</span>
      </th>
      <td className={table["whole"]} data-label={words.columns.role}>
        {words.roles[person.role]}
      </td>
      <td data-label={words.columns.groups}>
        {groups
          .filter(({ id }) => person.groupIds.includes(id))
          .map(({ name }) => name)
          .join(", ") || "–"}
      </td>
      <td className={table["whole"]} data-label={words.columns.seen}>
        <Seen person={person} />
      </td>
      <td className={table["actions"]}>
        <Menu
          label={words.moreFor(person.name)}
          items={itemsFor(person, isSelf, onOpen)}
          trigger={(props) => (
            <IconButton {...props} icon="more" label={words.moreFor(person.name)} />
          )}
        />
      </td>
    </tr>
  );
};

export const PeopleTable = ({
  people,
  groups,
  onOpen,
}: {
  readonly people: readonly Person[];
  readonly groups: readonly Group[];
  readonly onOpen: Open;
}): ReactElement => (
  <table className={table["table"]}>
    <thead>
      <tr>
        <th scope="col">{words.columns.name}</th>
        <th scope="col">{words.columns.role}</th>
        <th scope="col">{words.columns.groups}</th>
        <th scope="col">{words.columns.seen}</th>
        <th scope="col" className={table["actions"]}>
          <VisuallyHidden>{words.columns.actions}</VisuallyHidden>
        </th>
      </tr>
    </thead>
    <tbody>
      {people.map((person) => (
        <PersonRow key={person.id} person={person} groups={groups} onOpen={onOpen} />
      ))}
    </tbody>
  </table>
);
