import { api } from "#components/api/endpoints.ts";
import { createResource } from "#components/api/resource.ts";
import type { JobAction } from "#components/api/shapes.ts";

export const queue = createResource(() => api.queue());

/** Returns how many jobs were still in the state for it. Throws ApiFailure. */
export const steer = async (action: JobAction, jobIds: readonly string[]): Promise<number> => {
  const { changed, ...overview } = await api.steerQueue(action, jobIds);
  queue.update(() => overview);
  return changed;
};
