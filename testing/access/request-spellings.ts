interface Spelling {
  /** Method and target, as they stand in the request. */
  readonly line: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Headers by which framework versions have told routers, proxies and caches to look at something else. */
const internalHeaders: readonly Readonly<Record<string, string>>[] = [
  { rsc: "1" },
  { rsc: "1", "next-router-prefetch": "1" },
  { rsc: "1", "next-router-segment-prefetch": "/_tree" },
  { rsc: "1", "next-router-state-tree": "%5B%22%22%2C%7B%7D%5D" },
  { "x-nextjs-data": "1" },
  { "x-middleware-subrequest": "proxy:proxy:proxy:proxy:proxy" },
  { "x-middleware-subrequest": "middleware:middleware:middleware:middleware:middleware" },
  { "x-middleware-next": "1" },
  { "x-middleware-rewrite": "/api/people" },
  { "x-middleware-override-headers": "cookie" },
  { "x-invoke-path": "/api/people" },
  { "x-invoke-status": "200" },
  { "x-matched-path": "/api/people" },
  { "x-rewrite-url": "/api/people" },
  { "x-original-url": "/api/people" },
  { "x-forwarded-prefix": "/api" },
  { "x-http-method-override": "GET" },
  { "x-prerender-revalidate": "1" },
  { "x-now-route-matches": "1=people" },
  { purpose: "prefetch" },
  { authorization: "Bearer undefined" },
  { cookie: "drover-session=; __Host-drover-session=" },
  { cookie: `drover-session=${"A".repeat(64)}.${"A".repeat(44)}` },
];

/** One path in every way that parts of a web stack have been seen to read differently. */
export function requestSpellings(path: string): readonly Spelling[] {
  const encoded = Array.from(path.slice(1))
    .map((char) => (char === "/" ? char : `%${char.charCodeAt(0).toString(16)}`))
    .join("");
  const targets = [
    path,
    `${path}.rsc`,
    `${path}.json`,
    `${path}.segments/_tree.segment.rsc`,
    `${path}?_rsc=1`,
    `${path}?__nextLocale=en`,
    `${path}/`,
    `/${path}`,
    `/.${path}`,
    `/x/..${path}`,
    `/x/%2e%2e${path}`,
    `/en${path}`,
    `/_next/data/build${path}.json`,
    `/_next/..${path}`,
    `/_next/static/%2e%2e/%2e%2e${path}`,
    `/${encoded}`,
    path.replace("/", "/%2f"),
    path.replaceAll("/", "\\"),
    path.toUpperCase(),
    `${path};x=1`,
    `${path}%00`,
    `${path}%20`,
    `${path}#/`,
    `http://127.0.0.1${path}`,
  ];
  return [
    ...targets.map((target) => ({ line: `GET ${target}`, headers: {} })),
    ...["HEAD", "OPTIONS", "PROPFIND"].map((method) => ({
      line: `${method} ${path}`,
      headers: {},
    })),
    ...internalHeaders.map((headers) => ({ line: `GET ${path}`, headers })),
  ];
}
