/** How `pg` reaches the embedded database whose sockets are in `folder`. */
export const databaseUrlOf = (folder: string): string =>
  `postgres://postgres@localhost/postgres?host=${encodeURIComponent(folder)}`;
