"use client";

import {
  useEffect,
  useMemo,
  useReducer,
  useRef,
  useState,
  type ReactElement,
  type RefObject,
} from "react";

import { api, originalPath } from "#components/api/endpoints.ts";
import { failureOf, type Failure } from "#components/api/failure.ts";
import type { DocumentText } from "#components/api/shapes.ts";
import { Button, IconButton } from "#components/ui/button.tsx";
import button from "#components/ui/button.module.css";
import { classNames } from "#components/ui/class-names.ts";
import { Icon } from "#components/ui/icon.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { useStore } from "#components/ui/store.ts";

import { DocumentBody } from "./document-body.tsx";
import { FindBar } from "./find-bar.tsx";
import { findPlaces } from "./find-places.ts";
import { PdfBody } from "./pdf-body.tsx";
import css from "./source-viewer.module.css";
import { closeViewer, moveViewer, viewer, type ViewerStop } from "./viewer-state.ts";
import { words } from "./words.ts";

interface Loaded {
  readonly key: string;
  readonly document: DocumentText | null;
  readonly failure: Failure | null;
}

const textKey = (stop: ViewerStop): string => `${stop.documentId}/${stop.versionId ?? ""}`;

const useDocumentText = (stop: ViewerStop): Loaded & { readonly retry: () => void } => {
  const key = textKey(stop);
  const [attempt, retry] = useReducer((count: number) => count + 1, 0);
  const [loaded, setLoaded] = useReducer((_old: Loaded, next: Loaded) => next, {
    key: "",
    document: null,
    failure: null,
  });
  const { documentId, versionId } = stop;
  useEffect(() => {
    const leave = new AbortController();
    const read = async (): Promise<void> => {
      try {
        const document = await api.documentText(documentId, versionId, leave.signal);
        if (!leave.signal.aborted) setLoaded({ key, document, failure: null });
      } catch (error) {
        if (!leave.signal.aborted) setLoaded({ key, document: null, failure: failureOf(error) });
      }
    };
    void read();
    return () => {
      leave.abort();
    };
  }, [key, documentId, versionId, attempt]);
  return loaded.key === key ? { ...loaded, retry } : { key, document: null, failure: null, retry };
};

const Steps = ({
  index,
  count,
}: {
  readonly index: number;
  readonly count: number;
}): ReactElement | null =>
  count > 1 ? (
    <>
      <IconButton
        icon="chevronLeft"
        label={words.previous}
        disabled={index === 0}
        onClick={() => {
          moveViewer(-1);
        }}
      />
      <span className={css["position"]} aria-label={words.position(index, count)}>
        {index + 1}/{count}
      </span>
      <IconButton
        icon="chevronRight"
        label={words.next}
        disabled={index === count - 1}
        onClick={() => {
          moveViewer(1);
        }}
      />
    </>
  ) : null;

const ViewerHead = ({
  stop,
  index,
  count,
  closeRef,
}: {
  readonly stop: ViewerStop;
  readonly index: number;
  readonly count: number;
  readonly closeRef: RefObject<HTMLButtonElement | null>;
}): ReactElement => (
  <header className={css["head"]}>
    <div className={css["titles"]}>
      <h2 title={stop.title}>
        {stop.citation === null ? null : <span className={css["number"]}>{stop.citation}</span>}
        <span className={css["title"]} dir="auto">
          {stop.title}
        </span>
      </h2>
      <p>
        {stop.collectionName}
        {stop.page === null ? null : <> · {words.page(stop.page)}</>}
      </p>
    </div>
    <div className={css["tools"]}>
      <Steps index={index} count={count} />
      <a
        className={classNames(button["button"], button["icon"], button["quiet"])}
        href={originalPath(stop.documentId)}
        download
        aria-label={words.original}
        title={words.original}
      >
        <Icon name="download" />
      </a>
      <IconButton ref={closeRef} icon="close" label={words.close} onClick={closeViewer} />
    </div>
  </header>
);

const NotOpened = ({
  failure,
  retry,
}: {
  readonly failure: Failure;
  readonly retry: () => void;
}): ReactElement => (
  <Notice
    tone="bad"
    code={failure.requestId}
    action={
      failure.code === "not_found" ? undefined : <Button onClick={retry}>{words.retry}</Button>
    }
  >
    {failure.code === "not_found" ? words.gone : failure.message}
  </Notice>
);

type Look = "pages" | "text";

const Looks = ({
  look,
  onLook,
}: {
  readonly look: Look;
  readonly onLook: (look: Look) => void;
}): ReactElement => (
  <div className={css["looks"]} role="group" aria-label={words.viewAs}>
    {(["pages", "text"] as const).map((one) => (
      <button
        key={one}
        type="button"
        aria-pressed={look === one}
        className={css["look"]}
        onClick={() => {
          onLook(one);
        }}
      >
        {one === "pages" ? words.asPages : words.asText}
      </button>
    ))}
  </div>
);

const useFinding = (document: DocumentText | null) => {
  const [finding, setFinding] = useState({ wanted: "", index: 0 });
  const places = useMemo(
    () => (document === null ? [] : findPlaces(document.text, finding.wanted)),
    [document, finding.wanted],
  );
  const step = (by: 1 | -1): void => {
    setFinding((old) => ({
      ...old,
      index: places.length === 0 ? 0 : (old.index + by + places.length) % places.length,
    }));
  };
  const want = (wanted: string): void => {
    setFinding({ wanted, index: 0 });
  };
  return { ...finding, places, place: places[finding.index] ?? null, step, want };
};

/** The file that is kept is the current one: an earlier version has only its text. */
const isPdf = (document: DocumentText): boolean =>
  document.isCurrent && document.mediaType === "application/pdf";

const ViewerContent = ({
  stop,
  scroller,
}: {
  readonly stop: ViewerStop;
  readonly scroller: RefObject<HTMLElement | null>;
}): ReactElement => {
  const { document, failure, retry } = useDocumentText(stop);
  const [look, setLook] = useState<Look>("pages");
  const finding = useFinding(document);
  const { place } = finding;
  if (failure !== null) return <NotOpened failure={failure} retry={retry} />;
  if (document === null) {
    return (
      <p className={css["loading"]} role="status">
        {words.loading}…
      </p>
    );
  }
  const quote = place ?? stop.quote;
  const showsPages = isPdf(document) && look === "pages";
  return (
    <>
      <div className={css["bar"]}>
        <FindBar
          wanted={finding.wanted}
          index={finding.index}
          count={finding.places.length}
          onWanted={finding.want}
          onStep={finding.step}
        />
        {isPdf(document) ? <Looks look={look} onLook={setLook} /> : null}
      </div>
      {document.isCurrent ? null : <p className={css["earlier"]}>{words.earlier}</p>}
      {showsPages ? (
        <PdfBody key={stop.documentId} document={document} passage={stop.passage} quote={quote} />
      ) : (
        <DocumentBody
          key={`${stop.key}@${String(place?.start ?? "")}`}
          document={document}
          marked={{ passage: stop.passage, quote }}
          scroller={scroller}
        />
      )}
    </>
  );
};

const Viewer = ({
  stop,
  index,
  count,
}: {
  readonly stop: ViewerStop;
  readonly index: number;
  readonly count: number;
}): ReactElement => {
  const scroller = useRef<HTMLDivElement>(null);
  const closeRef = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    closeRef.current?.focus({ preventScroll: true });
  }, []);
  return (
    <aside className={css["viewer"]} aria-label={words.region}>
      <ViewerHead stop={stop} index={index} count={count} closeRef={closeRef} />
      {/* Scrollable by keyboard, hence focusable. */}
      <div
        ref={scroller}
        className={css["scroll"]}
        tabIndex={0}
        role="region"
        aria-label={stop.title}
      >
        <ViewerContent stop={stop} scroller={scroller} />
      </div>
    </aside>
  );
};

/** The document beside the page, opened at a passage; nothing while it is closed. */
export const SourceViewer = (): ReactElement | null => {
  const state = useStore(viewer, (value) => value);
  const stop = state?.stops[state.index];
  if (state === null || stop === undefined) return null;
  return <Viewer stop={stop} index={state.index} count={state.stops.length} />;
};
