/* What is done to rows, tasks and posts: drawn at once, sent through the outbox, taken back by Undo. */
import { useApp } from "../app";
import { pick as pickLabel, t } from "../i18n";
import type { PlanPage, PlanRowOfGrid, Post, Task } from "../plan-types";
import { usePlanContext } from "./context";
import { newId, taskKey, withPost, withTask, type TaskField } from "./data";
import { afterMove, gridSection, headOf, placeAfter, statusOf, tasksOf } from "./model";

const without = <T extends { id: string }>(list: readonly T[], id: string) => list.filter((x) => x.id !== id);

export function useTaskActs() {
  const { queue, toast, home } = useApp();
  const { page, hat, act, change, hide } = usePlanContext();
  const base = `plans/${page.plan.id}/tasks`;

  const add = async (field: string, row: string | null, text: string) => {
    const status = page.form.statuses.find((s) => s.category === "todo") ?? page.form.statuses[0];
    const list = tasksOf(page.tasks, field, row);
    const task: Task = {
      id: newId(), field, row, text, position: placeAfter(list, list[list.length - 1]?.id ?? null),
      status: status?.key ?? "todo", category: status?.category ?? "todo", dueOn: null, responsible: hat === "guardian" ? "home" : "student", link: null, detail: "",
      revs: { text: 1, status: 1, due: 1, responsible: 1, link: 1, detail: 1 }, mayRemove: true,
    };
    change((p) => withTask(p, { ...task, position: placeAfter(tasksOf(p.tasks, field, row), tasksOf(p.tasks, field, row).at(-1)?.id ?? null) }));
    const outcome = await act({ method: "POST", path: base, body: { id: task.id, field, ...(row ? { row } : {}), text, responsible: task.responsible }, words: text });
    if (outcome.kind === "done") change((p) => (p.tasks.some((x) => x.id === task.id) ? withTask(p, outcome.body as Task) : p));
  };

  const setText = (task: Task, field: TaskField, text: string) => queue.edit(taskKey(page.plan.id, task.id, field), text, 0);

  const setStatus = (task: Task, status: string, tell = true) => {
    const now = queue.get(taskKey(page.plan.id, task.id, "status"))?.text ?? task.status;
    if (status === now) return;
    const draw = (key: string) =>
      change((p) => {
        const at = p.tasks.find((x) => x.id === task.id);
        return at ? withTask(p, { ...at, status: key, category: statusOf(p, key)?.category ?? at.category, statusBy: home.viewer.name, statusAt: new Date().toISOString() }) : p;
      });
    setText(task, "status", status);
    draw(status);
    if (!tell) return;
    toast({
      text: t("task.status_set", { task: task.text, status: labelFor(page, status) }),
      undo: () => {
        setText(task, "status", now);
        draw(now);
      },
    });
  };

  const patch = (id: string, body: object) => act({ method: "PATCH", path: `${base}/${id}`, body });

  const remove = (task: Task) => {
    hide(task.id, true);
    change((p) => ({ ...p, tasks: without(p.tasks, task.id) }));
    void patch(task.id, { removed: true });
    toast({
      text: t("task.removed", { task: task.text }),
      undo: () => {
        hide(task.id, false);
        change((p) => withTask(p, task));
        void patch(task.id, { removed: false });
      },
    });
  };

  const move = (task: Task, by: -1 | 1) => {
    const list = tasksOf(page.tasks, task.field, task.row);
    const after = afterMove(list, task.id, by);
    if (after === undefined) return;
    change((p) => withTask(p, { ...task, position: placeAfter(without(list, task.id), after) }));
    void patch(task.id, { after });
  };

  const moveTo = (task: Task, row: string) => {
    const to = tasksOf(page.tasks, task.field, row);
    change((p) => withTask(p, { ...task, row, position: placeAfter(to, to.at(-1)?.id ?? null) }));
    void patch(task.id, { row });
    toast({
      text: t("task.moved", { task: task.text }),
      undo: () => {
        change((p) => withTask(p, task));
        void patch(task.id, { row: task.row });
      },
    });
  };

  const confirm = (task: Task, yes: boolean) => {
    change((p) => withTask(p, { ...task, confirmed: yes ? { by: home.viewer.name, at: new Date().toISOString() } : undefined }));
    void patch(task.id, { confirmed: yes });
  };
  return { add, setText, setStatus, remove, move, moveTo, confirm };
}

function labelFor(page: PlanPage, key: string): string {
  const s = statusOf(page, key);
  return s ? pickLabel(s.label) : key;
}

export function useRowActs() {
  const { toast, home } = useApp();
  const { page, hat, act, change, hide } = usePlanContext();
  const base = `plans/${page.plan.id}/rows`;
  const siblings = (kind: string, parent: string | null) => page.rows.filter((r) => r.kind === kind && r.parent === parent);

  const add = async (kind: "competence" | "goal", parent: string | null, text: string, proposed: boolean, objective?: { framework: string; id: string }) => {
    const section = gridSection(page);
    const head = section && headOf(section, kind);
    const list = [...siblings(kind, parent)].sort((a, b) => a.position - b.position);
    const row: PlanRowOfGrid = { id: newId(), kind, parent, position: placeAfter(list, list.at(-1)?.id ?? null), state: proposed ? "proposed" : "agreed", by: home.viewer.name, hat, mayRemove: true };
    const at = new Date().toISOString();
    change((p) => ({
      ...p,
      rows: [...p.rows, row],
      values: head ? [...p.values, { row: row.id, field: head.key, text, rev: 1, by: home.viewer.name, hat, at }] : p.values,
    }));
    const outcome = await act({ method: "POST", path: base, body: { id: row.id, kind, ...(parent ? { parent } : {}), text, ...(objective ? { objective } : {}) }, words: text });
    if (outcome.kind === "done") change((p) => ({ ...p, rows: p.rows.map((r) => (r.id === row.id ? { ...row, ...(outcome.body as PlanRowOfGrid) } : r)) }));
    return row.id;
  };

  const patch = (id: string, body: object) => act({ method: "PATCH", path: `${base}/${id}`, body });
  const draw = (id: string, part: Partial<PlanRowOfGrid>) => change((p) => ({ ...p, rows: p.rows.map((r) => (r.id === id ? { ...r, ...part } : r)) }));

  const remove = (row: PlanRowOfGrid, name: string) => {
    const gone = page.rows.filter((r) => r.id === row.id || r.parent === row.id);
    gone.forEach((r) => hide(r.id, true));
    change((p) => ({ ...p, rows: p.rows.filter((r) => !gone.includes(r) && r.id !== row.id && r.parent !== row.id) }));
    void patch(row.id, { removed: true });
    toast({
      text: t("plan.row_removed", { name }),
      undo: () => {
        gone.forEach((r) => hide(r.id, false));
        change((p) => ({ ...p, rows: [...p.rows, ...gone.filter((g) => !p.rows.some((r) => r.id === g.id))] }));
        void patch(row.id, { removed: false });
      },
    });
  };

  const move = (row: PlanRowOfGrid, by: -1 | 1) => {
    const list = siblings(row.kind, row.parent);
    const after = afterMove(list, row.id, by);
    if (after === undefined) return;
    draw(row.id, { position: placeAfter(without(list, row.id), after) });
    void patch(row.id, { after });
  };

  const settle = (row: PlanRowOfGrid, state: "agreed" | "declined" | "proposed") => {
    draw(row.id, { state });
    void patch(row.id, { state });
    toast({ text: t(`plan.row_${state}`), undo: () => {
      draw(row.id, { state: row.state });
      void patch(row.id, { state: row.state });
    } });
  };
  return { add, remove, move, settle };
}

export function usePostActs() {
  const { toast, home } = useApp();
  const { page, hat, act, change, hide } = usePlanContext();
  const base = `plans/${page.plan.id}/posts`;
  const patch = (id: string, body: object) => act({ method: "PATCH", path: `${base}/${id}`, body });

  /* The id is that of the draft: posted twice it is there once. */
  const add = async (id: string, field: string, row: string | null, text: string, audience: string) => {
    const post: Post = { id, field, row, text, audience, rev: 1, by: home.viewer.name, byId: home.viewer.id ?? "", hat, at: new Date().toISOString(), mine: true };
    change((p) => withPost(p, post));
    const outcome = await act({ method: "POST", path: base, body: { id, field, ...(row ? { row } : {}), text, audience }, words: text });
    if (outcome.kind === "done") change((p) => withPost(p, { ...post, ...(outcome.body as Post), mine: true }));
  };
  const setAudience = (post: Post, audience: string) => {
    change((p) => withPost(p, { ...post, audience }));
    void patch(post.id, { audience });
  };
  const setDone = (post: Post, done: boolean) => {
    change((p) => withPost(p, { ...post, doneAt: done ? new Date().toISOString() : undefined }));
    void patch(post.id, { done });
  };
  const remove = (post: Post) => {
    hide(post.id, true);
    change((p) => ({ ...p, posts: without(p.posts, post.id) }));
    void patch(post.id, { removed: true });
    toast({
      text: t("plan.post_removed"),
      undo: () => {
        hide(post.id, false);
        change((p) => withPost(p, post));
        void patch(post.id, { removed: false });
      },
    });
  };
  return { add, setAudience, setDone, remove };
}

