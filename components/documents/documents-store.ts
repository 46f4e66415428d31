import { api } from "#components/api/endpoints.ts";
import { createResource } from "#components/api/resource.ts";
import type { DocumentSummary } from "#components/api/shapes.ts";

/** Deleted here, not yet on the server: kept out of the list while undo is offered. */
export const leavingDocuments = new Set<string>();

/** Every document the reader may see. */
export const documents = createResource<readonly DocumentSummary[]>(async () => {
  const { documents: list } = await api.documents();
  return list.filter((document) => !leavingDocuments.has(document.id));
});
