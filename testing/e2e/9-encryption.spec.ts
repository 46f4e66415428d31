import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test, type Page } from "@playwright/test";
import { account, signIn } from "../bench/person.ts";
import { newDataDir, removeDataDir, startProduct } from "../bench/product.ts";

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as { readonly port: number };
      probe.close(() => {
        resolve(port);
      });
    });
  });

/** A certificate that this browser is told to accept. */
const makeCertificate = (folder: string) => {
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  const subject = ["-subj", "/CN=localhost", "-days", "1"];
  const files = ["-keyout", key, "-out", cert];
  execFileSync("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", ...files, ...subject], {
    stdio: "ignore",
  });
  return { DROVER_TLS_CERT: cert, DROVER_TLS_KEY: key };
};

const composer = (page: Page) => page.getByRole("textbox", { name: "Question" });

const signInAt = async (page: Page, origin: string): Promise<void> => {
  await page.goto(`${origin}/sign-in`);
  await page.getByLabel("E-mail").fill(account.email);
  await page.getByLabel("Password").fill(account.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(composer(page)).toBeVisible();
  await page.reload();
  await expect(composer(page)).toBeVisible();
};

const cookieNames = async (page: Page): Promise<readonly string[]> =>
  (await page.context().cookies())
    .map(({ name }) => name)
    .filter((name) => name.includes("session"));

test("an operator goes to HTTPS and back: nobody's browser is locked out by what it kept", async ({
  browser,
}) => {
  test.setTimeout(180_000);
  const dataDir = await newDataDir();
  const folder = mkdtempSync(join(tmpdir(), "drover-tls-"));
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  const page = await context.newPage();
  const port = String(await freePort());
  // One host for both, as cookies know no ports and no schemes.
  const [plain, encrypted] = [`http://localhost:${port}`, `https://localhost:${port}`];
  // No model is asked for anything here.
  const settings = { DROVER_PORT: port, DROVER_EMBEDDED_NODES: "1" };
  try {
    const secured = await startProduct(dataDir, {
      ...settings,
      ...makeCertificate(folder),
      DROVER_PUBLIC_ORIGIN: encrypted,
    });
    try {
      await signIn({ ...secured, origin: `http://127.0.0.1:${port}` });
      await signInAt(page, encrypted);
      expect(await cookieNames(page)).toEqual(["__Host-drover-session"]);
      // Without the s the same page comes, encrypted.
      await page.goto(plain);
      await expect(page).toHaveURL(`${encrypted}/`);
      await expect(composer(page)).toBeVisible();
    } finally {
      await secured.stop();
    }
    const product = await startProduct(dataDir, settings);
    try {
      await page.goto(plain);
      await expect(page).toHaveURL(`${plain}/sign-in`);
      await signInAt(page, plain);
      expect([...(await cookieNames(page))].sort()).toEqual([
        "__Host-drover-session",
        "drover-session",
      ]);
      await page.getByRole("button", { name: /^Bench|bench@/u }).click();
      await page.getByRole("menuitem", { name: "Sign out" }).click();
      await expect(page).toHaveURL(`${plain}/sign-in`);
    } finally {
      await product.stop();
    }
  } finally {
    await context.close();
    await removeDataDir(dataDir);
    rmSync(folder, { recursive: true, force: true });
  }
});
