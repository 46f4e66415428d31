"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import { useEffect, useRef, type ReactElement, type ReactNode } from "react";

import { useSession } from "#components/shell/session.tsx";

import css from "./admin-frame.module.css";
import { adminPages } from "./admin-pages.ts";
import { words } from "./words.ts";

/** On a page within this one the section is marked, not the page. */
const currentness = (here: string, href: string): "page" | "true" | undefined => {
  if (here === href) return "page";
  return href !== "/admin" && here.startsWith(`${href}/`) ? "true" : undefined;
};

/** The pages of the administration; on a phone a row that scrolls to where one is. */
const AdminNavigation = (): ReactElement => {
  const here = usePathname();
  const row = useRef<HTMLElement>(null);
  useEffect(() => {
    row.current
      ?.querySelector("[aria-current]")
      ?.scrollIntoView({ block: "nearest", inline: "center" });
  }, [here]);
  return (
    <nav ref={row} className={css["pages"]} aria-label={words.navigation}>
      {adminPages.map(({ href, label }) => (
        <Link key={href} href={href} className={css["page"]} aria-current={currentness(here, href)}>
          {label}
        </Link>
      ))}
    </nav>
  );
};

/** Around every page below app/admin. Members see no navigation: one page is theirs. */
export const AdminFrame = ({ children }: { readonly children: ReactNode }): ReactElement => {
  const isAdmin = useSession().user.role === "admin";
  return (
    <div className={css["frame"]} data-navigation={isAdmin ? "shown" : "none"}>
      {isAdmin ? <AdminNavigation /> : null}
      <div className={css["content"]}>{children}</div>
    </div>
  );
};
