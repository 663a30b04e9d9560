/* One request at a time for a button, with what went wrong as a toast. */
import { useState } from "preact/hooks";
import { api, ApiError } from "../api";
import { useApp } from "../app";
import { explain } from "../parts/notes";

type Method = "POST" | "PUT" | "PATCH";

export function useAct(): { busy: boolean; act: <T>(method: Method, path: string, body: object) => Promise<T | null> } {
  const { toast, sessionEnded } = useApp();
  const [busy, work] = useState(false);
  const act = async <T,>(method: Method, path: string, body: object): Promise<T | null> => {
    work(true);
    try {
      return (await api<T | undefined>(path, { method, body: body as Record<string, unknown> })) ?? ({} as T);
    } catch (e) {
      if (e instanceof ApiError && e.code === "expired") sessionEnded();
      toast({ text: explain(e) });
      return null;
    } finally {
      work(false);
    }
  };
  return { busy, act };
}
