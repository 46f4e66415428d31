import type { ReactElement } from "react";

/** Outlines on a 20-unit grid, drawn with a 1.6 stroke. */
const outlines = {
  plus: "M10 4v12M4 10h12",
  send: "M10 16V4.5M5 9l5-5 5 5",
  stop: "M6 6h8v8H6z",
  close: "M5 5l10 10M15 5L5 15",
  menu: "M3 6h14M3 10h14M3 14h14",
  panel: "M3.5 4.5h13v11h-13zM8 4.5v11",
  more: "M4.5 10h.01M10 10h.01M15.5 10h.01",
  copy: "M8 8h8v8H8zM5.500 12H4V4h8v1.500",
  check: "M4.5 10.5l3.5 3.5 7.5-8",
  retry: "M15.5 10a5.5 5.5 0 1 1-1.7-4M15.5 3.5v3h-3",
  up: "M3.5 9.5h3v7h-3zM6.5 9.5l3-6c1.2 0 2 .8 2 2v3h3.6a1.4 1.4 0 0 1 1.4 1.7l-1 5a1.6 1.6 0 0 1-1.6 1.3H6.5",
  down: "M3.5 10.5h3v-7h-3zM6.5 10.5l3 6c1.2 0 2-.8 2-2v-3h3.6a1.4 1.4 0 0 0 1.4-1.7l-1-5a1.6 1.6 0 0 0-1.6-1.3H6.5",
  document: "M5 3h6.5L15 6.5V17H5zM11.5 3v3.5H15M7.5 10h5M7.5 13h5",
  upload: "M10 13V4M6 7.5L10 3.5l4 4M3.5 13.5v3h13v-3",
  download: "M10 4v9M6 9.5l4 4 4-4M3.5 13.5v3h13v-3",
  trash: "M4 6h12M8 6V4h4v2M5.5 6l.7 10.5h7.6L14.5 6",
  pencil: "M4 16l.8-3.5L13 4.3a1.4 1.4 0 0 1 2 0l.7.7a1.4 1.4 0 0 1 0 2L7.500 15.200z",
  chevronDown: "M5.500 8l4.500 4.500L14.500 8",
  chevronLeft: "M12 5.500L7.500 10l4.500 4.500",
  chevronRight: "M8 5.500l4.500 4.500L8 14.500",
  arrowDown: "M10 4v11.500M5 11l5 5 5-5",
  arrowRight: "M4 10h11.500M11 5l5 5-5 5",
  books: "M4 3.500h3.500v13H4zM7.500 3.500H11v13H7.500zM11.800 4.300l3-.8 2.700 12.200-3 .8z",
  person: "M10 10a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM4 16.500c.6-3 3-4.500 6-4.500s5.400 1.500 6 4.500",
  sun: "M10 13a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM10 2.500v1.500M10 16v1.500M2.500 10H4M16 10h1.500M4.700 4.700l1 1M14.300 14.300l1 1M4.700 15.300l1-1M14.300 5.700l1-1",
  moon: "M16 11.500A6.500 6.500 0 1 1 8.500 4a5.200 5.200 0 0 0 7.500 7.500z",
  screen: "M3 4.500h14v9H3zM7.500 16.500h5M10 13.500v3",
  signOut: "M8 4H4v12h4M8 10h8.500M13.500 7l3 3-3 3",
  devices: "M3 5h10v7.500H3zM2 15h8M13.500 9H17v7h-3.500z",
  keyboard:
    "M2.500 5.500h15v9h-15zM5.500 8.500h.01M8.500 8.500h.01M11.500 8.500h.01M14.500 8.500h.01M6.500 11.700h7",
  queue: "M3.500 5h13M3.500 10h13M3.500 15h8",
  sliders: "M3.500 6h7M15 6h1.500M12.800 4v4M3.500 14h1.500M9 14h7.500M7 12v4",
  clip: "M16.500 9.500l-6.400 6.400a3.900 3.900 0 0 1-5.500-5.500l6.700-6.700a2.600 2.600 0 0 1 3.700 3.700l-6.700 6.700a1.300 1.300 0 0 1-1.850-1.850l6-6",
  search: "M9 14a5 5 0 1 0 0-10 5 5 0 0 0 0 10zM12.800 12.800L16.500 16.500",
  pin: "M8 3.500h4l-.5 4.500 2.500 2.500v1.500H6v-1.500L8.500 8zM10 12v4.500",
  archive: "M3.500 4.500h13v3.500h-13zM4.500 8v8h11V8M8 11h4",
  share: "M8 11.500l4.500-4.500M7.500 7H5a3 3 0 0 0 0 6h1M12.500 13H15a3 3 0 0 0 0-6h-1",
  warning: "M10 3.500l7.500 13h-15zM10 8.500v3.500M10 14.300h.01",
  question: "M7.500 7.500a2.500 2.500 0 1 1 3.700 2.200c-.8.4-1.200 1-1.200 1.800M10 14.500h.01",
} as const;

export type IconName = keyof typeof outlines;

/** A decorative icon; the control around it carries the name. */
export const Icon = ({
  name,
  size = 18,
}: {
  readonly name: IconName;
  readonly size?: number;
}): ReactElement => (
  <svg
    width={size}
    height={size}
    viewBox="0 0 20 20"
    fill={name === "stop" ? "currentColor" : "none"}
    stroke="currentColor"
    strokeWidth={name === "more" ? 2.4 : 1.6}
    strokeLinecap="round"
    strokeLinejoin="round"
    aria-hidden="true"
    focusable="false"
  >
    <path d={outlines[name]} />
  </svg>
);
