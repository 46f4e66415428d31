/** Names that systems leave in folders; nobody means to upload them. */
const isLeftBehind = (name: string): boolean =>
  name.startsWith(".") || name === "Thumbs.db" || name === "desktop.ini" || name === "node_modules";

/** False for a file that lies in a hidden folder or is a system's own. */
export const isMeant = (path: string): boolean => !path.split("/").some(isLeftBehind);

const readEntries = (reader: FileSystemDirectoryReader): Promise<readonly FileSystemEntry[]> =>
  new Promise((resolve, reject) => {
    reader.readEntries(resolve, reject);
  });

const fileOf = (entry: FileSystemFileEntry): Promise<File> =>
  new Promise((resolve, reject) => {
    entry.file(resolve, reject);
  });

/** Every file below an entry that somebody means to upload; what cannot be read is left out. */
async function filesBelow(entry: FileSystemEntry): Promise<readonly File[]> {
  if (isLeftBehind(entry.name)) return [];
  if (entry.isFile) return [await fileOf(entry as FileSystemFileEntry)];
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: File[] = [];
  // The browser hands out a hundred at a time and an empty list at the end.
  for (;;) {
    const entries = await readEntries(reader);
    if (entries.length === 0) return found;
    for (const one of entries) found.push(...(await filesBelow(one).catch(() => [])));
  }
}

/** The files of a drop, folders included. Must be called while the event is handled: the entries are gone after it. */
export const droppedFiles = (transfer: DataTransfer): Promise<readonly File[]> => {
  const entries = [...transfer.items].flatMap((item) => {
    const entry = item.kind === "file" ? item.webkitGetAsEntry() : null;
    return entry === null ? [] : [entry];
  });
  if (!entries.some((entry) => entry.isDirectory)) return Promise.resolve([...transfer.files]);
  return Promise.all(entries.map(filesBelow)).then((lists) => lists.flat());
};

/** What is pasted: files, else the text as a file of its own; empty where text is being typed. */
export const pastedFiles = (event: ClipboardEvent, name: string): readonly File[] => {
  const { clipboardData, target } = event;
  const types =
    target instanceof HTMLElement && target.closest("input, textarea, [contenteditable]");
  if (clipboardData === null || (types !== false && types !== null)) return [];
  const files = [...clipboardData.files];
  if (files.length > 0) return files;
  const text = clipboardData.getData("text/plain");
  return text.trim() === "" ? [] : [new File([text], name, { type: "text/plain" })];
};
