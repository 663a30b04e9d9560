/* From one student to the next without the list between them: by the arrows, by the
 * box, or by Alt with Page Up and Page Down. Staff in a course go through its students. */
import { useEffect, useId } from "preact/hooks";
import { useApp } from "../app";
import { locale, t } from "../i18n";
import { Icon } from "../parts/icons";
import type { StudentList, StudentRow } from "../plan-types";
import { go, href } from "../router";
import { byName } from "../sort";
import { useList } from "./lists";

/* Where a student leads: the plan of now, else the next or the last one. */
export function planOf(s: StudentRow): string | null {
  const now = s.plans.find((p) => p.currency === "current") ?? s.plans[0];
  return now?.id ?? s.last?.id ?? null;
}

interface Part {
  name: string;
  students: StudentRow[];
}

/* As the list has them: by group, then by name, each once; without a plan nobody is led to. */
export function order(list: StudentList, language: string): Part[] {
  const seen = new Set<string>();
  const once = (students: StudentRow[]) =>
    byName(students, language, "ascending").filter((s) => planOf(s) !== null && !seen.has(s.id) && seen.add(s.id));
  const groups = list.groups.map((g) => ({ name: g.name, students: once(list.students.filter((s) => s.groups.includes(g.id))) }));
  return [...groups, { name: "", students: once(list.students) }].filter((p) => p.students.length > 0);
}

function useKeys(previous: StudentRow | undefined, next: StudentRow | undefined): void {
  useEffect(() => {
    const press = (e: KeyboardEvent) => {
      if (!e.altKey || e.ctrlKey || e.metaKey || e.shiftKey) return;
      const to = e.key === "PageDown" ? next : e.key === "PageUp" ? previous : undefined;
      if (!to) return;
      e.preventDefault();
      go(`plans/${planOf(to)}`);
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, [previous, next]);
}

export function StudentSwitcher({ student }: { student: string; plan: string }) {
  const { home } = useApp();
  const id = useId();
  const mine = useList(home.hats?.mentor ? "students" : null);
  const isMine = mine.list?.students.some((s) => s.id === student) === true;
  const lookInCourse = home.viewer.role === "teacher" && (!home.hats?.mentor || (mine.list !== null && !isMine));
  const course = useList(lookInCourse ? "course/plans" : null);
  const list = isMine ? mine.list : course.list;
  const parts = list ? order(list, locale()) : [];
  const all = parts.flatMap((p) => p.students);
  const at = all.findIndex((s) => s.id === student);
  const [previous, next] = at < 0 ? [undefined, undefined] : [all[at - 1], all[at + 1]];
  useKeys(previous, next);
  if (at < 0 || all.length < 2) return null;
  const arrow = (to: StudentRow | undefined, key: "previous" | "next", icon: "left" | "right") =>
    to ? (
      <a class="btn btn--quiet btn--icon" href={href(`plans/${planOf(to)}`)} aria-label={t(`students.${key}`, { name: to.name })}>
        <Icon name={icon} flips />
      </a>
    ) : (
      <span class="btn btn--quiet btn--icon is-off" aria-hidden="true">
        <Icon name={icon} flips />
      </span>
    );
  return (
    <nav class="switcher" aria-label={t("students.switch")}>
      {arrow(previous, "previous", "left")}
      <label class="sr" for={id}>
        {t("common.student")}
      </label>
      <select
        class="select"
        id={id}
        value={student}
        onChange={(e) => {
          const to = all.find((s) => s.id === e.currentTarget.value);
          if (to) go(`plans/${planOf(to)}`);
        }}
      >
        {parts.map((p) => {
          const options = p.students.map((s) => (
            <option value={s.id} key={s.id}>
              {s.name}
            </option>
          ));
          return p.name ? (
            <optgroup label={p.name} key={p.name}>
              {options}
            </optgroup>
          ) : (
            options
          );
        })}
      </select>
      {arrow(next, "next", "right")}
    </nav>
  );
}
