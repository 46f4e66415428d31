import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { Page } from "@playwright/test";

import { payloads } from "./formatted-text/payloads.ts";
import { address, expect, test } from "./test.ts";

declare global {
  interface Window {
    ran: () => void;
    timesRan: number;
    renderPrefixes: (text: string) => readonly string[];
    renderRaw: (text: string) => void;
  }
}

const bundled = async (): Promise<{ readonly script: string; readonly style: string }> => {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL("formatted-text/render-prefixes.tsx", import.meta.url))],
    bundle: true,
    write: false,
    outdir: "out",
    format: "iife",
    jsx: "automatic",
    define: { "process.env.NODE_ENV": '"production"' },
    logLevel: "error",
  });
  const ending = (end: string): string =>
    outputFiles.find(({ path }) => path.endsWith(end))?.text ?? "";
  return { script: ending(".js"), style: ending(".css") };
};

/** The product's own renderer on a page of its own, with the product's policy or with none. */
const openHarness = async (page: Page, policy: string | null): Promise<void> => {
  const { script, style } = await bundled();
  const nonce = /'nonce-([^']+)'/u.exec(policy ?? "")?.[1] ?? "";
  await page.route(`${address()}/harness`, (route) =>
    route.fulfill({
      contentType: "text/html",
      headers: policy === null ? {} : { "content-security-policy": policy },
      body: `<!doctype html><style>${style}</style><body><script nonce="${nonce}">window.timesRan = 0; window.ran = () => { window.timesRan += 1; }; window.alert = window.ran;</script><script nonce="${nonce}">${script.replaceAll("</script", "<\\/script")}</script>`,
    }),
  );
  await page.goto(`${address()}/harness`);
};

const timesRan = (page: Page): Promise<number> => page.evaluate(() => window.timesRan);

test("no prefix of any text runs a script, leaves the host or makes what it must not, without a content policy", async ({
  page,
  watched,
}) => {
  test.setTimeout(240_000);
  await openHarness(page, null);
  expect(payloads.length).toBeGreaterThan(250);
  for (const payload of payloads) {
    const faults = await page.evaluate((text) => window.renderPrefixes(text), payload);
    expect(faults, payload).toEqual([]);
  }
  await page.waitForLoadState("networkidle");
  expect(await timesRan(page)).toBe(0);
  expect(watched.filter((fault) => fault.startsWith("asked"))).toEqual([]);
});

test("the content policy alone stops what a renderer without defences would let through", async ({
  browser,
  page,
}) => {
  const response = await page.request.get("/sign-in");
  const policy = response.headers()["content-security-policy"] ?? "";
  expect(policy).toContain("'nonce-");
  // A context of its own: here the browser is asked to refuse, and says so.
  const context = await browser.newContext();
  const bare = await context.newPage();
  const left: string[] = [];
  bare.on("response", (answer) => {
    if (!answer.url().startsWith(address())) left.push(answer.url());
  });
  await openHarness(bare, policy);
  // A page that has been told to go elsewhere goes: that is the renderer's to prevent, not the policy's.
  for (const payload of payloads.filter((text) => !text.includes("http-equiv")))
    await bare.evaluate((text) => {
      window.renderRaw(text);
    }, payload);
  await bare.waitForLoadState("networkidle");
  expect(await timesRan(bare)).toBe(0);
  expect(left).toEqual([]);
  await context.close();
});
