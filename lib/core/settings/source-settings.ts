import { onOff, text } from "./setting-kinds.ts";

/** Folders and web pages that collections are kept in step with. Both are off until an admin allows them. */
export const sourceSettings = {
  folders: onOff({
    label: "Follow folders of the server",
    hint: "Admins may keep a collection in step with a folder below those that the operator named in DROVER_SYNC_FOLDERS.",
    fallback: false,
  }),
  webPages: onOff({
    label: "Follow web pages",
    hint: "Admins may keep a collection in step with web pages. Drover then asks for them by itself.",
    fallback: false,
  }),
  hosts: text({
    label: "Hosts of your own network",
    hint: "Pages there are refused unless their host stands here, for example wiki.local, 10.0.0.7:8080. For pages on this machine name host and port.",
    longest: 2000,
    fallback: "",
  }),
};
