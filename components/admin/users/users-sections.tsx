"use client";

import type { ReactElement } from "react";

import table from "#components/ui/table.module.css";
import { api } from "#components/api/endpoints.ts";
import { failureOf } from "#components/api/failure.ts";
import type { Group, Invitation } from "#components/api/people-shapes.ts";
import { Button, IconButton } from "#components/ui/button.tsx";
import { Menu } from "#components/ui/menu.tsx";
import { sayExactly } from "#components/ui/time-words.ts";
import { showToast, withUndo } from "#components/ui/toast.tsx";

import { groups as groupList, invitations as invitationList } from "./users-store.ts";
import { words } from "./words.ts";

const revoke = async (invitation: Invitation): Promise<void> => {
  try {
    await api.revokeInvitation(invitation.id);
    invitationList.update((list) => list.filter(({ id }) => id !== invitation.id));
    showToast(words.revoked);
  } catch (error) {
    showToast(failureOf(error).message);
  }
};

export const OpenInvitations = ({
  invitations,
}: {
  readonly invitations: readonly Invitation[];
}): ReactElement | null =>
  invitations.length === 0 ? null : (
    <section className={table["section"]}>
      <div className={table["sectionHead"]}>
        <h2>{words.invitations}</h2>
      </div>
      <table className={table["table"]}>
        <tbody>
          {invitations.map((invitation) => {
            const name = invitation.email ?? words.anybody;
            return (
              <tr key={invitation.id}>
                <th scope="row">
                  <span className={table["name"]}>{name}</span>
                  <span className={table["soft"]}>
                    {invitation.invitedBy === null ? "" : words.invitedBy(invitation.invitedBy)}
                  </span>
                </th>
                <td className={table["whole"]}>{words.roles[invitation.role]}</td>
                <td>{words.expires(sayExactly(Date.parse(invitation.expiresAt)))}</td>
                <td className={table["actions"]}>
                  <Button
                    aria-label={words.revokeFor(name)}
                    onClick={() => void revoke(invitation)}
                  >
                    {words.revoke}
                  </Button>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );

const removeGroup = (group: Group): void => {
  const before = groupList.get().value ?? [];
  groupList.update((list) => list.filter(({ id }) => id !== group.id));
  withUndo({
    text: words.removedGroup(group.name),
    undoLabel: words.undo,
    undo: () => {
      groupList.update(() => before);
    },
    commit: (leaving) => {
      api.removeGroup(group.id, leaving).catch((error: unknown) => {
        showToast(failureOf(error).message);
        void groupList.refresh();
      });
    },
  });
};

export const GroupsSection = ({
  groups,
  onEdit,
  onNew,
}: {
  readonly groups: readonly Group[];
  readonly onEdit: (group: Group) => void;
  readonly onNew: () => void;
}): ReactElement => (
  <section className={table["section"]}>
    <div className={table["sectionHead"]}>
      <h2>{words.groups}</h2>
      <Button icon="plus" onClick={onNew}>
        {words.newGroup}
      </Button>
    </div>
    {groups.length === 0 ? <p className={table["empty"]}>{words.groupsHint}</p> : null}
    {groups.length === 0 ? null : (
      <table className={table["table"]}>
        <tbody>
          {groups.map((group) => (
            <tr key={group.id}>
              <th scope="row">
                <span className={table["name"]}>{group.name}</span>
              </th>
              <td className={table["whole"]}>{words.memberCount(group.memberIds.length)}</td>
              <td className={table["actions"]}>
                <Menu
                  label={words.moreFor(group.name)}
                  items={[
                    {
                      label: words.edit,
                      icon: "pencil",
                      run: () => {
                        onEdit(group);
                      },
                    },
                    {
                      label: words.removeGroup,
                      icon: "trash",
                      dangerous: true,
                      run: () => {
                        removeGroup(group);
                      },
                    },
                  ]}
                  trigger={(props) => (
                    <IconButton {...props} icon="more" label={words.moreFor(group.name)} />
                  )}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    )}
  </section>
);
