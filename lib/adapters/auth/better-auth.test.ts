import { describe, expect, it } from "vitest";
import { cookieIsSecure, cookieName } from "./better-auth.ts";

describe("the session's cookie", () => {
  it("is bound to its host and encrypted connections wherever there are any", () => {
    expect(cookieName("https://drover.example.org")).toBe("__Host-drover-session");
    expect(cookieIsSecure("https://drover.example.org")).toBe(true);
    expect(cookieName("http://127.0.0.1:3000")).toBe("drover-session");
    expect(cookieIsSecure("http://127.0.0.1:3000")).toBe(false);
  });
});
