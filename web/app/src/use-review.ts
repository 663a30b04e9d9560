/* A review and its entries, kept fresh while the page is looked at. */
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { api, ApiError, enc, entryPath, saves } from "./api";
import { useApp, withReview } from "./app";
import type { Entry, Review, ReviewAnswer, SaveBody } from "./types";

const pollEvery = 10_000;

interface Loaded {
  review: Review;
  entries: Entry[];
}

function merge(old: Entry[], fresh: Entry[]): Entry[] {
  if (fresh.length === 0) return old;
  const by = new Map(fresh.map((e) => [e.student.id, e]));
  const kept = old.map((e) => by.get(e.student.id) ?? e);
  const known = new Set(old.map((e) => e.student.id));
  return [...kept, ...fresh.filter((e) => !known.has(e.student.id))];
}

/* An answer to a save tells two things about the whole review. */
function afterSave(review: Review, body: SaveBody): Review {
  const scaleLocked = body.scaleLocked ?? review.scaleLocked;
  const assessed = body.assessed ?? review.assessed;
  const same = scaleLocked === review.scaleLocked && assessed === review.assessed;
  return same ? review : { ...review, scaleLocked, assessed };
}

export function useReview(id: string) {
  const { queue, setHome, sessionEnded } = useApp();
  const [data, setData] = useState<Loaded | null>(null);
  const [error, setError] = useState<unknown>(null);
  const cursor = useRef<string | number | undefined>(undefined);
  const busy = useRef(false);

  const take = (answer: ReviewAnswer) => {
    cursor.current = answer.cursor;
    for (const e of answer.entries) {
      queue.offer(entryPath(id, e.student.id, "value"), e.value, e.valueRev);
      queue.offer(entryPath(id, e.student.id, "comment"), e.comment, e.commentRev);
    }
    setData((old) => ({ review: answer.review, entries: merge(old?.entries ?? [], answer.entries) }));
    setHome((h) => withReview(h, answer.review));
  };

  const load = useCallback(async () => {
    if (busy.current) return;
    busy.current = true;
    const since = cursor.current === undefined ? "" : `?since=${enc(String(cursor.current))}`;
    try {
      take(await api<ReviewAnswer>(`reviews/${enc(id)}${since}`));
      setError(null);
    } catch (e) {
      if (e instanceof ApiError && e.code === "expired") sessionEnded();
      setError(e);
    } finally {
      busy.current = false;
    }
  }, [id]);

  useEffect(() => {
    void load();
    const poll = () => {
      if (document.visibilityState === "visible" && navigator.onLine && !queue.ended) void load();
    };
    const timer = setInterval(poll, pollEvery);
    document.addEventListener("visibilitychange", poll);
    const saved = (e: Event) => {
      const { key, body } = (e as CustomEvent<{ key: string; body: SaveBody }>).detail;
      if (!key.startsWith(`reviews/${enc(id)}/`)) return;
      setData((d) => d && { ...d, review: afterSave(d.review, body) });
      setHome((h) => {
        const review = ((h.reviews ?? []) as Review[]).find((r) => r.id === id);
        return review && afterSave(review, body) !== review ? withReview(h, afterSave(review, body)) : h;
      });
    };
    saves.addEventListener("saved", saved);
    return () => {
      queue.flushAll();
      clearInterval(timer);
      document.removeEventListener("visibilitychange", poll);
      saves.removeEventListener("saved", saved);
    };
  }, [load]);

  const setReview = (review: Review) => {
    setData((d) => d && { ...d, review });
    setHome((h) => withReview(h, review));
  };
  return { data, error, load, setReview };
}
