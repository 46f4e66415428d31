import { api } from "#components/api/endpoints.ts";
import { failureOf } from "#components/api/failure.ts";
import { createResource } from "#components/api/resource.ts";
import type { Person } from "#components/api/people-shapes.ts";
import { showToast } from "#components/ui/toast.tsx";

import { words } from "./words.ts";

export const people = createResource(async () => (await api.people()).people);
export const invitations = createResource(async () => (await api.invitations()).invitations);
export const groups = createResource(async () => (await api.groups()).groups);

export const refreshUsers = (): Promise<unknown> =>
  Promise.all([people.refresh(), invitations.refresh(), groups.refresh()]);

type Change = Parameters<typeof api.changePerson>[1];

const put = (person: Person): void => {
  people.update((list) => list.map((one) => (one.id === person.id ? person : one)));
};

/** Changes a person and offers the way back. */
export const changePerson = async (
  person: Person,
  change: Change,
  text: string,
  back: Change,
): Promise<void> => {
  try {
    put((await api.changePerson(person.id, change)).person);
    showToast(text, {
      label: words.undo,
      run: () => {
        api.changePerson(person.id, back).then(
          (undone) => {
            put(undone.person);
          },
          (error: unknown) => {
            showToast(failureOf(error).message);
          },
        );
      },
    });
  } catch (error) {
    showToast(failureOf(error).message);
  }
};

export const signOutEverywhere = async (person: Person): Promise<void> => {
  try {
    await api.endSessionsOf(person.id);
    showToast(words.signedOut(person.name));
    await people.refresh();
  } catch (error) {
    showToast(failureOf(error).message);
  }
};
