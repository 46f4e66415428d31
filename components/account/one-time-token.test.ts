import { describe, expect, it } from "vitest";
import { watchToken, type AddressBar } from "./one-time-token.ts";

const page = "http://drover.test/setup";

/** An address bar as a browser's: `paste` is a person's, `replace` a router's, which tells nobody. */
function addressBar(start: string) {
  let url = new URL(start);
  const target = new EventTarget();
  return {
    bar: {
      get location() {
        return url;
      },
      addEventListener: target.addEventListener.bind(target),
      removeEventListener: target.removeEventListener.bind(target),
    } as AddressBar,
    paste: (to: string): void => {
      url = new URL(to);
      target.dispatchEvent(Object.assign(new Event("hashchange"), { newURL: to }));
    },
    replace: (to: string): void => {
      url = new URL(to);
    },
  };
}

describe("the one-time code of an address", () => {
  it.each([
    [`${page}#token=abc`, "abc"],
    [`${page}?token=abc`, "abc"],
    [page, ""],
  ])("of %s is %j", (address, token) => {
    expect(watchToken(addressBar(address).bar).read()).toBe(token);
  });

  it("that is pasted behind a page which is just starting outlives the router's own address", () => {
    const { bar, paste, replace } = addressBar(page);
    const token = watchToken(bar);
    paste(`${page}#token=abc`);
    replace(page);
    expect(token.read()).toBe("abc");
  });

  it("is the last one pasted, and who watches is told", () => {
    const { bar, paste } = addressBar(`${page}#token=old`);
    const token = watchToken(bar);
    let told = 0;
    const leave = token.watch(() => (told += 1));
    paste(`${page}#token=new`);
    expect([token.read(), told]).toEqual(["new", 1]);
    leave();
    paste(`${page}#token=newer`);
    expect([token.read(), told]).toEqual(["newer", 1]);
  });
});
