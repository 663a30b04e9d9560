/* A plan as its page has it: loaded, kept fresh while it is looked at, changed at once when
 * something is done here, and put right by what the server answers. */
import { useCallback, useEffect, useMemo, useRef, useState } from "preact/hooks";
import { api, ApiError, enc } from "../api";
import { useApp, type App } from "../app";
import { t } from "../i18n";
import type { Act, Outcome } from "../outbox";
import type { Evidence, Hat, PlanChanges, PlanPage, Post, Task } from "../plan-types";
import { isValued, mergeChanges, withOne } from "./model";

const pollEvery = 10_000;
const pollWriting = 3_000;
const lookAfter = 1_500;
const saidEvery = 20_000;

export type Writing = PlanChanges["writing"];

export const valueKey = (plan: string, row: string | null, field: string) =>
  row ? `plans/${plan}/rows/${row}/${field}` : `plans/${plan}/values/${field}`;
export type TaskField = keyof Task["revs"];
export const taskKey = (plan: string, task: string, field: TaskField) => `plans/${plan}/tasks/${task}/${field}`;
export const postKey = (plan: string, post: string) => `plans/${plan}/posts/${post}/text`;

export const taskText = (t: Task): Record<TaskField, string> => ({
  text: t.text,
  status: t.status,
  due: t.dueOn ?? "",
  responsible: t.responsible,
  link: t.link ?? "",
  detail: t.detail,
});

/* Every text of the page into the save queue; what is not written yet as an empty one. */
function offerAll(queue: App["queue"], page: PlanPage): void {
  const plan = page.plan.id;
  for (const section of page.form.sections)
    for (const field of section.fields.filter(isValued)) {
      const rows = field.of ? page.rows.filter((r) => r.kind === field.of).map((r) => r.id) : [null];
      for (const row of rows) {
        const v = page.values.find((x) => x.row === row && x.field === field.key);
        queue.offer(valueKey(plan, row, field.key), v?.text ?? "", v?.rev ?? 0);
      }
    }
  for (const task of page.tasks)
    for (const [field, text] of Object.entries(taskText(task)) as [TaskField, string][])
      queue.offer(taskKey(plan, task.id, field), text, task.revs[field]);
  for (const post of page.posts) queue.offer(postKey(plan, post.id), post.text, post.rev);
}

export interface PlanData {
  page: PlanPage | null;
  error: unknown;
  writing: Writing;
  load: () => Promise<void>;
  change: (change: (page: PlanPage) => PlanPage) => void;
  /* Sends an act. Where the server says no, that is said and the page put right. */
  act: (act: Omit<Act, "id">) => Promise<Outcome>;
  hide: (id: string, hidden: boolean) => void;
  /* Words of acts the server said no to: shown until they are not needed. */
  lost: string[];
  dropLost: (words: string) => void;
}

export function usePlan(id: string, as?: Hat): PlanData {
  const { queue, outbox, toast, sessionEnded } = useApp();
  const [page, set] = useState<PlanPage | null>(null);
  const [error, fail] = useState<unknown>(null);
  const [writing, setWriting] = useState<Writing>([]);
  const [lost, setLost] = useState<string[]>([]);
  const hidden = useRef(new Set<string>());
  const now = useRef<PlanPage | null>(null);
  now.current = page;

  const failed = (e: unknown) => {
    if (e instanceof ApiError && e.code === "expired") sessionEnded();
    return e;
  };
  const load = useCallback(async () => {
    try {
      const fresh = await api<PlanPage>(`plans/${enc(id)}${as ? `?as=${as}` : ""}`);
      if (!as) offerAll(queue, fresh);
      set(fresh);
      fail(null);
    } catch (e) {
      failed(e);
      if (!now.current || !(e instanceof ApiError) || e.code === "not_found") fail(e);
    }
  }, [id, as]);

  const change = useCallback((how: (page: PlanPage) => PlanPage) => {
    set((old) => {
      if (!old) return old;
      const fresh = how(old);
      if (!as) offerAll(queue, fresh);
      return fresh;
    });
  }, []);

  const poll = useCallback(async () => {
    const known = now.current;
    if (!known || as) return;
    try {
      const c = await api<PlanChanges>(`plans/${enc(id)}/changes?since=${enc(known.cursor)}`);
      setWriting(c.writing);
      if (c.state !== known.plan.state) return await load();
      if (c.rows.length + c.values.length + c.tasks.length + c.posts.length + c.gone.length > 0) change((p) => mergeChanges(p, c, hidden.current));
      else if (c.cursor !== known.cursor) set((p) => p && { ...p, cursor: c.cursor });
    } catch (e) {
      if (failed(e) instanceof ApiError && (e as ApiError).code === "not_found") await load();
    }
  }, [id, as, load]);

  useEffect(() => void load(), [load]);
  useEffect(() => () => queue.flushAll(), [id]);
  usePolling(poll, writing.length > 0, !as);
  useLooked(id, page !== null && !as);

  const act = async (one: Omit<Act, "id">) => {
    const outcome = await outbox.add(one);
    if (outcome.kind === "refused") {
      toast({ text: outcome.message || t("plan.refused") });
      const { words } = one;
      if (words) setLost((l) => [...l.filter((w) => w !== words), words]);
      await load();
    }
    return outcome;
  };
  const hide = (what: string, yes: boolean) => void (yes ? hidden.current.add(what) : hidden.current.delete(what));
  const dropLost = (words: string) => setLost((l) => l.filter((w) => w !== words));
  return { page, error, writing, load, change, act, hide, lost, dropLost };
}

/* Every ten seconds while the page is seen, every three while somebody else writes. */
function usePolling(poll: () => Promise<void>, busy: boolean, on: boolean): void {
  const { queue } = useApp();
  useEffect(() => {
    if (!on) return;
    let timer = 0;
    let left = false;
    const seen = () => document.visibilityState === "visible" && navigator.onLine && !queue.ended;
    const again = () => {
      clearTimeout(timer);
      if (!left) timer = window.setTimeout(() => void run(), busy ? pollWriting : pollEvery);
    };
    const run = async () => {
      if (seen()) await poll();
      again();
    };
    const back = () => {
      if (seen()) void run();
    };
    again();
    document.addEventListener("visibilitychange", back);
    return () => {
      left = true;
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", back);
    };
  }, [poll, busy, on]);
}

/* Said once, after the page was drawn: what is new next time is counted from here. */
function useLooked(id: string, drawn: boolean): void {
  useEffect(() => {
    if (!drawn) return;
    const timer = setTimeout(() => void api(`plans/${enc(id)}/look`, { method: "POST", body: {} }).catch(() => undefined), lookAfter);
    return () => clearTimeout(timer);
  }, [id, drawn]);
}

/* Tells the others where this person writes, now and then, and that they have stopped. */
export function useSayWriting(plan: string): (object: string, field: string) => void {
  const said = useRef({ place: "", at: 0 });
  return useMemo(
    () => (object: string, field: string) => {
      const place = `${object}/${field}`;
      const stopped = field === "";
      if (stopped ? said.current.place === "" : said.current.place === place && Date.now() - said.current.at < saidEvery) return;
      said.current = { place: stopped ? "" : place, at: Date.now() };
      api(`plans/${enc(plan)}/writing`, { method: "PUT", body: { object, field } }).catch(() => undefined);
    },
    [plan],
  );
}

export const newId = (): string => crypto.randomUUID();

export const withTask = (page: PlanPage, task: Task): PlanPage => ({ ...page, tasks: withOne(page.tasks, task) });
export const withPost = (page: PlanPage, post: Post): PlanPage => ({ ...page, posts: withOne(page.posts, post) });
export const withEvidence = (page: PlanPage, one: Evidence): PlanPage => ({ ...page, evidence: withOne(page.evidence, one) });
