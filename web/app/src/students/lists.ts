/* The lists that were read last: a page that is opened again shows them at once and reads
 * them anew behind that. They live as long as the page does. */
import { useEffect, useState } from "preact/hooks";
import { api, ApiError } from "../api";
import { useApp } from "../app";
import type { StudentList } from "../plan-types";

const kept = new Map<string, StudentList>();

export interface Listed {
  list: StudentList | null;
  error: unknown;
  reload: () => Promise<void>;
}

/* null: nothing is asked for. */
export function useList(path: string | null): Listed {
  const { sessionEnded } = useApp();
  const [, redraw] = useState(0);
  const [error, fail] = useState<unknown>(null);
  const reload = async () => {
    if (path === null) return;
    try {
      kept.set(path, await api<StudentList>(path));
      fail(null);
    } catch (e) {
      if (e instanceof ApiError && e.code === "expired") sessionEnded();
      fail(e);
    }
    redraw((n) => n + 1);
  };
  useEffect(() => {
    fail(null);
    void reload();
  }, [path]);
  return { list: path === null ? null : (kept.get(path) ?? null), error, reload };
}

export function listPath(group: string, search: string, state: string): string {
  const q = new URLSearchParams();
  if (group) q.set("group", group);
  else if (search) q.set("search", search);
  if (state === "locked" || state === "archived") q.set("state", state);
  const text = q.toString();
  return text ? `students?${text}` : "students";
}
