const yearSeconds = 365 * 24 * 60 * 60;

/**
 * Keeps a choice about the look of this browser where the server sees it, so that the first paint is right without a script. It is no
 * secret, and one that is marked secure could not be changed any more where the same address goes without encryption.
 */
export const keepPreference = (name: string, value: string | null): void => {
  const age = value === null ? 0 : yearSeconds;
  document.cookie = `${name}=${value ?? ""}; path=/; max-age=${String(age)}; samesite=lax`;
};

export const themeCookie = "drover-theme";
export const railCookie = "drover-history";

export type Theme = "light" | "dark" | "system";

export const parseTheme = (value: string | undefined): Theme =>
  value === "light" || value === "dark" ? value : "system";

export const applyTheme = (theme: Theme): void => {
  if (theme === "system") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = theme;
  keepPreference(themeCookie, theme === "system" ? null : theme);
};
