/* What a page asks the server for when it opens. */
import { useEffect, useState } from "preact/hooks";
import { api, ApiError } from "../api";
import { useApp } from "../app";

export interface Loaded<T> {
  data: T | null;
  error: unknown;
  again: () => void;
}

/* null: nothing is asked for. */
export function useLoad<T>(path: string | null): Loaded<T> {
  const { sessionEnded } = useApp();
  const [data, set] = useState<T | null>(null);
  const [error, fail] = useState<unknown>(null);
  const [turn, next] = useState(0);
  useEffect(() => {
    if (path === null) return;
    let left = false;
    fail(null);
    api<T>(path).then(
      (answer) => !left && set(answer),
      (e: unknown) => {
        if (left) return;
        if (e instanceof ApiError && e.code === "expired") sessionEnded();
        fail(e);
      },
    );
    return () => {
      left = true;
    };
  }, [path, turn]);
  return { data, error, again: () => next((n) => n + 1) };
}

export function isMissing(error: unknown): boolean {
  return error instanceof ApiError && error.code === "not_found";
}
