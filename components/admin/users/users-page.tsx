"use client";

import { useState, type ReactElement } from "react";

import { AdminPage, NotRead } from "#components/admin/admin-page.tsx";
import table from "#components/ui/table.module.css";
import { useRefreshed } from "#components/api/resource.ts";
import type { Group, Person } from "#components/api/people-shapes.ts";
import { Button } from "#components/ui/button.tsx";
import { useStore } from "#components/ui/store.ts";

import { GroupDialog } from "./group-dialog.tsx";
import { InviteDialog } from "./invite-dialog.tsx";
import { PeopleTable, type PersonDialog } from "./people-table.tsx";
import {
  PersonDevicesDialog,
  PersonEmailDialog,
  PersonGroupsDialog,
  RemovePersonDialog,
  ResetLinkDialog,
} from "./person-dialogs.tsx";
import { GroupsSection, OpenInvitations } from "./users-sections.tsx";
import css from "./users-page.module.css";
import { groups, invitations, people, refreshUsers } from "./users-store.ts";
import { sayPeople, words } from "./words.ts";

type Opened =
  | { readonly kind: "invite" }
  | { readonly kind: "group"; readonly group: Group | null }
  | { readonly kind: PersonDialog; readonly person: Person };

const Opened = ({
  opened,
  onClose,
}: {
  readonly opened: Opened;
  readonly onClose: () => void;
}): ReactElement => {
  const known = {
    groups: useStore(groups, (state) => state.value) ?? [],
    people: useStore(people, (state) => state.value) ?? [],
  };
  switch (opened.kind) {
    case "invite":
      return <InviteDialog groups={known.groups} onClose={onClose} />;
    case "group":
      return <GroupDialog group={opened.group} people={known.people} onClose={onClose} />;
    case "groups":
      return <PersonGroupsDialog person={opened.person} groups={known.groups} onClose={onClose} />;
    case "email":
      return <PersonEmailDialog person={opened.person} onClose={onClose} />;
    case "devices":
      return <PersonDevicesDialog person={opened.person} onClose={onClose} />;
    case "link":
      return <ResetLinkDialog person={opened.person} onClose={onClose} />;
    case "remove":
      return <RemovePersonDialog person={opened.person} onClose={onClose} />;
    default:
      return opened satisfies never;
  }
};

const fits = (person: Person, text: string): boolean =>
  `${person.name} ${person.email}`.toLowerCase().includes(text.trim().toLowerCase());

const Tools = ({
  text,
  onText,
  onInvite,
}: {
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly onInvite: () => void;
}): ReactElement => (
  <>
    <input
      type="search"
      className={css["find"]}
      aria-label={words.find}
      placeholder={words.find}
      value={text}
      onChange={({ target }) => {
        onText(target.value);
      }}
    />
    <Button look="primary" icon="plus" onClick={onInvite}>
      {words.invite}
    </Button>
  </>
);

/** Who may come in, as what, and in which groups. */
export const UsersPage = (): ReactElement => {
  useRefreshed(people);
  useRefreshed(invitations);
  useRefreshed(groups);
  const { value, failure } = useStore(people, (state) => state);
  const groupList = useStore(groups, (state) => state.value) ?? [];
  const invitationList = useStore(invitations, (state) => state.value) ?? [];
  const [text, setText] = useState("");
  const [opened, setOpened] = useState<Opened | null>(null);
  const shown = (value ?? []).filter((person) => fits(person, text));
  const tools = (
    <Tools
      text={text}
      onText={setText}
      onInvite={() => {
        setOpened({ kind: "invite" });
      }}
    />
  );
  return (
    <AdminPage title={words.title} says={value === null ? "" : sayPeople(value)} tools={tools}>
      {value === null && failure !== null ? (
        <NotRead what={words.notRead} failure={failure} onRetry={() => void refreshUsers()} />
      ) : null}
      {value === null ? null : (
        <>
          <PeopleTable
            people={shown}
            groups={groupList}
            onOpen={(kind, person) => {
              setOpened({ kind, person });
            }}
          />
          {shown.length === 0 ? <p className={table["empty"]}>{words.nobody}</p> : null}
          <OpenInvitations invitations={invitationList} />
          <GroupsSection
            groups={groupList}
            onEdit={(group) => {
              setOpened({ kind: "group", group });
            }}
            onNew={() => {
              setOpened({ kind: "group", group: null });
            }}
          />
        </>
      )}
      {opened === null ? null : (
        <Opened
          opened={opened}
          onClose={() => {
            setOpened(null);
          }}
        />
      )}
    </AdminPage>
  );
};
