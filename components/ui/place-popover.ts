const gapPx = 4;
const edgePx = 8;

/** Puts a popover beside the control that opened it, inside the window: below where there is room, else above. */
export const placePopover = (
  popover: HTMLElement,
  anchor: HTMLElement,
  align: "start" | "end",
): void => {
  const at = anchor.getBoundingClientRect();
  const width = popover.offsetWidth;
  const height = popover.offsetHeight;
  const wantedLeft = align === "start" ? at.left : at.right - width;
  const left = Math.max(edgePx, Math.min(wantedLeft, window.innerWidth - width - edgePx));
  const below = at.bottom + gapPx;
  const above = at.top - gapPx - height;
  const fitsBelow = below + height <= window.innerHeight - edgePx;
  const top = fitsBelow ? below : Math.max(edgePx, above);
  popover.style.left = `${String(Math.round(left))}px`;
  popover.style.top = `${String(Math.round(top))}px`;
};
