import { useState, type DragEvent } from "react";

const holdsFiles = (event: DragEvent): boolean => event.dataTransfer.types.includes("Files");

/** Files dropped on an element, and whether some are held over it now. */
export const useFileDrop = (onDrop: (files: readonly File[]) => void) => {
  const [over, setOver] = useState(false);
  return {
    over,
    onDragOver: (event: DragEvent): void => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      setOver(true);
    },
    onDragLeave: (event: DragEvent): void => {
      if (event.currentTarget.contains(event.relatedTarget as Node | null)) return;
      setOver(false);
    },
    onDrop: (event: DragEvent): void => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      setOver(false);
      onDrop([...event.dataTransfer.files]);
    },
  };
};
