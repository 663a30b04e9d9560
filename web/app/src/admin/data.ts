/* Fetching for the pages of administration: one answer at a time, and again on request. */
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { api, ApiError } from "../api";
import { useApp } from "../app";
import { explain } from "../parts/notes";

export interface Data<T> {
  data: T | null;
  error: unknown;
  reload: () => Promise<void>;
}

export function useData<T>(path: string): Data<T> {
  const { sessionEnded } = useApp();
  const [data, setData] = useState<T | null>(null);
  const [error, setError] = useState<unknown>(null);
  const asked = useRef("");
  const reload = useCallback(async () => {
    asked.current = path;
    try {
      const answer = await api<T>(path);
      if (asked.current !== path) return;
      setData(answer);
      setError(null);
    } catch (e) {
      if (asked.current !== path) return;
      if (e instanceof ApiError && e.code === "expired") sessionEnded();
      setError(e);
    }
  }, [path]);
  useEffect(() => void reload(), [reload]);
  return { data, error, reload };
}

/* Says what went wrong, with the field's name where the server names one. */
export function useAct() {
  const { sessionEnded, toast } = useApp();
  const [busy, setBusy] = useState(false);
  const act = async <T>(run: () => Promise<T>): Promise<T | undefined> => {
    setBusy(true);
    try {
      return await run();
    } catch (e) {
      if (e instanceof ApiError && e.code === "expired") sessionEnded();
      else toast({ text: explain(e) });
      return undefined;
    } finally {
      setBusy(false);
    }
  };
  return { busy, act };
}
