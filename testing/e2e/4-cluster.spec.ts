import type { Page } from "@playwright/test";
import { drawnCluster } from "./cluster-snapshots.ts";
import { begin, expect, expectAccessible, expectNoSidewaysScroll, picture, test } from "./test.ts";

const nodeNames = (page: Page) =>
  page.getByRole("region", { name: "Nodes" }).getByRole("heading", { level: 3 });
const nodeRow = (page: Page, id: string) => page.getByRole("listitem", { name: id });

test("an admin sees the nodes at work, drains one and takes it back", async ({ page }) => {
  await begin(page);
  await page.goto("/admin");
  await expect(page.getByRole("heading", { level: 1, name: "Cluster" })).toBeVisible();
  const rows = nodeNames(page);
  await expect(rows).toHaveCount(2);
  const id = (await rows.first().textContent()) ?? "";
  const row = nodeRow(page, id);
  await expect(row).toContainText("Well");
  await expect(row).toContainText("in memory");
  await expectAccessible(page);

  const choose = async (item: string): Promise<void> => {
    await row.getByRole("button", { name: `Actions for ${id}` }).click();
    await page.getByRole("menuitem", { name: item }).click();
  };
  await choose(`Drain ${id}`);
  await expect(row).toContainText("Draining");
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(row).toContainText("Well");

  await choose("Models");
  await expect(page.getByRole("dialog", { name: `Models on ${id}` })).toContainText("all-minilm");
  await expectAccessible(page);
  await page.keyboard.press("Escape");

  await page.getByRole("button", { name: "Add a node" }).click();
  const dialog = page.getByRole("dialog", { name: "Add a node" });
  await dialog.getByLabel("Name").fill("spare");
  await dialog.getByLabel("Address").fill("http://127.0.0.1:9");
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Add", exact: true }).click();
  await expect(nodeRow(page, "spare")).toContainText("Away", { timeout: 20_000 });
  await row.page().getByRole("button", { name: "Actions for spare" }).click();
  await page.getByRole("menuitem", { name: "Remove spare" }).click();
  await page.getByRole("button", { name: "Remove spare" }).click();
  await expect(nodeRow(page, "spare")).toHaveCount(0);
});

/** Stands in for the event stream: what is drawn is a picture of a cluster that this machine does not have. */
const draw = async (page: Page, count: number, isHalfDead: boolean): Promise<void> => {
  const event = drawnCluster(count, isHalfDead);
  const snapshot = JSON.stringify({ topic: "cluster", seq: 1, event });
  await page.addInitScript((data) => {
    class DrawnEvents extends EventTarget {
      static readonly CLOSED = 2;
      readonly readyState = 1;
      onmessage: ((event: MessageEvent<string>) => void) | null = null;
      onerror: (() => void) | null = null;
      constructor() {
        super();
        queueMicrotask(() => this.onmessage?.(new MessageEvent("message", { data })));
      }
      close(): void {
        this.onmessage = null;
      }
    }
    Reflect.set(window, "EventSource", DrawnEvents);
  }, snapshot);
  await page.goto("/admin");
  await expect(nodeNames(page)).toHaveCount(count);
};

test("what happened to an answer leads to how that came about", async ({ page }) => {
  await begin(page);
  await draw(page, 4, true);
  const events = page.getByRole("region", { name: "What happened" });
  for (const summary of await events.locator("summary").all()) await summary.click();
  const links = events.getByRole("link", { name: "How this answer came about" });
  await expect(links).toHaveCount(1);
  await expect(links).toHaveAttribute("href", "/admin/quality/traces/a1");
  await expectAccessible(page);
});

for (const count of [1, 4, 16])
  for (const isHalfDead of [false, true]) {
    if (count === 1 && isHalfDead) continue;
    const name = `cluster-${String(count)}${isHalfDead ? "-half-dead" : ""}`;
    test(`${name} is drawn wide, on a phone, light and dark`, async ({ page }) => {
      await begin(page);
      await draw(page, count, isHalfDead);
      await expectNoSidewaysScroll(page);
      await picture(page, name);
      await expectAccessible(page);
      await page.emulateMedia({ colorScheme: "dark" });
      await picture(page, `${name}-dark`);
      await page.setViewportSize({ width: 390, height: 844 });
      await expectNoSidewaysScroll(page);
      await picture(page, `phone-${name}-dark`);
      await page.emulateMedia({ colorScheme: "light" });
      await picture(page, `phone-${name}`);
    });
  }
