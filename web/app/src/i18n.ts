/* Words in the viewer's language, dates and numbers as that language writes them. */
import IntlMessageFormat from "intl-messageformat";
import type { ComponentChildren } from "preact";
import type { Texts } from "./types";

/* Catalog language to the locale whose dates a school there expects. */
const locales: Record<string, string> = { en: "en-GB", nb: "nb-NO" };
export const languageNames: Record<string, string> = { en: "English", nb: "Norsk bokmål" };

type Values = Record<string, string | number | boolean | Date | null | undefined>;

/* Words of pages that are loaded later have catalogs of their own. */
export type Part = "admin" | "more" | "plan" | "reviews" | "students" | "print" | "reports";

let lang = "en";
let catalog: Record<string, string> = {};
let formats = new Map<string, IntlMessageFormat>();
const parts = new Set<Part>();
const loading = new Map<string, Promise<Record<string, string>>>();

/* {"en": {"": address, "admin": address}, …} */
function addresses(): Record<string, Record<string, string>> {
  const meta = document.querySelector<HTMLMetaElement>('meta[name="catalogs"]');
  return JSON.parse(meta?.content || "{}") as Record<string, Record<string, string>>;
}

export function languages(): string[] {
  return Object.keys(addresses());
}

function known(language: string): string {
  const list = languages();
  return list.includes(language) ? language : (list.find((l) => language.startsWith(l)) ?? "en");
}

/* Begins to load a catalog before it is sure that it is the right one. */
export function fetchCatalog(language: string, part: Part | "" = ""): Promise<Record<string, string>> {
  const address = addresses()[known(language)]?.[part] ?? "";
  const already = loading.get(address);
  if (already) return already;
  const job = fetch(address).then((r) => {
    if (!r.ok) throw new Error(`catalog ${address}: ${r.status}`);
    return r.json() as Promise<Record<string, string>>;
  });
  loading.set(address, job);
  job.catch(() => loading.delete(address));
  return job;
}

export async function loadLanguage(language: string): Promise<void> {
  const all = await Promise.all((["", ...parts] as const).map((part) => fetchCatalog(language, part)));
  lang = known(language);
  catalog = Object.assign({}, ...all) as Record<string, string>;
  formats = new Map();
  document.documentElement.lang = lang;
  document.documentElement.dir = ["ar", "fa", "he", "ur"].includes(lang) ? "rtl" : "ltr";
}

/* From now on the words of these pages are there too, in whatever language. */
export async function loadWords(part: Part): Promise<void> {
  const now = lang;
  const words = await fetchCatalog(now, part);
  parts.add(part);
  if (now === lang) catalog = { ...catalog, ...words };
  else await loadLanguage(lang);
}

export function locale(): string {
  return locales[lang] ?? lang;
}

function format(key: string): IntlMessageFormat | null {
  let f = formats.get(key);
  const text = catalog[key];
  if (!f && text !== undefined) {
    f = new IntlMessageFormat(text, locale(), undefined, { ignoreTag: true });
    formats.set(key, f);
  }
  return f ?? null;
}

export function has(key: string): boolean {
  return key in catalog;
}

export function t(key: string, values?: Values): string {
  return String(format(key)?.format(values) ?? key);
}

/* The same with elements in the places of the arguments. */
export function rich(key: string, values: Record<string, ComponentChildren>): ComponentChildren {
  return (format(key)?.format(values as never) ?? key) as ComponentChildren;
}

/* Texts that come from the server in every language (scales). */
export function pick(texts: Texts): string {
  return texts[lang] ?? texts.en ?? Object.values(texts)[0] ?? "";
}

/* Dates ------------------------------------------------------------------ */

function dateFormat(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(locale(), options);
}

/* A calendar date has no time zone: it is read and written as UTC. */
function calendar(date: string): Date {
  return new Date(`${date}T00:00:00Z`);
}

export function day(date: string): string {
  return dateFormat({ day: "numeric", month: "long", year: "numeric", timeZone: "UTC" }).format(calendar(date));
}

export function period(from: string, to: string): string {
  const f = dateFormat({ day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
  return f.formatRange(calendar(from), calendar(to));
}

export function time(at: string): string {
  return dateFormat({ hour: "2-digit", minute: "2-digit" }).format(new Date(at));
}

function sameDay(a: Date, b: Date): boolean {
  return a.toDateString() === b.toDateString();
}

/* Today and yesterday by word, other days by date. */
export function when(at: string): string {
  const date = new Date(at);
  const now = new Date();
  const yesterday = new Date(now.getTime() - 86_400_000);
  if (sameDay(date, now)) return t("common.today_at", { time: time(at) });
  if (sameDay(date, yesterday)) return t("common.yesterday_at", { time: time(at) });
  const year = date.getFullYear() === now.getFullYear() ? {} : ({ year: "numeric" } as const);
  return dateFormat({ day: "numeric", month: "short", ...year }).format(date);
}

/* As short as it can be: the time today, else the date. */
export function stamp(at: string): string {
  return sameDay(new Date(at), new Date()) ? time(at) : when(at);
}

export function list(names: string[]): string {
  return new Intl.ListFormat(locale(), { type: "conjunction" }).format(names);
}
