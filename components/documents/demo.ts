import { api } from "#components/api/endpoints.ts";
import { failureOf, type Failure } from "#components/api/failure.ts";
import { collections } from "#components/shell/conversations.ts";
import { createStore } from "#components/ui/store.ts";

import { isBeingRead, shareRead } from "./document-status.ts";
import { documents } from "./documents-store.ts";

export interface DemoProgress {
  readonly phase: "idle" | "adding" | "reading";
  readonly collectionId: string | null;
  readonly done: number;
  readonly total: number;
  /** Documents read, parts counted: 0 to `total`. */
  readonly share: number;
  readonly failure: Failure | null;
}

const idle: DemoProgress = {
  phase: "idle",
  collectionId: null,
  done: 0,
  total: 0,
  share: 0,
  failure: null,
};

export const demoProgress = createStore<DemoProgress>(idle);

const pollMs = 1_000;

export const sayDemoProgress = (demo: DemoProgress): string =>
  demo.total === 0
    ? "Adding the demo documents"
    : `Reading the demo documents: ${String(demo.done)} of ${String(demo.total)} ready`;

const watch = async (collectionId: string): Promise<void> => {
  await documents.refresh();
  const all = documents.get().value ?? [];
  const ours = all.filter((document) => document.collectionId === collectionId);
  const open = ours.filter(isBeingRead).length;
  const share = ours.reduce((sum, document) => sum + shareRead(document), 0);
  demoProgress.set((old) => ({ ...old, done: ours.length - open, total: ours.length, share }));
  if (ours.length > 0 && open === 0) {
    await collections.refresh();
    demoProgress.set(idle);
    return;
  }
  setTimeout(() => void watch(collectionId), pollMs);
};

/** Adds the demo documents and follows them until every one is ready or failed. */
export const addDemo = async (): Promise<void> => {
  demoProgress.set({ ...idle, phase: "adding" });
  try {
    const { collectionId } = await api.addDemo();
    await followDemo(collectionId);
  } catch (error) {
    demoProgress.set({ ...idle, failure: failureOf(error) });
  }
};

const followDemo = async (collectionId: string): Promise<void> => {
  demoProgress.set({ ...idle, phase: "reading", collectionId });
  await watch(collectionId);
};

/** After a reload: goes on following demo documents that are still being read, when there is nothing else to ask about. */
export const resumeDemo = async (collectionId: string): Promise<void> => {
  if (demoProgress.get().phase !== "idle" || documents.get().value !== null) return;
  await documents.refresh();
  const all = documents.get().value ?? [];
  const reading = all.some((one) => one.collectionId === collectionId && isBeingRead(one));
  if (reading && !all.some((one) => one.status === "ready")) await followDemo(collectionId);
};
