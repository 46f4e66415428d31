"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import { useEffect, useRef, type ReactElement, type ReactNode } from "react";

import { AdminPage } from "#components/admin/admin-page.tsx";
import { adminSubPages } from "#components/admin/admin-pages.ts";

import css from "./quality.module.css";
import { words } from "./words.ts";

const pages = [
  { href: "/admin/quality", label: words.workPage },
  ...adminSubPages.flatMap(({ href, label }) => (label === null ? [] : [{ href, label }])),
];

/** One of the quality pages: its place among them, how things stand, and what explains it. */
export const QualityFrame = ({
  title = words.title,
  says,
  tools,
  children,
}: {
  readonly title?: string;
  readonly says: string;
  readonly tools?: ReactNode;
  readonly children: ReactNode;
}): ReactElement => {
  const here = usePathname();
  const bar = useRef<HTMLElement>(null);
  // The pages do not all fit beside one another on a phone.
  useEffect(() => {
    bar.current
      ?.querySelector("[aria-current]")
      ?.scrollIntoView({ block: "nearest", inline: "center" });
  }, [here]);
  return (
    <AdminPage title={title} says={says} tools={tools}>
      <nav ref={bar} className={css["pages"]} aria-label={words.pages}>
        {pages.map(({ href, label }) => (
          <Link
            key={href}
            href={href}
            className={css["page"]}
            aria-current={here === href ? "page" : undefined}
          >
            {label}
          </Link>
        ))}
      </nav>
      {children}
    </AdminPage>
  );
};
