/* What people say: comments, notes, the log, topics; each in the writer's own voice, with its audience. */
import { useEffect, useRef, useState } from "preact/hooks";
import { useApp, useField } from "../app";
import { pick, t, when } from "../i18n";
import { Compare } from "../parts/compare";
import { initials } from "../parts/frame";
import { Icon } from "../parts/icons";
import { SaveState } from "../parts/save-state";
import type { FormField, Hat, Post } from "../plan-types";
import { usePostActs } from "./acts";
import { roleOf, useAudience, useEdits, useHatNames, useMay, usePlanContext, writersIn } from "./context";
import { newId, postKey } from "./data";
import { anchor, choicesOf, isStaff, isStaffOnly, letterOf, postsOf } from "./model";
import { NewMark, StaffOnly, Who, Writers } from "./who";
import { PlanWords } from "./words";

const avatarLook: Record<Hat, string> = { mentor: "", teacher: "", head: "", student: " avatar--student", guardian: " avatar--parent" };

/* Staff open and shut a note to student and home, never wider than its field (X-2). */
function Toggles({ post, seenBy }: { post: Post; seenBy: string }) {
  const { setAudience } = usePostActs();
  const name = useHatNames();
  const set = (letter: string, on: boolean) => setAudience(post, "MCSGH".split("").filter((l) => (l === letter ? on : post.audience.includes(l))).join(""));
  const open = "SG".split("").filter((l) => seenBy.includes(l));
  if (open.length === 0) return null;
  return (
    <span class="row">
      {open.map((l) => (
        <label class="optrow" key={l}>
          <input type="checkbox" checked={post.audience.includes(l)} onChange={(e) => set(l, e.currentTarget.checked)} />
          <span>{t("plan.visible_to", { who: name(l) })}</span>
        </label>
      ))}
    </span>
  );
}

function Said({ post, seenBy, topics }: { post: Post; seenBy: string; topics?: boolean }) {
  const { page, hat, family, still, writing } = usePlanContext();
  const may = useMay();
  const acts = usePostActs();
  const [editing, edit] = useState(false);
  const key = postKey(page.plan.id, post.id);
  const state = useField(key);
  const text = still ? post.text : (state?.text ?? post.text);
  const closed = isStaffOnly(post.audience);
  const mine = Boolean(post.mine) && !still;
  const acting = mine && may(post.field === "_log" ? "log" : "post") && !post.removed;
  const notes = isStaff(post.hat) && isStaff(hat) && mine;
  const you = family && post.mine;
  return (
    <li class={closed ? "post post--staffonly" : "post"} id={anchor("p", null, post.id)} tabIndex={-1}>
      <span class={`avatar${avatarLook[post.hat]}`} aria-hidden="true">
        {initials(post.by)}
      </span>
      <p class="post__meta">
        <b dir="auto">{you ? t("plan.you") : post.by}</b> {!you && roleOf(post.hat)} <span>{when(post.at)}</span>
        {post.editedAt && <span>{t("plan.post_edited", { time: when(post.editedAt) })}</span>}
        {post.isNew && <NewMark />}
      </p>
      <div class={closed ? "post__body private" : "post__body"}>
        {post.removed ? (
          <p class="quote--empty">{t("plan.post_gone")}</p>
        ) : editing && acting ? (
          <PlanWords id={`pe-${post.id}`} name={key} object={post.id} field="text" most={10_000} label={t("plan.post_text")} rows={2} />
        ) : (
          <p class={isStaff(post.hat) ? "lines" : "lines quote"} dir="auto">
            {text}
          </p>
        )}
        {topics && post.doneAt && <span class="hint">{t("plan.topic_done")}</span>}
        {closed ? <StaffOnly /> : post.audience !== seenBy && <Who seenBy={post.audience} />}
        <Writers names={writersIn(writing, post.id, "text")} />
        {acting && (
          <span class="row post__acts">
            {notes && <Toggles post={post} seenBy={seenBy} />}
            <button class="linkbtn small" type="button" onClick={() => edit(!editing)}>
              {t(editing ? "plan.post_done" : "plan.post_edit")}
            </button>
            <button class="linkbtn small" type="button" onClick={() => acts.remove(post)}>
              {t("plan.post_remove")}
              <span class="sr"> {text}</span>
            </button>
            <SaveState fields={[editing || (state && state.phase !== "saved") ? state : undefined]} what={t("plan.post_text")} />
          </span>
        )}
        {topics && isStaff(hat) && may("post") && !post.removed && (
          <label class="optrow">
            <input type="checkbox" checked={Boolean(post.doneAt)} onChange={(e) => acts.setDone(post, e.currentTarget.checked)} />
            <span>{t("plan.topic_talked")}</span>
          </label>
        )}
        {state?.phase === "conflict" && !still && <Compare field={state} />}
      </div>
    </li>
  );
}

interface WriteProps {
  field: string;
  row: string | null;
  seenBy: string;
  label: string;
  button?: string;
  /* Begins with staff alone. */
  closed?: boolean;
  small?: boolean;
  done?: () => void;
  focus?: boolean;
  /* Its name stands above it already. */
  named?: boolean;
}

interface Unsent {
  id: string;
  text: string;
  audience?: string;
}

/* Words that are not posted yet stay on the device until they are. */
function useUnsent(key: string): [Unsent, (part: Partial<Unsent>) => void, () => void] {
  const { unsent } = useApp();
  const read = (): Unsent => {
    try {
      return JSON.parse(unsent.get(key) ?? "") as Unsent;
    } catch {
      return { id: newId(), text: "" };
    }
  };
  const [now, set] = useState(read);
  const put = (part: Partial<Unsent>) => {
    const next = { ...now, ...part };
    set(next);
    if (next.text.trim()) unsent.put(key, JSON.stringify(next));
    else unsent.drop(key);
  };
  const drop = () => {
    unsent.drop(key);
    set({ id: newId(), text: "" });
  };
  return [now, put, drop];
}

export function WritePost({ field, row, seenBy, label, button, closed, small, done, focus, named }: WriteProps) {
  const { page, hat } = usePlanContext();
  const { add } = usePostActs();
  const { seen } = useAudience();
  const area = useRef<HTMLTextAreaElement>(null);
  const [draft, put, drop] = useUnsent(`post.${page.plan.id}.${field}.${row ?? ""}`);
  const choices = choicesOf(seenBy, isStaff(hat) ? "" : letterOf[hat]);
  const first = closed ? choices[choices.length - 1] : choices[0];
  const audience = draft.audience && choices.includes(draft.audience) ? draft.audience : (first ?? seenBy);
  const id = `w-${row ?? "plan"}-${field}`;
  useEffect(() => {
    if (focus) area.current?.focus();
  }, []);
  const post = () => {
    const text = draft.text.trim();
    if (!text) return area.current?.focus();
    void add(draft.id, field, row, text, audience);
    drop();
    done?.();
    if (!done) area.current?.focus();
  };
  const name = (letters: string) => (!isStaff(hat) && isStaffOnly(letters.replace(letterOf[hat], "")) ? t("plan.seen_school") : seen(letters));
  return (
    <form
      class={small ? "field writepost writepost--small" : "field writepost mt"}
      onSubmit={(e) => {
        e.preventDefault();
        post();
      }}
    >
      <label class={named ? "sr" : undefined} for={id}>
        {label}
      </label>
      <textarea
        class={isStaff(hat) ? "textarea" : "textarea textarea--voice"}
        id={id}
        ref={area}
        rows={2}
        dir="auto"
        maxLength={10_000}
        value={draft.text}
        onInput={(e) => put({ text: e.currentTarget.value })}
        onKeyDown={(e) => {
          if (e.key === "Enter" && (e.ctrlKey || e.metaKey)) {
            e.preventDefault();
            post();
          }
        }}
      />
      <div class="row row--between">
        {choices.length > 1 ? (
          <span class="row">
            <label class="hint" for={`${id}-aud`}>
              {t("plan.seen_by_choice")}
            </label>
            <select class="select select--auto select--sm" id={`${id}-aud`} value={audience} onChange={(e) => put({ audience: e.currentTarget.value })}>
              {choices.map((c) => (
                <option value={c} key={c}>
                  {name(c)}
                </option>
              ))}
            </select>
          </span>
        ) : (
          <Who seenBy={audience} />
        )}
        <span class="btn-row">
          {done && (
            <button class="btn btn--sm" type="button" onClick={done}>
              {t("common.cancel")}
            </button>
          )}
          <button class="btn btn--primary btn--sm">
            <Icon name="send" />
            {button ?? t("plan.post")}
          </button>
        </span>
      </div>
    </form>
  );
}

interface ThreadProps {
  field: string;
  row: string | null;
  seenBy: string;
  topics?: boolean;
  newestFirst?: boolean;
}

export function Thread({ field, row, seenBy, topics, newestFirst }: ThreadProps) {
  const { page } = usePlanContext();
  const all = postsOf(page.posts, field, row);
  if (all.length === 0) return null;
  const drawn = newestFirst ? [...all].reverse() : all;
  return (
    <ol class="thread">
      {drawn.map((p) => (
        <Said post={p} seenBy={seenBy} topics={topics} key={p.id} />
      ))}
    </ol>
  );
}

/* Posts of a field: in the grid behind a button, in a section with the box open. */
export function Posts({ field, row, of }: { field: FormField; row: string | null; of?: string }) {
  const { page, unsent } = { ...usePlanContext(), ...useApp() };
  const edits = useEdits()(field);
  const [open, setOpen] = useState(() => row === null || Boolean(unsent.get(`post.${page.plan.id}.${field.key}.${row}`)));
  const button = useRef<HTMLButtonElement>(null);
  const seenBy = field.seenBy ?? "M";
  const notes = field.kind === "notes";
  const none = postsOf(page.posts, field.key, row).length === 0;
  const label = t(notes ? "plan.note_write" : "plan.comment_write");
  const close = () => {
    setOpen(false);
    requestAnimationFrame(() => button.current?.focus());
  };
  return (
    <div class={row ? "posts posts--cell" : "posts"}>
      <Thread field={field.key} row={row} seenBy={seenBy} />
      {none && !edits && <p class="quote--empty">{t("plan.nothing_yet")}</p>}
      {edits && open && (
        <WritePost field={field.key} row={row} seenBy={seenBy} label={row ? `${label}${of ? `: ${of}` : ""}` : label} closed={notes} small named={row === null} done={row ? close : undefined} focus={row !== null} />
      )}
      {edits && !open && (
        <button class="addbtn" type="button" ref={button} onClick={() => setOpen(true)}>
          <Icon name={notes ? "lock" : "plus"} />
          {t(notes ? "plan.note_add" : "plan.comment_add")}
          <span class="sr">
            {" "}
            {pick(field.label)} {of}
          </span>
        </button>
      )}
    </div>
  );
}
