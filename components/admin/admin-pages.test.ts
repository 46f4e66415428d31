import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { adminPages } from "./admin-pages.ts";

const appDir = fileURLToPath(new URL("../../app/", import.meta.url));

const pageFiles = async (): Promise<readonly string[]> =>
  (await readdir(appDir, { recursive: true }))
    .filter((file) => /^admin\/(.+\/)?page\.tsx$/.test(file))
    .map((file) => `/${file.replace(/\/page\.tsx$/, "")}`);

describe("adminPages", () => {
  it("names every page below app/admin and no other", async () => {
    expect(adminPages.map(({ href }) => href).sort()).toEqual([...(await pageFiles())].sort());
  });

  it.each(adminPages)("$href checks the right of who opens it itself", async (page) => {
    const source = await readFile(`${appDir}${page.href}/page.tsx`, "utf8");
    expect(source).toContain(
      page.for === "admins" ? "await requireAdmin()" : "await requireIdentity()",
    );
  });
});
