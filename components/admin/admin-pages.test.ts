import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { adminPages, adminSubPages } from "./admin-pages.ts";

const appDir = fileURLToPath(new URL("../../app/", import.meta.url));

const pageFiles = async (): Promise<readonly string[]> =>
  (await readdir(appDir, { recursive: true }))
    .filter((file) => /^admin\/(.+\/)?page\.tsx$/.test(file))
    .map((file) => `/${file.replace(/\/page\.tsx$/, "")}`);

const allPages = [...adminPages, ...adminSubPages];

describe("adminPages", () => {
  it("names every page below app/admin and no other, with the pages within them", async () => {
    expect(allPages.map(({ href }) => href).sort()).toEqual([...(await pageFiles())].sort());
  });

  it("puts every page within another below one", () => {
    for (const { href } of adminSubPages)
      expect(adminPages.some((page) => href.startsWith(`${page.href}/`))).toBe(true);
  });

  it.each(allPages)("$href checks the right of who opens it itself", async (page) => {
    const source = await readFile(`${appDir}${page.href}/page.tsx`, "utf8");
    expect(source).toContain(
      page.for === "admins" ? "await requireAdmin()" : "await requireIdentity()",
    );
  });
});
